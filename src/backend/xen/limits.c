// SPDX-License-Identifier: GPL-2.0-or-later
/* Refusals ahead of time: libxl reports success for each of these, and the guest is broken then. */
#include <stdlib.h>
#include <string.h>

#include "backend/xen/ask.h"
#include "backend/xen/domain_config.h"
#include "backend/xen/owner.h"
#include "backend/xen/limits_hvm.h"
#include "backend/xen/limits_irqs.h"

static struct created created_of(struct backend *b, const struct domain *d)
{
	struct created c = { .is_known = false };
	uint8_t *data = NULL;
	int len = 0;

	xlog_start(&b->xlog);
	if (ask_configuration(b, d->id, &data, &len) == 0 && data)
		c = created_parse((const char *)data, (size_t)len);
	free(data);
	return c;
}

static int refuse_pvh(const struct domain *d, struct err *e)
{
	err_refuse(e, ENOTSUP, "domain %s is PVH: 0 devices can be passed to it on x86", d->name);
	return err_fix(e, -ENOTSUP, "create it with type=\"hvm\" or type=\"pv\"");
}

static int check_created(struct backend *b, const struct domain *d, struct err *e)
{
	struct created c;

	if (d->type == DOMAIN_PVH)
		return refuse_pvh(d, e);
	/* One that does not run is created by the file that will say it. */
	if (!d->id)
		return 0;
	c = created_of(b, d);
	if (c.no_passthrough)
		return err_fix(e,
			       err_refuse(e, ENOTSUP,
					  "domain %s was created without pass-through, "
					  "which cannot be added while it runs",
					  d->name),
			       "put passthrough=\"enabled\"%s into its file and create it anew",
			       d->type == DOMAIN_PV ? " and e820_host=1" : "");
	if (d->type == DOMAIN_PV && c.is_known && c.no_e820_host)
		log_note(&b->host->log,
			 "domain %s was created without e820_host=1: its kernel may not find room "
			 "for the devices' memory",
			 d->name);
	return 0;
}

/* With pciback's passthrough=1 guests see the real buses: no virtual slots to run out of. */
static bool has_virtual_slots(const struct host *h)
{
	char text[8];
	ssize_t n = root_read(&h->root, text, sizeof(text),
			      "sys/module/xen_pciback/parameters/passthrough");

	return n <= 0 || text[0] != 'Y';
}

/* What is not there yet is a VF to be made: only VFs come and go. */
static bool is_vf(const struct host *h, struct bdf dev)
{
	char buf[BDF_STRLEN];

	bdf_str(buf, dev);
	return root_exists(&h->root, "sys/bus/pci/devices/%s/physfn", buf) ||
	       !root_exists(&h->root, "sys/bus/pci/devices/%s", buf);
}

/* The devices of the domain now (view refreshed) and @devs, malloc()ed. */
static struct slot_dev *all_devs(struct backend *b, const struct domain *d, const struct bdf *devs,
				 size_t n, size_t *ret_n, size_t *ret_now)
{
	const struct pci_backend *pb = view_backend(&b->view, d->id);
	size_t now = pb ? pb->n_devs : 0;
	struct slot_dev *v = calloc(now + n + 1, sizeof(*v));

	if (!v)
		return NULL;
	for (size_t i = 0; i < now; i++)
		v[i] = (struct slot_dev){ pb->devs[i].bdf, is_vf(b->host, pb->devs[i].bdf) };
	for (size_t i = 0; i < n; i++)
		v[now + i] = (struct slot_dev){ devs[i], is_vf(b->host, devs[i]) };
	*ret_n = now + n;
	*ret_now = now;
	return v;
}

/* libxl would take the domain's devices for more of those. */
static int check_left(struct backend *b, const struct domain *d, struct err *e)
{
	const struct pci_backend *pb = d->id ? view_backend(&b->view, d->id) : NULL;

	return pb && pb->is_left ? xen_refuse_left(pb, e) : 0;
}

int xen_limits_slots(struct backend *b, const struct domain *d, const struct bdf *devs, size_t n,
		     struct err *e)
{
	_cleanup_free_ struct slot_dev *v = NULL;
	size_t all, now;
	int r = check_left(b, d, e);

	if (r < 0 || d->type != DOMAIN_PV || !has_virtual_slots(b->host))
		return r;
	v = all_devs(b, d, devs, n, &all, &now);
	if (!v)
		return err_set(e, ENOMEM, "out of memory");
	return pv_slots_check(d->name, v, all, now, e);
}

/* xl makes a domain without a type a PV one (tools/xl/xl_parse.c, parse_config_data()). */
static struct domain with_type(const struct domain *d)
{
	struct domain x = *d;

	if (!x.id && x.type == DOMAIN_UNKNOWN)
		x.type = DOMAIN_PV;
	return x;
}

int xen_limits(struct backend *b, const struct domain *asked, const struct vf_ref *vfs,
	       const struct dev_options *options, size_t n, struct err *e)
{
	const struct domain typed = with_type(asked), *d = &typed;
	_cleanup_free_ struct slot_dev *v = NULL;
	_cleanup_free_ struct bdf *devs = calloc(n + 1, sizeof(*devs));
	size_t all, now;
	int r = xen_connect(b, e);

	if (r < 0 || n == 0)
		return r;
	if (!devs)
		return err_set(e, ENOMEM, "out of memory");
	r = check_created(b, d, e);
	if (r == 0)
		r = view_refresh(&b->view, b->xs, e);
	if (r == 0)
		r = check_left(b, d, e);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		devs[i] = vf_of(vfs[i])->bdf;
	v = all_devs(b, d, devs, n, &all, &now);
	if (!v)
		return err_set(e, ENOMEM, "out of memory");
	if (d->type == DOMAIN_HVM)
		r = xen_limits_hvm(b, d, v, all, now, options, e);
	/* Before the slots are sorted: the first @now are those the domain has. */
	if (r == 0)
		r = xen_limits_irqs(b, d, v, all, now, e);
	if (r == 0)
		r = xen_limits_segments(b, d, v + now, all - now, e);
	if (r == 0 && d->type == DOMAIN_PV && has_virtual_slots(b->host))
		r = pv_slots_check(d->name, v, all, now, e);
	return r;
}

int xen_limits_unseen(const struct host *h, const struct domain *asked, const struct vf_ref *vfs,
		      const struct dev_options *options, size_t n, struct err *e)
{
	const struct domain d = with_type(asked);
	_cleanup_free_ struct slot_dev *v = calloc(n + 1, sizeof(*v));
	struct hvm_slots map;
	int r;

	if (!v)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		v[i] = (struct slot_dev){ vf_of(vfs[i])->bdf, is_vf(h, vf_of(vfs[i])->bdf) };
	if (d.type == DOMAIN_PV)
		return has_virtual_slots(h) ? pv_slots_check(d.name, v, n, 0, e) : 0;
	if (d.type != DOMAIN_HVM)
		return refuse_pvh(&d, e);
	hvm_slots_init(&map);
	r = xen_limits_hvm_count(&d, v, n, e);
	return r < 0 ? r : hvm_slots_take(&map, d.name, options, n, e);
}
