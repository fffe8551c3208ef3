/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel modules: which one contains a driver, and where it comes from. */
#ifndef VFY_HOST_MODULE_H
#define VFY_HOST_MODULE_H

#include "host/host.h"

#define MODULE_NAME_MAX 64

/**
 * module_of_driver - find the module of a PCI driver, as modprobe calls it
 *
 * Returns false when the driver is not loaded, or is part of the kernel itself.
 * Source: Linux drivers/base/module.c, module_add_driver(): the link drivers/NAME/module.
 */
bool module_of_driver(const struct host *h, const char *driver, char ret[MODULE_NAME_MAX]);

/* Tells whether it was built outside the kernel's tree: 1, 0, or UNKNOWN when it is not loaded.
 * Source: Linux Documentation/admin-guide/tainted-kernels.rst, 'O'; kernel/module/main.c,
 * show_taint(). */
int module_is_foreign(const struct host *h, const char *module);

/**
 * module_can_load - tell whether the running kernel has this module
 *
 * Returns 0; -ENOENT (EXIT_REFUSED) when neither modules.dep nor modules.builtin below
 * lib/modules/RELEASE lists it, or when these files do not exist, as in older captures; -EEXIST
 * when it is part of the kernel, so there is nothing to load. Source: modprobe(8), modules.dep(5).
 */
int module_can_load(const struct host *h, const char *module, struct err *e);

/**
 * module_load - load a module, with those that it depends on
 *
 * Runs modprobe(8), which knows the host's modprobe.d, in a child under the deadline, because
 * loading runs the module's init function in the kernel, where it can hang. Returns 0; -EIO with
 * what modprobe said; -ETIMEDOUT with EXIT_LEFT; -EROFS below --root.
 */
int module_load(const struct host *h, const char *module, struct err *e);

#endif
