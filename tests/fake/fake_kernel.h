/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel that behaves, on a fake root: writes to sysfs move links and files as real writes do,
 * and each can be told to fail, or to lie. */
#ifndef VFY_TESTS_FAKE_KERNEL_H
#define VFY_TESTS_FAKE_KERNEL_H

#include "fake_root.h"

#define FAKE_FAULTS 16
#define FAKE_WRITES 512

/* A fault of the write to a path that ends with @path (and to this function, when @value is
 * given). */
struct fake_fault {
	const char *path, *value;
	int code;      /* the positive errno that it returns; 0: it says that it is done, and does
			* nothing */
	unsigned skip; /* it works this many times first */
	bool forever;  /* each time, and not only once */
};

struct fake_write {
	char path[128], value[64];
};

/*
 * It knows drivers/NAME/bind, unbind and remove_id, drivers_probe, devices/BDF/driver_override,
 * sriov_numvfs and sriov_drivers_autoprobe (Linux drivers/base/bus.c, drivers/base/dd.c,
 * drivers/pci/pci-driver.c, drivers/pci/iov.c). Every driver that has a directory takes a function
 * whose driver_override names it; without an override only @native takes one.
 */
struct fake_kernel {
	struct fake_root *root;
	const char *native; /* "igbvf" */
	const char *new_id; /* takes functions before @native does; fake_kernel_new_id() */
	struct fake_fault faults[FAKE_FAULTS];
	unsigned n_faults;
	struct fake_write writes[FAKE_WRITES]; /* all of them, in order */
	unsigned n_writes;
	/* As on Arm, a function without IOMMU group gets @late_group with the first driver that is
	 * bound, and the next one the next number, or the same. 0: its IOMMU does not cover it, and
	 * vfio-pci refuses it. */
	bool makes_groups, late_is_shared;
	unsigned late_group;
	unsigned enable_fewer; /* sriov_numvfs: the PF driver enables so many less and says 0 */
};

/* Puts itself behind root_write() of @root's host. There is nothing to release. */
void fake_kernel_init(struct fake_kernel *k, struct fake_root *root, const char *native);

/* Registers a driver without devices. */
void fake_kernel_add_driver(struct fake_kernel *k, const char *driver);

/* Acts as if the VFs' ID had been written to the new_id of @driver (static), which was there before
 * @native. A write to its remove_id ends that. */
void fake_kernel_new_id(struct fake_kernel *k, const char *driver);

/* Adds a loaded module that brought this driver, and that the table of modules names for the
 * VFs. */
void fake_kernel_add_module(struct fake_kernel *k, const char *module, const char *driver);

void fake_kernel_fail(struct fake_kernel *k, struct fake_fault fault);

/* Forgets faults and writes. */
void fake_kernel_reset(struct fake_kernel *k);

/* Returns the number of writes to paths that end with @path. */
unsigned fake_kernel_count(const struct fake_kernel *k, const char *path);

#endif
