/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel modules: which one has a driver, and where it comes from. */
#ifndef VFY_HOST_MODULE_H
#define VFY_HOST_MODULE_H

#include "host/host.h"

#define MODULE_NAME_MAX 64

/**
 * module_of_driver - the module of a driver of the PCI bus, as modprobe calls it
 *
 * False where the driver is not loaded, or is part of the kernel itself.
 * Source: Linux drivers/base/module.c, module_add_driver(): the link drivers/NAME/module.
 */
bool module_of_driver(const struct host *h, const char *driver, char ret[MODULE_NAME_MAX]);

/* Was it built outside the kernel's tree: 1, 0, or UNKNOWN where it is not loaded. Source: Linux
 * Documentation/admin-guide/tainted-kernels.rst, 'O'; kernel/module/main.c, show_taint(). */
int module_is_foreign(const struct host *h, const char *module);

/**
 * module_can_load - has the running kernel this module?
 *
 * 0, or -ENOENT (EXIT_REFUSED) when neither modules.dep nor modules.builtin below
 * lib/modules/UNASSIGN has it, or when they are not there, as in captures of before; -EEXIST when
 * it is part of the kernel, so that there is nothing to load. Source: modprobe(8), modules.dep(5).
 */
int module_can_load(const struct host *h, const char *module, struct err *e);

/**
 * module_load - load it, with what it depends on
 *
 * By modprobe(8), which knows the host's modprobe.d, in a child under the deadline: loading runs
 * the module's start in the kernel, where it can hang. -EIO with what modprobe said; -ETIMEDOUT is
 * EXIT_LEFT; -EROFS below --root.
 */
int module_load(const struct host *h, const char *module, struct err *e);

#endif
