// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/permissive.h"

#include <stdlib.h>
#include <string.h>
#include "backend/xen/xen.h"

#define PAGE 4096

int permissive_read(struct permissive *ret, const struct host *h, struct err *e)
{
	struct permissive p = { 0 };
	char text[2 * PAGE], *save = NULL;
	ssize_t n = root_read(&h->root, text, sizeof(text),
			      "sys/module/xen_pciback/parameters/permissive");

	p.is_global = n > 0 && text[0] == 'Y';
	n = root_read(&h->root, text, sizeof(text), "sys/bus/pci/drivers/pciback/permissive");
	if (n == -ENOENT) {
		p.is_cut = root_exists(&h->root, "sys/bus/pci/drivers/pciback");
		n = 0;
	}
	if (n < 0)
		return err_set(e, (int)-n, "read pciback's file permissive: %s", strerror((int)-n));
	text[n] = '\0';
	/* A last line that was cut does not parse, or names another device; so the file counts as
	 * cut when there is no room for one more. */
	p.is_cut |= n >= PAGE - (ssize_t)BDF_STRLEN - 1;
	p.v = calloc((size_t)n / sizeof("0:00.0") + 1, sizeof(*p.v));
	if (!p.v)
		return err_set(e, ENOMEM, "out of memory");
	for (char *s = strtok_r(text, "\n", &save); s; s = strtok_r(NULL, "\n", &save))
		if (bdf_scan(&p.v[p.n], s))
			p.n++;
	qsort(p.v, p.n, sizeof(*p.v), bdf_order);
	*ret = p;
	return 0;
}

void permissive_done(struct permissive *p)
{
	free(p->v);
	*p = (struct permissive){ 0 };
}

int8_t permissive_has(const struct permissive *p, struct bdf dev)
{
	if (p->is_global || (p->n && bsearch(&dev, p->v, p->n, sizeof(*p->v), bdf_order)))
		return 1;
	return p->is_cut ? -1 : 0;
}

/* Writes libxl's record of how the device was attached: "msitranslate=0,...,permissive=0,...". */
static int record(struct backend *b, const struct pci_backend *pb, unsigned n, struct err *e)
{
	_cleanup_free_ char *opts = xstore_read(b->xs, BACKEND_PATH "/opts-%u", pb->path_domid, n);
	char *at = opts ? strstr(opts, "permissive=0") : NULL;

	if (!at)
		return 0;
	at[strlen("permissive=")] = '1';
	return xstore_write(b->xs, opts, e, BACKEND_PATH "/opts-%u", pb->path_domid, n);
}

static int check_domain(struct backend *b, const struct domain *d, struct bdf dev,
			const struct pci_backend **ret_pb, const struct backend_dev **ret,
			struct err *e)
{
	char buf[BDF_STRLEN];
	int r = view_refresh(&b->view, b->xs, e);

	if (r < 0)
		return r;
	*ret = view_find_in(&b->view, d->id, dev, ret_pb);
	if (!*ret)
		return err_refuse(e, ENOENT, "domain %s does not have it", d->name);
	/* The device model has a filter of its own, which is set when it gets the device. */
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
		r = check_domain(b, d, dev, &pb, &entry, e);
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
