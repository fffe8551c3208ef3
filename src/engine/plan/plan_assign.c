// SPDX-License-Identifier: GPL-2.0-or-later
/* From the host to assignable, and back. */
#include "engine/plan/plan_assign.h"

#include <string.h>

#include "engine/plan/neighbours.h"
#include "engine/plan/plan_restore.h"
#include "engine/plan/host_driver.h"
#include "engine/plan/plan_words.h"

static int refuse_name(const char *name, struct bdf pf, const char *whose, struct err *e)
{
	char buf[BDF_STRLEN];

	return err_fix(e,
		       err_refuse(e, EEXIST, "name '%s' is already the name of %s %s", name, whose,
				  bdf_str(buf, pf)),
		       "choose another name");
}

int assign_check_name(const struct host *h, const struct inventory *inv, const struct state *saved,
		      struct vf_ref vf, const char *name, struct err *e)
{
	const struct vf_saved *o = saved ? state_find_name(saved, name) : NULL;
	struct netdev_owner owner;
	char buf[VF_SAVED_TEXT];

	if (o && o != state_find_vf(saved, vf))
		return err_fix(e,
			       err_refuse(e, EEXIST, "name '%s' belongs to %s", name,
					  vf_saved_text(buf, o)),
			       "choose another name");
	for (size_t i = 0; i < inv->n_pfs; i++)
		if (inv->pfs[i].name && !strcmp(inv->pfs[i].name, name))
			return refuse_name(name, inv->pfs[i].bdf, "the PF", e);
	if (inventory_find_netdev(inv, h, name, &owner) &&
	    (owner.vf < 0 || owner.pf != vf.pf || (unsigned)owner.vf != vf.index))
		return refuse_name(name, owner.pf->bdf,
				   owner.vf < 0 && !owner.is_representor ? "the PF"
									 : "a network device of",
				   e);
	return 0;
}

static int check_name(const struct engine *en, struct vf_ref vf, const char *name, struct err *e)
{
	struct dev_options parsed = DEV_OPTIONS_INIT;
	int r = dev_option_set(&parsed, "name", name, e);

	return r < 0 ? r : assign_check_name(en->host, en->inv, en->saved, vf, name, e);
}

/* Only a new name is a change for a VF that is assignable already. */
static bool has_name(const struct engine *en, struct vf_ref vf, const char *name)
{
	const struct vf_saved *o = state_find_vf(en->saved, vf);

	return !*name || (o && !strcmp(o->name, name));
}

static int plan_assign(const struct engine *en, struct vf_ref vf, const struct dev_options *options,
		       const struct takes *takes, struct plan *p, struct err *e)
{
	const struct refuse ask = { en->host, en->ops, en->backend, takes };
	struct step s = { .kind = STEP_ASSIGN, .vf = vf, .options = *options };
	int r = options->name[0] ? check_name(en, vf, options->name, e) : 0;

	if (r < 0)
		return r;
	switch ((enum vf_state)vf_of(vf)->state) {
	case VF_ABSENT:
		return err_set(e, ENODEV, "it does not exist now");
	case VF_ASSIGNABLE:
		if (has_name(en, vf, options->name))
			return 0;
		s.why = "it is already assignable and gets a name";
		return plan_add(p, &s, e);
	case VF_ATTACHED:
		return refuse_held(vf, e);
	case VF_STALE:
	case VF_BROKEN:
		r = refuse_unsure(en, vf, e);
		break;
	case VF_HOST:
		break;
	}
	if (r == 0)
		r = refuse_take(&ask, vf, e);
	return r < 0 ? r : plan_add(p, &s, e);
}

int change_assign(const struct engine *en, const struct devlist *devs, const char *name,
		  struct change *ret, struct err *e)
{
	_cleanup_(takes_done) struct takes takes = { 0 };
	int r;

	*ret = (struct change){ 0 };
	r = takes_of_devs(&takes, devs, e);

	if (r == 0 && *name && devs->n != 1)
		return err_fix(e,
			       err_usage(e, "name '%s' is for one device, but %zu are named", name,
					 devs->n),
			       "name each device in a run of its own");
	for (size_t i = 0; r == 0 && i < devs->n; i++) {
		struct dev_options options = devs->options[i];

		if (*name && strlen(name) < sizeof(options.name))
			snprintf(options.name, sizeof(options.name), "%s", name);
		else if (*name)
			r = dev_option_set(&options, "name", name, e);
		if (r == 0)
			r = plan_assign(en, devs->vfs[i], &options, &takes, &ret->plan, e);
		if (r < 0)
			operand_failed(devs->vfs[i], "make assignable", r, e);
	}
	if (r == 0)
		r = ready_to_assign(en, &ret->plan, e);
	return r;
}

/* Returns what the VF goes back to, NULL when that is not known. */
static const struct vf_saved *known_saved(const struct engine *en, struct vf_ref vf)
{
	const struct vf_saved *o = state_find_vf(en->saved, vf);

	return o && !o->is_name_only && state_is_about(o, vf_identity(vf).pf) ? o : NULL;
}

/*
 * A device that another tool made assignable is not in our memory, but the hypervisor's own memory
 * may have it, and unassigning clears that. So it is in ours from here on, on disk before the
 * device is unassigned.
 */
static int adopt(const struct engine *en, struct vf_ref vf, struct err *e)
{
	const struct vf_ref id = vf_identity(vf);
	struct vf_saved o = { .pf = id.pf->bdf,
			      .bdf = vf_of(vf)->bdf,
			      .index = id.index,
			      .vendor = id.pf->vendor,
			      .device = vf_device_id(vf) };
	int r = 0;

	if (known_saved(en, vf) || !en->ops->previous_driver || vf_of(vf)->state == VF_HOST)
		return 0;
	card_copy(o.card, id.pf);
	r = en->ops->previous_driver(en->backend, vf, o.driver, e);
	return r < 0 || !o.driver[0] ? r : state_put(en->saved, &o, e);
}

/* vfyard remembers what it took from a driver; this VF came to the backend's driver by an ID, by an
 * address or at boot. */
static void note_not_known(const struct engine *en, struct vf_ref vf)
{
	char label[VF_LABEL_MAX], buf[BDF_STRLEN], right[DRIVER_MAX], command[256];

	host_driver_of(en, vf, right);
	bdf_str(buf, vf_of(vf)->bdf);
	if (!right[0] && vf_is_whole(vf))
		snprintf(command, sizeof(command), "run: echo %s > /sys/bus/pci/drivers_probe",
			 buf);
	else if (!right[0])
		snprintf(command, sizeof(command),
			 "write driver=host for it in the topology, and run: vfyard apply");
	else if (vf_is_whole(vf) || vf.pf->autoprobe != 0)
		snprintf(command, sizeof(command), "run: echo %s > /sys/bus/pci/drivers/%s/bind",
			 buf, right);
	else
		snprintf(command, sizeof(command),
			 "run: echo %s > /sys/bus/pci/devices/%s/driver_override && "
			 "echo %s > /sys/bus/pci/drivers/%s/bind",
			 right, buf, buf, right);
	log_note(&en->host->log,
		 "%s: its driver before %s is not known, because vfyard did not bind it there or "
		 "the memory is lost; it is left without a driver; to give it to %s, %s",
		 vf_label(label, vf), vf_of(vf)->driver ? vf_of(vf)->driver : en->ops->driver,
		 right[0] ? right : "the host's", command);
}

/* Off the pass-through driver, where it is on that. */
static int plan_take_off(const struct engine *en, struct vf_ref vf, struct plan *p, struct err *e)
{
	struct step s = { .kind = STEP_UNASSIGN, .vf = vf };
	int r = 0;

	switch ((enum vf_state)vf_of(vf)->state) {
	case VF_ABSENT:
		return err_set(e, ENODEV, "it does not exist now");
	case VF_HOST:
		return 0;
	case VF_ATTACHED:
		return refuse_held(vf, e);
	case VF_BROKEN:
		r = refuse_unsure(en, vf, e);
		break;
	case VF_STALE:
		s.why = vf_of(vf)->why;
		break;
	case VF_ASSIGNABLE:
		r = refuse_kept(en, vf, e);
		break;
	}
	return r < 0 ? r : plan_add(p, &s, e);
}

static int plan_settings(const struct engine *en, struct vf_ref vf, struct plan *p, struct err *e)
{
	const struct vf *v = vf_of(vf);
	const struct vf_saved *o;
	int r = adopt(en, vf, e);

	if (r < 0)
		return r;
	o = known_saved(en, vf);
	if (!o) {
		if (v->state != VF_HOST)
			note_not_known(en, vf);
		return 0;
	}
	if (v->state == VF_HOST && v->driver && strcmp(v->driver, o->driver) != 0)
		return err_fix(e,
			       err_refuse(e, EBUSY,
					  "driver %s holds it, but its driver before was %s",
					  v->driver, o->driver[0] ? o->driver : "none"),
			       "run without -r to leave it there");
	return restore_settings(en, vf, o, false, p, e);
}

static int plan_driver(const struct engine *en, struct vf_ref vf, struct plan *p, struct err *e)
{
	const struct vf_saved *o = known_saved(en, vf);

	if (!o)
		return 0;
	return plan_add(p, &(struct step){ .kind = STEP_RESTORE, .vf = vf, .saved = o }, e);
}

/* What is alike for all devices follows each other, because the run begins that together; and
 * settings come before drivers, as in release. */
static int (*const give_back_phases[])(const struct engine *en, struct vf_ref vf, struct plan *p,
				       struct err *e) = { plan_take_off, plan_settings,
							  plan_driver };

int change_unassign(const struct engine *en, const struct devlist *devs, bool give_back,
		    struct change *ret, struct err *e)
{
	size_t n = give_back ? ARRAY_SIZE(give_back_phases) : 1;
	int r = 0;

	*ret = (struct change){ 0 };
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; r == 0 && i < devs->n; i++) {
			r = give_back_phases[k](en, devs->vfs[i], &ret->plan, e);
			if (r < 0)
				operand_failed(devs->vfs[i], give_back ? "restore" : "unassign", r,
					       e);
		}
	return r < 0 ? r : neighbours_refuse_any(&ret->plan, en->inv, en->ops, e);
}
