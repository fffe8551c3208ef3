/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The toolstack's store: who claims a device, and what each domain's PCI backend holds. */
#ifndef VFY_BACKEND_XEN_XENSTORE_H
#define VFY_BACKEND_XEN_XENSTORE_H

#include <stdbool.h>
#include <stdint.h>
#include <xenstore.h>
#include "backend/xen/dump.h"
#include "base/bdf.h"
#include "base/log.h"

/* The running xenstored, or a dump of one. */
struct xstore {
	struct xs_handle *live; /* NULL for a dump, which can only be read */
	struct dump *dump;
	const struct log *log; /* where changes are shown at -vv; borrowed, may be NULL */
};

/*
 * Paths are printf-style and absolute. Nodes are small texts, including numbers.
 */

/* Connects. Returns -EACCES when not root, -ECONNREFUSED when xenstored does not run. */
int xstore_open(struct xstore **ret, struct err *e);
/* Makes a store from a text (dump.h). */
int xstore_open_dump(struct xstore **ret, const char *text, struct err *e);
void xstore_close(struct xstore *h);

/* Returns the node's text, malloc()ed; NULL when there is no such node, or it cannot be read. */
char *xstore_read(struct xstore *h, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Reads a decimal number. Returns -ENOENT when there is no such node, -EPROTO when it is something
 * else. */
int xstore_read_uint(struct xstore *h, unsigned *ret, const char *fmt, ...) PRINTF_LIKE(3, 4);

int xstore_write(struct xstore *h, const char *value, struct err *e, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* Removes a node and everything below it; a node that does not exist is a success. */
int xstore_remove(struct xstore *h, struct err *e, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Returns the names of the nodes below, malloc()ed in one piece; NULL and *n 0 when there is
 * none. */
char **xstore_list(struct xstore *h, unsigned *n, const char *fmt, ...) PRINTF_LIKE(3, 4);

/*
 * /libxl/pci/<dddd-bb-dd-f>/{domid,driver_path,name}: libxl's own record of a device.
 * Source: Xen tools/libs/light/libxl_pci.c, pci_info_xs_path().
 */
#define NODE_DOMID	 "domid"       /* claimed by this domain */
#define NODE_DRIVER_PATH "driver_path" /* sysfs directory of the driver that it had */
#define NODE_NAME	 "name"	       /* pci-assignable-add -n */

/* Returns NULL when there is none. */
char *xstore_device_read(struct xstore *h, struct bdf dev, const char *node);
int xstore_device_write(struct xstore *h, struct bdf dev, const char *node, const char *value,
			struct err *e);
int xstore_device_remove(struct xstore *h, struct bdf dev, const char *node, struct err *e);

#define NO_CLAIM UINT32_MAX

/* Finds the domain that claims it; NO_CLAIM when none does. */
int xstore_claim_of(struct xstore *h, struct bdf dev, uint32_t *ret, struct err *e);

/* Xenbus states, as in the nodes state and state-N. Source: xen/include/public/io/xenbus.h. */
enum xenbus_state {
	XENBUS_UNKNOWN = 0,
	XENBUS_INITIALISING = 1,
	XENBUS_INIT_WAIT = 2,
	XENBUS_INITIALISED = 3,
	XENBUS_CONNECTED = 4,
	XENBUS_CLOSING = 5,
	XENBUS_CLOSED = 6,
	XENBUS_RECONFIGURING = 7,
	XENBUS_RECONFIGURED = 8,
};

/* Returns "closing (5)", a borrowed constant. */
const char *xenbus_state_name(unsigned state);

/* The PCI backend of one domain, in Dom0. libxl puts all devices of a domain into backend 0. */
#define BACKENDS     "/local/domain/0/backend/pci"
#define BACKEND_PATH BACKENDS "/%u/0"
/* The guest's half. */
#define FRONTEND_PATH "/local/domain/%u/device/pci/0"

#endif
