// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/run_numvfs.h"

#include <stdlib.h>

#include "host/inventory/sriov.h"
#include "engine/run/unmake.h"

/* Nobody wants fewer VFs than asked, which the kernel calls success, or an error although VFs were
 * made or removed: the VFs that existed are made again as they were. */
static int take_back(struct engine *en, const struct step *s, const struct before *b, unsigned now,
		     int r, struct err *e)
{
	struct err why = { 0 };

	if (now == s->from || r == -ETIMEDOUT)
		return r;
	if (inventory_refresh(en->inv, en->host, s->vf.pf, INVENTORY_ALL, &why) == 0 &&
	    snapshot_restore(en, s->vf.pf, &b->vfs, &why) == 0)
		return r;
	log_note(&en->host->log, "numvfs stays at %u: %s", now, why.cause);
	return err_status(e, r, EXIT_LEFT);
}

static int finish(struct engine *en, struct step *s, const struct before *b, struct numvfs_write *w,
		  struct err *e)
{
	unsigned now = s->from;
	struct err why = { 0 };
	int r = numvfs_finish(en->host, w, &now, e), refreshed;

	if (r < 0)
		r = take_back(en, s, b, now, r, e);
	/* A read behind a write that is stuck would hang as well. */
	if (r == -ETIMEDOUT)
		return r;
	refreshed = inventory_refresh(en->inv, en->host, s->vf.pf, INVENTORY_ALL, &why);
	if (r == 0 && refreshed < 0) {
		err_copy(e, &why);
		return err_at(e, err_status(e, refreshed, EXIT_LEFT), NULL, "numvfs");
	}
	return r;
}

/* All of them before the first write: what waits in the kernel cannot be taken back. */
static int refuse(struct engine *en, struct plan *p, size_t first, size_t last, size_t *ret_failed,
		  struct err *e)
{
	int r = 0;

	for (size_t i = first; r == 0 && i < last; i++) {
		r = unmake_refuse(en, p->v[i].vf.pf, p->v[i].to, e);
		if (r < 0) {
			p->v[i].outcome = OUTCOME_FAILED;
			*ret_failed = i;
		}
	}
	return r;
}

int numvfs_run(struct engine *en, struct plan *p, const struct before *before, size_t first,
	       size_t last, size_t *ret_failed, struct err *e)
{
	struct numvfs_write *w;
	char object[VF_LABEL_MAX];
	int r, one;

	*ret_failed = first;
	r = refuse(en, p, first, last, ret_failed, e);
	if (r < 0)
		return r;
	w = calloc(last - first, sizeof(*w));
	if (!w)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = first; i < last; i++)
		numvfs_start(en->host, p->v[i].vf.pf, p->v[i].to, &w[i - first]);
	for (size_t i = first; i < last; i++) {
		struct err why = { 0 };

		one = finish(en, &p->v[i], &before[i], &w[i - first], &why);
		p->v[i].outcome = one < 0 ? OUTCOME_FAILED : OUTCOME_DONE;
		if (one < 0 && r == 0) {
			*ret_failed = i;
			err_copy(e, &why);
			r = one;
		} else if (one < 0) {
			log_note(&en->host->log, "%s: %s", step_object(object, &p->v[i]),
				 why.cause);
			if (why.status == EXIT_LEFT)
				err_status(e, r, EXIT_LEFT);
		}
	}
	free(w);
	return r;
}

int numvfs_undo(struct engine *en, const struct step *s, const struct before *b, struct err *e)
{
	return snapshot_restore(en, s->vf.pf, &b->vfs, e);
}
