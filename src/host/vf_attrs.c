// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/vf_attrs.h"

#include <stdio.h>
#include <string.h>
#include <linux/if_ether.h>

/* By bit number. */
static const char *const names[VF_ATTR_N] = {
	"mac",	"vlan",	       "qos",	      "proto",	"spoofchk",  "trust",
	"link", "min_tx_rate", "max_tx_rate", "driver", "node_guid", "port_guid",
};

static const char *const drivers[] = {
	[VF_DRIVER_ASSIGN] = "assign",
	[VF_DRIVER_HOST] = "host",
	[VF_DRIVER_NONE] = "none",
	[VF_DRIVER_KEEP] = "keep",
};

static const struct {
	const char *name;
	unsigned bits;
} settings[VF_SETTINGS] = {
	[VF_SET_MAC] = { "mac", VF_ATTR_MAC },
	[VF_SET_VLAN] = { "vlan", VF_ATTR_VLAN | VF_ATTR_QOS | VF_ATTR_PROTO },
	[VF_SET_SPOOFCHK] = { "spoofchk", VF_ATTR_SPOOFCHK },
	[VF_SET_TRUST] = { "trust", VF_ATTR_TRUST },
	[VF_SET_LINK] = { "link", VF_ATTR_LINK },
	[VF_SET_NODE_GUID] = { "node_guid", VF_ATTR_NODE_GUID },
	[VF_SET_PORT_GUID] = { "port_guid", VF_ATTR_PORT_GUID },
	[VF_SET_RATE] = { "rate", VF_ATTR_MIN_TX_RATE | VF_ATTR_MAX_TX_RATE },
};

const char *vf_driver_name(enum vf_driver driver)
{
	return drivers[driver];
}

unsigned vf_setting_bits(enum vf_setting s)
{
	return settings[s].bits;
}

const char *vf_setting_name(enum vf_setting s)
{
	return settings[s].name;
}

static bool is_same(const struct vf_attrs *a, const struct vf_attrs *b, enum vf_attr bit)
{
	switch (bit) {
	case VF_ATTR_MAC:
		return a->mac_auto == b->mac_auto && !memcmp(a->mac, b->mac, sizeof(a->mac));
	case VF_ATTR_VLAN:
		return a->vlan == b->vlan;
	case VF_ATTR_QOS:
		return a->qos == b->qos;
	case VF_ATTR_PROTO:
		return a->proto == b->proto;
	case VF_ATTR_SPOOFCHK:
		return a->spoofchk == b->spoofchk;
	case VF_ATTR_TRUST:
		return a->trust == b->trust;
	case VF_ATTR_LINK:
		return a->link == b->link;
	case VF_ATTR_MIN_TX_RATE:
		return a->min_tx_rate == b->min_tx_rate;
	case VF_ATTR_MAX_TX_RATE:
		return a->max_tx_rate == b->max_tx_rate;
	case VF_ATTR_DRIVER:
		return a->driver == b->driver;
	case VF_ATTR_NODE_GUID:
		return a->node_guid == b->node_guid;
	case VF_ATTR_PORT_GUID:
		return a->port_guid == b->port_guid;
	}
	return true;
}

bool vf_attrs_agree(const struct vf_attrs *a, const struct vf_attrs *b, unsigned bits)
{
	bits &= a->given & b->given;
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
		if ((bits & 1u << bit) && !is_same(a, b, (enum vf_attr)(1u << bit)))
			return false;
	return true;
}

static void take_one(struct vf_attrs *to, const struct vf_attrs *from, enum vf_attr bit)
{
	switch (bit) {
	case VF_ATTR_MAC:
		to->mac_auto = from->mac_auto;
		memcpy(to->mac, from->mac, sizeof(to->mac));
		break;
	case VF_ATTR_VLAN:
		to->vlan = from->vlan;
		break;
	case VF_ATTR_QOS:
		to->qos = from->qos;
		break;
	case VF_ATTR_PROTO:
		to->proto = from->proto;
		break;
	case VF_ATTR_SPOOFCHK:
		to->spoofchk = from->spoofchk;
		break;
	case VF_ATTR_TRUST:
		to->trust = from->trust;
		break;
	case VF_ATTR_LINK:
		to->link = from->link;
		break;
	case VF_ATTR_MIN_TX_RATE:
		to->min_tx_rate = from->min_tx_rate;
		break;
	case VF_ATTR_MAX_TX_RATE:
		to->max_tx_rate = from->max_tx_rate;
		break;
	case VF_ATTR_DRIVER:
		to->driver = from->driver;
		break;
	case VF_ATTR_NODE_GUID:
		to->node_guid = from->node_guid;
		break;
	case VF_ATTR_PORT_GUID:
		to->port_guid = from->port_guid;
		break;
	}
}

void vf_attrs_take(struct vf_attrs *to, const struct vf_attrs *from, unsigned bits)
{
	bits &= from->given;
	to->given |= bits;
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
		if (bits & 1u << bit)
			take_one(to, from, (enum vf_attr)(1u << bit));
}

const char *vf_attr_name(enum vf_attr bit)
{
	return names[__builtin_ctz(bit)];
}

bool vf_guid_scan(uint64_t *ret, const char *s)
{
	uint64_t guid = 0;
	unsigned b;

	if (strlen(s) != VF_GUID_STRLEN - 1)
		return false;
	for (unsigned i = 0; i < 8; i++) {
		const char *at = s + (size_t)3 * i;

		if (strspn(at, "0123456789abcdefABCDEF") != 2 || (i < 7 && at[2] != ':') ||
		    sscanf(at, "%2x", &b) != 1)
			return false;
		guid = guid << 8 | b;
	}
	*ret = guid;
	return true;
}

char *vf_guid_text(char buf[VF_GUID_STRLEN], uint64_t guid)
{
	size_t n = 0;

	for (unsigned i = 8; i-- > 0;)
		n += (size_t)snprintf(buf + n, VF_GUID_STRLEN - n, "%02x%s",
				      (unsigned)(guid >> (8 * i) & 0xff), i ? ":" : "");
	return buf;
}

static const char *value_text_of(char buf[VF_ATTR_TEXT], const struct vf_attrs *a, enum vf_attr bit)
{
	static const char *const links[] = {
		[VF_LINK_AUTO] = "auto", [VF_LINK_ON] = "on", [VF_LINK_OFF] = "off"
	};
	const uint8_t *m = a->mac;
	unsigned n = 0;

	switch (bit) {
	case VF_ATTR_MAC:
		snprintf(buf, VF_ATTR_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3],
			 m[4], m[5]);
		return a->mac_auto ? "auto" : buf;
	case VF_ATTR_PROTO:
		return a->proto == ETH_P_8021AD ? "802.1ad" : "802.1q";
	case VF_ATTR_SPOOFCHK:
		return a->spoofchk ? "on" : "off";
	case VF_ATTR_TRUST:
		return a->trust ? "on" : "off";
	case VF_ATTR_LINK:
		return links[a->link];
	case VF_ATTR_DRIVER:
		return drivers[a->driver];
	case VF_ATTR_NODE_GUID:
		return vf_guid_text(buf, a->node_guid);
	case VF_ATTR_PORT_GUID:
		return vf_guid_text(buf, a->port_guid);
	case VF_ATTR_VLAN:
		n = a->vlan;
		break;
	case VF_ATTR_QOS:
		n = a->qos;
		break;
	case VF_ATTR_MIN_TX_RATE:
		n = a->min_tx_rate;
		break;
	case VF_ATTR_MAX_TX_RATE:
		n = a->max_tx_rate;
		break;
	}
	snprintf(buf, VF_ATTR_TEXT, "%u", n);
	return buf;
}

const char *vf_attr_text(char buf[VF_ATTR_TEXT], const struct vf_attrs *a, enum vf_attr bit)
{
	char value[VF_ATTR_TEXT];

	snprintf(buf, VF_ATTR_TEXT, "%s=%.24s", vf_attr_name(bit), value_text_of(value, a, bit));
	return buf;
}
