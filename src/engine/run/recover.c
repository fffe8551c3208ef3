// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/recover.h"

#include <string.h>

#include "host/pci/bind.h"
#include "host/inventory/sriov.h"
#include "engine/run/journal.h"

/* The device of an entry, when it is still there; false when its PF, or so many VFs, are not. */
static bool find_vf(const struct engine *en, const struct journal_entry *x, struct vf_ref *ret)
{
	return inventory_find_index(en->inv, x->pf, x->index, ret);
}

static int settle_autoprobe(struct engine *en, const struct journal_entry *x, struct err *e)
{
	struct pf *pf = inventory_find_pf(en->inv, x->pf);

	if (!pf || x->before.autoprobe == UNKNOWN || pf->autoprobe == UNKNOWN)
		return 0;
	return autoprobe_set(en->host, pf, x->before.autoprobe != 0, e);
}

/*
 * An override that was only needed for a bind (it names the backend's driver, or the one that the
 * VF is bound to now) is set back to what it was before; one that names another driver belongs to
 * the user. While the VF is bound to none, the override would decide who takes it next.
 */
static int settle_override(const struct engine *en, const struct journal_entry *x, struct bdf dev,
			   const char *driver, struct err *e)
{
	const char *was = strcmp(x->before.override, en->ops->driver) ? x->before.override : "";
	char now[DRIVER_MAX];
	int r = bind_override_of(en->host, dev, now, e);

	if (r < 0 || (driver[0] && strcmp(now, driver) != 0 && strcmp(now, en->ops->driver) != 0))
		return r;
	return bind_set_override(en->host, dev, was, e);
}

/* What the backend knows of it besides its driver. */
static int settle_backend(struct engine *en, const struct journal_entry *x, struct vf_ref vf,
			  const char *driver, struct err *e)
{
	if (!en->ops->recover_binding || (driver[0] && strcmp(driver, en->ops->driver) != 0))
		return 0;
	return en->ops->recover_binding(en->backend, vf, driver, x->before.override, e);
}

/*
 * The VF was on its way between the host's driver and the backend's. If it arrived at the backend,
 * or a domain has it meanwhile, it is left alone, because the next run sees what it is. It is also
 * left alone if it has a driver of the host, because the host may depend on it by now.
 */
static int settle_binding(struct engine *en, const struct journal_entry *x, struct err *e)
{
	char now[DRIVER_MAX];
	struct vf_ref vf;
	int r;

	if (!find_vf(en, x, &vf) ||
	    (vf_of(vf)->state != VF_HOST && vf_of(vf)->state != VF_ASSIGNABLE))
		return 0;
	r = bind_driver_of(en->host, vf_of(vf)->bdf, now, e);
	if (r == 0)
		r = settle_backend(en, x, vf, now, e);
	if (r < 0 || vf_of(vf)->state != VF_HOST || !strcmp(now, en->ops->driver))
		return r;
	/* It was going from the backend to the host, got as far as no driver, and is whole; or it
	 * has not left the host's driver yet. */
	if (!strcmp(x->before.driver, en->ops->driver) || now[0])
		return settle_override(en, x, vf_of(vf)->bdf, now, e);
	return bind_give_back(en->host, vf_of(vf)->bdf, x->before.driver, x->before.override, e);
}

static int settle_domain(struct engine *en, const struct journal_entry *x, struct err *e)
{
	struct domain d = { .id = 0 };
	struct vf_ref vf;
	bool runs;
	int r;

	if (!en->ops->recover || !find_vf(en, x, &vf))
		return 0;
	runs = en->ops->domain_find(en->backend, x->domain, &d, NULL) == 0;
	r = en->ops->recover(en->backend, runs ? &d : NULL, vf, e);
	if (runs && en->ops->domain_done)
		en->ops->domain_done(&d);
	return r;
}

static int settle(struct engine *en, const struct journal_entry *x, struct err *e)
{
	switch (x->kind) {
	case STEP_AUTOPROBE:
		return settle_autoprobe(en, x, e);
	case STEP_UNBIND:
	case STEP_PROBE:
	case STEP_ASSIGN:
	case STEP_UNASSIGN:
	case STEP_RESTORE:
		return settle_binding(en, x, e);
	case STEP_ATTACH:
	case STEP_DETACH:
		return settle_domain(en, x, e);
	case STEP_LOAD:
	case STEP_UP:
	case STEP_NUMVFS:
	case STEP_SET:
	case STEP_PERMISSIVE:
	case STEP_DEFINE:
	case STEP_UNDEFINE:
		/* The kernel, or who keeps definitions, does these as a whole, or not at all. */
		break;
	}
	return 0;
}

static void name_object(char ret[64], const struct journal_entry *x)
{
	char bdf[BDF_STRLEN];

	if (x->index == NO_VF || x->index == WHOLE)
		snprintf(ret, 64, "%s", bdf_str(bdf, x->pf));
	else
		snprintf(ret, 64, "%s/%u", bdf_str(bdf, x->pf), x->index);
}

/* Returns how many entries from @i on are of one kind: those of a batch (batch.h). */
static size_t n_alike(const struct journal_found *f, size_t i)
{
	size_t end = i + 1;

	while (end < f->n && f->v[end].kind == f->v[i].kind && f->v[end].is_undo == f->v[i].is_undo)
		end++;
	return end - i;
}

/* One note for a batch, of which each may have begun, or not. */
static void note_found(const struct engine *en, const struct journal_found *f, size_t i, size_t n)
{
	const struct journal_entry *x = &f->v[i];
	char object[64], more[64] = "";

	name_object(object, x);
	if (n > 1)
		snprintf(more, sizeof(more), ", and perhaps of %zu more", n - 1);
	log_note(&en->host->log,
		 f->has_ended ? "%s: an earlier run (%s) ended without finishing %s%s%s"
			      : "%s: a run (%s) was killed in the middle of %s%s%s",
		 object, f->run, x->is_undo ? "undoing " : "", step_name(x->kind), more);
}

static int settle_all(struct engine *en, const struct journal_found *f, struct err *e)
{
	char object[64];
	int r = 0;

	for (size_t i = 0, told = 0; r == 0 && i < f->n; i++) {
		if (i == told) {
			told += n_alike(f, i);
			note_found(en, f, i, told - i);
		}
		r = settle(en, &f->v[i], e);
		name_object(object, &f->v[i]);
		err_at(r < 0 ? e : NULL, r, object, "recover");
	}
	if (r < 0) {
		err_status(e, r, EXIT_LEFT);
		err_fix(e, r, "fix the cause and run the same command again");
	}
	return r;
}

int recover(struct engine *en, struct err *e)
{
	struct journal_found f = { 0 };
	int r = journal_find(en->host, &f, e);

	if (r <= 0)
		return r;
	if (f.is_other_boot)
		log_note(&en->host->log,
			 "a run (%s) %s, and the host has rebooted since, so its devices started "
			 "afresh",
			 f.run, f.has_ended ? "left unfinished steps" : "was cut off");
	r = f.is_other_boot ? 0 : settle_all(en, &f, e);
	journal_found_done(&f);
	if (r == 0)
		r = journal_remove(en->host, e);
	return r < 0 ? r : 1;
}
