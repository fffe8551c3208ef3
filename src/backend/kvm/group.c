// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/group.h"

#include <string.h>

#include "base/array.h"
#include "backend/kvm/kvm.h"
#include "host/pci/bind.h"

#define GROUPS	"sys/kernel/iommu_groups"
#define DEVICES "sys/bus/pci/devices"

/* A function that vanishes meanwhile is no longer a member. */
static int add_member(struct group *g, const struct host *h, const char *name,
		      const struct bdf *known)
{
	struct member m = { .driver = "" };

	if (!bdf_scan(&m.bdf, name) ||
	    ((!known || bdf_cmp(m.bdf, *known)) && bind_driver_of(h, m.bdf, m.driver, NULL) < 0))
		return 0;
	if (ARRAY_GROW(g->v, g->n) < 0)
		return -ENOMEM;
	g->v[g->n++] = m;
	return 0;
}

int group_read(struct group *ret, const struct host *h, int32_t number, const struct bdf *known,
	       struct err *e)
{
	_cleanup_dir_ DIR *dir = root_opendir(&h->root, GROUPS "/%d/devices", number);
	struct group g = { .n = 0 };
	struct dirent *d;
	int r = dir ? 0 : -errno;

	while (r == 0 && (d = readdir(dir)))
		r = add_member(&g, h, d->d_name, known);
	if (r < 0) {
		group_done(&g);
		return err_set(e, -r, "read /" GROUPS "/%d/devices: %s", number, strerror(-r));
	}
	if (g.n)
		qsort(g.v, g.n, sizeof(*g.v), bdf_order);
	*ret = g;
	return 0;
}

void group_done(struct group *g)
{
	free(g->v);
	*g = (struct group){ .n = 0 };
}

int32_t group_of(const struct host *h, struct bdf dev)
{
	char name[32], buf[BDF_STRLEN], *end;
	unsigned long n;

	if (root_link_name(&h->root, name, sizeof(name), DEVICES "/%s/iommu_group",
			   bdf_str(buf, dev)) < 0)
		return NO_GROUP;
	n = strtoul(name, &end, 10);
	return end == name || *end || n > INT32_MAX ? NO_GROUP : (int32_t)n;
}

bool group_driver_is_vfio(const char *driver)
{
	return strstr(driver, "vfio") != NULL;
}

/* A directory vfio-dev tells (since 6.1). Source: Linux drivers/vfio/vfio_main.c,
 * vfio_init_device(). */
bool group_is_vfio(const struct host *h, struct bdf dev, const char *driver)
{
	char buf[BDF_STRLEN];

	if (!driver || !*driver)
		return false;
	return group_driver_is_vfio(driver) ||
	       root_exists(&h->root, DEVICES "/%s/vfio-dev", bdf_str(buf, dev));
}

static bool is_harmless(const struct host *h, const struct member *m)
{
	return !m->driver[0] || !strcmp(m->driver, "pci-stub") || !strcmp(m->driver, "pcieport") ||
	       group_is_vfio(h, m->bdf, m->driver);
}

/* Lists the members that are in the way: "0000:05:00.0 (igb), 0000:05:10.2 (igbvf)". Returns how
 * many there are. */
static size_t list_offenders(const struct host *h, const struct group *g, struct bdf dev,
			     const struct bdf *with, size_t n_with, char *buf, size_t size)
{
	size_t count = 0, n = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < g->n; i++) {
		const struct member *m = &g->v[i];
		char name[BDF_STRLEN];

		if (!bdf_cmp(m->bdf, dev) || is_harmless(h, m) ||
		    (n_with && bsearch(&m->bdf, with, n_with, sizeof(*with), bdf_order)))
			continue;
		if (++count > 4 || n >= size)
			continue;
		n += (size_t)snprintf(buf + n, size - n, "%s%s (%s)", count > 1 ? ", " : "",
				      bdf_str(name, m->bdf), m->driver);
	}
	if (count > 4 && n < size)
		snprintf(buf + n, size - n, " and %zu more", count - 4);
	return count;
}

/* Are all that are in the way functions of the same device? Then " 0000:0b:00.1" of each. */
static bool list_with_slot(const struct host *h, const struct group *g, struct bdf dev,
			   const struct bdf *with, size_t n_with, char buf[256])
{
	size_t n = 0;

	for (size_t i = 0; i < g->n && n < 200; i++) {
		const struct member *m = &g->v[i];
		struct bdf same = m->bdf;
		char name[BDF_STRLEN];

		same.fn = dev.fn;
		if (!bdf_cmp(m->bdf, dev) || is_harmless(h, m) ||
		    (n_with && bsearch(&m->bdf, with, n_with, sizeof(*with), bdf_order)))
			continue;
		if (bdf_cmp(same, dev))
			return false;
		n += (size_t)snprintf(buf + n, 256 - n, " %s", bdf_str(name, m->bdf));
	}
	return n;
}

bool group_comes(const struct host *h, struct vf_ref vf)
{
	char driver[DRIVER_MAX];

	return vf_of(vf)->iommu_group == NO_GROUP && group_of(h, vf_of(vf)->bdf) == NO_GROUP &&
	       host_is_arm(h) && bind_driver_of(h, vf_of(vf)->bdf, driver, NULL) == 0 &&
	       !driver[0] && group_of(h, vf.pf->bdf) != NO_GROUP;
}

/* VFIO's own stand-in, where it was told to do without IOMMU. Source: Linux drivers/vfio/group.c,
 * vfio_noiommu_group_alloc(). */
static bool is_noiommu(const struct host *h, int32_t number)
{
	char name[32];

	return root_read(&h->root, name, sizeof(name), GROUPS "/%d/name", number) > 0 &&
	       !strcmp(name, "vfio-noiommu");
}

int group_refuse_none(const struct host *h, struct err *e)
{
	_cleanup_dir_ DIR *dir = root_opendir(&h->root, GROUPS);
	struct dirent *d;
	bool any = false;

	while (dir && (d = readdir(dir)))
		any |= d->d_name[0] != '.';
	err_refuse(e, ENODEV,
		   "it has no IOMMU group, so nothing confines what a guest does with it");
	if (!any)
		return kvm_iommu_fix(h, -ENODEV, e);
	if (host_is_arm(h))
		return err_fix(e, -ENODEV,
			       "the SMMU does not cover it: see dmesg | grep -i -e smmu -e iommu");
	return err_fix(e, -ENODEV, "its IOMMU does not cover it: see dmesg | grep -i iommu");
}

/* The port that the PF is in, when it is in this group. */
static bool port_in_group(const struct host *h, const struct group *g, struct bdf pf,
			  char ret[BDF_STRLEN])
{
	char child[BDF_STRLEN];

	bdf_str(child, pf);
	for (size_t i = 0; i < g->n; i++)
		if (!strcmp(g->v[i].driver, "pcieport") &&
		    root_exists(&h->root, DEVICES "/%s/%s", bdf_str(ret, g->v[i].bdf), child))
			return true;
	return false;
}

/*
 * With a device tree the kernel is told that ACS is wanted only when it has met the ports already,
 * and leaves theirs off; the groups of functions that come later see what they have then.
 * Source: Linux drivers/pci/pci.c, pci_request_acs(), pci_enable_acs(); drivers/iommu/of_iommu.c;
 * PCIe base specification 7.7.11.3, ACS control register: source validation, request and
 * completion redirect, upstream forwarding.
 */
static bool has_acs_off(const struct host *h, const struct group *g, struct bdf pf,
			char ret[BDF_STRLEN])
{
	return host_is_arm(h) && !root_exists(&h->root, "sys/firmware/acpi/tables") &&
	       port_in_group(h, g, pf, ret);
}

int group_check(const struct host *h, struct vf_ref vf, const struct bdf *with, size_t n_with,
		struct err *e)
{
	_cleanup_(group_done) struct group g = { .n = 0 };
	const struct bdf dev = vf_of(vf)->bdf;
	char offenders[256], buf[BDF_STRLEN], label[VF_LABEL_MAX];
	int32_t number = group_of(h, dev);
	size_t n;
	int r;

	if (number == NO_GROUP && group_comes(h, vf))
		return 0;
	if (number == NO_GROUP || is_noiommu(h, number))
		return group_refuse_none(h, e);
	/* A captured host has the links only. */
	if (root_is_tree(&h->root) && !root_exists(&h->root, GROUPS "/%d/devices", number))
		return 0;
	r = group_read(&g, h, number, &dev, e);
	if (r < 0)
		return r;
	n = list_offenders(h, &g, dev, with, n_with, offenders, sizeof(offenders));
	if (!n)
		return 0;
	vf_label(label, vf);
	label[strcspn(label, " ")] = '\0';
	if (host_is_forced(h, bdf_str(buf, dev), label)) {
		log_note(&h->log,
			 "%s: IOMMU group %d has %s too; no guest can get it until they are out of "
			 "the way",
			 label, number, offenders);
		return 0;
	}
	err_refuse(e, EBUSY,
		   "IOMMU group %d also has %s: VFIO gives a guest the whole group or "
		   "nothing",
		   number, offenders);
	if (vf_is_whole(vf) && list_with_slot(h, &g, dev, with, n_with, offenders))
		return err_fix(e, -EBUSY,
			       "the functions of one device go together, name all of them: "
			       "vfyard pci-assignable-add %s%s",
			       label, offenders);
	if (has_acs_off(h, &g, vf.pf->bdf, buf))
		return err_fix(e, -EBUSY,
			       "with a device tree the kernel leaves the ACS of port %s off: boot "
			       "with ACPI; or set numvfs to 0, run: setpci -s %s "
			       "ECAP_ACS+6.w=001d, and make the VFs again",
			       buf, buf);
	return err_fix(e, -EBUSY,
		       "put the card behind a port with ACS, or unbind %s; add --force %s to take "
		       "it first",
		       n > 1 ? "these" : "it", label);
}
