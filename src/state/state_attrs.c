// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/state_attrs.h"

#include <stdio.h>
#include <string.h>
#include <linux/if_ether.h>

static const char *const links[] = {
	[VF_LINK_AUTO] = "auto",
	[VF_LINK_ON] = "on",
	[VF_LINK_OFF] = "off",
};

static int bad(const char *key, struct err *e)
{
	return err_set(e, EPROTO, "member '%s' of the attributes of an entry is damaged", key);
}

static int get_number(const json_t *j, enum vf_attr bit, json_int_t max, struct vf_attrs *a,
		      uint32_t *ret, struct err *e)
{
	const json_t *v = json_object_get(j, vf_attr_name(bit));

	if (!v)
		return 0;
	if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > max)
		return bad(vf_attr_name(bit), e);
	*ret = (uint32_t)json_integer_value(v);
	a->given |= bit;
	return 0;
}

static int get_bool(const json_t *j, enum vf_attr bit, struct vf_attrs *a, bool *ret, struct err *e)
{
	const json_t *v = json_object_get(j, vf_attr_name(bit));

	if (!v)
		return 0;
	if (!json_is_boolean(v))
		return bad(vf_attr_name(bit), e);
	*ret = json_is_true(v);
	a->given |= bit;
	return 0;
}

static int get_mac(const json_t *j, struct vf_attrs *a, struct err *e)
{
	const json_t *v = json_object_get(j, "mac");
	const char *s = json_string_value(v);
	unsigned b[6];
	int end = -1;

	if (!v)
		return 0;
	if (!s || strlen(s) != 17 ||
	    sscanf(s, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5],
		   &end) != 6 ||
	    end != 17)
		return bad("mac", e);
	for (int i = 0; i < 6; i++)
		a->mac[i] = (uint8_t)b[i];
	a->given |= VF_ATTR_MAC;
	return 0;
}

static int get_guid(const json_t *j, enum vf_attr bit, struct vf_attrs *a, uint64_t *ret,
		    struct err *e)
{
	const json_t *v = json_object_get(j, vf_attr_name(bit));

	if (!v)
		return 0;
	if (!json_is_string(v) || !vf_guid_scan(ret, json_string_value(v)))
		return bad(vf_attr_name(bit), e);
	a->given |= bit;
	return 0;
}

static int get_link(const json_t *j, struct vf_attrs *a, struct err *e)
{
	const json_t *v = json_object_get(j, "link");

	if (!v)
		return 0;
	for (uint8_t i = 0; json_is_string(v) && i < 3; i++)
		if (!strcmp(json_string_value(v), links[i])) {
			a->link = i;
			a->given |= VF_ATTR_LINK;
			return 0;
		}
	return bad("link", e);
}

int state_attrs_read(const json_t *j, struct vf_attrs *ret, struct err *e)
{
	uint32_t vlan = 0, qos = 0, proto = 0;
	struct vf_attrs a = { 0 };
	int r;

	if (j && !json_is_object(j))
		return err_set(e, EPROTO, "member 'attributes' of an entry is not an object");
	if ((r = get_mac(j, &a, e)) < 0 || (r = get_link(j, &a, e)) < 0 ||
	    (r = get_number(j, VF_ATTR_VLAN, 4095, &a, &vlan, e)) < 0 ||
	    (r = get_number(j, VF_ATTR_QOS, 7, &a, &qos, e)) < 0 ||
	    (r = get_number(j, VF_ATTR_PROTO, UINT16_MAX, &a, &proto, e)) < 0 ||
	    (r = get_bool(j, VF_ATTR_SPOOFCHK, &a, &a.spoofchk, e)) < 0 ||
	    (r = get_bool(j, VF_ATTR_TRUST, &a, &a.trust, e)) < 0 ||
	    (r = get_guid(j, VF_ATTR_NODE_GUID, &a, &a.node_guid, e)) < 0 ||
	    (r = get_guid(j, VF_ATTR_PORT_GUID, &a, &a.port_guid, e)) < 0 ||
	    (r = get_number(j, VF_ATTR_MIN_TX_RATE, UINT32_MAX, &a, &a.min_tx_rate, e)) < 0 ||
	    (r = get_number(j, VF_ATTR_MAX_TX_RATE, UINT32_MAX, &a, &a.max_tx_rate, e)) < 0)
		return r;
	a.vlan = (uint16_t)vlan;
	a.qos = (uint8_t)qos;
	a.proto = (uint16_t)proto;
	*ret = a;
	return 0;
}

static json_t *value_of(const struct vf_attrs *a, enum vf_attr bit)
{
	const uint8_t *m = a->mac;
	char guid[VF_GUID_STRLEN];

	switch (bit) {
	case VF_ATTR_MAC:
		return json_sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4],
				    m[5]);
	case VF_ATTR_VLAN:
		return json_integer(a->vlan);
	case VF_ATTR_QOS:
		return json_integer(a->qos);
	case VF_ATTR_PROTO:
		return json_integer(a->proto);
	case VF_ATTR_SPOOFCHK:
		return json_boolean(a->spoofchk);
	case VF_ATTR_TRUST:
		return json_boolean(a->trust);
	case VF_ATTR_LINK:
		return json_string(links[a->link]);
	case VF_ATTR_MIN_TX_RATE:
		return json_integer(a->min_tx_rate);
	case VF_ATTR_MAX_TX_RATE:
		return json_integer(a->max_tx_rate);
	case VF_ATTR_NODE_GUID:
		return json_string(vf_guid_text(guid, a->node_guid));
	case VF_ATTR_PORT_GUID:
		return json_string(vf_guid_text(guid, a->port_guid));
	case VF_ATTR_DRIVER:
		break;
	}
	return NULL;
}

int state_attrs_write(json_t *j, const char *key, const struct vf_attrs *a)
{
	json_t *o = json_object_get(j, key);
	int r = 0;

	if (!o && !a->given)
		return 0;
	if (!o) {
		o = json_object();
		r = json_object_set_new(j, key, o);
	}
	for (unsigned bit = 0; r == 0 && bit < VF_ATTR_N; bit++) {
		enum vf_attr attr = (enum vf_attr)(1u << bit);

		if (attr == VF_ATTR_DRIVER)
			continue;
		if (a->given & attr)
			r = json_object_set_new(o, vf_attr_name(attr), value_of(a, attr));
		else
			json_object_del(o, vf_attr_name(attr));
	}
	return r ? -ENOMEM : 0;
}
