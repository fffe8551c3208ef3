// SPDX-License-Identifier: GPL-2.0-or-later
/* permissive for a device that a domain has already. */
#include <string.h>

#include "backend/xen/permissive.h"
#include "backend/xen/xen.h"

/* libxl's record of what the device was attached with: "msitranslate=0,...,permissive=0,...". */
static int record(struct backend *b, const struct pci_backend *pb, unsigned n, struct err *e)
{
	_cleanup_free_ char *opts = xstore_read(b->xs, BACKEND_PATH "/opts-%u", pb->path_domid, n);
	char *at = opts ? strstr(opts, "permissive=0") : NULL;

	if (!at)
		return 0;
	at[strlen("permissive=")] = '1';
	return xstore_write(b->xs, opts, e, BACKEND_PATH "/opts-%u", pb->path_domid, n);
}

static int check(struct backend *b, const struct domain *d, struct bdf dev,
		 const struct pci_backend **ret_pb, const struct backend_dev **ret, struct err *e)
{
	char buf[BDF_STRLEN];
	int r = view_refresh(&b->view, b->xs, e);

	if (r < 0)
		return r;
	*ret = view_find_in(&b->view, d->id, dev, ret_pb);
	if (!*ret)
		return err_refuse(e, ENOENT, "domain %s does not have it", d->name);
	/* The device model has a filter of its own, set when it got the device. */
	if (d->type != DOMAIN_HVM)
		return 0;
	err_refuse(e, ENOTSUP, "domain %s is HVM: permissive is set when it gets the device",
		   d->name);
	bdf_str(buf, dev);
	return err_fix(e, -ENOTSUP,
		       "run: vfyard pci-detach %s %s; vfyard pci-attach %s %s,permissive=1",
		       d->name, buf, d->name, buf);
}

int xen_permissive(struct backend *b, const struct domain *d, struct vf_ref vf, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	struct permissive now = { 0 };
	const struct backend_dev *entry = NULL;
	const struct pci_backend *pb = NULL;
	char buf[BDF_STRLEN];
	int r = xen_ready(b, e);

	if (r == 0)
		r = check(b, d, dev, &pb, &entry, e);
	if (r == 0)
		r = root_write(&b->host->root, bdf_str(buf, dev), b->host->timeout_ms, e,
			       PCIBACK_DIR "/permissive");
	if (r == 0)
		r = permissive_read(&now, b->host, e);
	if (r == 0 && permissive_has(&now, dev) == 0)
		r = err_set(e, EIO, "pciback reports success but does not list it as permissive");
	permissive_done(&now);
	return r < 0 ? r : record(b, pb, entry->n, e);
}
