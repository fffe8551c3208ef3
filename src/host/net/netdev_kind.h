/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network devices of a PCI function, and which of them is the function's own. */
#ifndef VFY_HOST_NET_NETDEV_KIND_H
#define VFY_HOST_NET_NETDEV_KIND_H

#include <net/if.h>
#include <stdbool.h>

#include "base/bdf.h"
#include "host/function_dir.h"

/* In order of preference: the first kind is most likely to be the function's own. */
enum netdev_kind {
	NETDEV_UPLINK,	/* its phys_port_name says so: pN, or pNsM when the port is split */
	NETDEV_UNNAMED, /* it has no phys_port_name, as with most drivers */
	NETDEV_OTHER,	/* its phys_port_name says nothing: nN of nfp */
	/* the switch's end of a VF, of a subfunction or of another host's PF: pfNvfM, pfNsfM, pfN.
	 * What is set through it is set on the switch's port, never on a VF. */
	NETDEV_REPRESENTOR,
};

/**
 * netdev_kind_of - interpret a phys_port_name
 * @ret_vf: the VF of this host that a representor stands for, otherwise -1
 *
 * Source: Linux net/devlink/port.c, __devlink_port_phys_port_name_get(); ice 5.16,
 * ice_repr_get_phys_port_name() (pfNvfrM); mlx5 before 5.2, mlx5e_rep_get_phys_port_name() (M).
 */
enum netdev_kind netdev_kind_of(const char *phys_port_name, int *ret_vf);

/* One of a function's network devices, as sysfs names it. */
struct netdev_port {
	char name[IFNAMSIZ];
	unsigned dev_port; /* 1 for the second port of a function, 0 when the kernel does not say */
	enum netdev_kind kind;
	int vf; /* the VF that it stands for; -1: none */
};

/**
 * netdev_ports_read - fill in all but the names of @n network devices
 *
 * The kernel reads phys_port_name under the lock of all network devices, and a reader spins in the
 * kernel while a driver that hangs holds the lock; so on the running host a child reads, under a
 * deadline. A device that could not be read by then counts as unnamed, with a note on the log.
 * Returns 0 or -errno.
 * Source: Linux net/core/net-sysfs.c, phys_port_name_show().
 */
int netdev_ports_read(const struct host *h, struct netdev_port *v, size_t n);

/* Tells whether @a is more likely than @b to be the function's own: by kind, dev_port, then name.
 * Always false for a representor. */
bool netdev_port_before(const struct netdev_port *a, const struct netdev_port *b);

/**
 * netdev_each_of - call @fn for every network device of a function
 *
 * Virtio puts them one level deeper: BDF/virtio3/net/eth0. Stops at the first non-zero return of
 * @fn and returns it.
 */
int netdev_each_of(const struct host *h, struct bdf dev, int (*fn)(void *arg, const char *name),
		   void *arg);

/* The same with the function's directory at hand. */
int netdev_each_in(const struct host *h, const struct function_dir *f,
		   int (*fn)(void *arg, const char *name), void *arg);

/**
 * netdev_function_at - find the PCI function of a network device from its link in sys/class/net
 * @target: "../../devices/pci0000:00/0000:00:01.0/0000:05:10.0/net/eth0"; this cuts it up
 *
 * A netdev that is below a function in another way (USB, a bridge's child) is not the function's.
 */
bool netdev_function_at(char *target, struct bdf *ret);

/* Finds it by name. Returns false also for what cannot be a name in sysfs (with a '/', or too
 * long). */
bool netdev_function(const struct host *h, const char *name, struct bdf *ret);

#endif
