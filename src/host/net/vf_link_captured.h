/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network devices of a captured host, where no kernel answers: CAPTURE_DIR/ip-link/NETDEV has the
 * output of ip -j link show dev NETDEV. */
#ifndef VFY_HOST_NET_VF_LINK_CAPTURED_H
#define VFY_HOST_NET_VF_LINK_CAPTURED_H

#include <net/if.h>

#include "host/host.h"
#include "host/vf_attrs.h"

/**
 * vf_link_captured - read how VFs 0 .. @n-1 of a device were set
 * @ret: @n entries, all zero; given stays 0 for what the capture lacks
 *
 * ip omits VLAN 0, QoS 0 and 802.1Q; older releases call the address "mac".
 * Source: iproute2 ip/ipaddress.c, print_vfinfo().
 */
void vf_link_captured(const struct host *h, const char *netdev, struct vf_attrs *ret, unsigned n);

/* Reads the address that a device was made with, when it has another one now. Returns false when
 * there is none. Source: ip/ipaddress.c, print_linkinfo(), "permaddr". */
bool netdev_captured_permanent_mac(const struct host *h, const char *netdev, uint8_t ret[MAC_LEN]);

/* Finds the device that has an alternative name. Returns false when none has it, also in captures
 * without these texts.
 * Source: ip/ipaddress.c, print_linkinfo(), "altnames" (since iproute2 5.4). */
bool netdev_captured_altname(const struct host *h, const char *altname, char ret[IFNAMSIZ]);

#endif
