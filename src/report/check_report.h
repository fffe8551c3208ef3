/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The topology against this host, with all problems in one run, as `vfyard check` shows it. */
#ifndef VFY_REPORT_CHECK_REPORT_H
#define VFY_REPORT_CHECK_REPORT_H

#include <jansson.h>

#include "engine/session/apply.h"

struct check_report {
	const struct problems *problems; /* NULL: the host could not be read */
	const struct topology *topo;	 /* NULL: the problems are the file's */
	struct apply apply;
};

/**
 * check_report_make - collect every problem of the file, or else of the topology on this host
 *
 * What would get a plan refused is a problem, too; a plan that cannot be made does not hide
 * problems that are known.
 *
 * Returns 0 without problems; -EINVAL when the file has some (@e is the first of them), or the
 * topology does not fit (@e has their number, EXIT_REFUSED); otherwise -errno, because the host
 * could not be read. @ret must be zeroed before; call check_report_done() also after a failure.
 */
int check_report_make(struct session *s, struct check_report *ret, struct err *e);
void check_report_done(struct check_report *c);

/* Makes {"version":1,"problems":[...]}; returns NULL when out of memory. */
json_t *check_json(const struct problems *all, const struct topology *t);

#endif
