/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Driver binding of one PCI function: each call is one action in sysfs, with a deadline, and reads
 * back. */
#ifndef VFY_HOST_PCI_BIND_H
#define VFY_HOST_PCI_BIND_H

#include "host/host.h"
#include "base/bdf.h"

#define DRIVER_MAX 64

/* Reads the name of the bound driver, "" when there is none. Returns -ENODEV when the function is
 * gone. */
int bind_driver_of(const struct host *h, struct bdf dev, char ret[DRIVER_MAX], struct err *e);

/* Reads driver_override, "" when it is not set. */
int bind_override_of(const struct host *h, struct bdf dev, char ret[DRIVER_MAX], struct err *e);

/**
 * bind_set_override - write driver_override and read it back
 * @driver: "" clears it
 *
 * With sriov_drivers_autoprobe=0 no bind of a VF succeeds without it, so every bind here uses it.
 * None uses new_id, because that makes the driver take every device with that id.
 * Source: Linux drivers/pci/pci-driver.c, pci_device_can_probe(); pci-sysfs.c,
 * driver_override_store().
 */
int bind_set_override(const struct host *h, struct bdf dev, const char *driver, struct err *e);

/* Clears it if it names @driver; any other value belongs to the user. */
int bind_drop_override(const struct host *h, struct bdf dev, const char *driver, struct err *e);

/* Unbinds the function from whatever driver it has; having none is success. Waits until the link is
 * gone, up to the deadline. */
int bind_unbind(const struct host *h, struct bdf dev, struct err *e);

/**
 * bind_to - bind a driverless function to one driver
 *
 * Sets driver_override, writes drivers_probe or the driver's bind file, and checks the driver link,
 * because the kernel reports success even for a probe that bound nothing. On failure the override
 * is as it was before. Returns -ENOENT, with modprobe as the fix, when the driver is not loaded.
 */
int bind_to(const struct host *h, struct bdf dev, const char *driver, struct err *e);

/**
 * bind_over - take a function from the driver that it has, and bind it to another one
 * @from, @override: its driver ("" for none) and its driver_override, as they were read just now
 *
 * The same in fewer reads as bind_set_override(), bind_unbind() and bind_to(); the override comes
 * first, so that nothing else takes it in between. The driver must be loaded. On failure the
 * function is left as it is then.
 */
int bind_over(const struct host *h, struct bdf dev, const char *from, const char *override,
	      const char *driver, struct err *e);

/**
 * bind_probe - let the kernel find the host's driver for a driverless function
 *
 * Waits up to the deadline, because the driver may be about to be loaded (when a VF is made, the
 * kernel asks udev for the module). @ret is the driver that took it. Returns -ENODEV when none did;
 * the PF's sriov_drivers_autoprobe must be on. Source: Linux drivers/base/bus.c,
 * drivers_probe_store().
 */
int bind_probe(const struct host *h, struct bdf dev, char ret[DRIVER_MAX], struct err *e);

/**
 * bind_give_back - restore driver and override as they were before
 * @driver: "" leaves it without a driver
 *
 * The function must be unbound. Idempotent.
 */
int bind_give_back(const struct host *h, struct bdf dev, const char *driver,
		   const char *driver_override, struct err *e);

#endif
