// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/vf_link_captured.h"

#include <jansson.h>
#include <string.h>
#include <linux/if_ether.h>

#include "host/net/addresses.h"

/* Returns the device's own object, borrowed from *ret_doc, which the caller releases; NULL when
 * there is none. */
static const json_t *read_link(const struct host *h, const char *netdev, json_t **ret_doc)
{
	_cleanup_free_ char *text = root_read_all(&h->root, CAPTURE_DIR "/ip-link/%s", netdev);

	*ret_doc = text ? json_loads(text, 0, NULL) : NULL;
	return json_array_get(*ret_doc, 0);
}

static const char *text_of(const json_t *o, const char *key, const char *other)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : json_string_value(json_object_get(o, other));
}

/* Reads the first six bytes of an address, because InfiniBand's are longer. */
static bool scan_mac(uint8_t ret[MAC_LEN], const char *s)
{
	char text[MAC_STRLEN];

	snprintf(text, sizeof(text), "%s", s ? s : "");
	return mac_scan(ret, text);
}

static void take_vlan(struct vf_attrs *a, const json_t *vf)
{
	const json_t *list = json_object_get(vf, "vlan_list");
	const json_t *v = list ? json_array_get(list, 0) : vf;
	const char *proto = text_of(v, "protocol", "proto");
	json_int_t vlan = json_integer_value(json_object_get(v, "vlan"));
	json_int_t qos = json_integer_value(json_object_get(v, "qos"));

	if (vlan < 0 || vlan > 4095 || qos < 0 || qos > 7)
		return;
	/* mlx4 reports this number for "no VLAN" (vf_link_parse.c). */
	a->vlan = vlan == 4095 ? 0 : (uint16_t)vlan;
	a->qos = (uint8_t)qos;
	a->given |= VF_ATTR_VLAN | VF_ATTR_QOS;
	if (proto && strcasecmp(proto, "802.1ad") != 0 && strcasecmp(proto, "802.1q") != 0)
		return;
	a->proto = proto && !strcasecmp(proto, "802.1ad") ? ETH_P_8021AD : ETH_P_8021Q;
	a->given |= VF_ATTR_PROTO;
}

static void take_rates(struct vf_attrs *a, const json_t *rate)
{
	const json_t *max = json_object_get(rate, "max_tx"), *min = json_object_get(rate, "min_tx");

	if (!json_is_integer(max) || !json_is_integer(min))
		return;
	a->max_tx_rate = (uint32_t)json_integer_value(max);
	a->min_tx_rate = (uint32_t)json_integer_value(min);
	a->given |= VF_ATTR_MIN_TX_RATE | VF_ATTR_MAX_TX_RATE;
}

/* Finds "node guid" or "node_guid", depending on the release of ip. */
static const json_t *member(const json_t *vf, const char *name)
{
	const json_t *v = json_object_get(vf, name);
	char other[32];

	snprintf(other, sizeof(other), "%s", name);
	for (char *c = other; *c; c++)
		if (*c == '_')
			*c = ' ';
	return v ? v : json_object_get(vf, other);
}

/* Takes the attributes whose member has the attribute's own name. */
static void take_plain(struct vf_attrs *a, const json_t *vf)
{
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++) {
		const struct vf_attr_info *info = vf_attr_info(bit);
		const json_t *v = member(vf, info->name);
		uint64_t value = json_is_true(v);

		if (info->kind == VF_KIND_GUID
			    ? json_is_string(v) && vf_guid_scan(&value, json_string_value(v))
			    : info->kind == VF_KIND_SWITCH && json_is_boolean(v)) {
			vf_attr_set_number(a, info, value);
			a->given |= 1u << bit;
		}
	}
}

static void take_link(struct vf_attrs *a, const char *s)
{
	if (s && vf_attr_set_word(a, vf_attr_info((unsigned)__builtin_ctz(VF_ATTR_LINK)), s))
		a->given |= VF_ATTR_LINK;
}

static void take_vf(struct vf_attrs *a, const json_t *vf)
{
	if (scan_mac(a->mac, text_of(vf, "address", "mac")))
		a->given |= VF_ATTR_MAC;
	take_vlan(a, vf);
	take_plain(a, vf);
	take_link(a, text_of(vf, "link_state", "link_state"));
	take_rates(a, json_object_get(vf, "rate"));
}

void vf_link_captured(const struct host *h, const char *netdev, struct vf_attrs *ret, unsigned n)
{
	json_t *doc;
	const json_t *list = json_object_get(read_link(h, netdev, &doc), "vfinfo_list");
	const json_t *vf;
	size_t i;

	json_array_foreach(list, i, vf)
	{
		const json_t *index = json_object_get(vf, "vf");

		if (json_is_integer(index) && json_integer_value(index) >= 0 &&
		    json_integer_value(index) < n)
			take_vf(&ret[json_integer_value(index)], vf);
	}
	json_decref(doc);
}

bool netdev_captured_permanent_mac(const struct host *h, const char *netdev, uint8_t ret[MAC_LEN])
{
	json_t *doc;
	const char *s = text_of(read_link(h, netdev, &doc), "permaddr", "permaddr");
	bool found = s && strlen(s) == 17 && mac_scan(ret, s);

	json_decref(doc);
	return found;
}

static bool has_altname(const struct host *h, const char *netdev, const char *altname)
{
	json_t *doc;
	const json_t *list = json_object_get(read_link(h, netdev, &doc), "altnames");
	const json_t *v;
	bool found = false;
	size_t i;

	json_array_foreach(list, i, v)
	{
		const char *s = json_string_value(v);

		found |= s && !strcmp(s, altname);
	}
	json_decref(doc);
	return found;
}

bool netdev_captured_altname(const struct host *h, const char *altname, char ret[IFNAMSIZ])
{
	_cleanup_dir_ DIR *d = root_opendir(&h->root, CAPTURE_DIR "/ip-link");
	const struct dirent *ent;

	while (d && (ent = readdir(d)))
		if (ent->d_name[0] != '.' && strlen(ent->d_name) < IFNAMSIZ &&
		    has_altname(h, ent->d_name, altname)) {
			snprintf(ret, IFNAMSIZ, "%.15s", ent->d_name);
			return true;
		}
	return false;
}
