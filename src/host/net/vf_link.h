/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes of VFs through the PF's network device: all are read at once, and set one by one. */
#ifndef VFY_HOST_NET_VF_LINK_H
#define VFY_HOST_NET_VF_LINK_H

#include "host/host.h"
#include "host/vf_attrs.h"

/* Stands in for the kernel (host->vf_link, host->vf_link_arg); read and set are as the functions
 * below. */
struct vf_link_ops {
	int (*read)(void *arg, const char *netdev, struct vf_attrs *ret, unsigned n, struct err *e);
	int (*set)(void *arg, const char *netdev, unsigned index, enum vf_setting s,
		   const struct vf_attrs *a, struct err *e);
	int (*up)(void *arg, const char *netdev, bool up); /* NULL: it cannot bring a device up */
};

/**
 * vf_link_read - read what the PF's driver reports about VFs 0 .. @n-1
 * @ret: @n entries; given has the bits that the driver reports, never VF_ATTR_DRIVER
 *
 * Sends one RTM_GETLINK for this one device, with RTEXT_FILTER_VF and without statistics, and
 * receives the answer whatever its size: this gets more than the 221 VFs that a reader with
 * statistics can see, and also more than the 334 after which the list's 16-bit length wraps. What a
 * kernel does not deliver is not given, with a note; it is never a zero address. Below --root the
 * attributes come from the capture (host/net/vf_link_captured.h). @ret is cleared first.
 * Source: Linux net/core/rtnetlink.c, rtnl_fill_vf(), rtnl_fill_vfinfo().
 */
int vf_link_read(const struct host *h, const char *netdev, struct vf_attrs *ret, unsigned n,
		 struct err *e);

/**
 * vf_link_set - write one setting of one VF, and nothing else
 * @a: has all bits of vf_setting_bits(@s) that the kernel wants: vlan, qos and proto go together,
 *     as do the rates; those that are not given are set to 0, or to 802.1q
 *
 * A driver that answers "try again" (VF still in reset), or that refuses a rate while the PF's link
 * is coming up, is asked again until the deadline. Returns 0 or -errno with cause and fix:
 * -EOPNOTSUPP when the driver has no such setting; -EINVAL also when @a gives no value for it;
 * -EROFS below --root. The caller reads back with vf_link_read(), once for many settings.
 */
int vf_link_set(const struct host *h, const char *netdev, unsigned index, enum vf_setting s,
		const struct vf_attrs *a, struct err *e);

#endif
