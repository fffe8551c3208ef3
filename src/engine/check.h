/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The topology against this host, all problems in one run; changes nothing. */
#ifndef VFY_ENGINE_CHECK_H
#define VFY_ENGINE_CHECK_H

#include "core/backend.h"

/**
 * check_host - every reason why this topology cannot be made so here
 * @inv: read, and surveyed when there is a backend
 * @ops: NULL when the host has no hypervisor (itself a problem)
 *
 * Adds problems and notes (options without meaning on this hypervisor). Returns 0, also when there
 * are problems; -errno only when the check itself could not be done.
 */
int check_host(const struct topology *t, const struct host *h, struct inventory *inv,
	       const struct backend_ops *ops, struct backend *b, struct problems *problems,
	       struct err *e);

#endif
