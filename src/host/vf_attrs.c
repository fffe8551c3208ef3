// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/vf_attrs.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>

static const struct vf_word protos[] = {
	{ "802.1q", ETH_P_8021Q },
	{ "802.1ad", ETH_P_8021AD },
	{ NULL, 0 },
};

/* ip link says auto, enable, disable. */
static const struct vf_word links[] = {
	{ "auto", VF_LINK_AUTO }, { "on", VF_LINK_ON },	      { "off", VF_LINK_OFF },
	{ "enable", VF_LINK_ON }, { "disable", VF_LINK_OFF }, { NULL, 0 },
};

static const struct vf_word drivers[] = {
	{ "assign", VF_DRIVER_ASSIGN },
	{ "host", VF_DRIVER_HOST },
	{ "none", VF_DRIVER_NONE },
	{ "keep", VF_DRIVER_KEEP },
	{ NULL, 0 },
};

#define MEMBER(m) .offset = offsetof(struct vf_attrs, m), .size = sizeof(((struct vf_attrs *)0)->m)

/* By bit number. */
static const struct vf_attr_info infos[VF_ATTR_N] = {
	{ "mac", VF_SET_MAC, VF_KIND_MAC, MEMBER(mac) },
	{ "vlan", VF_SET_VLAN, VF_KIND_NUMBER, MEMBER(vlan), .max = 4094 },
	{ "qos", VF_SET_VLAN, VF_KIND_NUMBER, MEMBER(qos), .max = 7 },
	{ "proto", VF_SET_VLAN, VF_KIND_WORD, MEMBER(proto), .max = UINT16_MAX, .words = protos,
	  .ignores_case = true },
	{ "spoofchk", VF_SET_SPOOFCHK, VF_KIND_SWITCH, MEMBER(spoofchk), .ifla = IFLA_VF_SPOOFCHK },
	{ "trust", VF_SET_TRUST, VF_KIND_SWITCH, MEMBER(trust), .ifla = IFLA_VF_TRUST },
	{ "link", VF_SET_LINK, VF_KIND_WORD, MEMBER(link), .words = links },
	{ "min_tx_rate", VF_SET_RATE, VF_KIND_NUMBER, MEMBER(min_tx_rate), .max = UINT32_MAX },
	{ "max_tx_rate", VF_SET_RATE, VF_KIND_NUMBER, MEMBER(max_tx_rate), .max = UINT32_MAX },
	{ "driver", VF_SET_NOTHING, VF_KIND_WORD, MEMBER(driver), .words = drivers },
	{ "node_guid", VF_SET_NODE_GUID, VF_KIND_GUID, MEMBER(node_guid),
	  .ifla = IFLA_VF_IB_NODE_GUID },
	{ "port_guid", VF_SET_PORT_GUID, VF_KIND_GUID, MEMBER(port_guid),
	  .ifla = IFLA_VF_IB_PORT_GUID },
};

const struct vf_attr_info *vf_attr_info(unsigned bit)
{
	return &infos[bit];
}

const char *vf_attr_name(enum vf_attr attr)
{
	return infos[__builtin_ctz(attr)].name;
}

const char *vf_driver_name(enum vf_driver driver)
{
	return drivers[driver].name;
}

unsigned vf_setting_bits(enum vf_setting s)
{
	unsigned bits = 0;

	for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
		if (infos[bit].setting == s)
			bits |= 1u << bit;
	return bits;
}

/* Most settings are named after their first attribute. */
const char *vf_setting_name(enum vf_setting s)
{
	return s == VF_SET_RATE ? "rate" : infos[__builtin_ctz(vf_setting_bits(s))].name;
}

uint64_t vf_attr_number(const struct vf_attrs *a, const struct vf_attr_info *info)
{
	const char *at = (const char *)a + info->offset;
	uint64_t v64;
	uint32_t v32;
	uint16_t v16;

	switch (info->size) {
	case sizeof(v64):
		memcpy(&v64, at, sizeof(v64));
		return v64;
	case sizeof(v32):
		memcpy(&v32, at, sizeof(v32));
		return v32;
	case sizeof(v16):
		memcpy(&v16, at, sizeof(v16));
		return v16;
	default:
		return *(const uint8_t *)at;
	}
}

void vf_attr_set_number(struct vf_attrs *a, const struct vf_attr_info *info, uint64_t value)
{
	char *at = (char *)a + info->offset;
	uint32_t v32 = (uint32_t)value;
	uint16_t v16 = (uint16_t)value;

	switch (info->size) {
	case sizeof(value):
		memcpy(at, &value, sizeof(value));
		break;
	case sizeof(v32):
		memcpy(at, &v32, sizeof(v32));
		break;
	case sizeof(v16):
		memcpy(at, &v16, sizeof(v16));
		break;
	default:
		*(uint8_t *)at = (uint8_t)value;
	}
}

const char *vf_attr_word(const struct vf_attrs *a, const struct vf_attr_info *info)
{
	uint64_t value = vf_attr_number(a, info);
	const struct vf_word *w = info->words;

	while (w->name && w->value != value)
		w++;
	return w->name;
}

bool vf_attr_set_word(struct vf_attrs *a, const struct vf_attr_info *info, const char *word)
{
	for (const struct vf_word *w = info->words; w->name; w++)
		if (!(info->ignores_case ? strcasecmp(word, w->name) : strcmp(word, w->name))) {
			vf_attr_set_number(a, info, w->value);
			return true;
		}
	return false;
}

static bool is_same(const struct vf_attrs *a, const struct vf_attrs *b,
		    const struct vf_attr_info *info)
{
	if (info->kind == VF_KIND_MAC)
		return a->mac_auto == b->mac_auto && !mac_cmp(a->mac, b->mac);
	return vf_attr_number(a, info) == vf_attr_number(b, info);
}

bool vf_attrs_agree(const struct vf_attrs *a, const struct vf_attrs *b, unsigned bits)
{
	bits &= a->given & b->given;
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
		if ((bits & 1u << bit) && !is_same(a, b, &infos[bit]))
			return false;
	return true;
}

static void take_one(struct vf_attrs *to, const struct vf_attrs *from,
		     const struct vf_attr_info *info)
{
	memcpy((char *)to + info->offset, (const char *)from + info->offset, info->size);
	if (info->kind == VF_KIND_MAC)
		to->mac_auto = from->mac_auto;
}

void vf_attrs_take(struct vf_attrs *to, const struct vf_attrs *from, unsigned bits)
{
	bits &= from->given;
	to->given |= bits;
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
		if (bits & 1u << bit)
			take_one(to, from, &infos[bit]);
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

static const char *value_text(char buf[VF_ATTR_TEXT], const struct vf_attrs *a,
			      const struct vf_attr_info *info)
{
	const char *word;

	switch (info->kind) {
	case VF_KIND_MAC:
		return a->mac_auto ? "auto" : mac_str(buf, a->mac);
	case VF_KIND_SWITCH:
		return vf_attr_number(a, info) ? "on" : "off";
	case VF_KIND_WORD:
		word = vf_attr_word(a, info);
		return word ? word : info->words[0].name;
	case VF_KIND_GUID:
		return vf_guid_text(buf, vf_attr_number(a, info));
	case VF_KIND_NUMBER:
		break;
	}
	snprintf(buf, VF_ATTR_TEXT, "%u", (unsigned)vf_attr_number(a, info));
	return buf;
}

const char *vf_attr_text(char buf[VF_ATTR_TEXT], const struct vf_attrs *a, enum vf_attr attr)
{
	const struct vf_attr_info *info = &infos[__builtin_ctz(attr)];
	char value[VF_ATTR_TEXT];

	snprintf(buf, VF_ATTR_TEXT, "%s=%.24s", info->name, value_text(value, a, info));
	return buf;
}
