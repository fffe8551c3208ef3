// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/limits_hvm.h"

#include <string.h>

/* The platform device and emulated controllers take more slots, which only QEMU knows. */
static void read_slots(struct backend *b, const struct domain *d, struct hvm_slots *ret)
{
	const struct pci_backend *pb = d->id ? view_backend(&b->view, d->id) : NULL;

	hvm_slots_init(ret);
	for (size_t i = 0; pb && i < pb->n_devs; i++) {
		_cleanup_free_ char *text = xstore_read(b->xs, BACKEND_PATH "/vdevfn-%u",
							pb->path_domid, pb->devs[i].n);
		unsigned long devfn = text ? strtoul(text, NULL, 16) : 0;

		if (devfn)
			ret->owner[devfn >> 3 & 31] = "a device it has";
	}
}

static bool is_hvm(const struct refusal_ask *a)
{
	return xen_type_of(a->domain) == DOMAIN_HVM;
}

int xen_limits_hvm_vslot(const struct refusal_ask *a, struct domain_devs *devs UNUSED,
			 struct err *e)
{
	struct hvm_slots map;
	bool is_asked = false;

	for (size_t i = 0; i < a->n; i++)
		is_asked |= a->options[i].vslot > 0;
	if (!is_asked || !is_hvm(a))
		return 0;
	read_slots(a->backend, a->domain, &map);
	return hvm_slots_take(&map, a->domain->name, a->options, a->n, e);
}

/* QEMU names a device after its address, without the segment. Source: libxl_pci.c,
 * PCI_PT_QDEV_ID. */
static bool same_qemu_id(struct bdf a, struct bdf b)
{
	return a.domain != b.domain && a.bus == b.bus && a.dev == b.dev && a.fn == b.fn;
}

/* There are at most HVM_SLOTS of them. */
static int check_ids(const struct domain *d, const struct slot_dev *v, size_t n, struct err *e)
{
	char x[BDF_STRLEN], y[BDF_STRLEN];

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (same_qemu_id(v[i].bdf, v[k].bdf))
				return err_fix(
					e,
					err_refuse(
						e, EEXIST,
						"%s and %s have the same name in the device model "
						"of domain %s, which leaves out the segment",
						bdf_str(x, v[k].bdf), bdf_str(y, v[i].bdf),
						d->name),
					"give one of them to another domain");
	return 0;
}

/* What the host has in one slot. */
static bool is_beside(const struct slot_dev *a, const struct slot_dev *b)
{
	return !a->is_vf && !b->is_vf && bdf_cmp(a->bdf, b->bdf) != 0 &&
	       bdf_key(a->bdf) >> 3 == bdf_key(b->bdf) >> 3;
}

/* libxl gives QEMU no multifunction=, and QEMU refuses function 0 of a slot that has others then:
 * "BDF.*" of xl never works, and each function is function 0 of a slot of its own. Source: Xen
 * tools/libs/light/libxl_pci.c, pci_add_qmp_device_add(), device_pci_add_done() (4.17 to 4.22);
 * QEMU hw/pci/pci.c, pci_init_multifunction(). */
static void note_apart(const struct refusal_ask *a, const struct domain_devs *devs)
{
	char x[BDF_STRLEN], y[BDF_STRLEN];

	for (size_t i = devs->now; i < devs->n; i++)
		for (size_t k = 0; k < i; k++)
			if (is_beside(&devs->v[i], &devs->v[k])) {
				refusal_note(a,
					     "domain %s: %s and %s are of one slot, but devices of "
					     "their own in an HVM domain because libxl has no word "
					     "for QEMU that makes them one",
					     a->domain->name, bdf_str(x, devs->v[k].bdf),
					     bdf_str(y, devs->v[i].bdf));
				return;
			}
}

int xen_limits_hvm_slots(const struct refusal_ask *a, struct domain_devs *devs, struct err *e)
{
	int r = is_hvm(a) ? hvm_slots_check(a->domain->name, devs->n, e) : 0;

	if (r == 0 && is_hvm(a) && a->backend)
		note_apart(a, devs);
	if (r == 0 && is_hvm(a) && a->backend && hvm_slots_are_scarce(devs->n))
		refusal_note(
			a,
			"domain %s: its device model may have too few free slots for %zu devices",
			a->domain->name, devs->n);
	return r;
}

int xen_limits_hvm_names(const struct refusal_ask *a, struct domain_devs *devs, struct err *e)
{
	return is_hvm(a) ? check_ids(a->domain, devs->v, devs->n, e) : 0;
}
