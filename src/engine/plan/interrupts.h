/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan takes from those who use it now. */
#ifndef VFY_ENGINE_PLAN_INTERRUPTS_H
#define VFY_ENGINE_PLAN_INTERRUPTS_H

#include "engine/plan/step.h"
#include "host/host.h"

/**
 * confirm_text - a line for each running domain that loses devices, and for each PF whose VFs are
 *		  unmade while their network devices are up on the host
 *
 * Returns how many lines; the text is empty for none.
 */
size_t confirm_text(const struct host *h, const struct plan *p, FILE *out);

/* The same as a text that is free()d; *ret_n: lines of it. */
int interrupts_text(const struct host *h, const struct plan *p, char **ret, size_t *ret_n,
		    struct err *e);

/* Where nobody can be asked: with @is_meant each line is a note, and 0; else they are refused,
 * -ECANCELED (EXIT_REFUSED). @text has @n lines, at least one. */
int interrupts_decide(const struct host *h, const char *text, size_t n, bool is_meant,
		      struct err *e);

#endif
