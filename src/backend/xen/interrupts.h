/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Has the guest's driver got interrupts for its device? */
#ifndef VFY_BACKEND_XEN_INTERRUPTS_H
#define VFY_BACKEND_XEN_INTERRUPTS_H

#include "backend/xen/said.h"
#include "backend/xen/xen.h"

/* How long a guest that shows no sign of a driver is waited for: once in a run and domain. */
#define INTERRUPTS_WAIT_MS 500u

/* Before the attach: from here on it is listened. @ret is closed with said_close(). */
void interrupts_listen(struct backend *b, const struct domain *d, struct said_log *ret);

/**
 * interrupts_verify - after an attach that the guest has acknowledged
 *
 * A driver that the guest had loaded has asked by then: pcifront probes drivers before it says
 * Connected. One that udev loads comes later, and a guest may have none, which is no failure: the
 * wait for a sign ends after INTERRUPTS_WAIT_MS, and attaches of this run to the same domain do not
 * wait again. Signs: the device's MSI-X or MSI is on, or somebody says that it could not be.
 *
 * PV: a failure is one when the device has no MSIs afterwards; drivers try again with fewer. HVM:
 * the guest is not told, so a failure said is one. A log or config space that cannot be read: 0.
 * With --force DOMAIN a failure is a note.
 * Source: Linux drivers/pci/xen-pcifront.c, pcifront_connect().
 */
int interrupts_verify(struct backend *b, const struct domain *d, struct bdf dev,
		      struct said_log *log, struct err *e);

/**
 * interrupts_mark - of what domains have: which devices did their driver get none for?
 * @domids: of the domains, as @v
 *
 * PV only, as far back as the kernel's log goes, which is read when some device has its MSIs off.
 * Sets why and is_ready. Never fails: what cannot be read is not known.
 */
void interrupts_mark(struct backend *b, struct attachment *v, const uint32_t *domids, size_t n);

#endif
