/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan takes from those who use it now: said first, and asked. */
#ifndef VFY_CLI_CONFIRM_H
#define VFY_CLI_CONFIRM_H

#include "cli/cli.h"
#include "engine/plan/step.h"

/**
 * confirm_text - a line for each running domain that loses devices, and for each PF whose VFs are
 *		  unmade while their network devices are up on the host
 *
 * Returns how many lines; the text is empty for none.
 */
size_t confirm_text(const struct host *h, const struct plan *p, FILE *out);

/**
 * confirm_plan - may it be run?
 *
 * What interrupts nobody may. Else --yes says so, a terminal is asked after the lines have been
 * shown there, and everybody else is refused. Returns 0, or -ECANCELED (EXIT_REFUSED).
 */
int confirm_plan(const struct cli *cli, const struct plan *p, struct err *e);

#endif
