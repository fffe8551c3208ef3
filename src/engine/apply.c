// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/apply.h"

#include <poll.h>
#include <string.h>

#include "base/deadline.h"
#include "engine/check.h"

#define LOOK_AGAIN_MS 200u

/* Attributes of its VFs go through its netdev, which comes after the driver. */
static bool needs_netdev(const struct topology *t, size_t pf)
{
	for (size_t i = 0; i < t->n_vfs; i++)
		if (t->vfs[i].range.pf == pf && (t->vfs[i].attrs.given & ~(unsigned)VF_ATTR_DRIVER))
			return true;
	return false;
}

static bool is_ready(const struct session *s)
{
	for (size_t i = 0; i < s->topo->n_pfs; i++) {
		const struct pf *pf = s->topo_pfs[i];

		if (!pf || (s->topo->pfs[i].has_numvfs && !pf->driver) ||
		    (needs_netdev(s->topo, i) && !pf->netdev))
			return false;
	}
	return true;
}

int apply_wait(struct session *s, unsigned wait_ms, struct err *e)
{
	struct deadline until = deadline_in(wait_ms);
	unsigned left;
	int r;

	do {
		struct problems problems = { 0 };

		r = session_read_pfs(s, 0, &problems, e);
		problems_done(&problems);
		left = deadline_left_ms(&until);
		if (r < 0 || is_ready(s) || !left)
			return r;
		poll(NULL, 0, (int)(left < LOOK_AGAIN_MS ? left : LOOK_AGAIN_MS));
	} while (true);
}

/* The memory is root's; who only looks can do without. */
static void try_store(struct session *s)
{
	struct err why = { 0 };

	if (session_store(s, &why) < 0)
		log_note(&s->host.log, "what devices were before is not known: %s", why.cause);
}

static int look(struct apply *a, bool to_run, struct err *e)
{
	struct session *s = a->s;
	int r;

	if (to_run)
		return session_engine(s, &a->en, e);
	r = session_inventory(s, INVENTORY_ALL, e);
	if (r == 0)
		try_store(s);
	return r;
}

static bool has_all_pfs(const struct session *s)
{
	for (size_t i = 0; i < s->topo->n_pfs; i++)
		if (!s->topo_pfs[i])
			return false;
	return true;
}

static int make_plan(struct apply *a, bool no_attach, struct err *e)
{
	struct session *s = a->s;
	struct goal_source from = {
		.host = &s->host,
		.topo = s->topo,
		.pfs = s->topo_pfs,
		.inv = s->inv,
		.ops = s->ops,
		.backend = s->inv->domains_unseen ? NULL : s->backend,
		.store = s->store,
	};
	int r = goal_read(&a->goal, &from, e);

	if (r < 0)
		return r;
	a->has_goal = true;
	a->goal.no_attach = no_attach;
	r = goal_plan(&a->goal, &a->plan, e);
	if (r == 0)
		check_steps(&a->plan, &s->host, &a->problems);
	return r;
}

int apply_open(struct apply *a, struct session *s, bool to_run, bool no_attach, struct err *e)
{
	int r = session_topology(s, true, e);

	a->s = s;
	if (r == 0)
		r = look(a, to_run, e);
	if (r == 0)
		r = check_host(s->topo, &s->host, s->inv, s->ops,
			       s->inv->domains_unseen ? NULL : s->backend, &a->problems, e);
	/* Of a topology whose PFs are not all there no part is applied, and none planned; what is
	 * refused already needs no plan to run. */
	if (r < 0 || !has_all_pfs(s) || (to_run && a->problems.n_errors))
		return r;
	return make_plan(a, no_attach, e);
}

int apply_run(struct apply *a, struct err *e)
{
	return engine_run(&a->en, &a->plan, e);
}

void apply_done(struct apply *a)
{
	plan_done(&a->plan);
	if (a->has_goal)
		goal_done(&a->goal, a->s->ops);
	problems_done(&a->problems);
	*a = (struct apply){ 0 };
}
