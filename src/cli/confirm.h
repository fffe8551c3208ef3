/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan takes from those who use it now: said first, and asked. */
#ifndef VFY_CLI_CONFIRM_H
#define VFY_CLI_CONFIRM_H

#include "cli/cli.h"
#include "engine/plan/interrupts.h"

/**
 * confirm_plan - may it be run?
 *
 * What interrupts nobody may. Else --yes says so, a terminal is asked after the lines have been
 * shown there, and everybody else is refused. Returns 0, or -ECANCELED (EXIT_REFUSED).
 */
int confirm_plan(const struct cli *cli, const struct plan *p, struct err *e);

#endif
