/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is held beside the topology: not drift, but worth mentioning. */
#ifndef VFY_REPORT_ALSO_HELD_H
#define VFY_REPORT_ALSO_HELD_H

#include <jansson.h>

#include "engine/session/apply.h"

/* Writes "net0/2 (assignable), net1/0 (domain db1) and 3 more": VFs that are assignable or in a
 * domain, and that the topology gives to nobody. Returns how many there are; prints nothing when
 * there are none. */
size_t also_held(const struct apply *a, FILE *out);

/* Writes the same as a note. */
void also_held_note(const struct apply *a);

/* Returns all of them:
 * [{"pf":"net1","index":0,"bdf":"0000:02:10.0","state":"attached","domain":"db1"}]; a domain may be
 * null. The caller owns it; NULL when out of memory. */
json_t *also_held_json(const struct apply *a);

#endif
