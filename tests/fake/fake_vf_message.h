/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of a kernel that describes the VFs of a network device. */
#ifndef VFY_TESTS_FAKE_VF_MESSAGE_H
#define VFY_TESTS_FAKE_VF_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAKE_VF_UNKNOWN 0xffffffffu /* "the driver did not say" */

/* What the driver says of one VF. */
struct fake_vf {
	uint32_t index, in_vlan, in_trust; /* what IFLA_VF_VLAN_INFO, _TRUST repeat of it */
	uint32_t vlan, qos, spoofchk, trust, link;
	uint16_t proto;
	bool no_vlan_list, no_mac, refused;
	uint64_t guid; /* of node and, one more, port; 0: not reported */
};

struct fake_vf_message {
	_Alignas(4) unsigned char bytes[256 * 1024];
	size_t len;
};

/* VF @index with VLAN 100, qos 2, 802.1ad, spoofchk on, trust off, link on, address
 * 02:00:00:00:HH:LL and least rate 100 + index; most rate 5000. */
struct fake_vf fake_vf_of(uint32_t index);

/* A description of enp5s0f0 as by Linux net/core/rtnetlink.c, rtnl_fill_vf(): with the 16-bit
 * length of a list that is longer. */
void fake_vf_message(struct fake_vf_message *m, const struct fake_vf *vfs, uint32_t n);

/* The same of a driver that cannot describe its VFs. */
void fake_vf_message_without_list(struct fake_vf_message *m, uint32_t n);

/* The kernel's positive errno, or 0 for an acknowledgement. */
void fake_vf_message_error(struct fake_vf_message *m, int code);

#endif
