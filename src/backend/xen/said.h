/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Dom0's kernel, or a domain's device model, says about a device's interrupts. Only these two
 * know, because an attach succeeds without interrupts, too. */
#ifndef VFY_BACKEND_XEN_SAID_H
#define VFY_BACKEND_XEN_SAID_H

#include "host/host.h"
#include "base/bdf.h"

/* Whether the interrupts of a device could not be made, and why. */
struct said {
	bool is_failure;
	int code; /* positive errno, 0 when the text has none */
};

/**
 * said_by_kernel - tell whether a record of /dev/kmsg says so
 * @record: "PRIO,SEQ,TIME,FLAGS;TEXT
 *
 *          ", and lines of " KEY=VALUE
 *
 *          "; or several of these
 *
 * Only this device and this domain count: not a text with another domain id, not Dom0's own devices
 * (id 32752 means "myself"), and not lines that user space wrote.
 * Source: Linux Documentation/ABI/testing/dev-kmsg; arch/x86/pci/xen.c,
 * xen_initdom_setup_msi_irqs(); drivers/xen/xen-pciback/pciback_ops.c, xen_pcibk_enable_msix().
 */
struct said said_by_kernel(const char *record, struct bdf dev, uint32_t domid);

/**
 * said_by_qemu - tell whether a line of a device model's log says so
 * @devfn: where the guest has the device, on its bus 0
 *
 * Such a line is "[00:05.0] msi_msix_setup: Error: Mapping of MSI-X (err: 28, vec: 0xb1, entry
 * 0x0)". The guest is told nothing. Source: QEMU hw/xen/xen_pt_msi.c, msi_msix_setup();
 * hw/xen/xen_pt.c, xen_pt_log().
 */
struct said said_by_qemu(const char *line, unsigned devfn);

/* A log, from some moment on. */
struct said_log {
	int fd; /* -1: cannot be read, so nothing will be known */
	bool is_kernel;
	/* a line of a file that is not complete yet */
	char rest[512];
	size_t n_rest;
};

/* Room for any record. Source: Linux kernel/printk/internal.h, PRINTK_MESSAGE_MAX. */
#define SAID_MAX 8192

/* Opens the kernel's log (@name NULL), or that of domain @name's device model, at its end or, with
 * @all, at the oldest record. */
void said_open(struct said_log *ret, const struct host *h, const char *name, bool all);
void said_close(struct said_log *l);

/**
 * said_next - read the next record or line, without waiting
 *
 * Returns false when there is none yet; @size is SAID_MAX. A record that the kernel has overwritten
 * meanwhile is skipped.
 */
bool said_next(struct said_log *l, char *buf, size_t size);

#endif
