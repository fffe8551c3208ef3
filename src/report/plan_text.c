// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/plan_report.h"

#include <stdlib.h>

#include "base/text.h"
#include "engine/plan/interrupts.h"

int plan_report_text(const struct plan_report *p, FILE *out)
{
	const struct plan *plan = p->plan;
	size_t n_interrupts = 0;
	bool interrupts;

	for (size_t i = 0; i < plan->n; i++) {
		_cleanup_free_ char *line = step_line(&plan->v[i]);

		if (!line)
			return -ENOMEM;
		interrupts = step_interrupts(p->host, &plan->v[i]);
		n_interrupts += interrupts;
		text_line(out, "%c%2zu %s", interrupts ? '!' : ' ', i + 1, line);
	}
	if (plan->n)
		fprintf(out, "%zu step%s", plan->n, plan->n == 1 ? "" : "s");
	else
		fputs("nothing to do", out);
	if (n_interrupts)
		fprintf(out, "; %zu with ! interrupt%s what runs", n_interrupts,
			n_interrupts == 1 ? "s" : "");
	putc('\n', out);
	return 0;
}

size_t drift_text(const struct plan_report *p, FILE *out)
{
	char object[VF_LABEL_MAX];
	struct step_change c;
	size_t n = 0;

	for (size_t i = 0; i < p->plan->n; i++) {
		const struct step *s = &p->plan->v[i];

		if (!plan_drift(p->plan, i, &c))
			continue;
		n++;
		step_object(object, s);
		if (!step_is_about_pf(s) && vf_of(s->vf)->state == VF_ABSENT)
			text_line(out, "%s: does not exist yet, wanted %s %s", object, c.property,
				  c.want);
		else
			text_line(out, "%s: %s is %s, wanted %s", object, c.property,
				  c.now[0] ? c.now : "not known", c.want);
	}
	return n;
}
