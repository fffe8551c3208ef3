/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Dom0's kernel, or a domain's device model, says about a device's interrupts. Only these two
 * know: attach is a success without them. */
#ifndef VFY_BACKEND_XEN_SAID_H
#define VFY_BACKEND_XEN_SAID_H

#include "host/host.h"
#include "base/bdf.h"

/* "The interrupts of this device could not be made", and why. */
struct said {
	bool is_failure;
	int code; /* positive errno, 0 when the text has none */
};

/**
 * said_by_kernel - does a record of /dev/kmsg say so?
 * @record: "PRIO,SEQ,TIME,FLAGS;TEXT\n", and lines of " KEY=VALUE\n"; or several
 *
 * Only of this device and this domain: a domain id in the text that is another one, Dom0's own
 * devices (id 32752 means "myself") and lines that user space wrote do not count.
 * Source: Linux Documentation/ABI/testing/dev-kmsg; arch/x86/pci/xen.c,
 * xen_initdom_setup_msi_irqs(); drivers/xen/xen-pciback/pciback_ops.c, xen_pcibk_enable_msix().
 */
struct said said_by_kernel(const char *record, struct bdf dev, uint32_t domid);

/**
 * said_by_qemu - does a line of a device model's log say so?
 * @devfn: where the guest has the device, on its bus 0
 *
 * "[00:05.0] msi_msix_setup: Error: Mapping of MSI-X (err: 28, vec: 0xb1, entry 0x0)". Nothing is
 * told to the guest. Source: QEMU hw/xen/xen_pt_msi.c, msi_msix_setup(); hw/xen/xen_pt.c,
 * xen_pt_log().
 */
struct said said_by_qemu(const char *line, unsigned devfn);

/* Where they say it, from some moment on. */
struct said_log {
	int fd; /* -1: cannot be read, nothing will be known */
	bool is_kernel;
	/* A line of a file that is not whole yet. */
	char rest[512];
	size_t n_rest;
};

/* Room for any record. Source: Linux kernel/printk/internal.h, PRINTK_MESSAGE_MAX. */
#define SAID_MAX 8192

/* Opens the kernel's log (@name NULL), or that of domain @name's device model. From the end, or
 * with @all from the oldest record on. */
void said_open(struct said_log *ret, const struct host *h, const char *name, bool all);
void said_close(struct said_log *l);

/**
 * said_next - the next record or line, without waiting
 *
 * False when there is none yet; @size is SAID_MAX. A record that the kernel has
 * overwritten meanwhile is skipped.
 */
bool said_next(struct said_log *l, char *buf, size_t size);

#endif
