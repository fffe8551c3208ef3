/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting with a limit: a point in time on the monotonic clock, and pauses that grow. */
#ifndef VFY_BASE_DEADLINE_H
#define VFY_BASE_DEADLINE_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct deadline {
	int64_t end_ms;	   /* CLOCK_MONOTONIC */
	unsigned pause_ms; /* of the last deadline_pause() */
};

static inline int64_t monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static inline struct deadline deadline_in(unsigned timeout_ms)
{
	return (struct deadline){ .end_ms = monotonic_ms() + timeout_ms };
}

/* Milliseconds left, never negative. */
static inline unsigned deadline_left_ms(const struct deadline *d)
{
	int64_t left = d->end_ms - monotonic_ms();

	return left > 0 ? (unsigned)left : 0;
}

/**
 * deadline_pause - wait a little before the next look: 1, 2, 4 ... 64 ms
 *
 * Returns false, without waiting, when the time is over. Use it where the kernel offers no event.
 */
static inline bool deadline_pause(struct deadline *d)
{
	unsigned left = deadline_left_ms(d);

	if (!left)
		return false;
	d->pause_ms = d->pause_ms ? d->pause_ms * 2 : 1;
	if (d->pause_ms > 64)
		d->pause_ms = 64;
	poll(NULL, 0, (int)(d->pause_ms < left ? d->pause_ms : left));
	return true;
}

#endif
