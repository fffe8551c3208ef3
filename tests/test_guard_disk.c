// SPDX-License-Identifier: GPL-2.0-or-later
/* What the host stores on a function. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "fake_guard.h"

static void add_nvme(struct fake_guard *t)
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
		fake_guard_add(t, lines[i]);
}

static void add_dm(struct fake_guard *t, const char *lower)
{
	char line[128];

	fake_guard_add(t, "sys/class/block/dm-0/dev=253:0");
	fake_guard_add(t, "sys/class/block/dm-0/dm/name=vg0-root");
	fake_guard_add(t, "sys/class/block/dm-0/holders/");
	snprintf(line, sizeof(line), "sys/class/block/%s/holders/dm-0 -> ../../dm-0", lower);
	fake_guard_add(t, line);
}

static void disk_nobody_uses_is_free(void **state)
{
	struct fake_guard *t = *state;

	add_nvme(t);
	fake_guard_add(t, "proc/self/mountinfo=25 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw");
	fake_guard_add(t,
		       "proc/swaps=Filename Type Size Used Priority\\n/dev/sda2 partition 1 0 -2");
	fake_guard_is_free(t);
}

static void mounted_partition_is_refused(void **state)
{
	struct fake_guard *t = *state;

	add_nvme(t);
	fake_guard_add(t, "proc/self/mountinfo=25 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\\n"
			  "26 25 259:2 / /srv/data rw,relatime shared:2 - xfs /dev/nvme0n1p2 rw");
	fake_guard_refuses(t, "nvme0n1p2 holds the mounted filesystem /srv/data");
}

/* btrfs mounts have a device number of their own. */
static void mount_is_found_by_its_source_too(void **state)
{
	struct fake_guard *t = *state;

	add_nvme(t);
	fake_guard_add(t, "proc/self/mountinfo=26 25 0:33 /@ / rw shared:2 master:1 - btrfs "
			  "/dev/nvme0n1p1 rw");
	fake_guard_refuses(t, "nvme0n1p1 holds the mounted filesystem /");
}

static void mount_on_lvm_names_the_way(void **state)
{
	struct fake_guard *t = *state;

	add_nvme(t);
	add_dm(t, "nvme0n1p2");
	fake_guard_add(t, "proc/self/mountinfo=26 25 253:0 / / rw - ext4 /dev/mapper/vg0-root rw");
	fake_guard_refuses(t, "nvme0n1p2 (through dm-0) holds the mounted filesystem /");
}

static void btrfs_on_device_mapper_is_found_by_name(void **state)
{
	struct fake_guard *t = *state;

	add_nvme(t);
	add_dm(t, "nvme0n1p1");
	fake_guard_add(t, "proc/self/mountinfo=26 25 0:40 / / rw - btrfs /dev/mapper/vg0-root rw");
	fake_guard_refuses(t, "nvme0n1p1 (through dm-0) holds the mounted filesystem /");
}

static void swap_is_refused(void **state)
{
	struct fake_guard *t = *state;

	add_nvme(t);
	fake_guard_add(
		t, "proc/swaps=Filename Type Size Used Priority\\n/dev/nvme0n1p1 partition 1 0 -2");
	fake_guard_refuses(t, "nvme0n1p1 is swap space in use");
}

static void swap_on_a_mapped_device_is_refused(void **state)
{
	struct fake_guard *t = *state;

	add_nvme(t);
	add_dm(t, "nvme0n1");
	fake_guard_add(t,
		       "proc/swaps=Filename Type Size Used Priority\\n/dev/dm-0 partition 1 0 -2");
	fake_guard_refuses(t, "nvme0n1 (through dm-0) is swap space in use");
}

static void holder_that_is_not_mounted_is_refused_all_the_same(void **state)
{
	struct fake_guard *t = *state;

	add_nvme(t);
	add_dm(t, "nvme0n1p1");
	fake_guard_refuses(t, "nvme0n1p1 is part of dm-0 (vg0-root)");
	fake_guard_add(t, "sys/class/block/md0/dev=9:0");
	fake_guard_add(t, "sys/class/block/nvme0n1/holders/md0 -> ../../md0");
	fake_guard_refuses(t, "nvme0n1 is part of md0");
}

static void holder_of_a_holder_is_found(void **state)
{
	struct fake_guard *t = *state;

	add_nvme(t);
	fake_guard_add(t, "sys/class/block/md0/dev=9:0");
	fake_guard_add(t, "sys/class/block/nvme0n1/holders/md0 -> ../../md0");
	add_dm(t, "md0");
	fake_guard_add(t,
		       "proc/self/mountinfo=26 25 253:0 / /home rw - ext4 /dev/mapper/vg0-root rw");
	fake_guard_refuses(t, "nvme0n1 (through dm-0) holds the mounted filesystem /home");
}

/* No link in holders shows these. */
static void add_loop(struct fake_guard *t, unsigned n, const char *node)
{
	char line[128];

	snprintf(line, sizeof(line), "sys/class/block/loop%u/dev=7:%u", n, n);
	fake_guard_add(t, line);
	snprintf(line, sizeof(line), "sys/class/block/loop%u/loop/backing_file=%s", n, node);
	fake_guard_add(t, line);
}

static void loop_device_on_a_partition_is_refused(void **state)
{
	struct fake_guard *t = *state;

	add_nvme(t);
	add_loop(t, 1, "/var/images/nvme0n1p2");
	fake_guard_add(t, "sys/class/block/loop2/dev=7:2");
	fake_guard_is_free(t);
	add_loop(t, 0, "/dev/nvme0n1p2");
	fake_guard_refuses(t, "nvme0n1p2 is part of loop0");
	fake_guard_add(t, "proc/self/mountinfo=26 25 7:0 / /mnt/image rw - ext4 /dev/loop0 rw");
	fake_guard_refuses(t, "nvme0n1p2 (through loop0) holds the mounted filesystem /mnt/image");
}

static void partition_of_a_loop_device_on_lvm_is_found(void **state)
{
	struct fake_guard *t = *state;

	add_nvme(t);
	add_dm(t, "nvme0n1p1");
	add_loop(t, 3, "/dev/mapper/vg0-root");
	fake_guard_add(t, "sys/class/block/loop3/loop3p1/partition=1");
	fake_guard_add(t, "sys/class/block/loop3p1/dev=259:9");
	fake_guard_add(t, "proc/swaps=Filename Type Size Used Priority\\n"
			  "/dev/loop3p1 partition 1 0 -2");
	fake_guard_refuses(t, "nvme0n1p1 (through loop3p1) is swap space in use");
}

static void disk_of_a_scsi_controller_is_found(void **state)
{
	struct fake_guard *t = *state;
	const char *disk = DEV "/host0/target0:0:0/0:0:0:0/block/sdq";
	char line[256];

	snprintf(line, sizeof(line), "%s/subsystem -> ../../../../../../../../class/block", disk);
	fake_guard_add(t, line);
	snprintf(line, sizeof(line), "%s/dev=65:0", disk);
	fake_guard_add(t, line);
	snprintf(line, sizeof(line), "sys/class/block/sdq -> ../../../%s", disk);
	fake_guard_add(t, line);
	fake_guard_add(t, "proc/self/mountinfo=26 25 65:0 / /mnt rw - ext4 /dev/sdq rw");
	fake_guard_refuses(t, "sdq holds the mounted filesystem /mnt");
}

static void disk_behind_two_sas_expanders_is_found(void **state)
{
	struct fake_guard *t = *state;
	const char *disk = DEV "/host0/port-0:0/expander-0:0/port-0:0:1/expander-0:1/port-0:1:0/"
			       "end_device-0:1:0/target0:0:0/0:0:0:0/block/sdr";
	char line[256];

	snprintf(line, sizeof(line), "%s/subsystem -> /sys/class/block", disk);
	fake_guard_add(t, line);
	snprintf(line, sizeof(line), "%s/dev=65:16", disk);
	fake_guard_add(t, line);
	snprintf(line, sizeof(line), "sys/class/block/sdr -> ../../../%s", disk);
	fake_guard_add(t, line);
	fake_guard_add(t,
		       "proc/swaps=Filename Type Size Used Priority\\n/dev/sdr partition 1 0 -2");
	fake_guard_refuses(t, "sdr is swap space in use");
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
		fake_guard_add(*state, lines[i]);
	fake_guard_refuses(*state, "nvme3n1 holds the mounted filesystem /data");
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_guard_setup, fake_guard_teardown)

static const struct CMUnitTest tests[] = {
	T(disk_nobody_uses_is_free),
	T(mounted_partition_is_refused),
	T(mount_is_found_by_its_source_too),
	T(mount_on_lvm_names_the_way),
	T(btrfs_on_device_mapper_is_found_by_name),
	T(swap_is_refused),
	T(swap_on_a_mapped_device_is_refused),
	T(holder_that_is_not_mounted_is_refused_all_the_same),
	T(holder_of_a_holder_is_found),
	T(loop_device_on_a_partition_is_refused),
	T(partition_of_a_loop_device_on_lvm_is_found),
	T(disk_of_a_scsi_controller_is_found),
	T(disk_behind_two_sas_expanders_is_found),
	T(nvme_multipath_is_found_through_its_subsystem),
};

TEST_MAIN(tests)
