/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be set on a VF, as a topology says it and as the PF's driver reports it. */
#ifndef VFY_HOST_VF_ATTRS_H
#define VFY_HOST_VF_ATTRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"

enum vf_driver {
	VF_DRIVER_ASSIGN, /* held for domains */
	VF_DRIVER_HOST,	  /* the host's own driver */
	VF_DRIVER_NONE,	  /* no driver */
	VF_DRIVER_KEEP,	  /* the one that it has; a domain gets the VF with that driver */
};

enum vf_link {
	VF_LINK_AUTO,
	VF_LINK_ON,
	VF_LINK_OFF,
};

/* Each has a row, by bit number, in the table of vf_attrs.c, and a member of struct vf_attrs. */
enum vf_attr {
	VF_ATTR_MAC = 1 << 0,
	VF_ATTR_VLAN = 1 << 1,
	VF_ATTR_QOS = 1 << 2,
	VF_ATTR_PROTO = 1 << 3,
	VF_ATTR_SPOOFCHK = 1 << 4,
	VF_ATTR_TRUST = 1 << 5,
	VF_ATTR_LINK = 1 << 6,
	VF_ATTR_MIN_TX_RATE = 1 << 7,
	VF_ATTR_MAX_TX_RATE = 1 << 8,
	VF_ATTR_DRIVER = 1 << 9,
	VF_ATTR_NODE_GUID = 1 << 10,
	VF_ATTR_PORT_GUID = 1 << 11,
};

#define VF_ATTR_N 12

/* InfiniBand has these in place of a MAC. */
#define VF_ATTR_GUIDS (VF_ATTR_NODE_GUID | VF_ATTR_PORT_GUID)

struct vf_attrs {
	unsigned given; /* enum vf_attr bits; a member counts only with its bit */
	uint8_t mac[MAC_LEN];
	bool mac_auto;	/* made later from the PF's address; mac is zero until then */
	uint16_t vlan;	/* 0..4094 */
	uint16_t proto; /* ETH_P_8021Q or ETH_P_8021AD */
	uint8_t qos;	/* 0..7 */
	bool spoofchk, trust;
	uint8_t link;			   /* enum vf_link */
	uint8_t driver;			   /* enum vf_driver */
	uint32_t min_tx_rate, max_tx_rate; /* Mbit/s, 0: no limit */
	uint64_t node_guid, port_guid;	   /* the first byte of the text is the highest */
};

/*
 * What the kernel sets with one request. Several settings in one request are not atomic, so each is
 * written, and undone, alone. Source: Linux net/core/rtnetlink.c, do_setvfinfo().
 */
enum vf_setting {
	VF_SET_MAC,
	VF_SET_VLAN, /* vlan, qos, proto */
	VF_SET_SPOOFCHK,
	VF_SET_TRUST,
	VF_SET_LINK,
	VF_SET_RATE, /* min_tx_rate, max_tx_rate */
	VF_SET_NODE_GUID,
	VF_SET_PORT_GUID,
};

#define VF_SETTINGS    8
#define VF_SET_NOTHING VF_SETTINGS /* no setting: the PF's driver does not take it */

enum vf_attr_kind {
	VF_KIND_MAC,
	VF_KIND_NUMBER, /* 0 to max */
	VF_KIND_SWITCH, /* on, off */
	VF_KIND_WORD,	/* one of words */
	VF_KIND_GUID,
};

/* A word, and the number that it stands for. */
struct vf_word {
	const char *name;
	unsigned value;
};

/* All there is to know about one attribute, except the shape of its netlink message. */
struct vf_attr_info {
	const char *name; /* "mac", as a topology has it */
	enum vf_setting setting;
	enum vf_attr_kind kind;
	size_t offset, size; /* of its member in struct vf_attrs */
	unsigned max;	     /* of a NUMBER; of a WORD whose values others define as numbers */
	const struct vf_word *words; /* of a WORD, ends without a name; repeated values are
				      * spellings */
	bool ignores_case;	     /* of words */
	int ifla; /* of a SWITCH or GUID: its IFLA_VF_*, whose message is an index and the value */
};

/* @bit is its number, below VF_ATTR_N. */
const struct vf_attr_info *vf_attr_info(unsigned bit);

/* Returns the name of one bit: "mac", "vlan", ... */
const char *vf_attr_name(enum vf_attr attr);

/* Read the member as a number, and set it from one; not for a MAC. */
uint64_t vf_attr_number(const struct vf_attrs *a, const struct vf_attr_info *info);
void vf_attr_set_number(struct vf_attrs *a, const struct vf_attr_info *info, uint64_t value);

/* Returns the word for the attribute's value; NULL for a value without one. */
const char *vf_attr_word(const struct vf_attrs *a, const struct vf_attr_info *info);

/* Sets the value that @word stands for. Returns false for a word that the attribute does not
 * have. */
bool vf_attr_set_word(struct vf_attrs *a, const struct vf_attr_info *info, const char *word);

/* Reads "00:11:22:33:44:55:66:77". Returns false for other text. */
bool vf_guid_scan(uint64_t *ret, const char *s);
#define VF_GUID_STRLEN 24
char *vf_guid_text(char buf[VF_GUID_STRLEN], uint64_t guid);

#define VF_ATTR_TEXT 40
/* Writes one given attribute as a topology says it: "vlan=100", "mac=auto". Returns @buf. */
const char *vf_attr_text(char buf[VF_ATTR_TEXT], const struct vf_attrs *a, enum vf_attr attr);

/* Returns the enum vf_attr bits of one setting. */
unsigned vf_setting_bits(enum vf_setting s);

/* Returns "mac", "vlan", "spoofchk", "trust", "link", "rate", "node_guid" or "port_guid". */
const char *vf_setting_name(enum vf_setting s);

/* Tells whether driver=DRIVER is given. */
static inline bool vf_attrs_driver_is(const struct vf_attrs *a, enum vf_driver driver)
{
	return (a->given & VF_ATTR_DRIVER) && a->driver == driver;
}

/* Returns "assign", "host", ... as a topology says it. */
const char *vf_driver_name(enum vf_driver driver);

/* Returns false when both give one of @bits with different values; what only one of them gives does
 * not count. */
bool vf_attrs_agree(const struct vf_attrs *a, const struct vf_attrs *b, unsigned bits);

/* Copies those of @bits that @from gives. */
void vf_attrs_take(struct vf_attrs *to, const struct vf_attrs *from, unsigned bits);

#endif
