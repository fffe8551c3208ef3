/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan, drift, and the outcome of a run, for people and for programs. */
#ifndef VFY_REPORT_PLAN_REPORT_H
#define VFY_REPORT_PLAN_REPORT_H

#include <jansson.h>

#include "base/problem.h"
#include "topology/topology.h"
#include "engine/plan/step.h"

/* What is reported; borrowed. */
struct plan_report {
	const char *hypervisor; /* "xen", "kvm", "none" */
	const struct plan *plan;
	const struct topology *topo;	 /* NULL: none was needed (release) */
	const struct problems *problems; /* NULL: none */
	const struct plan *left;	 /* what a run left to do, according to a look afterwards;
					  * or NULL */
	bool domains_unseen;		 /* apply_sees_all() is false */
	const struct host *host; /* to see what is interrupted; NULL: what is up is not asked */
};

/* Prints "  1 numvfs net0 (0000:05:00.0): 0 -> 7 (why)" for each step, and how many there are; or
 * "nothing to do". A step that interrupts what runs has a '!' before its number. Returns 0 or
 * -ENOMEM. */
int plan_report_text(const struct plan_report *p, FILE *out);

/*
 * Prints what changes: each PF, its VFs, those that change alike together, and each domain, a line
 * for each property with '+', '-' or '~', and a '!' where that interrupts what runs; then how much
 * it is, and what is interrupted. Returns 0 or -ENOMEM.
 */
int plan_report_folded(const struct plan_report *p, bool colors, FILE *out);

/* Prints "net0/3 (0000:05:10.6): mac is 00:00:00:00:00:00, wanted 02:00:00:00:00:03" for each
 * difference; steps that only prepare for others are none. Returns how many there are. */
size_t drift_text(const struct plan_report *p, FILE *out);

/*
 * {"version":1,"hypervisor":"kvm","in_sync":false,"steps":[{"step":"numvfs","pf":"net0",
 *  "index":null,"bdf":"0000:05:00.0","property":"numvfs","from":"0","to":"7","domain":null,
 *  "why":"...","outcome":"planned"}],"problems":[]}
 * "unseen":["domain"] comes last when what domains have could not be seen; not in sync then. NULL
 * when out of memory.
 */
json_t *plan_json(const struct plan_report *p);

/* Makes plan_json() with "result" ("done", "failed", "left", "differs") and "error" (null, or its
 * parts). When p->left is given, it also has that plan's "drift", as drift_json() has it, and
 * "in_sync" describes the host as it is then. */
json_t *run_json(const struct plan_report *p, int r, const struct err *e);

/* {"version":1,"hypervisor":"kvm","in_sync":false,"drift":[{"object":"net0/3","pf":"net0","index":3,
 *  "bdf":"0000:05:10.6","property":"mac","is":"...","wanted":"..."}],"problems":[]} */
json_t *drift_json(const struct plan_report *p);

#endif
