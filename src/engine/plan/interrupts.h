/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan takes away from those who use it now. */
#ifndef VFY_ENGINE_PLAN_INTERRUPTS_H
#define VFY_ENGINE_PLAN_INTERRUPTS_H

#include "engine/plan/step.h"
#include "host/host.h"

/**
 * confirm_text - write a line for each running domain that loses devices, and for each PF whose VFs
 *		  are unmade while their network devices are up on the host
 *
 * Returns the number of lines; the text is empty when there are none.
 */
size_t confirm_text(const struct host *h, const struct plan *p, FILE *out);

/* Returns the same as a text that the caller frees; *ret_n is its number of lines. */
int interrupts_text(const struct host *h, const struct plan *p, char **ret, size_t *ret_n,
		    struct err *e);

/* Decides when nobody can be asked: with @is_meant each line becomes a note, and 0 is returned;
 * otherwise they are refused with -ECANCELED (EXIT_REFUSED). @text has @n lines, at least one. */
int interrupts_decide(const struct host *h, const char *text, size_t n, bool is_meant,
		      struct err *e);

#endif
