/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel modules: which one has a driver, and where it comes from. */
#ifndef VFY_CORE_MODULE_H
#define VFY_CORE_MODULE_H

#include "core/host.h"

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

#endif
