// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "engine/plan/interrupts.h"
#include "report/json_text.h"
#include "report/plan_report.h"
#include "report/problem_json.h"

/* Makes the address; null while it is not known. */
static json_t *bdf_json(const struct step *s)
{
	struct bdf b = step_is_about_pf(s) ? s->vf.pf->bdf : vf_of(s->vf)->bdf;
	char text[BDF_STRLEN];

	if (s->kind == STEP_LOAD)
		return json_null();
	return !step_is_about_pf(s) && !bdf_key(b) ? json_null() : json_string(bdf_str(text, b));
}

static json_t *index_json(const struct step *s)
{
	return step_is_about_pf(s) || vf_is_whole(s->vf) ? json_null() : json_integer(s->vf.index);
}

static json_t *pf_json(const struct step *s)
{
	char name[BDF_STRLEN];

	if (s->kind == STEP_LOAD || vf_is_whole(s->vf))
		return json_null();
	return json_text(pf_label(name, s->vf.pf));
}

static json_t *step_json(const struct plan_report *r, const struct plan *p, size_t i,
			 bool *ret_skip)
{
	const struct step *s = &p->v[i];
	struct step_change c;

	*ret_skip = false;
	step_change(s, &c);
	return json_pack("{s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o*, s:o*, s:s}", "step",
			 step_name(s->kind), "pf", pf_json(s), "index", index_json(s), "bdf",
			 bdf_json(s), "property", c.property, "from", json_text_or_null(c.now),
			 "to", json_text_or_null(c.want), "domain",
			 json_text_or_null(s->domain ? s->domain->name : NULL), "why",
			 json_text_or_null(s->why), "disruptive",
			 step_is_disruptive(s) ? json_true() : NULL, "interrupts",
			 step_interrupts(r->host, s) ? json_true() : NULL, "outcome",
			 step_outcome_name(s->outcome));
}

/* Returns NULL and sets *ret_skip when the step is no difference. */
static json_t *drift_one(const struct plan_report *r UNUSED, const struct plan *p, size_t i,
			 bool *ret_skip)
{
	const struct step *s = &p->v[i];
	char object[VF_LABEL_MAX];
	struct step_change c;

	*ret_skip = !plan_drift(p, i, &c);
	if (*ret_skip)
		return NULL;
	step_object(object, s);
	object[strcspn(object, " ")] = '\0';
	return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "object", json_text(object), "pf",
			 pf_json(s), "index", index_json(s), "bdf", bdf_json(s), "property",
			 c.property, "is", json_text_or_null(c.now), "wanted",
			 json_text_or_null(c.want));
}

static json_t *list_json(const struct plan_report *r, const struct plan *p,
			 json_t *(*one)(const struct plan_report *r, const struct plan *p, size_t i,
					bool *ret_skip))
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < p->n; i++) {
		bool skip;
		json_t *item = one(r, p, i, &skip);

		if (!skip && json_array_append_new(list, item) < 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static bool in_sync(const struct plan_report *p)
{
	return !(p->left ? p->left : p->plan)->n && !(p->problems && p->problems->n_errors) &&
	       !p->domains_unseen;
}

static json_t *document(const struct plan_report *p, const char *key, json_t *list)
{
	json_t *doc = json_pack("{s:i, s:s, s:b, s:o, s:o}", "version", 1, "hypervisor",
				p->hypervisor, "in_sync", in_sync(p), key, list, "problems",
				p->problems ? problems_json(p->problems, p->topo) : json_array());

	if (doc && p->domains_unseen &&
	    json_object_set_new(doc, "unseen", json_pack("[s]", "domain")) < 0) {
		json_decref(doc);
		return NULL;
	}
	return doc;
}

json_t *plan_json(const struct plan_report *p)
{
	return document(p, "steps", list_json(p, p->plan, step_json));
}

json_t *drift_json(const struct plan_report *p)
{
	return document(p, "drift", list_json(p, p->plan, drift_one));
}

static const char *result_of(const struct plan_report *p, int r, const struct err *e)
{
	if (r >= 0)
		return "done";
	if (p->left)
		return "differs";
	return e->status == EXIT_LEFT ? "left" : "failed";
}

json_t *run_json(const struct plan_report *p, int r, const struct err *e)
{
	json_t *doc = plan_json(p);

	if (doc && (json_object_set_new(doc, "result", json_string(result_of(p, r, e))) < 0 ||
		    json_object_set_new(doc, "error", r < 0 ? error_json(e) : json_null()) < 0 ||
		    (p->left &&
		     json_object_set_new(doc, "drift", list_json(p, p->left, drift_one)) < 0))) {
		json_decref(doc);
		return NULL;
	}
	return doc;
}
