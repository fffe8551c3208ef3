/* SPDX-License-Identifier: GPL-2.0-or-later */
/* release: from a session and operands to a change. */
#ifndef VFY_ENGINE_SESSION_RELEASE_H
#define VFY_ENGINE_SESSION_RELEASE_H

#include "engine/session/session.h"
#include "engine/plan/change.h"

/**
 * release_open - what is to be given back, under the host lock
 * @operands: one domain, or devices as of session_devices(); none of them is all there is
 *
 * One operand is a domain where one is called so. As change_release(): free @ret with
 * change_done(), also after a failure.
 */
int release_open(struct session *s, struct engine *en, size_t n, const char *const *operands,
		 struct change *ret, struct err *e);

#endif
