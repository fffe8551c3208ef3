// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/state_attrs.h"

/* A word is saved as a topology writes it, unless its value is a number that others define. */
static bool is_number(const struct vf_attr_info *info)
{
	return info->kind == VF_KIND_NUMBER || (info->kind == VF_KIND_WORD && info->max);
}

/* Returns false for a value that the attribute cannot have. */
static bool read_value(const json_t *v, const struct vf_attr_info *info, struct vf_attrs *a)
{
	const char *s = json_string_value(v);
	uint64_t guid;

	if (is_number(info)) {
		if (!json_is_integer(v) || json_integer_value(v) < 0 ||
		    json_integer_value(v) > info->max)
			return false;
		vf_attr_set_number(a, info, (uint64_t)json_integer_value(v));
		return true;
	}
	if (info->kind == VF_KIND_SWITCH) {
		vf_attr_set_number(a, info, json_is_true(v));
		return json_is_boolean(v);
	}
	if (!s)
		return false;
	if (info->kind == VF_KIND_MAC)
		return mac_scan(a->mac, s);
	if (info->kind == VF_KIND_WORD)
		return vf_attr_set_word(a, info, s);
	if (!vf_guid_scan(&guid, s))
		return false;
	vf_attr_set_number(a, info, guid);
	return true;
}

int state_attrs_read(const json_t *j, struct vf_attrs *ret, struct err *e)
{
	struct vf_attrs a = { 0 };

	if (j && !json_is_object(j))
		return err_set(e, EPROTO, "member 'attributes' of an entry is not an object");
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++) {
		const struct vf_attr_info *info = vf_attr_info(bit);
		const json_t *v = json_object_get(j, info->name);

		if (!v || info->setting == VF_SET_NOTHING)
			continue;
		if (!read_value(v, info, &a))
			return err_set(e, EPROTO,
				       "member '%s' of the attributes of an entry is damaged",
				       info->name);
		a.given |= 1u << bit;
	}
	*ret = a;
	return 0;
}

static json_t *value_of(const struct vf_attrs *a, const struct vf_attr_info *info)
{
	char text[VF_GUID_STRLEN];

	if (is_number(info))
		return json_integer((json_int_t)vf_attr_number(a, info));
	switch (info->kind) {
	case VF_KIND_MAC:
		return json_string(mac_str(text, a->mac));
	case VF_KIND_SWITCH:
		return json_boolean(vf_attr_number(a, info));
	case VF_KIND_WORD:
		return json_string(vf_attr_word(a, info));
	case VF_KIND_GUID:
		return json_string(vf_guid_text(text, vf_attr_number(a, info)));
	case VF_KIND_NUMBER:
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
		const struct vf_attr_info *info = vf_attr_info(bit);

		if (info->setting == VF_SET_NOTHING)
			continue;
		if (a->given & 1u << bit)
			r = json_object_set_new(o, info->name, value_of(a, info));
		else
			json_object_del(o, info->name);
	}
	return r ? -ENOMEM : 0;
}
