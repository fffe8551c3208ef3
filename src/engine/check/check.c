// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/check/check.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/check/check_parts.h"
#include "engine/plan/plan_load.h"

struct err *check_error(struct check *c, struct loc loc, const char *object, const char *fmt, ...)
{
	char cause[sizeof(((struct err *)0)->cause)];
	struct err *e;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(cause, sizeof(cause), fmt, ap);
	va_end(ap);
	e = problem_error(c->problems, loc, "%s", cause);
	err_status(e, 0, EXIT_REFUSED);
	err_step(e, "%s", object);
	return e;
}

struct err *check_note(struct check *c, struct loc loc, const char *object, const char *fmt, ...)
{
	char cause[sizeof(((struct err *)0)->cause)];
	struct err *e;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(cause, sizeof(cause), fmt, ap);
	va_end(ap);
	e = problem_note(c->problems, loc, "%s", cause);
	err_step(e, "note: %s", object);
	return e;
}

void check_refusal(struct check *c, struct loc loc, const char *object, const struct err *why)
{
	struct err *e = check_error(c, loc, object, "%s", why->cause);

	if (why->fix[0])
		err_fix(e, 0, "%s", why->fix);
}

void check_unasked(struct check *c, const struct topo_domain *d, const struct err *why)
{
	size_t n = c->problems->n;

	check_refusal(c, d->loc, d->name, why);
	if (c->problems->n > n)
		c->problems->v[n].domain = d->name;
}

/* Where a refusal becomes a problem. */
struct check_place {
	struct check *check;
	struct loc loc;
	const char *object;
};

static void say_taken(void *arg, const struct err *why)
{
	const struct check_place *at = arg;

	check_refusal(at->check, at->loc, at->object, why);
}

struct refuse check_asks(const struct check *c)
{
	return (struct refuse){ c->host, c->ops, c->backend, &c->takes };
}

void check_take(struct check *c, struct loc loc, const char *object, struct vf_ref vf)
{
	const struct refuse ask = check_asks(c);
	struct check_place at = { c, loc, object };

	refuse_take_each(&ask, vf, say_taken, &at);
}

unsigned check_numvfs(const struct check *c, size_t pf)
{
	return topology_numvfs(&c->topo->pfs[pf], c->pfs[pf]);
}

struct vf *check_vf_now(const struct check *c, size_t pf, unsigned index)
{
	const struct pf *have = c->pfs[pf];

	if (!have || index >= have->n_vfs || have->vfs[index].state == VF_ABSENT)
		return NULL;
	return &have->vfs[index];
}

#define WHOLE_FILE ((struct loc){ 0, 0 })

/* Names the hypervisor that the topology wants, or else the likeliest one; a third one that is not
 * there is no problem. */
static void no_hypervisor(struct check *c, const char *want)
{
	const struct hypervisor *hv;
	struct err why = { 0 };
	const char *name = want ? NULL : backend_why_none(c->host, &why);

	if (want && hypervisor_find(&hv, c->host, want, &why) < 0)
		name = want;
	if (name)
		check_refusal(c, WHOLE_FILE, name, &why);
	else
		check_error(c, WHOLE_FILE, want ? want : "host",
			    "this build has no support for the hypervisor");
}

/* Says who may see the domains, and from where. */
static void domains_unseen(struct check *c)
{
	bool is_tree = root_is_tree(&c->host->root);
	struct err *e =
		check_note(c, WHOLE_FILE, "host",
			   "vfyard cannot see what domains hold and how much they can take%s",
			   is_tree ? " below --root" : "");

	if (!is_tree && geteuid() != 0)
		err_fix(e, 0, "run it as root");
}

/* Tells whether anything is to be made assignable. */
static bool needs_driver(const struct topology *t)
{
	for (size_t i = 0; i < t->n_domains; i++)
		if (t->domains[i].n_devs)
			return true;
	for (size_t i = 0; i < t->n_vfs; i++)
		if ((t->vfs[i].attrs.given & VF_ATTR_DRIVER) &&
		    t->vfs[i].attrs.driver == VF_DRIVER_ASSIGN)
			return true;
	return false;
}

/* Checks what binds devices when the host boots. *ret tells whether that has errors. */
static int check_boot(struct check *c, bool *ret, struct err *e)
{
	struct problems found = { 0 };
	int r = c->ops->boot ? c->ops->boot(c->host, c->topo, c->pfs, &found, e) : 0;

	for (size_t i = 0; i < found.n && r == 0; i++) {
		const struct problem *p = &found.v[i];

		if (!p->is_note)
			check_refusal(c, p->loc, c->ops->name, &p->err);
		else
			err_fix(check_note(c, p->loc, c->ops->name, "%s", p->err.cause), 0, "%s",
				p->err.fix);
	}
	*ret = found.n_errors > 0;
	problems_done(&found);
	return r;
}

int check_hypervisor(struct check *c, struct err *e)
{
	const char *want = topology_hypervisor_name(c->topo);
	const struct refuse ask = check_asks(c);
	struct err why = { 0 };
	bool is_bad;
	int r;

	if (!c->ops) {
		no_hypervisor(c, want);
		return 0;
	}
	if (want && strcmp(want, c->ops->name) != 0) {
		struct err *p = check_error(c, WHOLE_FILE, "hypervisor",
					    "the topology is for %s, but this host runs %s", want,
					    c->ops->name);

		err_fix(p, 0, "write hypervisor = \"auto\" or \"%s\"", c->ops->name);
	}
	if (needs_driver(c->topo) && load_check(c->host, c->ops, &why) < 0)
		check_refusal(c, WHOLE_FILE, c->ops->name, &why);
	r = check_boot(c, &is_bad, e);
	if (r < 0)
		return r;
	why = (struct err){ 0 };
	if (is_bad)
		return 0;
	if (!c->backend)
		domains_unseen(c);
	if (refuse_host(&ask, &why) < 0)
		check_refusal(c, WHOLE_FILE, c->ops->name, &why);
	return 0;
}

/* All that the topology takes from the host: driver=assign, and what domains get. With driver=keep
 * it stays where it is. */
static int find_takes(struct check *c, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < c->topo->n_domains; i++) {
		const struct wanted *w = &c->wanted[i];

		for (size_t k = 0; r == 0 && k < w->n; k++) {
			const struct vf *vf = check_vf_now(c, w->v[k].pf, w->v[k].index);
			struct vf_attrs a = topology_attrs(c->topo, w->v[k].pf, w->v[k].index);

			if (vf_attrs_driver_is(&a, VF_DRIVER_KEEP))
				continue;
			r = vf ? takes_add(&c->takes, vf->bdf, e) : 0;
		}
	}
	for (size_t i = 0; r == 0 && i < c->topo->n_vfs; i++) {
		const struct topo_vf *line = &c->topo->vfs[i];
		unsigned end = wanted_end(c->topo, c->pfs, &line->range);

		if (!vf_attrs_driver_is(&line->attrs, VF_DRIVER_ASSIGN))
			continue;
		for (unsigned k = line->range.all ? 0 : line->range.first; r == 0 && k < end; k++) {
			const struct vf *vf = check_vf_now(c, line->range.pf, k);

			r = vf ? takes_add(&c->takes, vf->bdf, e) : 0;
		}
	}
	takes_sort(&c->takes);
	return r;
}

/* VFs that are yet to be made get entries, too, because of some it is known what becomes of
 * them. */
static int look_ahead(struct check *c, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < c->topo->n_pfs; i++)
		if (c->pfs[i])
			r = inventory_expect(c->pfs[i], check_numvfs(c, i), e);
	return r < 0 ? r : find_takes(c, e);
}

int check_host(const struct binding *bound, const struct host *h, struct inventory *inv,
	       const struct state *saved, const struct backend_ops *ops, struct backend *b,
	       bool no_attach, struct problems *problems, struct err *e)
{
	static int (*const parts[])(struct check *, struct err *) = {
		check_hypervisor, check_pfs,	check_vfs,	check_macs,
		check_domains,	  check_groups, check_attached,
	};
	struct check c = { .topo = bound->topo,
			   .host = h,
			   .inv = inv,
			   .saved = saved,
			   .ops = ops,
			   .backend = b,
			   .problems = problems,
			   .pfs = bound->pfs,
			   .wanted = bound->wanted,
			   .no_attach = no_attach };
	int r;

	problems->file = bound->topo->file;
	problems->is_typed = bound->topo->is_made;
	if (problems_append(problems, &bound->problems) < 0)
		return err_set(e, ENOMEM, "out of memory");
	r = look_ahead(&c, e);
	for (size_t i = 0; i < ARRAY_SIZE(parts) && r == 0; i++)
		r = parts[i](&c, e);
	problems_sort(problems);
	takes_done(&c.takes);
	return r;
}
