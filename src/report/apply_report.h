/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reports of plan, status, apply, release and the single steps; each is made in one way
 * only. */
#ifndef VFY_REPORT_APPLY_REPORT_H
#define VFY_REPORT_APPLY_REPORT_H

#include "engine/plan/change.h"
#include "engine/session/apply.h"
#include "report/plan_report.h"

/* Makes the report of an apply_open(), also of one that failed; the errors of a topology that could
 * not be read are its problems. */
struct plan_report plan_report_of(const struct apply *a);

/* Makes the report of a change that is not an apply. */
struct plan_report change_report(const struct session *s, const struct change *c);

/* Makes the document of a run, or a dry run, that ended with @r: plan_json() for a dry run that
 * went well, otherwise run_json(). */
json_t *outcome_json(const struct plan_report *p, bool dry_run, int r, const struct err *e);

/* Makes drift_json() with "also_held" (also_held.h). Returns NULL when out of memory. */
json_t *status_json(const struct apply *a);

#endif
