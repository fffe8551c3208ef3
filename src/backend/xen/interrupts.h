/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the guest's driver has got interrupts for its device. */
#ifndef VFY_BACKEND_XEN_INTERRUPTS_H
#define VFY_BACKEND_XEN_INTERRUPTS_H

#include "backend/xen/said.h"
#include "backend/xen/xen.h"

/* How long to wait for a guest that shows no sign of a driver: once for each run and domain. */
#define INTERRUPTS_WAIT_MS 500u

/* Listens from here on; call it before the attach. Close @ret with said_close(). */
void interrupts_listen(struct backend *b, const struct domain *d, struct said_log *ret);

/**
 * interrupts_verify - check interrupts after an attach that the guest has acknowledged
 *
 * A driver that the guest had loaded has asked for interrupts by then, because pcifront probes
 * drivers before it says Connected. A driver that udev loads comes later, and a guest may have
 * none, which is not a failure. So the wait for a sign ends after INTERRUPTS_WAIT_MS, and later
 * attaches of this run to the same domain do not wait again. A sign is that the device's MSI-X or
 * MSI is on, or that somebody says that it could not be switched on.
 *
 * PV: a reported failure counts when the device has no MSIs afterwards, because drivers try again
 * with fewer. HVM: the guest is not told, so a reported failure always counts. Returns 0 when a log
 * or config space cannot be read. With --force DOMAIN a failure is a note.
 * Source: Linux drivers/pci/xen-pcifront.c, pcifront_connect().
 */
int interrupts_verify(struct backend *b, const struct domain *d, struct bdf dev,
		      struct said_log *log, struct err *e);

/**
 * interrupts_mark - mark the devices of domains whose driver got no interrupts
 * @domids: the domain of each of @v
 *
 * For PV only, as far back as the kernel's log goes; the log is read when some device has its MSIs
 * off. Sets why and is_ready. Never fails: what cannot be read is not known.
 */
void interrupts_mark(struct backend *b, struct attachment *v, const uint32_t *domids, size_t n);

#endif
