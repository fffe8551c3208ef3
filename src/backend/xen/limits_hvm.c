// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/limits_hvm.h"

#include <string.h>

/* The platform device and emulated controllers have some more, which only QEMU knows. */
static void read_slots(struct backend *b, const struct domain *d, struct hvm_slots *ret)
{
	const struct pci_backend *pb = view_backend(&b->view, d->id);

	hvm_slots_init(ret);
	for (size_t i = 0; pb && i < pb->n_devs; i++) {
		_cleanup_free_ char *text = xstore_read(b->xs, BACKEND_PATH "/vdevfn-%u",
							pb->path_domid, pb->devs[i].n);
		unsigned long devfn = text ? strtoul(text, NULL, 16) : 0;

		if (devfn)
			ret->owner[devfn >> 3 & 31] = "a device it has";
	}
}

static int check_vslots(struct backend *b, const struct domain *d, const struct dev_options *o,
			size_t n, struct err *e)
{
	struct hvm_slots map;
	bool is_asked = false;

	for (size_t i = 0; i < n; i++)
		is_asked |= o[i].vslot > 0;
	if (!is_asked)
		return 0;
	read_slots(b, d, &map);
	return hvm_slots_take(&map, d->name, o, n, e);
}

/* QEMU calls a device by its address without the segment. Source: libxl_pci.c, PCI_PT_QDEV_ID. */
static bool same_qemu_id(struct bdf a, struct bdf b)
{
	return a.domain != b.domain && a.bus == b.bus && a.dev == b.dev && a.fn == b.fn;
}

/* At most HVM_SLOTS of them. */
static int check_ids(const struct domain *d, const struct slot_dev *v, size_t n, struct err *e)
{
	char x[BDF_STRLEN], y[BDF_STRLEN];

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (same_qemu_id(v[i].bdf, v[k].bdf))
				return err_fix(
					e,
					err_refuse(e, EEXIST,
						   "%s and %s have one name in the device model "
						   "of domain %s, which leaves out the segment",
						   bdf_str(x, v[k].bdf), bdf_str(y, v[i].bdf),
						   d->name),
					"give one of them to another domain");
	return 0;
}

int xen_limits_hvm_count(const struct domain *d, const struct slot_dev *v, size_t n, struct err *e)
{
	int r = hvm_slots_check(d->name, n, e);

	return r < 0 ? r : check_ids(d, v, n, e);
}

int xen_limits_hvm(struct backend *b, const struct domain *d, const struct slot_dev *v, size_t n,
		   size_t now, const struct dev_options *options, struct err *e)
{
	int r = xen_limits_hvm_count(d, v, n, e);

	if (r < 0)
		return r;
	if (hvm_slots_are_scarce(n))
		log_note(&b->host->log,
			 "domain %s: %zu devices may be more than its device model has free slots",
			 d->name, n);
	return check_vslots(b, d, options, n - now, e);
}
