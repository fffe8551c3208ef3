/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which network namespace has a device that this one does not show. */
#ifndef VFY_HOST_NET_NETNS_H
#define VFY_HOST_NET_NETNS_H

#include "host/host.h"

struct netns_found {
	char netdev[16]; /* its name there */
	char name[64];	 /* the name for ip-netns(8), "" when it has none */
	uint32_t pid;	 /* the first process that lives there, 0 when there is none */
};

/**
 * netns_find - find the network device of a parent device in the other namespaces of this host
 * @parent: name of its directory in sysfs: "0000:05:10.0", "virtio3"
 *
 * Looks into the namespaces of all processes and into those that ip-netns(8) keeps, in a child
 * under the deadline, because the kernel lists network devices under one lock. Needs root. A tree
 * has no namespaces, and kernels before 5.14 do not tell the parent. Returns 1 with *ret, 0 when
 * the device is not found, or -errno.
 * Source: Linux net/core/rtnetlink.c, rtnl_fill_ifinfo() (IFLA_PARENT_DEV_NAME); setns(2).
 */
int netns_find(const struct host *h, const char *parent, struct netns_found *ret);

#endif
