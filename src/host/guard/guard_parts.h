/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the guard: what a function carries for the network, what it stores, and who uses
 * it. */
#ifndef VFY_HOST_GUARD_GUARD_PARTS_H
#define VFY_HOST_GUARD_GUARD_PARTS_H

#include "host/function_dir.h"
#include "host/guard/guard.h"

#define GUARD_WHY_MAX 256

/*
 * Each returns 1 with a sentence in @why when the host needs the function, 0 when it does not, or
 * -errno when it could not look.
 */
int guard_net(const struct host *h, const struct function_dir *f, char why[GUARD_WHY_MAX]);
int guard_block(const struct host *h, const struct function_dir *f, char why[GUARD_WHY_MAX]);

/**
 * guard_use - look for users other than the host itself
 * @only_netns: look only for network devices in other namespaces
 *
 * Returns as guard_net() does; the sentence names the process when there is one.
 */
int guard_use(const struct host *h, const struct function_dir *f, bool only_netns,
	      char why[GUARD_WHY_MAX]);

/* Refuses a VF that its driver turns into a vGPU: no other driver can do anything with it, and the
 * vGPU would be gone. Returns 0 or -ENOTSUP with EXIT_REFUSED. */
int guard_vgpu(const struct host *h, const struct function_dir *f, const char *label,
	       struct err *e);

/* The same of what only a function as a whole can be: the console, the only keyboard, a network
 * card with an address of the host. */
int guard_whole(const struct host *h, struct bdf dev, char why[GUARD_WHY_MAX]);

/* Is it the display that the firmware boots on? Source: Linux drivers/pci/pci-sysfs.c,
 * boot_vga_show(). */
bool guard_is_boot_vga(const struct host *h, struct bdf dev);

#endif
