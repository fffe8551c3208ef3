/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Only one run at a time changes a host: flock on run/vfyard/lock. */
#ifndef VFY_HOST_LOCK_H
#define VFY_HOST_LOCK_H

#include "host/host.h"

/**
 * lock_take - wait for the host lock and write pid and command into it
 * @command: what this run does, for the message that another run prints
 *
 * Waits up to host->timeout_ms. Returns a descriptor to give to lock_release(), or -EBUSY with
 * status EXIT_LOCKED and a sentence that names the holder's pid and command.
 */
int lock_take(const struct host *h, const char *command, struct err *e);
void lock_release(int fd);

#endif
