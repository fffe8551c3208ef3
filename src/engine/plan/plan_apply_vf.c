// SPDX-License-Identifier: GPL-2.0-or-later
/* Plans what a VF needs: settings first, because its driver or guest reads them when it starts;
 * then who holds it. */
#include <string.h>

#include "host/inventory/pf_driver.h"
#include "engine/plan/plan_apply_parts.h"

/* The progress of one VF of a PF. */
struct apply_one {
	struct apply_pf *p;
	struct vf_ref vf;
	const struct desired_vf *want;
	bool is_new; /* this plan makes it, so nothing is known about it */
	enum vf_state state;
	bool has_driver;
};

static const char *why(const struct apply_one *o, const char *of_file, const char *of_words)
{
	return topology_word(o->p->g->topo, of_file, of_words);
}

static int add(const struct apply_one *o, enum step_kind kind, bool is_intermediate,
	       const char *why, struct err *e)
{
	return plan_add(o->p->plan,
			&(struct step){ .kind = kind,
					.vf = o->vf,
					.options = DEV_OPTIONS_INIT,
					.is_new = o->is_new,
					.is_intermediate = is_intermediate,
					.why = why },
			e);
}

/* A value that the driver does not report is set blindly. */
static int plan_setting(const struct apply_one *o, enum vf_setting setting, struct err *e)
{
	unsigned bits = vf_setting_bits(setting) & o->want->want.given;
	struct step s = { .kind = STEP_SET,
			  .vf = o->vf,
			  .setting = setting,
			  .options = DEV_OPTIONS_INIT,
			  .is_new = o->is_new,
			  .why = why(o, "in the topology", "as asked") };

	if (!o->is_new && o->vf.pf->attrs)
		vf_attrs_take(&s.was, &o->vf.pf->attrs[o->vf.index], vf_setting_bits(setting));
	if (!bits || ((s.was.given & bits) == bits && vf_attrs_agree(&s.was, &o->want->want, bits)))
		return 0;
	vf_attrs_take(&s.want, &s.was, vf_setting_bits(setting));
	vf_attrs_take(&s.want, &o->want->want, bits);
	return plan_add(o->p->plan, &s, e);
}

static int plan_settings(const struct apply_one *o, struct err *e)
{
	int r = 0;

	if (!o->vf.pf->netdev && !pf_driver_has(o->vf.pf, PF_LATE_NETDEV))
		return 0;
	for (unsigned s = 0; r == 0 && s < VF_SETTINGS; s++)
		r = plan_setting(o, (enum vf_setting)s, e);
	return r;
}

static int plan_assign(const struct apply_one *o, struct err *e)
{
	struct step s = { .kind = STEP_ASSIGN,
			  .vf = o->vf,
			  .options = DEV_OPTIONS_INIT,
			  .is_new = o->is_new,
			  .why = o->want->domain != NO_DOMAIN
					 ? "a domain of the topology has it"
					 : why(o, "driver=assign in the topology",
					       "driver=assign") };

	if (o->state != VF_HOST)
		return 0;
	if (o->want->domain != NO_DOMAIN)
		memcpy(s.options.name, o->want->options.name, sizeof(s.options.name));
	return plan_add(o->p->plan, &s, e);
}

/* The kernel asks a driver only if the PF allows it (pci_device_can_probe()). */
static int plan_probe(const struct apply_one *o, const char *why, struct err *e)
{
	int r = 0;

	/* Without numvfs= a PF is never written to. */
	if (o->p->g->topo->pfs[o->p->nth].has_numvfs)
		r = apply_pf_autoprobe(o->p, true, true, "drivers take VFs only with it", e);
	return r < 0 ? r : add(o, STEP_PROBE, false, why, e);
}

static int plan_host(const struct apply_one *o, struct err *e)
{
	const struct vf_saved *was = o->p->g->saved ? state_find_vf(o->p->g->saved, o->vf) : NULL;
	struct step back = { .kind = STEP_RESTORE,
			     .vf = o->vf,
			     .options = DEV_OPTIONS_INIT,
			     .saved = was,
			     .why = why(o, "driver=host in the topology", "driver=host") };
	int r = 0;

	/* A new VF may get no driver, because the driver may not be loaded, or come late. */
	if (o->state == VF_HOST && o->has_driver && !o->is_new)
		return 0;
	if (o->state == VF_ASSIGNABLE)
		r = add(o, STEP_UNASSIGN, true,
			why(o, "driver=host in the topology", "driver=host"), e);
	if (r < 0 || (o->state != VF_ASSIGNABLE && o->state != VF_HOST))
		return r;
	if (!o->is_new && was && was->driver[0] && state_is_about(was, vf_identity(o->vf).pf))
		return plan_add(o->p->plan, &back, e);
	return plan_probe(o, why(o, "driver=host in the topology", "driver=host"), e);
}

/* The VF is left alone, unless it is made beside VFs for guests: then it gets the driver that it
 * would have had without them. */
static int plan_keep(const struct apply_one *o, struct err *e)
{
	if (!o->is_new || o->has_driver || o->p->final == 0)
		return 0;
	return plan_probe(o, why(o, "driver=keep in the topology", "driver=keep"), e);
}

static int plan_none(const struct apply_one *o, struct err *e)
{
	if (o->state == VF_ASSIGNABLE)
		return add(o, STEP_UNASSIGN, false,
			   why(o, "driver=none in the topology", "driver=none"), e);
	if (o->state == VF_HOST && o->has_driver)
		return add(o, STEP_UNBIND, false,
			   why(o, "driver=none in the topology", "driver=none"), e);
	return 0;
}

static int plan_driver(const struct apply_one *o, struct err *e)
{
	if (o->want->domain != NO_DOMAIN && !vf_attrs_driver_is(&o->want->want, VF_DRIVER_KEEP))
		return plan_assign(o, e);
	if (!(o->want->want.given & VF_ATTR_DRIVER))
		return 0;
	switch ((enum vf_driver)o->want->want.driver) {
	case VF_DRIVER_ASSIGN:
		return plan_assign(o, e);
	case VF_DRIVER_HOST:
		return plan_host(o, e);
	case VF_DRIVER_NONE:
		return plan_none(o, e);
	case VF_DRIVER_KEEP:
		return plan_keep(o, e);
	}
	return 0;
}

static struct apply_one one_of(struct apply_pf *p, unsigned i)
{
	const struct vf *now = &p->pf->vfs[i];
	struct apply_one o = { .p = p,
			       .vf = { p->pf, i },
			       .want = &p->g->vfs[p->nth][i],
			       .is_new = p->is_remade,
			       .state = (enum vf_state)now->state,
			       .has_driver = now->driver != NULL };

	if (o.is_new) {
		o.state = VF_HOST;
		o.has_driver = p->made_with == 1 || p->made_with == UNKNOWN;
	}
	return o;
}

/* All settings come first, because they are read back together: once for a PF and not once for each
 * VF. */
int apply_pf_vfs(struct apply_pf *p, struct err *e)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < p->end; i++) {
		struct apply_one o = one_of(p, i);

		r = plan_settings(&o, e);
	}
	for (unsigned i = 0; r == 0 && i < p->end; i++) {
		struct apply_one o = one_of(p, i);

		r = plan_driver(&o, e);
	}
	return r;
}
