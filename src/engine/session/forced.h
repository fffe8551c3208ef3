/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --force names: is it there, and was it needed? */
#ifndef VFY_ENGINE_SESSION_FORCED_H
#define VFY_ENGINE_SESSION_FORCED_H

#include "engine/session/session.h"

/**
 * forced_check - every --force names one PF, VF or domain
 *
 * The inventory has been read; domains are those of the topology, those that have a VF, and those
 * that the backend finds. From here on names that only the inventory or the memory resolves (a
 * topology name, a name of pci-assignable-add -n) are known to guard_is_forced() too.
 *
 * Returns 0, or -EINVAL with EXIT_USAGE: a word that names nothing, with what it may have meant; or
 * several VFs. The first call decides.
 */
int forced_check(struct session *s, struct err *e);

/* Says of each --force that nothing was refused which it overrides. Before the first
 * forced_check() there is nothing to say. */
void forced_note_unused(const struct session *s);

/* Frees what forced_check() made. */
void forced_done(struct session *s);

#endif
