// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/limits_hvm.h"

#include <string.h>

/* Who has each slot; NULL for none that is known of. */
struct slot_map {
	const char *owner[XEN_HVM_SLOTS];
};

/* The platform device and emulated controllers have some more, which only QEMU knows. */
static void read_slots(struct backend *b, const struct domain *d, struct slot_map *ret)
{
	const struct pci_backend *pb = view_backend(&b->view, d->id);

	*ret = (struct slot_map){ .owner = { "the host bridge", "the ISA bridge" } };
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
	struct slot_map map;
	bool is_asked = false;

	for (size_t i = 0; i < n; i++)
		is_asked |= o[i].vslot > 0;
	if (!is_asked)
		return 0;
	read_slots(b, d, &map);
	for (size_t i = 0; i < n; i++) {
		unsigned slot = o[i].vslot > 0 ? (unsigned)o[i].vslot & 31 : 0;

		if (slot && map.owner[slot])
			return err_fix(e,
				       err_refuse(e, EBUSY, "slot %02x of HVM domain %s is for %s",
						  slot, d->name, map.owner[slot]),
				       "leave vslot out, the device model finds a free one");
		map.owner[slot] = "another one of these";
	}
	return 0;
}

/* QEMU calls a device by its address without the segment. Source: libxl_pci.c, PCI_PT_QDEV_ID. */
static bool same_qemu_id(struct bdf a, struct bdf b)
{
	return a.domain != b.domain && a.bus == b.bus && a.dev == b.dev && a.fn == b.fn;
}

/* At most XEN_HVM_SLOTS of them. */
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
	const size_t max = XEN_HVM_SLOTS - XEN_HVM_FIXED_SLOTS;

	if (n > max)
		return err_fix(e,
			       err_refuse(e, ENOSPC,
					  "HVM domain %s has room for %zu devices at the very "
					  "most, %zu are asked for",
					  d->name, max, n),
			       "attach fewer VFs, or use a PV domain");
	return check_ids(d, v, n, e);
}

int xen_limits_hvm(struct backend *b, const struct domain *d, const struct slot_dev *v, size_t n,
		   size_t now, const struct dev_options *options, struct err *e)
{
	int r = xen_limits_hvm_count(d, v, n, e);

	if (r < 0)
		return r;
	/* Each emulated disk, display and network controller takes one more. */
	if (n > 26)
		log_note(&b->host->log,
			 "domain %s: %zu devices may be more than its device model has free slots",
			 d->name, n);
	return check_vslots(b, d, options, n - now, e);
}
