/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a single step of the command line as its command does: plans it, and runs it unless
 * en->dry_run. */
#ifndef VFY_FAKE_VERBS_H
#define VFY_FAKE_VERBS_H

#include "engine/plan/plan_assign.h"
#include "fake_site.h"

int run_assign(struct engine *en, const struct devlist *devs, const char *name, struct err *e);
int run_unassign(struct engine *en, const struct devlist *devs, bool give_back, struct err *e);
int run_attach(struct engine *en, const char *domain, const struct devlist *devs, struct err *e);
int run_detach(struct engine *en, const char *domain, const struct devlist *devs, bool force,
	       struct err *e);

/* The same with one operand, as it is written, on a site; s->e is emptied before. */
int site_assign(struct fake_site *s, const char *arg, const char *name);
int site_unassign(struct fake_site *s, const char *arg, bool give_back);
void assert_site_driver(struct fake_site *s, unsigned i, const char *want);
/* VF 3 of a site, as messages call it. */
#define VF3 "net0/3 (0000:05:10.6)"
/* Asserts that a verb which returned @r refused VF 3 before anything happened. */
void assert_site_refused(struct fake_site *s, int r, const char *cause, const char *fix);

#endif
