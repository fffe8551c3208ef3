/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network devices of a PCI function, and which of them is its own. */
#ifndef VFY_HOST_NET_NETDEV_KIND_H
#define VFY_HOST_NET_NETDEV_KIND_H

#include <net/if.h>
#include <stdbool.h>

#include "base/bdf.h"
#include "host/host.h"

/* In the order in which they are taken for the function's own. */
enum netdev_kind {
	NETDEV_UPLINK,	/* its phys_port_name says so: pN, pNsM when the port is split */
	NETDEV_UNNAMED, /* it has none, as with most drivers */
	NETDEV_OTHER,	/* a name that says nothing: nN of nfp */
	/* The switch's end of a VF, a subfunction or a PF of another host: pfNvfM, pfNsfM, pfN.
	 * What is set through it is set on the switch's port, never on a VF. */
	NETDEV_REPRESENTOR,
};

/**
 * netdev_kind_of - what a phys_port_name says
 * @ret_vf: the VF of this host that a representor stands for, else -1
 *
 * Source: Linux net/devlink/port.c, __devlink_port_phys_port_name_get(); ice 5.16,
 * ice_repr_get_phys_port_name() (pfNvfrM); mlx5 before 5.2, mlx5e_rep_get_phys_port_name() (M).
 */
enum netdev_kind netdev_kind_of(const char *phys_port_name, int *ret_vf);

/* One of a function's network devices, as sysfs names it. */
struct netdev_port {
	char name[IFNAMSIZ];
	unsigned dev_port; /* 1 for the second port of one function, 0 where the kernel does not say
			    */
	enum netdev_kind kind;
	int vf; /* -1 */
};

/**
 * netdev_ports_read - fill in all but the names of @n network devices
 *
 * The kernel reads phys_port_name under the lock of all network devices, and a reader goes round in
 * it while a driver that hangs has the lock: on the running host a child reads, under a deadline. A
 * device that could not be read by then counts as unnamed, with a note on the log. 0 or -errno.
 * Source: Linux net/core/net-sysfs.c, phys_port_name_show().
 */
int netdev_ports_read(const struct host *h, struct netdev_port *v, size_t n);

/* Is @a rather the function's own than @b? By kind, dev_port, then name. False of a representor. */
bool netdev_port_before(const struct netdev_port *a, const struct netdev_port *b);

/**
 * netdev_each_of - call @fn for every network device of a function
 *
 * Virtio puts them one level deeper: BDF/virtio3/net/eth0. Ends at the first non-zero return of
 * @fn and returns it.
 */
int netdev_each_of(const struct host *h, struct bdf dev, int (*fn)(void *arg, const char *name),
		   void *arg);

/**
 * netdev_function_at - the PCI function of a network device, from where its class link leads
 * @target: "../../devices/pci0000:00/0000:00:01.0/0000:05:10.0/net/eth0"; is cut
 *
 * What hangs below a function in another way (USB, a bridge's child) is not its netdev.
 */
bool netdev_function_at(char *target, struct bdf *ret);

/* The same by name; false also for what cannot be a name in sysfs (a '/', too long). */
bool netdev_function(const struct host *h, const char *name, struct bdf *ret);

#endif
