/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network devices of a captured host, where nobody answers: the text of ip -j link show dev NETDEV,
 * in CAPTURE_DIR/ip-link/NETDEV. */
#ifndef VFY_HOST_NET_VF_LINK_CAPTURED_H
#define VFY_HOST_NET_VF_LINK_CAPTURED_H

#include <net/if.h>

#include "host/host.h"
#include "host/vf_attrs.h"

/**
 * vf_link_captured - how VFs 0 .. @n-1 of a device were set
 * @ret: @n entries, all zero; given stays 0 of what the capture is without
 *
 * ip leaves out VLAN 0, QoS 0 and 802.1Q; the address is "mac" with the older of its releases.
 * Source: iproute2 ip/ipaddress.c, print_vfinfo().
 */
void vf_link_captured(const struct host *h, const char *netdev, struct vf_attrs *ret, unsigned n);

/* The address a device was made with, where it has another one now; false for none. Source:
 * ip/ipaddress.c, print_linkinfo(), "permaddr". */
bool netdev_captured_permanent_mac(const struct host *h, const char *netdev, uint8_t ret[MAC_LEN]);

/* The device that has an alternative name; false for none, also in captures without these texts.
 * Source: ip/ipaddress.c, print_linkinfo(), "altnames" (since iproute2 5.4). */
bool netdev_captured_altname(const struct host *h, const char *altname, char ret[IFNAMSIZ]);

#endif
