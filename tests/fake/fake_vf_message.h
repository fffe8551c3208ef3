/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes with which a kernel describes the VFs of a network device. */
#ifndef VFY_TESTS_FAKE_VF_MESSAGE_H
#define VFY_TESTS_FAKE_VF_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAKE_VF_UNKNOWN 0xffffffffu /* "the driver did not say" */

/* What the driver says about one VF. */
struct fake_vf {
	uint32_t index, in_vlan, in_trust; /* the index that IFLA_VF_VLAN_INFO and _TRUST repeat */
	uint32_t vlan, qos, spoofchk, trust, link;
	uint16_t proto;
	bool no_vlan_list, no_mac, refused;
	uint64_t guid; /* of the node; the port's is one more; 0: not reported */
};

struct fake_vf_message {
	_Alignas(4) unsigned char bytes[256 * 1024];
	size_t len;
};

/* Makes VF @index with VLAN 100, qos 2, 802.1ad, spoofchk on, trust off, link on, address
 * 02:00:00:00:HH:LL, minimum rate 100 + index and maximum rate 5000. */
struct fake_vf fake_vf_of(uint32_t index);

/* Describes enp5s0f0 as Linux net/core/rtnetlink.c, rtnl_fill_vf() does: with a 16-bit length, even
 * when the list is longer. */
void fake_vf_message(struct fake_vf_message *m, const struct fake_vf *vfs, uint32_t n);

/* Does the same for a driver that cannot describe its VFs. */
void fake_vf_message_without_list(struct fake_vf_message *m, uint32_t n);

/* Makes the answer with the kernel's positive errno, or with 0 for an acknowledgement. */
void fake_vf_message_error(struct fake_vf_message *m, int code);

#endif
