// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/watch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A token only tells the watches of one handle apart, and here the path does that. */
#define TOKEN "vfyard"

void watch_add(struct watch *w, const char *fmt, ...)
{
	va_list ap;

	if (w->n == ARRAY_SIZE(w->paths))
		return;
	va_start(ap, fmt);
	vsnprintf(w->paths[w->n], sizeof(w->paths[0]), fmt, ap);
	va_end(ap);
	w->n++;
}

static void set(struct watch *w)
{
	w->is_tried = true;
	while (w->n_set < w->n && xs_watch(w->h, w->paths[w->n_set], TOKEN))
		w->n_set++;
}

/* Everything that came meanwhile is one reason to look. */
static void drain(struct watch *w)
{
	char **event;

	while ((event = xs_check_watch(w->h)))
		free(event);
}

bool watch_wait(struct watch *w, struct deadline *until)
{
	struct pollfd p = { .events = POLLIN };
	unsigned left = deadline_left_ms(until);

	if (!left)
		return false;
	if (!w->is_tried)
		set(w);
	p.fd = w->n_set < w->n ? -1 : xs_fileno(w->h);
	if (p.fd < 0)
		return deadline_pause(until);
	poll(&p, 1, (int)left);
	drain(w);
	return true;
}

void watch_done(struct watch *w)
{
	while (w->n_set)
		xs_unwatch(w->h, w->paths[--w->n_set], TOKEN);
}
