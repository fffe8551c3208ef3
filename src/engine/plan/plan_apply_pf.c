// SPDX-License-Identifier: GPL-2.0-or-later
/* Plans what a PF needs: how many VFs, and whether drivers bind to them. */
#include "host/inventory/pf_driver.h"
#include "engine/plan/plan_apply_parts.h"

static bool is_for_guests(const struct desired_vf *v)
{
	return vf_attrs_driver_is(&v->want, VF_DRIVER_ASSIGN) ||
	       (v->domain != NO_DOMAIN && !vf_attrs_driver_is(&v->want, VF_DRIVER_KEEP));
}

/* When the topology does not say, it ends as it was before vfyard changed it for a while, because a
 * run may have been killed in between. */
static int8_t final_autoprobe(const struct apply_pf *p)
{
	const struct topo_pf *want = &p->g->topo->pfs[p->nth];
	const struct pf_saved *o = p->g->saved ? state_find_pf(p->g->saved, p->pf) : NULL;

	if (p->pf->autoprobe == UNKNOWN)
		return UNKNOWN;
	if (want->has_autoprobe)
		return want->autoprobe;
	return o && o->autoprobe != UNKNOWN ? o->autoprobe : p->pf->autoprobe;
}

void apply_pf_init(struct apply_pf *p, const struct desired *g, struct plan *plan, size_t nth)
{
	const struct topo_pf *want = &g->topo->pfs[nth];

	*p = (struct apply_pf){ .g = g,
				.plan = plan,
				.nth = nth,
				.pf = g->pfs[nth],
				.end = topology_numvfs(want, g->pfs[nth]),
				.autoprobe = g->pfs[nth]->autoprobe };
	if (p->end > p->pf->n_vfs)
		p->end = p->pf->n_vfs;
	p->is_remade = want->has_numvfs && p->end != p->pf->numvfs;
	for (unsigned i = 0; i < p->end; i++)
		p->has_guests |= is_for_guests(&g->vfs[nth][i]);
	/* Without numvfs= a PF is never written to. */
	p->final = want->has_numvfs ? final_autoprobe(p) : p->pf->autoprobe;
}

static const char *in_topology(const struct apply_pf *p)
{
	return topology_word(p->g->topo, "in the topology", "as asked");
}

static int add(struct apply_pf *p, const struct step *s, struct err *e)
{
	struct step step = *s;

	step.vf = (struct vf_ref){ p->pf, NO_VF };
	return plan_add(p->plan, &step, e);
}

int apply_pf_autoprobe(struct apply_pf *p, bool on, bool is_intermediate, const char *why,
		       struct err *e)
{
	struct step s = { .kind = STEP_AUTOPROBE,
			  .from = (unsigned)p->autoprobe,
			  .to = on,
			  .is_intermediate = is_intermediate,
			  .why = why };

	if (p->autoprobe == UNKNOWN || p->autoprobe == (int8_t)on)
		return 0;
	p->autoprobe = (int8_t)on;
	return add(p, &s, e);
}

int apply_pf_up(struct apply_pf *p, struct err *e)
{
	const char *why = pf_driver_has(p->pf, PF_NEEDS_UP) ? "its driver makes VFs only then"
							    : in_topology(p);

	if (!p->g->topo->pfs[p->nth].up || !p->g->is_down || !p->g->is_down[p->nth])
		return 0;
	return add(p, &(struct step){ .kind = STEP_UP, .to = 1, .why = why }, e);
}

int apply_pf_before(struct apply_pf *p, struct err *e)
{
	int r = 0;

	if (p->is_remade && p->end && p->has_guests)
		r = apply_pf_autoprobe(p, false, p->final != 0,
				       "VFs for guests are made without a driver", e);
	else if (p->is_remade && p->final != UNKNOWN)
		r = apply_pf_autoprobe(p, p->final, false, in_topology(p), e);
	p->made_with = p->autoprobe;
	return r;
}

int apply_pf_free(struct apply_pf *p, struct err *e)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && p->is_remade && i < p->pf->n_vfs; i++) {
		const struct vf_ref vf = { p->pf, i };

		if (state_made_assignable(p->g->saved, vf))
			r = plan_add(
				p->plan,
				&(struct step){
					.kind = STEP_UNASSIGN,
					.vf = vf,
					.options = DEV_OPTIONS_INIT,
					.is_intermediate = true,
					.gives_way = true,
					.why = "disruptive: nobody has it, but its PF makes all "
					       "its VFs again" },
				e);
	}
	return r;
}

int apply_pf_unmake(struct apply_pf *p, struct err *e)
{
	if (!p->is_remade || !p->pf->numvfs)
		return 0;
	return add(p,
		   &(struct step){ .kind = STEP_NUMVFS,
				   .from = p->pf->numvfs,
				   .is_intermediate = p->end != 0,
				   .why = p->end ? "the kernel changes it only through 0"
						 : in_topology(p) },
		   e);
}

int apply_pf_make(struct apply_pf *p, struct err *e)
{
	if (!p->is_remade || !p->end)
		return 0;
	return add(p, &(struct step){ .kind = STEP_NUMVFS, .to = p->end, .why = in_topology(p) },
		   e);
}

int apply_pf_after(struct apply_pf *p, struct err *e)
{
	bool was = p->pf->autoprobe == p->final;

	if (p->final == UNKNOWN)
		return 0;
	return apply_pf_autoprobe(p, p->final, was, was ? "as it was" : in_topology(p), e);
}
