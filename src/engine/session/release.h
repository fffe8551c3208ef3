/* SPDX-License-Identifier: GPL-2.0-or-later */
/* release: from a session and operands to a change. */
#ifndef VFY_ENGINE_SESSION_RELEASE_H
#define VFY_ENGINE_SESSION_RELEASE_H

#include "engine/session/session.h"
#include "engine/plan/change.h"

/**
 * release_open - plan what is to be given back, under the host lock
 * @operands: one domain, or devices as for session_devices(); none means everything
 *
 * A single operand is a domain if one has that name. As with change_release(), free @ret with
 * change_done(), also after a failure.
 */
int release_open(struct session *s, struct engine *en, size_t n, const char *const *operands,
		 struct change *ret, struct err *e);

#endif
