/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What doctor found, for people and programs. */
#ifndef VFY_REPORT_DOCTOR_REPORT_H
#define VFY_REPORT_DOCTOR_REPORT_H

#include <jansson.h>

#include "base/finding.h"
#include "engine/session/session.h"

struct doctor_report {
	struct findings found;
	const char *hypervisor; /* "xen", "kvm", "none" */
	bool is_of_host;	/* no operand was given */
};

/**
 * doctor_report_make - look at the host, or at what @words name
 * @words: PFs, VFs and at most one domain, which is then asked whether it could get the VFs
 *
 * Changes nothing; needs neither a topology nor a hypervisor, and less is seen without root, which
 * is said. Below --root it is about the captured host. -EBUSY with EXIT_REFUSED when there are
 * problems: the report has them. Other failures have none. The findings live as long as the
 * session; release with doctor_report_done().
 */
int doctor_report_make(struct session *s, int n, const char *const *words,
		       struct doctor_report *ret, struct err *e);
void doctor_report_done(struct doctor_report *d);

/* @is_brief: problems and notes only. */
void doctor_text(const struct doctor_report *d, bool colors, bool is_brief, FILE *out);

/* {"version": 1, "hypervisor": ..., "problems": N, "findings": [...]} */
json_t *doctor_json(const struct doctor_report *d);

#endif
