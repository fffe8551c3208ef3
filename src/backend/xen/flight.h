/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device on its way to pciback or off it, while the kernel resets it. */
#ifndef VFY_BACKEND_XEN_FLIGHT_H
#define VFY_BACKEND_XEN_FLIGHT_H

#include "backend/xen/xen.h"
#include "host/pci/bind.h"

/*
 * pciback resets a function when it takes it and when it loses it, and a function-level reset
 * sleeps 100 ms in the kernel (Linux drivers/xen/xen-pciback/pci_stub.c, pcistub_init_device(),
 * pcistub_device_release(); drivers/pci/pci.c, pcie_flr()). So vfyard writes to bind and unbind
 * itself, for several devices at once and under a deadline; libxl, which does it for one after the
 * other and without, finds it done, and does what only it can: the quarantine and its records.
 */
struct flight {
	/* Waits for the write in flight and does all up to the next: 1, or the end. */
	int (*next)(struct backend *b, struct flight *f, struct err *e);
	/* Makes it as it was after a failure. NULL: @next has. */
	int (*undo)(struct backend *b, struct flight *f, struct err *e);
	struct bdf dev;
	struct bind_flight bind;
	char name[65];
	char driver[DRIVER_MAX], override[DRIVER_MAX]; /* as they were; for the undo, as are: */
	char *driver_path; /* the xenstore node, NULL when there was none */
};

/**
 * flight_return - what a start or a next of @f leads to
 * @r: what it returned
 *
 * 1: it is in flight, and *ret (may be NULL) is @f. Otherwise @f is freed, after an undo when @r is
 * a failure and nothing hangs in the kernel. Returns @r.
 */
int flight_return(struct backend *b, struct flight *f, int r, struct flight **ret, struct err *e);

/* backend_ops.go_on */
int xen_go_on(struct backend *b, struct flight *f, struct err *e);

/* xen_refuse_held(), by the view of backend_ops.look where it has been asked. */
int flight_refuse_held(struct backend *b, struct vf_ref vf, struct err *e);

/* Goes on to the end with what a start has returned. */
int flight_finish(struct backend *b, struct flight *f, int r, struct err *e);

#endif
