// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/steps.h"

#include <string.h>

static const char *const names[] = {
	[STEP_ASSIGN] = "assign", [STEP_RELEASE] = "release", [STEP_GIVE_BACK] = "give back",
	[STEP_ATTACH] = "attach", [STEP_DETACH] = "detach",
};

const char *step_name(enum step_kind k)
{
	return names[k];
}

int plan_add(struct plan *p, const struct step *s, struct err *e)
{
	if (p->n == p->allocated) {
		size_t want = p->allocated ? 2 * p->allocated : 16;
		struct step *v = reallocarray(p->v, want, sizeof(*v));

		if (!v)
			return err_set(e, ENOMEM, "out of memory");
		p->v = v;
		p->allocated = want;
	}
	p->v[p->n++] = *s;
	return 0;
}

void plan_done(struct plan *p)
{
	free(p->v);
	*p = (struct plan){ 0 };
}

static void print_driver(const char *driver, FILE *out)
{
	if (driver && *driver)
		fprintf(out, "driver %s", driver);
	else
		fputs("no driver", out);
}

static void print_detail(const struct step *s, FILE *out)
{
	switch (s->kind) {
	case STEP_ASSIGN:
		print_driver(vf_of(s->vf)->driver, out);
		if (s->options.name[0])
			fprintf(out, ", name %s", s->options.name);
		break;
	case STEP_RELEASE:
		print_driver(vf_of(s->vf)->driver, out);
		break;
	case STEP_GIVE_BACK:
		print_driver(s->original->driver, out);
		if (s->original->driver_override[0])
			fprintf(out, ", driver_override %s", s->original->driver_override);
		break;
	case STEP_ATTACH:
		fprintf(out, "domain %s", s->domain->name);
		dev_options_print(&s->options, out);
		break;
	case STEP_DETACH:
		fprintf(out, "domain %s%s", s->domain->name, s->force ? ", by force" : "");
		break;
	}
	if (s->why)
		fprintf(out, " (%s)", s->why);
}

char *step_line(const struct step *s)
{
	char label[VF_LABEL_MAX], *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s %s: ", step_name(s->kind), vf_label(label, s->vf));
	print_detail(s, out);
	if (fclose(out) == 0)
		return line;
	free(line);
	return NULL;
}

void plan_print(const struct plan *p, FILE *out)
{
	for (size_t i = 0; i < p->n; i++) {
		_cleanup_free_ char *line = step_line(&p->v[i]);

		fprintf(out, "%s\n", line ? line : step_name(p->v[i].kind));
	}
}
