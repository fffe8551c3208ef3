// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/guard.h"
#include "fake_root.h"

#define LABEL "net0/0 (0000:05:10.0)"
#define DEV   "sys/devices/pci0000:05/0000:05:10.0"

#define ROUTES4 "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT"

struct env {
	struct fake_root root;
	struct host *host;
	struct bdf vf;
	struct err e;
	char *notes;
	size_t notes_size;
};

static int setup(void **state)
{
	struct env *t = calloc(1, sizeof(*t));

	fake_root_init(&t->root, NULL);
	fake_root_add_pf(&t->root, &(struct fake_pf){ .bdf = "0000:05:00.0",
						      .driver = "igb",
						      .vf_driver = "igbvf",
						      .totalvfs = 7,
						      .numvfs = 2,
						      .offset = 128,
						      .stride = 2,
						      .first_group = -1 });
	t->host = &t->root.host;
	t->host->log = (struct log){ LOG_NOTE, open_memstream(&t->notes, &t->notes_size) };
	assert_int_equal(bdf_parse(&t->vf, "05:10.0", NULL), 0);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct env *t = *state;

	fclose(t->host->log.to);
	free(t->notes);
	fake_root_done(&t->root);
	free(t);
	return 0;
}

static void add(struct env *t, const char *line)
{
	fake_root_add(&t->root, line);
}

/* The VF's own netdev, up, and @extra interfaces on it. */
static void add_netdev(struct env *t)
{
	add(t, DEV "/net/vf0/flags=0x1003");
	add(t, DEV "/net/vf0/operstate=up");
	add(t, "sys/class/net/vf0 -> ../../devices/pci0000:05/0000:05:10.0/net/vf0");
}

static void add_upper(struct env *t, const char *lower, const char *name, const char *kind, bool up)
{
	char line[160];

	snprintf(line, sizeof(line), "sys/class/net/%s/uevent=DEVTYPE=%s\\nINTERFACE=%s", name,
		 kind, name);
	add(t, line);
	snprintf(line, sizeof(line), "sys/class/net/%s/flags=0x100%c", name, up ? '3' : '2');
	add(t, line);
	snprintf(line, sizeof(line), "sys/class/net/%s/upper_%s -> ../%s", lower, name, name);
	add(t, line);
}

static void add_master(struct env *t, const char *lower, const char *name, const char *kind)
{
	char line[96];

	add_upper(t, lower, name, kind, true);
	snprintf(line, sizeof(line), "sys/class/net/%s/master -> ../%s", lower, name);
	add(t, line);
}

static void assert_free(struct env *t)
{
	if (guard_function(t->host, t->vf, LABEL, &t->e) < 0)
		fail_msg("refused: %s", t->e.cause);
}

static void assert_refused(struct env *t, const char *why)
{
	char want[256];

	assert_int_equal(guard_function(t->host, t->vf, LABEL, &t->e), -EBUSY);
	snprintf(want, sizeof(want), "the host needs it: %s", why);
	assert_string_equal(t->e.cause, want);
	assert_int_equal(t->e.status, EXIT_REFUSED);
	assert_string_equal(t->e.object, LABEL);
	assert_string_equal(t->e.step, "host guard");
	assert_string_equal(t->e.fix, "move that off it first, or add: --force net0/0");
}

static void function_without_netdev_or_disk_is_free(void **state)
{
	struct env *t = *state;

	add(t, "proc/net/route=" ROUTES4 "\\neth9 00000000 0100000A 0003 0 0 0 00000000 0 0 0");
	assert_free(t);
}

static void netdev_that_is_only_up_is_free(void **state)
{
	struct env *t = *state;

	add_netdev(t);
	add(t, "proc/net/route=" ROUTES4 "\\nvf0 0000000A 00000000 0001 0 0 0 00FFFFFF 0 0 0"
	       "\\neth9 00000000 0100000A 0003 0 0 0 00000000 0 0 0");
	assert_free(t);
}

static void default_route_is_refused(void **state)
{
	struct env *t = *state;

	add_netdev(t);
	add(t, "proc/net/route=" ROUTES4 "\\nvf0 00000000 0100000A 0003 0 0 0 00000000 0 0 0");
	assert_refused(t, "vf0 carries the default route");
}

static void default_route_of_ipv6_is_refused(void **state)
{
	struct env *t = *state;

	add_netdev(t);
	add(t, "proc/net/ipv6_route="
	       "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
	       "fe800000000000000000000000000001 00000400 00000001 00000000 00000003 vf0");
	assert_refused(t, "vf0 carries the default route");
}

static void route_that_rejects_or_is_not_default_is_none(void **state)
{
	struct env *t = *state;

	add_netdev(t);
	add(t, "proc/net/ipv6_route="
	       "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
	       "00000000000000000000000000000000 ffffffff 00000001 00000000 00200200 vf0\\n"
	       "00000000000000000000000000000000 60 00000000000000000000000000000000 00 "
	       "00000000000000000000000000000000 00000100 00000001 00000000 00000001 vf0");
	add(t, "proc/net/route=" ROUTES4 "\\nvf0 00000000 00000000 0201 0 0 0 00000000 0 0 0"
	       "\\nvf0 00000000 00000000 0001 0 0 0 000000FF 0 0 0\\nshort line");
	assert_free(t);
}

static void default_route_through_a_bond_names_the_bond(void **state)
{
	struct env *t = *state;

	add_netdev(t);
	add_master(t, "vf0", "bond0", "bond");
	add(t, "proc/net/route=" ROUTES4 "\\nbond0 00000000 0100000A 0003 0 0 0 00000000 0 0 0");
	assert_refused(t, "vf0 carries the default route through bond0");
}

static void default_route_through_whatever_stands_on_it_names_both(void **state)
{
	static const char *const kinds[] = { "bond", "bridge", "vlan", "macvlan", "team" };
	struct env *t = *state;
	char line[160], why[64];

	add_netdev(t);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		snprintf(why, sizeof(why), "up%zu", i);
		add_upper(t, "vf0", why, kinds[i], true);
		snprintf(line, sizeof(line),
			 "proc/net/route=" ROUTES4 "\\nup%zu 00000000 0100000A 0003 0 0 0 00000000",
			 i);
		add(t, line);
		snprintf(why, sizeof(why), "vf0 carries the default route through up%zu", i);
		assert_refused(t, why);
	}
}

static void default_route_through_vlan_on_bridge_on_bond_is_found(void **state)
{
	struct env *t = *state;

	add_netdev(t);
	add_master(t, "vf0", "bond0", "bond");
	add_master(t, "bond0", "xenbr0", "bridge");
	add_upper(t, "xenbr0", "xenbr0.7", "vlan", true);
	add(t, "proc/net/route=" ROUTES4 "\\nxenbr0.7 00000000 0100000A 0003 0 0 0 00000000 0 0 0");
	assert_refused(t, "vf0 carries the default route through xenbr0.7");
}

static void member_of_a_bond_bridge_or_team_is_refused(void **state)
{
	static const char *const kinds[] = { "bond", "bridge", "team" };
	char want[64];

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct env *t = *state;

		add_netdev(t);
		add_master(t, "vf0", "up0", kinds[i]);
		snprintf(want, sizeof(want), "vf0 is a member of %s up0", kinds[i]);
		assert_refused(t, want);
	}
}

static void parent_of_a_vlan_or_macvlan_that_is_up_is_refused(void **state)
{
	struct env *t = *state;

	add_netdev(t);
	add_upper(t, "vf0", "vf0.5", "vlan", false);
	assert_free(t);
	add_upper(t, "vf0", "mac0", "macvlan", true);
	assert_refused(t, "vf0 is below macvlan mac0, which is up");
}

static void master_without_kind_is_still_one(void **state)
{
	struct env *t = *state;

	add_netdev(t);
	add(t, "sys/class/net/vf0/master -> ../ovs-system");
	assert_refused(t, "vf0 is a member of interface ovs-system");
}

static void loop_of_interfaces_ends(void **state)
{
	struct env *t = *state;

	add_netdev(t);
	add_upper(t, "vf0", "a", "vlan", false);
	add_upper(t, "a", "b", "vlan", false);
	add_upper(t, "b", "a", "vlan", false);
	assert_free(t);
}

static void netdev_below_virtio_is_seen(void **state)
{
	struct env *t = *state;

	add(t, DEV "/virtio3/net/eth7/flags=0x1003");
	add(t, "sys/class/net/eth7 -> ../../devices/pci0000:05/0000:05:10.0/virtio3/net/eth7");
	add(t, "proc/net/route=" ROUTES4 "\\neth7 00000000 0100000A 0003 0 0 0 00000000 0 0 0");
	assert_refused(t, "eth7 carries the default route");
}

/* An NVMe namespace with two partitions. */
static void add_nvme(struct env *t)
{
	static const char *const lines[] = {
		DEV "/nvme/nvme0/subsystem -> ../../../../../class/nvme",
		DEV "/nvme/nvme0/nvme0n1/subsystem -> ../../../../../../class/block",
		DEV "/nvme/nvme0/nvme0n1/dev=259:0",
		DEV "/nvme/nvme0/nvme0n1/holders/",
		DEV "/nvme/nvme0/nvme0n1/nvme0n1p1/dev=259:1",
		DEV "/nvme/nvme0/nvme0n1/nvme0n1p1/partition=1",
		DEV "/nvme/nvme0/nvme0n1/nvme0n1p1/holders/",
		DEV "/nvme/nvme0/nvme0n1/nvme0n1p2/dev=259:2",
		DEV "/nvme/nvme0/nvme0n1/nvme0n1p2/partition=2",
		DEV "/nvme/nvme0/nvme0n1/nvme0n1p2/holders/",
		"sys/class/block/nvme0n1 -> "
		"../../devices/pci0000:05/0000:05:10.0/nvme/nvme0/nvme0n1",
		"sys/class/block/nvme0n1p1 -> "
		"../../devices/pci0000:05/0000:05:10.0/nvme/nvme0/nvme0n1/nvme0n1p1",
		"sys/class/block/nvme0n1p2 -> "
		"../../devices/pci0000:05/0000:05:10.0/nvme/nvme0/nvme0n1/nvme0n1p2",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		add(t, lines[i]);
}

static void add_dm(struct env *t, const char *lower)
{
	char line[128];

	add(t, "sys/class/block/dm-0/dev=253:0");
	add(t, "sys/class/block/dm-0/dm/name=vg0-root");
	add(t, "sys/class/block/dm-0/holders/");
	snprintf(line, sizeof(line), "sys/class/block/%s/holders/dm-0 -> ../../dm-0", lower);
	add(t, line);
}

static void disk_nobody_uses_is_free(void **state)
{
	struct env *t = *state;

	add_nvme(t);
	add(t, "proc/self/mountinfo=25 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw");
	add(t, "proc/swaps=Filename Type Size Used Priority\\n/dev/sda2 partition 1 0 -2");
	assert_free(t);
}

static void mounted_partition_is_refused(void **state)
{
	struct env *t = *state;

	add_nvme(t);
	add(t, "proc/self/mountinfo=25 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\\n"
	       "26 25 259:2 / /srv/data rw,relatime shared:2 - xfs /dev/nvme0n1p2 rw");
	assert_refused(t, "nvme0n1p2 holds the mounted filesystem /srv/data");
}

/* btrfs mounts have a device number of their own. */
static void mount_is_found_by_its_source_too(void **state)
{
	struct env *t = *state;

	add_nvme(t);
	add(t, "proc/self/mountinfo=26 25 0:33 /@ / rw shared:2 master:1 - btrfs "
	       "/dev/nvme0n1p1 rw");
	assert_refused(t, "nvme0n1p1 holds the mounted filesystem /");
}

static void mount_on_lvm_names_the_way(void **state)
{
	struct env *t = *state;

	add_nvme(t);
	add_dm(t, "nvme0n1p2");
	add(t, "proc/self/mountinfo=26 25 253:0 / / rw - ext4 /dev/mapper/vg0-root rw");
	assert_refused(t, "nvme0n1p2 (through dm-0) holds the mounted filesystem /");
}

static void btrfs_on_device_mapper_is_found_by_name(void **state)
{
	struct env *t = *state;

	add_nvme(t);
	add_dm(t, "nvme0n1p1");
	add(t, "proc/self/mountinfo=26 25 0:40 / / rw - btrfs /dev/mapper/vg0-root rw");
	assert_refused(t, "nvme0n1p1 (through dm-0) holds the mounted filesystem /");
}

static void swap_is_refused(void **state)
{
	struct env *t = *state;

	add_nvme(t);
	add(t, "proc/swaps=Filename Type Size Used Priority\\n/dev/nvme0n1p1 partition 1 0 -2");
	assert_refused(t, "nvme0n1p1 is swap space in use");
}

static void swap_on_a_mapped_device_is_refused(void **state)
{
	struct env *t = *state;

	add_nvme(t);
	add_dm(t, "nvme0n1");
	add(t, "proc/swaps=Filename Type Size Used Priority\\n/dev/dm-0 partition 1 0 -2");
	assert_refused(t, "nvme0n1 (through dm-0) is swap space in use");
}

static void holder_that_is_not_mounted_is_refused_all_the_same(void **state)
{
	struct env *t = *state;

	add_nvme(t);
	add_dm(t, "nvme0n1p1");
	assert_refused(t, "nvme0n1p1 is part of dm-0 (vg0-root)");
	add(t, "sys/class/block/md0/dev=9:0");
	add(t, "sys/class/block/nvme0n1/holders/md0 -> ../../md0");
	assert_refused(t, "nvme0n1 is part of md0");
}

static void holder_of_a_holder_is_found(void **state)
{
	struct env *t = *state;

	add_nvme(t);
	add(t, "sys/class/block/md0/dev=9:0");
	add(t, "sys/class/block/nvme0n1/holders/md0 -> ../../md0");
	add_dm(t, "md0");
	add(t, "proc/self/mountinfo=26 25 253:0 / /home rw - ext4 /dev/mapper/vg0-root rw");
	assert_refused(t, "nvme0n1 (through dm-0) holds the mounted filesystem /home");
}

static void disk_of_a_scsi_controller_is_found(void **state)
{
	struct env *t = *state;
	const char *disk = DEV "/host0/target0:0:0/0:0:0:0/block/sdq";
	char line[256];

	snprintf(line, sizeof(line), "%s/subsystem -> ../../../../../../../../class/block", disk);
	add(t, line);
	snprintf(line, sizeof(line), "%s/dev=65:0", disk);
	add(t, line);
	snprintf(line, sizeof(line), "sys/class/block/sdq -> ../../../%s", disk);
	add(t, line);
	add(t, "proc/self/mountinfo=26 25 65:0 / /mnt rw - ext4 /dev/sdq rw");
	assert_refused(t, "sdq holds the mounted filesystem /mnt");
}

static void nvme_multipath_is_found_through_its_subsystem(void **state)
{
	static const char *const lines[] = {
		DEV "/nvme/nvme3/subsystem -> ../../../../../class/nvme",
		DEV "/nvme/nvme3/nvme3c3n1/subsystem -> ../../../../../../class/block",
		"sys/devices/virtual/nvme-subsystem/nvme-subsys3/nvme3 -> "
		"../../../pci0000:05/0000:05:10.0/nvme/nvme3",
		"sys/devices/virtual/nvme-subsystem/nvme-subsys3/nvme3n1/dev=259:7",
		"sys/class/nvme-subsystem/nvme-subsys3 -> "
		"../../devices/virtual/nvme-subsystem/nvme-subsys3",
		"sys/class/block/nvme3n1 -> "
		"../../devices/virtual/nvme-subsystem/nvme-subsys3/nvme3n1",
		"proc/self/mountinfo=26 25 259:7 / /data rw - ext4 /dev/nvme3n1 rw",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		add(*state, lines[i]);
	assert_refused(*state, "nvme3n1 holds the mounted filesystem /data");
}

static void force_of_that_object_overrides_with_a_note(void **state)
{
	static const char *const names[] = { "net0/0", "05:10.0", "0000:05:10.0", LABEL };
	struct env *t = *state;

	add_netdev(t);
	add_master(t, "vf0", "bond0", "bond");
	t->host->n_forced = 1;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		t->host->forced = &names[i];
		assert_free(t);
	}
	assert_int_equal(t->e.code, 0);
	fflush(t->host->log.to);
	assert_non_null(strstr(t->notes, LABEL ": vf0 is a member of bond bond0; taken all the "
					       "same, as --force says"));
}

static void force_of_another_object_does_not(void **state)
{
	static const char *const names[] = { "net0/1", "net0", "net0/00", "05:10.2", "" };
	struct env *t = *state;

	add_netdev(t);
	add_master(t, "vf0", "bond0", "bond");
	t->host->forced = names;
	t->host->n_forced = ARRAY_SIZE(names);
	assert_refused(t, "vf0 is a member of bond bond0");
}

static void what_cannot_be_read_is_refused(void **state)
{
	struct env *t = *state;

	add_netdev(t);
	add(t, "proc/net=a file");
	assert_int_equal(guard_function(t->host, t->vf, LABEL, &t->e), -ENOTDIR);
	assert_int_equal(t->e.status, EXIT_REFUSED);
	assert_string_equal(t->e.cause, "cannot tell whether the host needs it: Not a directory");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(function_without_netdev_or_disk_is_free),
		T(netdev_that_is_only_up_is_free),
		T(default_route_is_refused),
		T(default_route_of_ipv6_is_refused),
		T(route_that_rejects_or_is_not_default_is_none),
		T(default_route_through_a_bond_names_the_bond),
		T(default_route_through_whatever_stands_on_it_names_both),
		T(default_route_through_vlan_on_bridge_on_bond_is_found),
		T(member_of_a_bond_bridge_or_team_is_refused),
		T(parent_of_a_vlan_or_macvlan_that_is_up_is_refused),
		T(master_without_kind_is_still_one),
		T(loop_of_interfaces_ends),
		T(netdev_below_virtio_is_seen),
		T(disk_nobody_uses_is_free),
		T(mounted_partition_is_refused),
		T(mount_is_found_by_its_source_too),
		T(mount_on_lvm_names_the_way),
		T(btrfs_on_device_mapper_is_found_by_name),
		T(swap_is_refused),
		T(swap_on_a_mapped_device_is_refused),
		T(holder_that_is_not_mounted_is_refused_all_the_same),
		T(holder_of_a_holder_is_found),
		T(disk_of_a_scsi_controller_is_found),
		T(nvme_multipath_is_found_through_its_subsystem),
		T(force_of_that_object_overrides_with_a_note),
		T(force_of_another_object_does_not),
		T(what_cannot_be_read_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
