/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which loaded driver was made for a function, according to the kernel's own table of modules. */
#ifndef VFY_HOST_PCI_MODALIAS_H
#define VFY_HOST_PCI_MODALIAS_H

#include "base/bdf.h"
#include "host/pci/bind.h"
#include "host/host.h"

/**
 * modalias_driver - find the driver whose module names this kind of device
 * @ret: "" when no loaded module does, or when there is no table
 *
 * A driver that takes any function (because somebody wrote an ID to its new_id, or set
 * driver_override) names none, so it is never the answer. A driver that is built into the kernel is
 * not in the table.
 *
 * Source: Linux Documentation/driver-api/driver-model (modalias); depmod(8), modules.alias;
 * /sys/module/NAME/drivers.
 */
void modalias_driver(const struct host *h, struct bdf dev, char ret[DRIVER_MAX]);

#endif
