// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/doctor_report.h"

#include <string.h>

#include "base/text.h"
#include "report/json_text.h"

static void put_level(enum finding_level level, bool colors, FILE *out)
{
	static const char *const sgr[] = { "32", "33", "1;31" };
	const char *name = finding_level_name(level);

	int pad = (int)(9 - strlen(name));

	if (colors)
		fprintf(out, "  \033[%sm%s\033[0m%*s", sgr[level], name, pad, "");
	else
		fprintf(out, "  %s%*s", name, pad, "");
}

static size_t object_width(const struct findings *f)
{
	size_t width = 0;

	for (size_t i = 0; i < f->n; i++) {
		size_t n = text_width(f->v[i].object);

		if (n > width && n <= 24)
			width = n;
	}
	return width;
}

static void put_finding(const struct finding *x, size_t width, bool colors, FILE *out)
{
	put_level(x->level, colors, out);
	text_cell(out, width, x->object);
	text_line(out, "  %s", x->text);
	if (x->fix[0])
		text_line(out, "%*s%s: %s", 11, "", x->level == FINDING_OK ? "next" : "cure",
			  x->fix);
}

static void put_end(const struct doctor_report *d, FILE *out)
{
	const struct findings *f = &d->found;

	if (!f->n_problems) {
		text_line(out, "Nothing blocks%s.",
			  d->is_of_host && !strcmp(d->hypervisor, "none") ? " that was looked at"
									  : "");
		return;
	}
	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i].level != FINDING_PROBLEM)
			continue;
		text_line(out, "%zu problem%s. Begin with the first: %s, %s.", f->n_problems,
			  f->n_problems == 1 ? "" : "s", f->v[i].area, f->v[i].object);
		return;
	}
}

void doctor_text(const struct doctor_report *d, bool colors, bool is_brief, FILE *out)
{
	size_t width = object_width(&d->found);
	const char *area = "";

	for (size_t i = 0; i < d->found.n; i++) {
		const struct finding *x = &d->found.v[i];

		if (is_brief && x->level == FINDING_OK)
			continue;
		if (strcmp(area, x->area) != 0)
			text_line(out, "%s", x->area);
		area = x->area;
		put_finding(x, width, colors, out);
	}
	put_end(d, out);
}

static json_t *finding_json(const struct finding *x)
{
	return json_pack("{s:o, s:s, s:o, s:o, s:o}", "area", json_text(x->area), "severity",
			 finding_level_name(x->level), "object", json_text(x->object), "text",
			 json_text(x->text), "fix", json_text_or_null(x->fix));
}

json_t *doctor_json(const struct doctor_report *d)
{
	json_t *list = json_array();
	json_t *doc = json_pack("{s:i, s:s, s:I, s:o}", "version", 1, "hypervisor", d->hypervisor,
				"problems", (json_int_t)d->found.n_problems, "findings", list);

	for (size_t i = 0; doc && i < d->found.n; i++)
		if (json_array_append_new(list, finding_json(&d->found.v[i])) < 0) {
			json_decref(doc);
			return NULL;
		}
	return doc;
}
