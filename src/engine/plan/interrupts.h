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

/* Tells whether a step takes something from who uses it now: a device from a running domain, its
 * settings under it, or a network device that is up from the host. @h NULL: what is up is not
 * asked. */
bool step_interrupts(const struct host *h, const struct step *s);

/* Writes what confirm_text() does, and a line for each domain and PF about what apply does without
 * asking: settings of VFs that a domain has, network devices of VFs that go to domains, links.
 * Together they tell of each step for which step_interrupts() is true. Returns the number of
 * lines. */
size_t plan_interrupts_text(const struct host *h, const struct plan *p, FILE *out);

/* Returns the text of confirm_text() as one that the caller frees; *ret_n is its number of lines.
 */
int interrupts_text(const struct host *h, const struct plan *p, char **ret, size_t *ret_n,
		    struct err *e);

/* Decides when nobody can be asked: with @is_meant each line becomes a note, and 0 is returned;
 * otherwise they are refused with -ECANCELED (EXIT_REFUSED). @text has @n lines, at least one. */
int interrupts_decide(const struct host *h, const char *text, size_t n, bool is_meant,
		      struct err *e);

#endif
