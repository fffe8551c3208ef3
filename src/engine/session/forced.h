/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --force names: whether it exists, and whether it was needed. */
#ifndef VFY_ENGINE_SESSION_FORCED_H
#define VFY_ENGINE_SESSION_FORCED_H

#include "engine/session/session.h"

/**
 * forced_check - check that every --force names one PF, VF or domain
 *
 * The inventory must have been read. Domains are those of the topology, those that have a VF, and
 * those that the backend finds. From here on guard_is_forced() also knows names that only the
 * inventory or the memory resolves (a topology name, a name given with pci-assignable-add -n).
 *
 * Returns 0, or -EINVAL with EXIT_USAGE for a word that names nothing, with what it may have meant,
 * or that names several VFs. The first call decides.
 */
int forced_check(struct session *s, struct err *e);

/* Notes each --force that overrode nothing, because nothing was refused. Before the first
 * forced_check() it notes nothing. */
void forced_note_unused(const struct session *s);

/* Frees what forced_check() made. */
void forced_done(struct session *s);

#endif
