// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/session/apply.h"
#include "engine/session/trial.h"
#include "topology/only.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/deadline.h"
#include "host/net/carrier.h"
#include "host/inventory/pf_driver.h"
#include "engine/check/check.h"
#include "engine/plan/plan_load.h"

#define LOOK_AGAIN_MS 200u

/* Returns the attributes that a topology gives to VFs of this PF; *ret_limited tells whether a rate
 * other than 0 is among them. */
static unsigned attrs_given(const struct topology *t, size_t pf, bool *ret_limited)
{
	unsigned given = 0;

	*ret_limited = false;
	for (size_t i = 0; i < t->n_vfs; i++) {
		const struct vf_attrs *a = &t->vfs[i].attrs;

		if (t->vfs[i].range.pf != pf)
			continue;
		given |= a->given;
		*ret_limited |= ((a->given & VF_ATTR_MIN_TX_RATE) && a->min_tx_rate) ||
				((a->given & VF_ATTR_MAX_TX_RATE) && a->max_tx_rate);
	}
	return given;
}

/* Attributes go through the netdev, which appears after the driver; some drivers need it up for
 * rates, and during boot others bring it up. */
static bool is_pf_ready(const struct session *s, size_t i)
{
	const struct pf *pf = s->bound.pfs[i];
	bool limited;
	unsigned given = attrs_given(s->topo, i, &limited) & ~(unsigned)VF_ATTR_DRIVER;

	if (!pf || (s->topo->pfs[i].has_numvfs && !pf->driver))
		return false;
	if (s->topo->pfs[i].up && !pf->netdev && !pf_driver_has(pf, PF_LATE_NETDEV))
		return false;
	/* Others bring it up. */
	if (!s->topo->pfs[i].up && s->topo->pfs[i].has_numvfs &&
	    s->topo->pfs[i].numvfs != pf->numvfs && pf_driver_has(pf, PF_NEEDS_UP) &&
	    pf_is_up(&s->host, pf) != 1)
		return false;
	if (!given)
		return true;
	return pf->netdev && (!limited || !netdev_rates_need_link(pf->driver) ||
			      netdev_link(&s->host, pf->netdev) != LINK_DOWN);
}

static bool is_ready(const struct session *s)
{
	for (size_t i = 0; i < s->topo->n_pfs; i++)
		if (!is_pf_ready(s, i))
			return false;
	return true;
}

int apply_wait(struct session *s, unsigned wait_ms, struct err *e)
{
	struct deadline until = deadline_in(wait_ms);
	unsigned left;
	int r;

	do {
		r = session_read_pfs(s, 0, e);
		left = deadline_left_ms(&until);
		if (r < 0 || is_ready(s) || !left)
			return r;
		poll(NULL, 0, (int)(left < LOOK_AGAIN_MS ? left : LOOK_AGAIN_MS));
	} while (true);
}

/* Which entry of the topology is about the PF, as it is now. */
static bool find_entry(const struct session *s, const char *word, size_t *ret)
{
	struct pf *pf = NULL;

	if (operand_find_pf(&s->host, s->inv, NULL, word, &pf, NULL) < 0)
		return false;
	for (*ret = 0; *ret < s->topo->n_pfs; ++*ret)
		if (s->bound.pfs[*ret] == pf)
			return true;
	return false;
}

int apply_only(struct session *s, const char *pf, unsigned wait_ms, struct err *e)
{
	struct deadline until = deadline_in(wait_ms);
	size_t at = 0;
	unsigned left;
	int r = session_topology(s, true, e);

	/* Its network device, which may say which one it is, comes after its driver. */
	while (r == 0) {
		r = session_read_pfs(s, INVENTORY_NETDEV, e);
		left = deadline_left_ms(&until);
		if (r < 0 || find_entry(s, pf, &at) || !left)
			break;
		poll(NULL, 0, (int)(left < LOOK_AGAIN_MS ? left : LOOK_AGAIN_MS));
	}
	if (r < 0 || !find_entry(s, pf, &at))
		return r;
	session_forget_pfs(s);
	topology_only(s->topo, at);
	return 1;
}

/* Only root can read the memory; whoever only looks can do without it. */
static void try_store(struct session *s)
{
	struct err why = { 0 };

	if (session_state(s, &why) < 0)
		log_note(&s->host.log, "what devices were before is not known: %s", why.cause);
	session_cards(s);
}

static int look(struct apply *a, bool to_run, struct err *e)
{
	struct session *s = a->s;
	int r;

	if (to_run)
		return session_engine(s, &a->en, e);
	r = session_inventory(s, INVENTORY_ALL | INVENTORY_FUNCTIONS, e);
	if (r == 0)
		try_store(s);
	return r;
}

static bool has_all_pfs(const struct session *s)
{
	for (size_t i = 0; i < s->topo->n_pfs; i++)
		if (!s->bound.pfs[i])
			return false;
	return true;
}

static int make_plan(struct apply *a, bool no_attach, struct err *e)
{
	struct session *s = a->s;
	struct desired_source from = {
		.host = &s->host,
		.bound = &s->bound,
		.inv = s->inv,
		.ops = s->ops,
		.backend = s->inv->domains_unseen ? NULL : s->backend,
		.saved = s->saved,
	};
	int r = desired_read(&a->desired, &from, e);

	if (r < 0)
		return r;
	a->has_desired = true;
	a->desired.no_attach = no_attach;
	if (!no_attach)
		check_unread(&a->desired, &a->problems);
	for (size_t d = 0; d < s->topo->n_domains; d++)
		a->desired.domains[d].is_left |=
			problems_has_domain(&a->problems, s->topo->domains[d].name);
	r = plan_apply(&a->desired, &a->plan, e);
	/* check reports a module that cannot be loaded. */
	if (r == 0 && s->ops && load_check(&s->host, s->ops, NULL) == 0)
		r = load_plan(&s->host, s->ops, &a->plan, e);
	if (r < 0)
		return r;
	check_steps(&a->plan, &s->host, &a->problems);
	check_names(&a->plan, &a->desired, &s->host, &a->problems);
	check_defined(&a->desired, &a->problems);
	r = check_neighbours(&a->plan, &a->desired, s->ops, &a->problems, e);
	if (r == 0)
		r = check_guests(&a->plan, &a->desired, &s->host, &a->problems, e);
	problems_sort(&a->problems);
	return r;
}

int apply_open(struct apply *a, struct session *s, bool to_run, bool no_attach, struct err *e)
{
	int r = session_topology(s, true, e);

	a->s = s;
	s->host.leaves_guests = no_attach;
	if (r == 0)
		r = look(a, to_run, e);
	if (r == 0)
		r = check_host(&s->bound, &s->host, s->inv, s->saved, s->ops,
			       s->inv->domains_unseen ? NULL : s->backend, no_attach, &a->problems,
			       e);
	if (r == 0)
		r = trial_check(s, &a->problems, e);
	/* While a PF of the topology is missing, nothing is planned or applied. When something is
	 * refused already, there is no need for a plan to run; but one guest that cannot be asked
	 * does not stop it. */
	if (r < 0 || !has_all_pfs(s) || (to_run && problems_of_all(&a->problems)))
		return r;
	return make_plan(a, no_attach, e);
}

static void note_writers(const struct session *s)
{
	struct err note = { 0 };
	char line[sizeof(note)];

	if (topology_writers(s->topo, &note))
		log_note(&s->host.log, "%s", err_format(&note, line, sizeof(line)));
}

int apply_prepare(struct apply *a, struct session *s, unsigned wait_ms, bool no_attach,
		  struct err *e)
{
	int r = wait_ms ? session_topology(s, true, e) : 0;

	if (r == 0 && wait_ms)
		r = apply_wait(s, wait_ms, e);
	if (r == 0)
		r = apply_open(a, s, true, no_attach, e);
	if (r == 0)
		note_writers(s);
	return r;
}

int apply_refused(const struct problems *all, struct err *e)
{
	if (!all->n_errors)
		return 0;
	if (problems_of_all(all))
		err_refuse(e, EBUSY, "%zu problem%s, so nothing was changed", all->n_errors,
			   all->n_errors == 1 ? "" : "s");
	else
		err_refuse(e, EBUSY,
			   "%zu problem%s of domains that cannot be asked: they get nothing, and "
			   "everything else goes on",
			   all->n_errors, all->n_errors == 1 ? "" : "s");
	err_fix(e, -EBUSY, "%s",
		all->is_typed ? "cure what is said of it, and run it again"
			      : "fix what vfyard check lists");
	return err_at(e, -EBUSY, all->file, NULL);
}

int apply_unseen(const struct apply *a, struct err *e)
{
	int r;

	if (apply_sees_all(a))
		return 0;
	r = err_copy(e, &a->s->unseen);
	err_status(e, r, EXIT_FAILED);
	return err_at(e, r ? r : -EIO, "host", "look at its domains");
}

int apply_run(struct apply *a, struct err *e)
{
	return engine_run(&a->en, &a->plan, e);
}

void apply_done(struct apply *a)
{
	plan_done(&a->plan);
	if (a->has_desired)
		desired_done(&a->desired, a->s->ops);
	problems_done(&a->problems);
	if (a->after)
		apply_done(a->after);
	free(a->after);
	inventory_free(a->inv);
	binding_done(&a->bound);
	*a = (struct apply){ 0 };
}
