/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What undoes a trial when its time is over, though the run that began it is gone. */
#ifndef VFY_ENGINE_SESSION_TRIAL_WATCH_H
#define VFY_ENGINE_SESSION_TRIAL_WATCH_H

#include <stdint.h>

#include "engine/session/session.h"

/**
 * trial_watch - start "vfyard confirm --when-due"
 *
 * As the transient service vfyard-confirm where systemd runs, which outlives the login and is
 * restarted when somebody kills it; otherwise as a process in a session of its own. A session
 * without @program starts none. Returns 0, or -errno: then nothing may be done to the host.
 */
int trial_watch(const struct session *s, struct err *e);

/* Sleeps; time in which the machine is suspended counts. */
void trial_sleep(int64_t ms);

#endif
