/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What plan, status, apply and release print alike. */
#ifndef VFY_CLI_PLAN_COMMON_H
#define VFY_CLI_PLAN_COMMON_H

#include "cli/cli.h"
#include "engine/plan/change.h"
#include "engine/session/apply.h"
#include "report/apply_report.h"

/* Problems to standard error, notes unless -q; -EBUSY with EXIT_REFUSED when there are errors,
 * those of a domain only (problems_of_domains()) among them. */
int plan_problems(const struct cli *cli, const struct problems *all, struct err *e);

/* After a run, or a dry run, that ended with @r: one document with --json, which has the failure
 * too; the steps with --dry-run; else one line of how much was done. Returns @r, or the failure to
 * print. */
int plan_outcome(const struct cli *cli, const struct plan_report *p, int r, struct err *e);

/* Runs a change that was planned with @r, unless this is a dry run, and ends it. As plan_outcome();
 * @says_done false: of what is done nothing is said without --json, as xl does. */
int change_outcome(const struct cli *cli, struct engine *en, struct change *c, bool says_done,
		   int r, struct err *e);

#endif
