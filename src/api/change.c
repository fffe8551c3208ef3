// SPDX-License-Identifier: GPL-2.0-or-later
/* The calls that change the host or, with VFY_DRY_RUN, say how they would. */
#include "api/handle.h"

#include <stdlib.h>

#include "engine/plan/interrupts.h"
#include "engine/plan/plan_assign.h"
#include "engine/session/apply_look.h"
#include "engine/session/release.h"
#include "engine/session/set.h"
#include "report/apply_report.h"

static int may_change(struct vfy *v)
{
	int r = session_may_change(&v->s, &v->e);

	return r < 0 ? err_at(&v->e, r, "host", "change it") : 0;
}

static int begin(struct vfy *v)
{
	int r = handle_begin(v);

	return r < 0 ? r : may_change(v);
}

/* VFY_YES answers the question that the program would ask. */
static int confirm(struct vfy *v, const struct plan *p)
{
	_cleanup_free_ char *text = NULL;
	size_t n = 0;
	int r = v->s.dry_run ? 0 : interrupts_text(&v->s.host, p, &text, &n, &v->e);

	return r < 0 || !n ? r
			   : interrupts_decide(&v->s.host, text, n, v->o.flags & VFY_YES, &v->e);
}

/* Runs a change whose planning returned @r, and ends it. */
static int run(struct vfy *v, struct engine *en, struct change *c, int r, char **ret)
{
	struct plan_report p;

	if (r == 0 && !v->s.dry_run)
		r = engine_run(en, &c->plan, &v->e);
	if (r < 0 && v->opened == 0)
		session_tell_failure(&v->s, NULL, &v->e);
	p = change_report(&v->s, c);
	r = handle_give(v, v->opened < 0 ? NULL : outcome_json(&p, v->s.dry_run, r, &v->e), r, ret);
	change_done(c, v->s.ops);
	return r;
}

/* Runs an apply whose opening returned @r, and ends it. When domains could not be asked, everything
 * else may be done, but not all is done. */
static int run_apply(struct vfy *v, struct apply *a, int r, char **ret_json)
{
	struct err left = { 0 };
	struct plan_report p;

	if (r == 0 && apply_refused(&a->problems, &left) < 0 && problems_of_all(&a->problems))
		r = err_copy(&v->e, &left);
	if (r == 0)
		r = confirm(v, &a->plan);
	if (r == 0)
		r = apply_do(a, &v->e);
	if (r == 0 && left.cause[0])
		r = err_copy(&v->e, &left);
	if (r < 0 && v->opened == 0)
		session_tell_failure(&v->s, &a->problems, &v->e);
	p = plan_report_of(a);
	return handle_give(v, v->opened < 0 ? NULL : outcome_json(&p, v->s.dry_run, r, &v->e), r,
			   ret_json);
}

int vfy_apply(struct vfy *v, char **ret_json)
{
	_cleanup_(apply_done) struct apply a = { .s = &v->s };
	bool no_attach = v->o.flags & VFY_NO_ATTACH;
	int r = begin(v);

	if (r == 0)
		r = apply_prepare(&a, &v->s, v->o.wait_ms, no_attach, &v->e);
	return run_apply(v, &a, r, ret_json);
}

int vfy_set(struct vfy *v, const char *const *words, size_t n, char **ret_json)
{
	struct apply a = { .s = &v->s };
	int r = begin(v);

	if (r == 0)
		r = set_open(&a, &v->s, n, words, &v->e);
	r = run_apply(v, &a, r, ret_json);
	apply_done(&a);
	set_close(&v->s);
	return r;
}

int vfy_release(struct vfy *v, const char *const *devs, size_t n, char **ret_json)
{
	struct change c = { 0 };
	struct engine en;
	int r = begin(v);

	if (r == 0)
		r = release_open(&v->s, &en, n, devs, &c, &v->e);
	if (r == 0)
		r = confirm(v, &c.plan);
	return run(v, &en, &c, r, ret_json);
}

/* What the single steps share: the engine under the lock, and the devices. On a host without a
 * hypervisor every caller is told so. */
static int prepare(struct vfy *v, const char *const *devs, size_t n, struct engine *ret,
		   struct devlist *ret_devs)
{
	int r = handle_begin(v);

	if (r == 0)
		r = session_backend(&v->s, true, &v->e);
	if (r == 0)
		r = may_change(v);
	if (r == 0)
		r = session_engine(&v->s, ret, &v->e);
	return r < 0 ? r : session_devices(&v->s, (int)n, devs, ret_devs, &v->e);
}

int vfy_assignable_add(struct vfy *v, const char *const *devs, size_t n, const char *name)
{
	_cleanup_(devlist_done) struct devlist l = { 0 };
	struct change c = { 0 };
	struct engine en;
	int r = prepare(v, devs, n, &en, &l);

	if (r == 0)
		r = change_assign(&en, &l, name ? name : "", &c, &v->e);
	return run(v, &en, &c, r, NULL);
}

int vfy_assignable_remove(struct vfy *v, const char *const *devs, size_t n, int give_back)
{
	_cleanup_(devlist_done) struct devlist l = { 0 };
	struct change c = { 0 };
	struct engine en;
	int r = prepare(v, devs, n, &en, &l);

	if (r == 0)
		r = change_unassign(&en, &l, give_back, &c, &v->e);
	return run(v, &en, &c, r, NULL);
}

int vfy_attach(struct vfy *v, const char *domain, const char *const *devs, size_t n)
{
	_cleanup_(devlist_done) struct devlist l = { 0 };
	struct change c = { 0 };
	struct engine en;
	int r = prepare(v, devs, n, &en, &l);

	if (r == 0)
		r = change_attach(&en, domain, &l, &c, &v->e);
	return run(v, &en, &c, r, NULL);
}

int vfy_detach(struct vfy *v, const char *domain, const char *const *devs, size_t n, int force)
{
	_cleanup_(devlist_done) struct devlist l = { 0 };
	struct change c = { 0 };
	struct engine en;
	int r = prepare(v, devs, n, &en, &l);

	if (r == 0)
		r = change_detach(&en, domain, &l, force, &c, &v->e);
	return run(v, &en, &c, r, NULL);
}
