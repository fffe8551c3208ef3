/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Problems of a topology, or of a host, as JSON: check, plan, status and apply print them alike. */
#ifndef VFY_REPORT_PROBLEM_JSON_H
#define VFY_REPORT_PROBLEM_JSON_H

#include <jansson.h>

#include "base/problem.h"
#include "topology/topology.h"

/* Makes a list of them, in their order. @t may be NULL. Returns NULL when out of memory. */
json_t *problems_json(const struct problems *all, const struct topology *t);

/* Makes {"object":...,"step":...,"cause":...,"fix":...,"status":1}. NULL when out of memory. */
json_t *error_json(const struct err *e);

/* The document of a command that failed before it had another one: {"version":1,"error":{...}},
 * with "problems" when @faults has the errors of a topology. NULL when out of memory. */
json_t *failure_json(const struct err *e, const struct problems *faults);

/* Prints one document on standard output, with a newline; takes over @doc. Returns -EIO when it
 * could not be written, -ENOMEM for NULL. */
int json_print(json_t *doc, struct err *e);

#endif
