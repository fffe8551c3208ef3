/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run at a time changes a host: flock on run/vfyard/lock. */
#ifndef VFY_HOST_LOCK_H
#define VFY_HOST_LOCK_H

#include "host/host.h"

/**
 * lock_take - wait for the host lock and write pid and command into it
 * @command: what this run does, for the message of another one
 *
 * Waits up to host->timeout_ms. Returns a fd to give to lock_release(), or -EBUSY with status
 * EXIT_LOCKED naming pid and command of the holder.
 */
int lock_take(const struct host *h, const char *command, struct err *e);
void lock_release(int fd);

#endif
