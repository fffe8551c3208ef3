/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What vf_link is made of: building requests, sending them to the kernel (netdev does that, too),
 * and reading the answers. */
#ifndef VFY_HOST_NET_VF_LINK_PARTS_H
#define VFY_HOST_NET_VF_LINK_PARTS_H

#include "host/net/rtnl.h"
#include "host/net/vf_link.h"

/* Build the requests. Return 0 or -errno, -ENODEV for a name that no network device can have. Free
 * @ret with rtnl_free_msg(). */
int vf_link_request_read(const char *netdev, struct nl_msg **ret);
int vf_link_request_set(const char *netdev, unsigned index, enum vf_setting s,
			const struct vf_attrs *a, struct nl_msg **ret);

/**
 * vf_link_parse - read the VFs in an answer to vf_link_request_read()
 * @ret: @n entries, all zero; given stays 0 where the answer has nothing or makes no sense
 *
 * Uses nothing but these bytes, and reads none beyond them.
 */
void vf_link_parse(const struct rtnl_answer *a, struct vf_attrs *ret, unsigned n);

/* vf_link_read() and vf_link_set() through @ask. */
int vf_link_read_by(rtnl_ask_fn ask, void *arg, const struct host *h, const char *netdev,
		    struct vf_attrs *ret, unsigned n, struct err *e);
int vf_link_set_by(rtnl_ask_fn ask, void *arg, const struct host *h, const char *netdev,
		   unsigned index, enum vf_setting s, const struct vf_attrs *a, struct err *e);

#endif
