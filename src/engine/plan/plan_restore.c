// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/plan_restore.h"

#include "host/inventory/pf_driver.h"

/* The settings go through the PF's network device. */
static int no_netdev(const struct pf *pf, struct err *e)
{
	err_refuse(e, ENODEV,
		   "its settings cannot be restored because its PF has no network device (%s%s)",
		   pf->driver ? "driver " : "no driver", pf->driver ? pf->driver : "");
	return err_fix(e, -ENODEV, "give the PF back to its own driver");
}

int restore_settings(const struct engine *en, struct vf_ref vf, const struct vf_saved *o,
		     bool is_new, struct plan *p, struct err *e)
{
	static const struct vf_attrs unknown;
	const struct vf_attrs *now;
	int r = 0;

	if (!o->attrs.given)
		return 0;
	if (!vf.pf->netdev && !pf_driver_has(vf.pf, PF_LATE_NETDEV))
		return no_netdev(vf.pf, e);
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
