// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/plan_report.h"

#include <stdlib.h>

#include "base/text.h"

int plan_report_text(const struct plan_report *p, FILE *out)
{
	const struct plan *plan = p->plan;

	for (size_t i = 0; i < plan->n; i++) {
		_cleanup_free_ char *line = step_line(&plan->v[i]);

		if (!line)
			return -ENOMEM;
		text_line(out, "%3zu %s", i + 1, line);
	}
	if (plan->n)
		fprintf(out, "%zu step%s\n", plan->n, plan->n == 1 ? "" : "s");
	else
		fputs("nothing to do\n", out);
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
