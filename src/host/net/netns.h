/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In which network namespace is a device that this one does not show? */
#ifndef VFY_HOST_NET_NETNS_H
#define VFY_HOST_NET_NETNS_H

#include "host/host.h"

struct netns_found {
	char netdev[16]; /* as it is called there */
	char name[64];	 /* of ip-netns(8), "" when it has none */
	uint32_t pid;	 /* the first process that lives there, 0 for none */
};

/**
 * netns_find - the network device of a parent device, in all other namespaces of this host
 * @parent: name of its directory in sysfs: "0000:05:10.0", "virtio3"
 *
 * Looks into the namespaces of all processes and into those that ip-netns(8) keeps, in a child
 * under the deadline, because the kernel lists network devices under one lock. Needs root. In a
 * tree there are none, and kernels before 5.14 do not tell the parent. Returns 1 with *ret, 0 when
 * it is not found, or -errno.
 * Source: Linux net/core/rtnetlink.c, rtnl_fill_ifinfo() (IFLA_PARENT_DEV_NAME); setns(2).
 */
int netns_find(const struct host *h, const char *parent, struct netns_found *ret);

#endif
