// SPDX-License-Identifier: GPL-2.0-or-later
/* Hosts as they should be; test_inventory_odd.c has the others. */
#include "test.h"

#include <string.h>
#include <sys/stat.h>

#include "host/inventory/inventory.h"
#include "fake_root.h"

#define DEVICES "sys/bus/pci/devices/"

static const struct fake_pf igb = { "0000:05:00.0", "enp5s0f0", "igb", "igbvf", 7, 3, 128, 2, 14 };

static struct inventory *read_all(struct fake_root *f, unsigned flags)
{
	struct inventory *inv = NULL;
	struct err e = { 0 };

	if (inventory_read(&inv, &f->host, flags, &e) < 0)
		fail_msg("%s", e.cause);
	return inv;
}

/* One PF is enough for most facts: it is made, changed by @lines, and read with @flags. */
static struct inventory *read_one(struct fake_root *f, const struct fake_pf *pf, unsigned flags,
				  const char *const *lines)
{
	fake_root_init(f, NULL);
	fake_root_add_pf(f, pf);
	for (; lines && *lines; lines++)
		fake_root_add(f, *lines);
	return read_all(f, flags);
}

static void done(struct fake_root *f, struct inventory *inv)
{
	inventory_free(inv);
	fake_root_done(f);
}

static void assert_at(struct bdf bdf, const char *want)
{
	char buf[BDF_STRLEN];

	assert_string_equal(bdf_str(buf, bdf), want);
}

static void pf_is_what_its_attributes_say(void **state UNUSED)
{
	static const char *const node[] = { DEVICES "0000:05:00.0/numa_node=1", NULL };
	struct fake_root f;
	struct inventory *inv = read_one(&f, &igb, 0, node);
	const struct pf *pf = inv->pfs;

	assert_int_equal(inv->n_pfs, 1);
	assert_at(pf->bdf, "0000:05:00.0");
	assert_null(pf->name);
	assert_string_equal(pf->netdev, "enp5s0f0");
	assert_string_equal(pf->driver, "igb");
	assert_int_equal(pf->vendor, 0x8086);
	assert_int_equal(pf->device, 0x10c9);
	assert_int_equal(pf->vf_device, 0x10ca);
	assert_int_equal(pf->numvfs, 3);
	assert_int_equal(pf->totalvfs, 7);
	assert_int_equal(pf->offset, 128);
	assert_int_equal(pf->stride, 2);
	assert_int_equal(pf->autoprobe, 1);
	assert_int_equal(pf->numa_node, 1);
	assert_string_equal(inv->hypervisor, "none");
	done(&f, inv);
}

static void vf_is_where_its_link_leads_with_driver_and_group(void **state UNUSED)
{
	struct fake_root f;
	struct inventory *inv = read_one(&f, &igb, INVENTORY_ALL, NULL);

	assert_int_equal(inv->n_vfs, 3);
	assert_int_equal(inv->pfs[0].n_vfs, 3);
	for (unsigned i = 0; i < 3; i++) {
		const struct vf *vf = &inv->pfs[0].vfs[i];

		assert_int_equal(bdf_cmp(vf->bdf, bdf_vf(inv->pfs[0].bdf, 128, 2, i)), 0);
		assert_string_equal(vf->driver, "igbvf");
		assert_int_equal(vf->iommu_group, 15 + i);
		assert_int_equal(vf->state, VF_HOST);
		assert_null(vf->driver_override);
		assert_null(vf->netdev);
		assert_null(vf->domain);
		assert_null(vf->why);
		assert_int_equal(vf->permissive, UNKNOWN);
	}
	done(&f, inv);
}

static void pf_without_vfs_is_there(void **state UNUSED)
{
	struct fake_pf none = igb;
	struct fake_root f;
	struct inventory *inv;

	none.numvfs = 0;
	inv = read_one(&f, &none, INVENTORY_ALL, NULL);
	assert_int_equal(inv->n_pfs, 1);
	assert_int_equal(inv->n_vfs, 0);
	assert_int_equal(inv->pfs[0].totalvfs, 7);
	done(&f, inv);
}

static void host_without_sriov_is_no_error(void **state UNUSED)
{
	static const char *const lines[] = {
		DEVICES "0000:00:1f.2/vendor=0x8086",
		DEVICES "0000:00:1f.2/device=0x2922",
		NULL,
	};
	struct fake_root f;
	struct inventory *inv;

	fake_root_init(&f, lines);
	inv = read_all(&f, INVENTORY_ALL);
	assert_int_equal(inv->n_pfs, 0);
	assert_int_equal(inv->n_vfs, 0);
	done(&f, inv);
}

static void host_whose_pci_tree_cannot_be_read_is_one(void **state UNUSED)
{
	struct inventory *inv = (struct inventory *)&igb;
	struct fake_root f;
	struct err e = { 0 };

	fake_root_init(&f, NULL);
	assert_int_equal(inventory_read(&inv, &f.host, 0, &e), -ENOENT);
	assert_non_null(strstr(e.cause, "sys/bus/pci/devices"));
	assert_non_null(strstr(e.fix, "mount sysfs"));
	assert_ptr_equal(inv, &igb);
	fake_root_done(&f);
}

static void pfs_stand_in_numeric_order_across_segments(void **state UNUSED)
{
	static const struct fake_pf pfs[] = {
		{ "10000:01:00.0", NULL, NULL, NULL, 1, 1, 1, 1, -1 },
		{ "0000:0a:00.0", NULL, NULL, NULL, 1, 1, 1, 1, -1 },
		{ "0001:02:00.0", NULL, NULL, NULL, 1, 1, 1, 1, -1 },
		{ "0000:05:00.1", NULL, NULL, NULL, 1, 1, 128, 2, -1 },
		{ "0000:05:00.0", NULL, NULL, NULL, 1, 1, 128, 2, -1 },
	};
	static const char *const order[] = { "0000:05:00.0", "0000:05:00.1", "0000:0a:00.0",
					     "0001:02:00.0", "10000:01:00.0" };
	struct fake_root f;
	struct inventory *inv;

	fake_root_init(&f, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(pfs); i++)
		fake_root_add_pf(&f, &pfs[i]);
	inv = read_all(&f, 0);
	assert_int_equal(inv->n_pfs, ARRAY_SIZE(order));
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		assert_at(inv->pfs[i].bdf, order[i]);
	assert_at(inv->pfs[4].vfs[0].bdf, "10000:01:00.1");
	done(&f, inv);
}

static void vfs_cross_buses_with_odd_offset_and_stride(void **state UNUSED)
{
	static const struct fake_pf pf = { "0000:05:00.3", NULL, NULL, "x", 64, 60, 251, 13, 100 };
	struct fake_root f;
	struct inventory *inv = read_one(&f, &pf, 0, NULL);

	assert_at(inv->pfs[0].vfs[0].bdf, "0000:05:1f.6");
	assert_at(inv->pfs[0].vfs[1].bdf, "0000:06:01.3");
	assert_at(inv->pfs[0].vfs[59].bdf, "0000:08:1f.5");
	for (unsigned i = 0; i < 60; i++) {
		assert_int_equal(inv->pfs[0].vfs[i].state, VF_HOST);
		assert_int_equal(inv->pfs[0].vfs[i].iommu_group, 101 + i);
	}
	done(&f, inv);
}

static void vfs_of_two_ports_are_found_by_address(void **state UNUSED)
{
	static const struct fake_pf other = {
		"0000:05:00.1", "b", "igb", "igbvf", 7, 7, 128, 2, -1
	};
	struct bdf pf = { 0, 5, 0, 0 }, vf = { 0, 5, 0x10, 5 }, none = { 0, 5, 0x1f, 0 };
	struct fake_root f;
	struct inventory *inv;
	struct vf_ref ref;

	fake_root_init(&f, NULL);
	fake_root_add_pf(&f, &igb);
	fake_root_add_pf(&f, &other);
	inv = read_all(&f, 0);
	assert_int_equal(inv->n_vfs, 10);
	assert_true(inventory_find_vf(inv, vf, &ref));
	assert_ptr_equal(ref.pf, &inv->pfs[1]);
	assert_int_equal(ref.index, 2);
	for (size_t i = 0; i < inv->n_vfs; i++) {
		assert_true(inventory_find_vf(inv, vf_of(inv->by_bdf[i])->bdf, &ref));
		assert_ptr_equal(vf_of(ref), vf_of(inv->by_bdf[i]));
		assert_true(i == 0 || bdf_cmp(vf_of(inv->by_bdf[i - 1])->bdf, vf_of(ref)->bdf) < 0);
	}
	assert_false(inventory_find_vf(inv, none, &ref));
	assert_false(inventory_find_vf(inv, pf, &ref));
	assert_ptr_equal(inventory_find_pf(inv, pf), &inv->pfs[0]);
	assert_null(inventory_find_pf(inv, vf));
	assert_ptr_equal(inventory_find_pf_netdev(inv, "b"), &inv->pfs[1]);
	assert_null(inventory_find_pf_netdev(inv, "c"));
	done(&f, inv);
}

static void driver_override_is_read_when_asked_for(void **state UNUSED)
{
	static const char *const lines[] = {
		DEVICES "0000:05:10.0/driver_override=vfio-pci",
		DEVICES "0000:05:10.2/driver_override=",
		NULL,
	};
	struct fake_root f;
	struct inventory *inv = read_one(&f, &igb, INVENTORY_OVERRIDE, lines), *without;

	assert_string_equal(inv->pfs[0].vfs[0].driver_override, "vfio-pci");
	assert_null(inv->pfs[0].vfs[1].driver_override);
	assert_null(inv->pfs[0].vfs[2].driver_override);
	without = read_all(&f, INVENTORY_NETDEV);
	assert_null(without->pfs[0].vfs[0].driver_override);
	inventory_free(without);
	done(&f, inv);
}

static void netdevs_of_vfs_are_read_when_asked_for(void **state UNUSED)
{
	static const char *const lines[] = {
		"sys/class/net/enp5s0f0v2 -> ../../devices/pci0000:05/0000:05:10.4/net/enp5s0f0v2",
		"sys/class/net/v1b -> ../../devices/pci0000:05/0000:05:10.2/virtio3/net/v1b",
		"sys/class/net/v1a -> ../../devices/pci0000:05/0000:05:10.2/virtio3/net/v1a",
		"sys/class/net/v1c -> ../../devices/pci0000:05/0000:05:10.2/virtio3/net/v1c",
		"sys/class/net/lo -> ../../devices/virtual/net/lo",
		"sys/class/net/usb0 -> ../../devices/pci0000:05/0000:05:10.0/usb1/1-1/net/usb0",
		"sys/class/net/bonding_masters=",
		NULL,
	};
	struct fake_root f;
	struct inventory *inv = read_one(&f, &igb, INVENTORY_NETDEV, lines), *without;

	assert_string_equal(inv->pfs[0].netdev, "enp5s0f0");
	assert_null(inv->pfs[0].vfs[0].netdev);
	assert_string_equal(inv->pfs[0].vfs[1].netdev, "v1a");
	assert_string_equal(inv->pfs[0].vfs[2].netdev, "enp5s0f0v2");
	without = read_all(&f, INVENTORY_OVERRIDE);
	assert_string_equal(without->pfs[0].netdev, "enp5s0f0");
	assert_null(without->pfs[0].vfs[2].netdev);
	inventory_free(without);
	done(&f, inv);
}

static void config_space_is_not_touched(void **state UNUSED)
{
	static const char *const at[] = { "0000:05:00.0", "0000:05:10.0", "0000:05:10.4" };
	struct inventory *inv;
	struct fake_root f;
	char path[256];

	fake_root_init(&f, NULL);
	fake_root_add_pf(&f, &igb);
	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		snprintf(path, sizeof(path), "%s/" DEVICES "%s/config", f.dir, at[i]);
		assert_int_equal(mkfifo(path, 0600), 0);
	}
	alarm(20); /* whoever opens the FIFO waits for ever */
	inv = read_all(&f, INVENTORY_ALL);
	alarm(0);
	assert_int_equal(inv->n_vfs, 3);
	done(&f, inv);
}

static void vf_is_not_asked_whether_it_is_a_pf(void **state UNUSED)
{
	static const char *const lines[] = { DEVICES "0000:05:10.2/sriov_totalvfs=9", NULL };
	struct fake_root f;
	struct inventory *inv = read_one(&f, &igb, 0, lines);

	assert_int_equal(inv->n_pfs, 1);
	done(&f, inv);
}

static void labels_prefer_what_people_chose(void **state UNUSED)
{
	char label[VF_LABEL_MAX], pf[BDF_STRLEN];
	struct fake_root f;
	struct inventory *inv = read_one(&f, &igb, 0, NULL);
	struct vf_ref ref = { inv->pfs, 2 };

	assert_string_equal(vf_label(label, ref), "enp5s0f0/2 (0000:05:10.4)");
	inv->pfs[0].name = "net0";
	assert_string_equal(vf_label(label, ref), "net0/2 (0000:05:10.4)");
	inv->pfs[0].name = inv->pfs[0].netdev = NULL;
	assert_string_equal(pf_label(pf, inv->pfs), "0000:05:00.0");
	assert_string_equal(vf_label(label, ref), "0000:05:00.0/2 (0000:05:10.4)");
	done(&f, inv);
}

static void states_are_called_as_in_the_manual(void **state UNUSED)
{
	static const char *const names[] = { "absent",	 "host",  "assignable",
					     "attached", "stale", "broken" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_string_equal(vf_state_name((enum vf_state)i), names[i]);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(pf_is_what_its_attributes_say),
	cmocka_unit_test(vf_is_where_its_link_leads_with_driver_and_group),
	cmocka_unit_test(pf_without_vfs_is_there),
	cmocka_unit_test(host_without_sriov_is_no_error),
	cmocka_unit_test(host_whose_pci_tree_cannot_be_read_is_one),
	cmocka_unit_test(pfs_stand_in_numeric_order_across_segments),
	cmocka_unit_test(vfs_cross_buses_with_odd_offset_and_stride),
	cmocka_unit_test(vfs_of_two_ports_are_found_by_address),
	cmocka_unit_test(driver_override_is_read_when_asked_for),
	cmocka_unit_test(netdevs_of_vfs_are_read_when_asked_for),
	cmocka_unit_test(config_space_is_not_touched),
	cmocka_unit_test(vf_is_not_asked_whether_it_is_a_pf),
	cmocka_unit_test(labels_prefer_what_people_chose),
	cmocka_unit_test(states_are_called_as_in_the_manual),
};

TEST_MAIN(tests)
