/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which loaded driver was made for a function: by the kernel's own table of modules. */
#ifndef VFY_HOST_PCI_MODALIAS_H
#define VFY_HOST_PCI_MODALIAS_H

#include "base/bdf.h"
#include "host/pci/bind.h"
#include "host/host.h"

/**
 * modalias_driver - the driver whose module names this kind of device
 * @ret: "" when no loaded module does, or when the table is not there
 *
 * A driver that takes any function (by an ID that somebody wrote to its new_id, or by
 * driver_override) names none, so it is never the answer. A driver that is built into the kernel
 * is not in the table.
 *
 * Source: Linux Documentation/driver-api/driver-model (modalias); depmod(8), modules.alias;
 * /sys/module/NAME/drivers.
 */
void modalias_driver(const struct host *h, struct bdf dev, char ret[DRIVER_MAX]);

#endif
