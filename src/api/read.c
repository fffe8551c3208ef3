// SPDX-License-Identifier: GPL-2.0-or-later
/* The calls that change nothing. */
#include "api/handle.h"

#include <stdlib.h>
#include <string.h>

#include "report/apply_report.h"
#include "report/assignable.h"
#include "report/also_held.h"
#include "report/attached.h"
#include "report/check_report.h"
#include "report/doctor_report.h"
#include "report/list.h"
#include "report/render_host.h"

/* Makes the whole listing, without a json_t, because a listing of 4,096 VFs is printed as it
 * goes. */
static int list_text_of(const struct inventory *inv, char **ret, struct err *e)
{
	_cleanup_free_ bool *shown = malloc(inv->n_pfs + 1);
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	FILE *out = shown ? open_memstream(&text, &len) : NULL;
	int r;

	if (!out)
		return err_set(e, ENOMEM, "out of memory");
	memset(shown, true, inv->n_pfs);
	r = list_json(&(struct listing){ inv, shown, NULL, false }, out);
	if (memstream_close(out, &text) < 0 && r == 0)
		r = -ENOMEM;
	if (r < 0)
		return err_set(e, -r, "%s", strerror(-r));
	*ret = STEAL(text);
	return 0;
}

int vfy_list(struct vfy *v, char **ret_json)
{
	int r = handle_begin(v);

	if (r == 0)
		r = session_inventory(&v->s, INVENTORY_ALL, &v->e);
	if (r == 0)
		r = list_text_of(v->s.inv, &v->document, &v->e);
	if (r < 0)
		return handle_end(v, NULL, r);
	*ret_json = strdup(v->document);
	return *ret_json ? handle_done(v, 0) : err_set(&v->e, ENOMEM, "out of memory");
}

static int take_render_options(struct render_options *ret, const struct vfy_render_options *o,
			       struct err *e)
{
	struct vfy_render_options given = { 0 };
	int r;

	if (o)
		memcpy(&given, o, o->size < sizeof(given) ? o->size : sizeof(given));
	*ret = (struct render_options){ .compact = given.flags & VFY_RENDER_COMPACT,
					.hostdev = given.flags & VFY_RENDER_HOSTDEV,
					.with_machine = given.flags & VFY_RENDER_MACHINE,
					.has_reserve = given.flags & VFY_RENDER_RESERVE,
					.cpu = given.cpu,
					.reserve = given.reserve };
	if (!ret->has_reserve || given.reserve < 32)
		return 0;
	r = err_usage(e, "reserve %u is not a number of slots", given.reserve);
	return err_fix(e, r, "give a number from 0 to 31");
}

int vfy_render_with(struct vfy *v, const char *format, const char *domain,
		    const struct vfy_render_options *o, char **ret_text)
{
	struct render_options options;
	int r = handle_begin(v);

	if (r == 0)
		r = take_render_options(&options, o, &v->e);
	if (r == 0)
		r = render_host(&v->s, format, domain, &options, ret_text, &v->e);
	return r < 0 ? handle_end(v, NULL, r) : handle_done(v, r);
}

int vfy_render(struct vfy *v, const char *format, const char *domain, char **ret_text)
{
	return vfy_render_with(v, format, domain, NULL, ret_text);
}

int vfy_check(struct vfy *v, char **ret_json)
{
	_cleanup_(check_report_done) struct check_report c = { 0 };
	json_t *doc = NULL;
	int r = handle_begin(v);

	if (r == 0) {
		r = check_report_make(&v->s, &c, &v->e);
		doc = c.problems ? check_json(c.problems, c.topo) : NULL;
	}
	return handle_give(v, doc, r, ret_json);
}

int vfy_doctor(struct vfy *v, const char *const *words, size_t n, char **ret_json)
{
	_cleanup_(doctor_report_done) struct doctor_report d = { 0 };
	json_t *doc = NULL;
	int r = handle_begin(v);

	if (r == 0) {
		r = doctor_report_make(&v->s, (int)n, words, &d, &v->e);
		doc = d.found.n ? doctor_json(&d) : NULL;
	}
	return handle_give(v, doc, r, ret_json);
}

int vfy_plan(struct vfy *v, char **ret_json)
{
	_cleanup_(apply_done) struct apply a = { .s = &v->s };
	bool no_attach = v->o.flags & VFY_NO_ATTACH;
	json_t *doc = NULL;
	int r = handle_begin(v);

	if (r == 0)
		r = apply_open(&a, &v->s, false, no_attach, &v->e);
	if (r == 0) {
		struct plan_report p = plan_report_of(&a);

		doc = plan_json(&p);
		r = apply_refused(&a.problems, &v->e);
	}
	if (r == 0)
		r = apply_unseen(&a, &v->e);
	if (r == 0 && a.plan.n)
		err_status(&v->e, 0, EXIT_PENDING);
	return handle_give(v, doc, r, ret_json);
}

int vfy_status(struct vfy *v, char **ret_json)
{
	_cleanup_(apply_done) struct apply a = { .s = &v->s };
	json_t *doc = NULL;
	int r = handle_begin(v);

	if (r == 0)
		r = apply_open(&a, &v->s, false, false, &v->e);
	if (r == 0) {
		doc = status_json(&a);
		also_held_note(&a);
		r = apply_unseen(&a, &v->e);
	}
	if (r == 0)
		err_status(&v->e, 0, apply_in_sync(&a) ? EXIT_DONE : EXIT_PENDING);
	return handle_give(v, doc, r, ret_json);
}

int vfy_attached(struct vfy *v, const char *domain, char **ret_json)
{
	_cleanup_(attached_done) struct attached l = { 0 };
	json_t *doc = NULL;
	int r = handle_begin(v);

	if (r == 0)
		r = attached_read(&v->s, domain, &l, &v->e);
	if (r == 0)
		doc = attached_json(&l);
	return handle_give(v, doc, r, ret_json);
}

int vfy_assignable(struct vfy *v, char **ret_json)
{
	json_t *doc = NULL;
	int r = handle_begin(v);

	if (r == 0)
		r = assignable_look(&v->s, true, &v->e);
	if (r == 0)
		doc = assignable_json(&v->s);
	return handle_give(v, doc, r, ret_json);
}
