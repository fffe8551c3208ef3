/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host in a temporary directory, built from lines, for tests. */
#ifndef VFY_TESTS_FAKE_ROOT_H
#define VFY_TESTS_FAKE_ROOT_H

#include "host/host.h"

/*
 * Lines (a NULL-terminated array, or text with one per line; '#' begins a comment): path=value
 *	regular file, "
 *
 *	" escapes in the value; a newline is appended path -> target symbolic link path/ directory
 *	Parents are made as needed. tests/capture.sh prints the same format.
 */
struct fake_root {
	char dir[64];
	struct host host; /* opened on dir, with a silent log */
};

void fake_root_init(struct fake_root *f, const char *const *lines);
void fake_root_init_file(struct fake_root *f, const char *tree_file);
void fake_root_add(struct fake_root *f, const char *line);
/* Adds a PF with @numvfs VFs as the kernel lays them out (device directories below
 * sys/devices/pciDDDD:BB, links in sys/bus/pci/devices, physfn, virtfnN, driver links, iommu_group,
 * driver_override "(null)"). @vf_driver is NULL for none. */
struct fake_pf {
	const char *bdf;
	const char *netdev, *driver, *vf_driver;
	unsigned totalvfs, numvfs, offset, stride;
	int first_group; /* -1: no IOMMU groups */
};
void fake_root_add_pf(struct fake_root *f, const struct fake_pf *pf);
/* Adds a function that is neither PF nor VF, vendor 8086, device 1234, resettable. @class as sysfs
 * has it, "0x030000"; @driver NULL for none. */
struct fake_function {
	const char *bdf, *class, *driver;
	int group; /* 0: no IOMMU group */
};
void fake_root_add_function(struct fake_root *f, const struct fake_function *function);
void fake_root_done(struct fake_root *f); /* removes the directory */

#endif
