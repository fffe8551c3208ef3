/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What plan, status, apply and release print alike. */
#ifndef VFY_CLI_PLAN_COMMON_H
#define VFY_CLI_PLAN_COMMON_H

#include "cli/cli.h"
#include "engine/plan/change.h"
#include "engine/session/apply.h"
#include "report/apply_report.h"

/* Prints problems to standard error, and notes unless -q. Returns -EBUSY with EXIT_REFUSED when
 * there are errors, including those of one domain only (problems_of_domains()). */
int plan_problems(const struct cli *cli, const struct problems *all, struct err *e);

/* Ends a run, or a dry run, that ended with @r: prints one document with --json, which has the
 * failure, too; the steps with --dry-run; otherwise one line that says how much was done. Returns
 * @r, or the failure to print. */
int plan_outcome(struct cli *cli, const struct plan_report *p, int r, struct err *e);

/* Takes the operand FILE of check, plan, apply and status: it is a topology, as with -C. */
int take_file(struct cli *cli, int argc, char **argv, struct err *e);

/* For a command whose devices could not be resolved (@r): says so when the domain stands behind a
 * device. Returns @r. */
int domain_comes_first(struct cli *cli, const char *command, char **argv, int r, struct err *e);

/* The seconds of option -@letter, --@name, from @min on; 0 when it was not given. */
int cli_seconds(const struct cli *cli, char letter, const char *name, unsigned min, unsigned *ret,
		struct err *e);

/* What apply and set share: --confirm. */
int apply_tries(const struct cli *cli, struct apply *a, struct session *s, struct err *e);
#define CONFIRM_HELP "      --confirm SEC        undo it all unless vfyard confirm comes in time\n"

/* Ends an apply whose opening returned @r: says what is refused, asks, runs it, and ends as
 * plan_outcome(). When a domain could not be asked, everything else may be done, but not all is
 * done. */
int apply_outcome(struct cli *cli, struct apply *a, int r, struct err *e);

/* Runs a change whose planning returned @r, unless this is a dry run, and ends it as plan_outcome()
 * does. With @says_done false nothing is said about what is done without --json, as in xl. */
int change_outcome(struct cli *cli, struct engine *en, struct change *c, bool says_done, int r,
		   struct err *e);

#endif
