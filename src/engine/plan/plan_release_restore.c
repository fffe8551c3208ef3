// SPDX-License-Identifier: GPL-2.0-or-later
/* Plans numvfs, settings, drivers and autoprobe as they were. */
#include <string.h>

#include "host/guard/guard.h"
#include "host/guard/netdev_up.h"
#include "host/inventory/pf_driver.h"
#include "engine/plan/host_driver.h"
#include "engine/plan/plan_restore.h"
#include "engine/plan/plan_release_parts.h"
#include "engine/plan/plan_words.h"
#include "base/text.h"

static int add_pf_step(struct releasing *x, struct pf *pf, enum step_kind kind, unsigned from,
		       unsigned to, bool is_intermediate, struct err *e)
{
	return plan_add(&x->change->plan,
			&(struct step){ .kind = kind,
					.vf = { pf, NO_VF },
					.from = from,
					.to = to,
					.is_intermediate = is_intermediate,
					.why = is_intermediate ? "intermediate" : "as it was" },
			e);
}

/* Checks a VF that goes away with the others, but is not ours to take. */
static int check_vf(const struct releasing *x, const struct release_pf *p, unsigned i,
		    struct err *e)
{
	struct vf_ref vf = { p->pf, i };
	const struct vf *v = vf_of(vf);
	char label[VF_LABEL_MAX];

	if (v->state == VF_ABSENT)
		return 0;
	if (v->state == VF_HOST)
		return v->driver ? guard_function(x->en->host, v->bdf, vf_label(label, vf), e) : 0;
	if (p->is_chosen[i] && release_saved(x, vf) && !release_saved(x, vf)->is_name_only)
		return 0;
	if (v->state == VF_ATTACHED)
		return refuse_held(vf, e);
	err_refuse(e, EBUSY, "it is %s, but not by vfyard, and its PF is to go from %u VF%s to %u",
		   vf_state_name((enum vf_state)v->state), p->pf->numvfs, text_s(p->pf->numvfs),
		   p->o->numvfs);
	return err_fix(e, -EBUSY, "run: vfyard pci-assignable-remove %s", dev_word(vf).text);
}

/* Even so the kernel has a file for the number, and refuses what is written to it. */
static int check_driver(const struct releasing *x, const struct pf *pf, struct err *e)
{
	char bdf[BDF_STRLEN];

	if ((pf->driver && strcmp(pf->driver, x->en->ops->driver) != 0) || release_has_whole(x, pf))
		return 0;
	err_refuse(e, ENODEV, "its number of VFs cannot be restored: %s%s",
		   pf->driver ? "the PF itself is held by " : "no driver is bound",
		   pf->driver ? pf->driver : "");
	return err_fix(e, -ENODEV,
		       "give it back to its own driver; to see its name, run: lspci -ks %s",
		       bdf_str(bdf, pf->bdf));
}

static int check_pf(const struct releasing *x, const struct release_pf *p, struct err *e)
{
	char name[BDF_STRLEN], label[VF_LABEL_MAX];
	int r;

	snprintf(label, sizeof(label), "%s", pf_label(name, p->pf));
	r = check_driver(x, p->pf, e);
	if (r == 0)
		r = guard_pf(x->en->host, p->pf->bdf, label, e);
	if (r == 0)
		r = pf_driver_may_change(x->en->host, p->pf, p->o->numvfs, false, e);
	err_at(r < 0 ? e : NULL, r, label, "numvfs");
	for (unsigned i = 0; r == 0 && i < p->pf->n_vfs; i++) {
		r = check_vf(x, p, i, e);
		if (r < 0)
			operand_failed((struct vf_ref){ p->pf, i }, "numvfs", r, e);
	}
	return r;
}

/* No driver may bind to a VF that is made again until everything is as it was. */
static int hold_drivers(struct releasing *x, const struct release_pf *p, struct err *e)
{
	if (!p->remakes || !p->o->numvfs || p->pf->autoprobe != 1)
		return 0;
	return add_pf_step(x, p->pf, STEP_AUTOPROBE, 1, 0, true, e);
}

int release_numvfs(struct releasing *x, struct err *e)
{
	size_t n = x->en->inv->n_pfs;
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++)
		if (x->pfs[i].remakes)
			r = check_pf(x, &x->pfs[i], e);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = hold_drivers(x, &x->pfs[i], e);
	for (size_t i = 0; r == 0 && i < n; i++) {
		const struct release_pf *p = &x->pfs[i];

		if (p->remakes && p->pf->numvfs)
			r = add_pf_step(x, p->pf, STEP_NUMVFS, p->pf->numvfs, 0, p->o->numvfs != 0,
					e);
	}
	for (size_t i = 0; r == 0 && i < n; i++) {
		const struct release_pf *p = &x->pfs[i];

		if (p->remakes && p->o->numvfs)
			r = add_pf_step(x, p->pf, STEP_NUMVFS, 0, p->o->numvfs, false, e);
	}
	return r;
}

/* Kernels before 4.12 have no sriov_drivers_autoprobe: what is made anew has the host's driver. */
static int unbind_made(struct releasing *x, const struct vf_saved *o, struct vf_ref vf,
		       struct err *e)
{
	if (vf.pf->autoprobe != UNKNOWN || host_driver_is(x->en, vf_of(vf)->bdf, o->driver))
		return 0;
	return plan_add(&x->change->plan,
			&(struct step){ .kind = STEP_UNBIND,
					.vf = vf,
					.is_new = true,
					.is_intermediate = o->driver[0] != '\0',
					.why = "as it was" },
			e);
}

static int restore_driver(struct releasing *x, const struct vf_saved *o, struct vf_ref vf,
			  bool is_remade, struct err *e)
{
	struct step s = { .kind = STEP_RESTORE, .vf = vf, .saved = o, .why = "as it was" };
	const struct vf *v = vf_of(vf);
	/* The VF's own driver may be the one that makes it assignable. */
	bool has_own = v->driver && (v->state == VF_HOST || !strcmp(v->driver, o->driver));
	const char *driver = has_own ? v->driver : "";
	const char *override =
		(v->state == VF_HOST || has_own) && v->driver_override ? v->driver_override : "";
	int r = 0;

	if (is_remade)
		r = unbind_made(x, o, vf, e);
	if (is_remade)
		driver = override = "";
	/* Off the pass-through driver it has none, and no override of ours. */
	if (r < 0 || (!strcmp(driver, o->driver) && !strcmp(override, o->driver_override)))
		return r;
	if (driver[0] && strcmp(driver, o->driver) != 0) {
		struct step unbind = { .kind = STEP_UNBIND, .vf = vf, .is_intermediate = true };
		char label[VF_LABEL_MAX];

		r = guard_function(x->en->host, v->bdf, vf_label(label, vf), e);
		if (r == 0)
			r = plan_add(&x->change->plan, &unbind, e);
	}
	return r < 0 ? r : plan_add(&x->change->plan, &s, e);
}

int release_restore_wholes(struct releasing *x, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < x->n_wholes; i++) {
		const struct vf_saved *o = release_saved(x, x->wholes[i]);

		if (!o || o->is_name_only)
			continue;
		r = restore_driver(x, o, x->wholes[i], false, e);
		if (r < 0)
			operand_failed(x->wholes[i], "restore", r, e);
	}
	return r;
}

/* Taken from the host again, as another tool had taken it before. */
static int restore_assignable(struct releasing *x, struct vf_ref vf, bool is_remade, struct err *e)
{
	if (!is_remade && vf_of(vf)->state != VF_HOST)
		return 0;
	return plan_add(&x->change->plan,
			&(struct step){ .kind = STEP_ASSIGN,
					.vf = vf,
					.options = DEV_OPTIONS_INIT,
					.is_new = is_remade,
					.why = "as it was" },
			e);
}

/* Neighbours of one IOMMU group are off the host's drivers before one is made assignable. */
enum restore_phase { RESTORE_SETTINGS, RESTORE_DRIVER, RESTORE_ASSIGNABLE };

static int restore_vf(struct releasing *x, const struct release_pf *p, unsigned i,
		      enum restore_phase phase, struct err *e)
{
	struct vf_ref vf = { p->pf, i };
	const struct vf_saved *o = p->is_chosen[i] ? release_saved(x, vf) : NULL;
	int r = 0;

	if (!o)
		return 0;
	if (phase == RESTORE_SETTINGS)
		r = restore_settings(x->en, vf, o, p->remakes, &x->change->plan, e);
	else if (phase == RESTORE_ASSIGNABLE && o->was_assignable)
		r = restore_assignable(x, vf, p->remakes, e);
	else if (phase == RESTORE_DRIVER && !o->was_assignable && !o->was_attached &&
		 !o->is_name_only)
		r = restore_driver(x, o, vf, p->remakes, e);
	if (r < 0)
		operand_failed(vf, "restore", r, e);
	return r;
}

static int restore_vfs(struct releasing *x, const struct release_pf *p, enum restore_phase phase,
		       struct err *e)
{
	unsigned end = p->remakes ? p->o->numvfs : p->pf->n_vfs;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < end && i < p->pf->n_vfs; i++)
		r = restore_vf(x, p, i, phase, e);
	return r;
}

/* Starts from what autoprobe will be once the steps so far are done. */
static int restore_autoprobe(struct releasing *x, const struct release_pf *p, struct err *e)
{
	int8_t now = p->pf->autoprobe;

	if (!p->o || now == UNKNOWN || p->o->autoprobe == UNKNOWN)
		return 0;
	if (p->remakes && p->o->numvfs && now == 1)
		now = 0;
	if (now == p->o->autoprobe)
		return 0;
	return add_pf_step(x, p->pf, STEP_AUTOPROBE, (unsigned)now, (unsigned)p->o->autoprobe,
			   false, e);
}

/* Takes down a device that was brought up in this boot and is not in use. In another boot somebody
 * else brought it up. */
static int restore_up(struct releasing *x, const struct release_pf *p, struct err *e)
{
	char boot[BOOT_ID_MAX], why[256];
	int r;

	host_boot_id(x->en->host, boot);
	if (!p->o || !p->o->up_boot[0] || strcmp(p->o->up_boot, boot) != 0 ||
	    pf_is_up(x->en->host, p->pf) != 1)
		return 0;
	r = netdev_is_used(x->en->host, p->pf, why);
	if (r == 0)
		return add_pf_step(x, p->pf, STEP_UP, 1, 0, false, e);
	log_note(&x->en->host->log, "%s was down before vfyard brought it up, and it stays up: %s",
		 p->pf->netdev, r < 0 ? strerror(-r) : why);
	return 0;
}

/* What is off the host's drivers when all is done: assignable, or without one. */
static int find_takes(const struct plan *p, struct takes *ret, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->n; i++)
		if (p->v[i].kind == STEP_ASSIGN ||
		    (p->v[i].kind == STEP_RESTORE && !p->v[i].saved->driver[0]))
			r = takes_add(ret, vf_of(p->v[i].vf)->bdf, e);
	takes_sort(ret);
	return r;
}

/* Its neighbour is out of a guest before it is made assignable; VFs that are made come later, too.
 */
static bool is_asked_later(const struct plan *p, const struct step *s)
{
	int32_t group = vf_of(s->vf)->iommu_group;

	for (size_t i = 0; group != NO_GROUP && i < p->n; i++)
		if (p->v[i].kind == STEP_DETACH && vf_of(p->v[i].vf)->iommu_group == group)
			return true;
	return s->is_new;
}

/* With the same care as for the first time; of others the run itself asks. */
static int check_assigns(const struct releasing *x, struct err *e)
{
	_cleanup_(takes_done) struct takes takes = { 0 };
	const struct refuse ask = { x->en->host, x->en->ops, x->en->backend, &takes };
	struct plan *p = &x->change->plan;
	int r = find_takes(p, &takes, e);

	for (size_t i = 0; r == 0 && i < p->n; i++) {
		if (p->v[i].kind != STEP_ASSIGN || is_asked_later(p, &p->v[i]))
			continue;
		r = refuse_take(&ask, p->v[i].vf, e);
		if (r < 0)
			operand_failed(p->v[i].vf, "make assignable", r, e);
	}
	return r < 0 ? r : ready_to_assign(x->en, p, e);
}

int release_restore(struct releasing *x, struct err *e)
{
	int r = 0;

	for (size_t k = 0; r == 0 && k < x->en->inv->n_pfs; k++) {
		const struct release_pf *p = &x->pfs[k];

		/* All settings first, as in apply_pf_vfs(). */
		r = restore_vfs(x, p, RESTORE_SETTINGS, e);
		if (r == 0)
			r = restore_vfs(x, p, RESTORE_DRIVER, e);
		if (r == 0)
			r = restore_autoprobe(x, p, e);
		if (r == 0)
			r = restore_up(x, p, e);
	}
	for (size_t k = 0; r == 0 && k < x->en->inv->n_pfs; k++)
		r = restore_vfs(x, &x->pfs[k], RESTORE_ASSIGNABLE, e);
	return r < 0 ? r : check_assigns(x, e);
}
