/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Driver binding of one PCI function: each call is one action in sysfs, with a deadline, and reads
 * back. */
#ifndef VFY_HOST_PCI_BIND_H
#define VFY_HOST_PCI_BIND_H

#include "base/bdf.h"
#include "base/root.h"
#include "host/host.h"

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

/* A change of driver whose write is in flight. It must stay where it is until it is finished. */
struct bind_flight {
	const struct host *host;
	struct bdf dev;
	char driver[DRIVER_MAX];   /* what it leaves, or goes to; "": nothing is in flight */
	char override[DRIVER_MAX]; /* bind_to_start(): what driver_override was */
	bool is_bound;		   /* bind_to_start(): the driver has it already */
	struct root_writing writing;
};

/**
 * bind_unbind_start, bind_to_start - bind_unbind() and bind_to() up to the write that the driver
 *				      answers, so that several functions wait at once
 *
 * A start that succeeds needs its finish, which waits for what is left of the deadline, reads back
 * and returns what the whole would have returned. After a start that fails there is none.
 */
int bind_unbind_start(const struct host *h, struct bdf dev, struct bind_flight *ret, struct err *e);
int bind_unbind_finish(struct bind_flight *f, struct err *e);
int bind_to_start(const struct host *h, struct bdf dev, const char *driver, struct bind_flight *ret,
		  struct err *e);
int bind_to_finish(struct bind_flight *f, struct err *e);

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

/* The same in two halves, as above. */
int bind_give_back_start(const struct host *h, struct bdf dev, const char *driver,
			 struct bind_flight *ret, struct err *e);
int bind_give_back_finish(struct bind_flight *f, const char *driver_override, struct err *e);

#endif
