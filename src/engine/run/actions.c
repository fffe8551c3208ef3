// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/actions.h"

#include <string.h>

#include "host/pci/bind.h"
#include "host/module.h"
#include "host/guard/netdev_up.h"
#include "host/inventory/sriov.h"
#include "host/inventory/pf_driver.h"
#include "engine/plan/host_driver.h"
#include "engine/run/probe.h"
#include "engine/plan/plan_load.h"
#include "engine/plan/refuse.h"
#include "engine/run/run_numvfs.h"
#include "engine/run/run_setting.h"

/* Its group is there now; where that is not good, it goes back to having no driver. */
static int look_at_group(struct engine *en, const struct step *s, const struct refuse *ask,
			 const char *override, struct err *e)
{
	struct err undo = { 0 };
	int r = refuse_assign(ask, s->vf, e), left;

	if (r == 0)
		return 0;
	left = en->ops->unassign(en->backend, s->vf, &undo);
	if (left == 0)
		left = bind_set_override(en->host, vf_of(s->vf)->bdf, override, &undo);
	return left < 0 ? err_left(e, r, "%s still holds it: %s", en->ops->driver, undo.cause) : r;
}

/* Asked when it was planned, too; VFs that this run made could not be then. One that is assignable
 * only gets a name. */
static int do_assign(struct engine *en, const struct step *s, struct err *e)
{
	const struct refuse ask = { en->host, en->ops, en->backend, en->takes };
	bool is_new = vf_of(s->vf)->state != VF_ASSIGNABLE;
	bool is_late = is_new && en->ops->group_comes && en->ops->group_comes(en->host, s->vf);
	char override[DRIVER_MAX] = "";
	int r = is_new ? refuse_assign(&ask, s->vf, e) : 0;

	if (r == 0 && is_late)
		r = bind_override_of(en->host, vf_of(s->vf)->bdf, override, e);
	if (r == 0)
		r = en->ops->assign(en->backend, s->vf, s->options.name, e);
	return r < 0 || !is_late ? r : look_at_group(en, s, &ask, override, e);
}

static int do_unassign(struct engine *en, const struct step *s, struct err *e)
{
	return en->ops->unassign(en->backend, s->vf, e);
}

static int do_restore(struct engine *en, const struct step *s, struct err *e)
{
	return bind_give_back(en->host, vf_of(s->vf)->bdf, s->saved->driver,
			      s->saved->driver_override, e);
}

/* The plan asked about all that the domain gets, too. An undo puts back what it had. */
static int do_attach(struct engine *en, const struct step *s, struct err *e)
{
	const struct refuse ask = { en->host, en->ops, en->backend, en->takes };
	const struct refuse_gets gets = { s->domain, &s->vf, &s->options, 1, true };
	int r = refuse_attach(&ask, &gets, NULL, e);

	return r < 0 ? r : en->ops->attach(en->backend, s->domain, s->vf, &s->options, e);
}

static int do_detach(struct engine *en, const struct step *s, struct err *e)
{
	return en->ops->detach(en->backend, s->domain, s->vf, s->force, e);
}

static int do_permissive(struct engine *en, const struct step *s, struct err *e)
{
	return en->ops->permissive(en->backend, s->domain, s->vf, e);
}

/* What may not be given to it is not defined for it either; room it makes itself. */
static int do_define(struct engine *en, const struct step *s, struct err *e)
{
	const struct refuse ask = { en->host, en->ops, en->backend, en->takes };
	struct domain next = *s->domain;
	const struct refuse_gets gets = { &next, &s->vf, &s->options, 1, true };
	int r;

	next.id = 0;
	r = refuse_attach(&ask, &gets, NULL, e);
	return r < 0 ? r : en->ops->define(en->backend, s->domain, s->vf, true, e);
}

static int do_undefine(struct engine *en, const struct step *s, struct err *e)
{
	return en->ops->define(en->backend, s->domain, s->vf, false, e);
}

static int do_autoprobe(struct engine *en, const struct step *s, struct err *e)
{
	int r = autoprobe_set(en->host, s->vf.pf, s->to != 0, e);

	if (r == 0)
		s->vf.pf->autoprobe = (int8_t)s->to;
	return r;
}

/* When modprobe succeeds, there may still be no driver. */
static int do_load(struct engine *en, const struct step *s, struct err *e)
{
	int r = module_load(en->host, s->module, e);

	if (r < 0 || load_is_there(en->host, en->ops))
		return r;
	return err_fix(e,
		       err_set(e, EIO, "module %s is loaded, but there is no driver %s", s->module,
			       en->ops->driver),
		       "see what the kernel says, run: dmesg | tail");
}

/* A module that is loaded harms nobody, and one that is in use cannot be unloaded. */
static int undo_load(struct engine *en UNUSED, const struct step *s UNUSED,
		     const struct before *b UNUSED, struct err *e UNUSED)
{
	return 0;
}

static int do_up(struct engine *en, const struct step *s, struct err *e)
{
	if (inventory_follow_netdev(en->inv, en->host, s->vf.pf) < 0)
		return err_set(e, ENOMEM, "out of memory");
	return netdev_set_up(en->host, s->vf.pf, s->to != 0, e);
}

static int do_unbind(struct engine *en, const struct step *s, struct err *e)
{
	return bind_unbind(en->host, vf_of(s->vf)->bdf, e);
}

static int do_probe(struct engine *en, const struct step *s, struct err *e)
{
	char driver[DRIVER_MAX];
	int r = bind_driver_of(en->host, vf_of(s->vf)->bdf, driver, e);

	/* The kernel may have found a driver already, when it made the VF. */
	if (r < 0 || host_driver_is(en, vf_of(s->vf)->bdf, driver))
		return r;
	if (s->vf.pf->autoprobe == 0)
		return err_fix(
			e,
			err_set(e, ENODEV,
				"its PF has sriov_drivers_autoprobe 0, so the kernel binds no "
				"driver to its VFs"),
			"write numvfs= for this PF in the topology; apply then turns it on and "
			"off again");
	return host_driver_probe(en, s->vf, e);
}

/* A step that only named a VF that was assignable already has nothing to take back. */
static int undo_assign(struct engine *en, const struct step *s, const struct before *b,
		       struct err *e)
{
	int r;

	if (vf_of(s->vf)->state == VF_ASSIGNABLE)
		return 0;
	r = do_unassign(en, s, e);
	return r < 0 ? r : bind_give_back(en->host, vf_of(s->vf)->bdf, b->driver, b->override, e);
}

static int undo_unassign(struct engine *en, const struct step *s, const struct before *b,
			 struct err *e)
{
	const struct vf_saved *o = state_find_vf(en->saved, s->vf);
	int r;

	/* What was stale or broken is not made so again. Asked is what it was then: the inventory
	 * knows nothing of a VF that was made anew since, nor that this run took it out of a
	 * domain before. */
	if (b->state != VF_ASSIGNABLE && b->state != VF_ATTACHED)
		return 0;
	r = en->ops->assign(en->backend, s->vf, o ? o->name : "", e);
	return r < 0 ? r : bind_set_override(en->host, vf_of(s->vf)->bdf, b->override, e);
}

static int undo_restore(struct engine *en, const struct step *s, const struct before *b,
			struct err *e)
{
	struct bdf dev = vf_of(s->vf)->bdf;
	int r = b->driver[0] ? 0 : bind_unbind(en->host, dev, e);

	return r < 0 ? r : bind_set_override(en->host, dev, b->override, e);
}

static int undo_attach(struct engine *en, const struct step *s, const struct before *b UNUSED,
		       struct err *e)
{
	return en->ops->detach(en->backend, s->domain, s->vf, false, e);
}

static int undo_detach(struct engine *en, const struct step *s, const struct before *b UNUSED,
		       struct err *e)
{
	return en->ops->attach(en->backend, s->domain, s->vf, &s->options, e);
}

static int undo_permissive(struct engine *en UNUSED, const struct step *s,
			   const struct before *b UNUSED, struct err *e)
{
	return err_set(e, EBUSY, "permissive cannot be cleared while domain %s has it",
		       s->domain->name);
}

static int undo_define(struct engine *en, const struct step *s, const struct before *b UNUSED,
		       struct err *e)
{
	return en->ops->define(en->backend, s->domain, s->vf, false, e);
}

static int undo_undefine(struct engine *en, const struct step *s, const struct before *b UNUSED,
			 struct err *e)
{
	return en->ops->define(en->backend, s->domain, s->vf, true, e);
}

static int undo_autoprobe(struct engine *en, const struct step *s, const struct before *b,
			  struct err *e)
{
	int r = b->autoprobe == UNKNOWN ? 0 : autoprobe_set(en->host, s->vf.pf, b->autoprobe, e);

	if (r == 0)
		s->vf.pf->autoprobe = b->autoprobe;
	return r;
}

/* Somebody else may have begun to use it, and would be cut off. */
static int undo_up(struct engine *en, const struct step *s, const struct before *b, struct err *e)
{
	char why[256];
	int r = s->to ? netdev_is_used(en->host, s->vf.pf, why) : 0;

	if (r == 0)
		return netdev_set_up(en->host, s->vf.pf, b->up, e);
	log_note(&en->host->log, "%s stays up: %s", s->vf.pf->netdev, r < 0 ? strerror(-r) : why);
	return 0;
}

static int undo_unbind(struct engine *en, const struct step *s, const struct before *b,
		       struct err *e)
{
	return bind_give_back(en->host, vf_of(s->vf)->bdf, b->driver, b->override, e);
}

/* A VF that a driver other than the host's had bound first stays there: it is new, and goes when
 * its siblings go. */
static int undo_probe(struct engine *en, const struct step *s, const struct before *b,
		      struct err *e)
{
	struct bdf dev = vf_of(s->vf)->bdf;
	int r = b->driver[0] ? 0 : bind_unbind(en->host, dev, e);

	return r < 0 ? r : bind_set_override(en->host, dev, b->override, e);
}

const struct action actions[N_STEP_KINDS] = {
	[STEP_AUTOPROBE] = { do_autoprobe, undo_autoprobe, true, "release", false },
	[STEP_LOAD] = { do_load, undo_load, false, NULL, false },
	[STEP_UP] = { do_up, undo_up, true, "release", false },
	[STEP_NUMVFS] = { NULL, numvfs_undo, false, "release", false },
	/* It is one request, so one that fails has left nothing. */
	[STEP_SET] = { setting_run, setting_undo, false, "release", false },
	[STEP_UNBIND] = { do_unbind, undo_unbind, true, "release", false },
	[STEP_PROBE] = { do_probe, undo_probe, true, "release", false },
	[STEP_ASSIGN] = { do_assign, undo_assign, false, "pci-assignable-remove -r", false },
	[STEP_UNASSIGN] = { do_unassign, undo_unassign, true, "pci-assignable-add", false },
	[STEP_RESTORE] = { do_restore, undo_restore, true, "pci-assignable-remove -r", false },
	[STEP_ATTACH] = { do_attach, undo_attach, false, "pci-detach", true },
	[STEP_DETACH] = { do_detach, undo_detach, false, "pci-attach", true },
	/* It is as in the topology now; to take the VF from its guest because of this would be
	 * worse. */
	[STEP_PERMISSIVE] = { do_permissive, undo_permissive, false, NULL, false },
	[STEP_DEFINE] = { do_define, undo_define, false, NULL, false },
	[STEP_UNDEFINE] = { do_undefine, undo_undefine, false, NULL, false },
};

static bool has_driver_to_look_at(enum step_kind k)
{
	return k == STEP_ASSIGN || k == STEP_UNASSIGN || k == STEP_RESTORE || k == STEP_UNBIND ||
	       k == STEP_PROBE;
}

int action_look(const struct engine *en, const struct step *s, struct before *ret, struct err *e)
{
	struct bdf dev;
	int r;

	ret->numvfs = s->vf.pf->numvfs;
	ret->autoprobe = s->vf.pf->autoprobe;
	if (s->kind == STEP_UNASSIGN)
		ret->state = vf_of(s->vf)->state;
	if (s->kind == STEP_UP)
		ret->up = (int8_t)(pf_is_up(en->host, s->vf.pf) == 1);
	if (s->kind == STEP_NUMVFS)
		return snapshot_take(en, s->vf.pf, &ret->vfs, e);
	if (s->kind == STEP_SET)
		return setting_look(en, s, &ret->attrs, e);
	if (!has_driver_to_look_at(s->kind))
		return 0;
	dev = vf_of(s->vf)->bdf;
	r = bind_driver_of(en->host, dev, ret->driver, e);
	return r < 0 ? r : bind_override_of(en->host, dev, ret->override, e);
}
