// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/plan_restore.h"

int restore_settings(const struct engine *en, struct vf_ref vf, const struct vf_saved *o,
		     bool is_new, struct plan *p, struct err *e)
{
	static const struct vf_attrs unknown;
	const struct vf_attrs *now;
	int r = 0;

	if (!o->attrs.given)
		return 0;
	if (!is_new && !vf.pf->attrs)
		r = inventory_read_attrs(en->inv, en->host, vf.pf, e);
	if (r < 0)
		return r;
	now = is_new ? &unknown : &vf.pf->attrs[vf.index];
	for (unsigned s = 0; r == 0 && s < VF_SETTINGS; s++) {
		unsigned bits = vf_setting_bits((enum vf_setting)s);
		struct step step = { .kind = STEP_SET,
				     .vf = vf,
				     .setting = (enum vf_setting)s,
				     .is_restore = true,
				     .why = "as it was" };

		if (!(o->attrs.given & bits) ||
		    ((now->given & bits) && vf_attrs_agree(&o->attrs, now, bits)))
			continue;
		vf_attrs_take(&step.was, now, bits);
		vf_attrs_take(&step.want, &o->attrs, bits);
		r = plan_add(p, &step, e);
	}
	return r;
}
