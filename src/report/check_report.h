/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The topology against this host, all problems in one run: what `vfyard check` tells. */
#ifndef VFY_REPORT_CHECK_REPORT_H
#define VFY_REPORT_CHECK_REPORT_H

#include <jansson.h>

#include "engine/session/apply.h"

struct check_report {
	const struct problems *problems; /* NULL: the look itself failed */
	const struct topology *topo;	 /* NULL: the problems are those of the file */
	struct apply apply;
};

/**
 * check_report_make - every problem, of the file or else of the topology on this host
 *
 * What a plan would be refused for is a problem, too; a plan that cannot be made does not hide
 * those that are known.
 *
 * Returns 0 without problems; -EINVAL where the file has some (@e is the first of them) or the
 * topology does not fit (@e has their number, EXIT_REFUSED); else -errno of the look. Zeroed
 * before; check_report_done() also after a failure.
 */
int check_report_make(struct session *s, struct check_report *ret, struct err *e);
void check_report_done(struct check_report *c);

/* {"version":1,"problems":[...]}; NULL when out of memory. */
json_t *check_json(const struct problems *all, const struct topology *t);

#endif
