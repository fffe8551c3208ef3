/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes of VFs through the PF's network device: read all at once, set one by one. */
#ifndef VFY_HOST_NET_VF_LINK_H
#define VFY_HOST_NET_VF_LINK_H

#include "host/host.h"
#include "host/vf_attrs.h"

/* Stands in for the kernel (host->vf_link, host->vf_link_arg); both as the functions below. */
struct vf_link_ops {
	int (*read)(void *arg, const char *netdev, struct vf_attrs *ret, unsigned n, struct err *e);
	int (*set)(void *arg, const char *netdev, unsigned index, enum vf_setting s,
		   const struct vf_attrs *a, struct err *e);
	int (*up)(void *arg, const char *netdev, bool up); /* may be NULL: it cannot */
};

/**
 * vf_link_read - what the PF's driver says of VFs 0 .. @n-1
 * @ret: @n entries; given has the bits that the driver reports, never VF_ATTR_DRIVER
 *
 * One RTM_GETLINK of this one device, with RTEXT_FILTER_VF and without statistics, into a buffer of
 * its size: more than the 221 VFs that a reader with statistics can see, also more than the 334
 * after which the list's 16-bit length wraps. What a kernel does not deliver is not given, and said
 * as a note: never a zero address. Below --root it is what a capture has of it
 * (host/net/vf_link_captured.h). @ret is cleared first.
 * Source: Linux net/core/rtnetlink.c, rtnl_fill_vf(), rtnl_fill_vfinfo().
 */
int vf_link_read(const struct host *h, const char *netdev, struct vf_attrs *ret, unsigned n,
		 struct err *e);

/**
 * vf_link_set - write one setting of one VF, and nothing else
 * @a: has all bits of vf_setting_bits(@s) that the kernel wants: vlan, qos and proto go together,
 *     as do the rates; what is not given of them is 0, and 802.1q
 *
 * A driver that answers "try again" (VF still in reset), or refuses a rate while the PF's link is
 * coming up, is asked again until the deadline. Returns 0 or -errno with cause and fix: -EOPNOTSUPP
 * the driver has no such setting, -EINVAL also when @a gives nothing of it, -EROFS below --root.
 * The caller reads back with vf_link_read(), once for many.
 */
int vf_link_set(const struct host *h, const char *netdev, unsigned index, enum vf_setting s,
		const struct vf_attrs *a, struct err *e);

#endif
