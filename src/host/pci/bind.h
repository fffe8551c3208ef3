/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Driver binding of one PCI function: each a sysfs verb with a deadline, read back. */
#ifndef VFY_HOST_PCI_BIND_H
#define VFY_HOST_PCI_BIND_H

#include "host/host.h"
#include "base/bdf.h"

#define DRIVER_MAX 64

/* Name of the bound driver, "" for none. -ENODEV when the function is gone. */
int bind_driver_of(const struct host *h, struct bdf dev, char ret[DRIVER_MAX], struct err *e);

/* driver_override, "" for none. */
int bind_override_of(const struct host *h, struct bdf dev, char ret[DRIVER_MAX], struct err *e);

/**
 * bind_set_override - write driver_override and read it back
 * @driver: "" clears it
 *
 * With sriov_drivers_autoprobe=0 no bind of a VF succeeds without it, so every bind here goes
 * through it, and never through new_id (which takes every device with that id).
 * Source: Linux drivers/pci/pci-driver.c, pci_device_can_probe(); pci-sysfs.c,
 * driver_override_store().
 */
int bind_set_override(const struct host *h, struct bdf dev, const char *driver, struct err *e);

/* Clears it when it names @driver; any other one is the user's. */
int bind_drop_override(const struct host *h, struct bdf dev, const char *driver, struct err *e);

/* Unbinds from whatever driver it has; none: success. Waits for the link to go, up to the
 * deadline. */
int bind_unbind(const struct host *h, struct bdf dev, struct err *e);

/**
 * bind_to - bind a driverless function to one driver
 *
 * Sets driver_override, writes drivers_probe or the driver's bind file, checks the driver link
 * (the kernel reports success for a probe that bound nothing). On failure the override is what it
 * was before. -ENOENT when the driver is not loaded, with modprobe as the fix.
 */
int bind_to(const struct host *h, struct bdf dev, const char *driver, struct err *e);

/**
 * bind_probe - let the kernel find the host driver of a driverless function
 *
 * Waits for one up to the deadline: it may be on its way (the kernel asks udev for the module when
 * a VF is made). -ENODEV when none took it; the PF's sriov_drivers_autoprobe must be on. @ret:
 * which one did. Source: Linux drivers/base/bus.c, drivers_probe_store().
 */
int bind_probe(const struct host *h, struct bdf dev, char ret[DRIVER_MAX], struct err *e);

/**
 * bind_give_back - driver and override as they were before
 * @driver: "" leaves it without driver
 *
 * The function must be unbound. Idempotent.
 */
int bind_give_back(const struct host *h, struct bdf dev, const char *driver,
		   const char *driver_override, struct err *e);

#endif
