/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A topology as a file: what topology/build reads, written. Pure. */
#ifndef VFY_RENDER_TOPOLOGY_PRINT_H
#define VFY_RENDER_TOPOLOGY_PRINT_H

#include <jansson.h>

#include "render/topology_notes.h"
#include "topology/topology.h"

/**
 * topology_can_say - can the value stand in a file of xl.cfg syntax?
 *
 * Strings have no escapes there: no backslash, no control character, not both kinds of quotes, and
 * none beside a comma or a blank at an end. Source: topology/read/lex.c, topology/build/entry.c.
 */
bool topology_can_say(const char *value);

/**
 * topology_print_text - xl.cfg syntax, with the notes as comments
 * @notes: may be NULL
 *
 * Read again it is the same model, places apart. Each free text of @t can be said.
 */
void topology_print_text(const struct topology *t, const struct topo_notes *notes, FILE *out);

/* The JSON form, which has no comments. NULL when out of memory, or when a free text of @t is not
 * UTF-8. */
json_t *topology_json(const struct topology *t);

#endif
