/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows what a plan takes away from those who use it now, and asks. */
#ifndef VFY_CLI_CONFIRM_H
#define VFY_CLI_CONFIRM_H

#include "cli/cli.h"
#include "engine/plan/interrupts.h"

/**
 * confirm_plan - tell whether the plan may run
 *
 * A plan that interrupts nobody may run. Otherwise it may with --yes; on a terminal the user is
 * asked after the lines have been shown; without a terminal it is refused. Returns 0, or -ECANCELED
 * (EXIT_REFUSED).
 */
int confirm_plan(const struct cli *cli, const struct plan *p, struct err *e);

#endif
