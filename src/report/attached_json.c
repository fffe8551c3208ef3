// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/attached.h"

#include "report/json_text.h"

static json_t *yes_no(int8_t v)
{
	return v == OPTION_NOT_GIVEN ? json_null() : json_boolean(v);
}

static json_t *as_json(const struct inventory *inv, const struct attachment *a)
{
	static const char *const policies[] = {
		[RDM_STRICT] = "strict", [RDM_RELAXED] = "relaxed"
	};
	char bdf[BDF_STRLEN], buf[BDF_STRLEN], pf_bdf[BDF_STRLEN];
	struct vf_ref vf = { 0 };
	bool is_vf = inventory_find_vf(inv, a->bdf, &vf);

	return json_pack(
		"{s:s, s:o, s:s?, s:o, s:o, s:o*, s:o, s:b, s:o, s:o, s:o, s:o, s:s?, s:o}", "bdf",
		bdf_str(bdf, a->bdf), "pf", json_text(is_vf ? pf_label(buf, vf.pf) : NULL),
		"pf_bdf", is_vf ? bdf_str(pf_bdf, vf.pf->bdf) : NULL, "index",
		is_vf ? json_integer(vf.index) : json_null(), "domain", json_text(a->domain),
		"uuid", a->uuid[0] ? json_text(a->uuid) : NULL, "guest_addr",
		json_text(a->guest_addr[0] ? a->guest_addr : NULL), "ready", (int)a->is_ready,
		"why", json_text(a->why), "permissive", yes_no(a->options.permissive),
		"msitranslate", yes_no(a->options.msitranslate), "power_mgmt",
		yes_no(a->options.power_mgmt), "rdm_policy", policies[a->options.rdm_policy],
		"vslot", a->options.vslot < 0 ? json_null() : json_integer(a->options.vslot));
}

json_t *attached_json(const struct attached *l)
{
	json_t *list = json_array();
	json_t *doc = json_pack("{s:i, s:s, s:o}", "version", 1, "hypervisor", l->hypervisor,
				"attached", list);

	for (size_t i = 0; doc && i < l->n; i++)
		if (json_array_append_new(list, as_json(l->inv, &l->v[i])) < 0) {
			json_decref(doc);
			return NULL;
		}
	return doc;
}
