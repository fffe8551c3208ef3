// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/refusal.h"

#include <stdarg.h>

#include "backend/backend.h"

static bool is_asked(const struct refusal *row, const struct refusal_ask *a)
{
	if (row->asks_hypervisor && !a->backend)
		return false;
	switch (row->scope) {
	case REFUSAL_OF_HOST:
		return !a->vf.pf && !a->domain;
	case REFUSAL_OF_ADDRESS:
		return a->vf.pf;
	case REFUSAL_OF_DEVICE:
		return a->vf.pf && vf_of(a->vf)->state != VF_ABSENT;
	case REFUSAL_OF_DOMAIN:
		return a->domain;
	case REFUSAL_OF_GUEST:
	case REFUSAL_OF_ANSWER:
		return a->domain && a->domain->id;
	}
	return false;
}

/* When a capture lacks an answer, that keeps nothing from being planned, because nothing is done
 * there. */
static bool refuses(const struct refusal *row, const struct refusal_ask *a, struct err *e)
{
	int r = row->ask(a, e);

	if (r != -ENODATA || !root_is_captured(&a->host->root))
		return r < 0;
	if (a->unseen && !a->unseen->cause[0])
		*a->unseen = *e;
	return false;
}

const struct refusal *refusal_next(const struct refusal *row, const struct refusal_ask *a,
				   struct err *e)
{
	for (; row && row->name; row++) {
		*e = (struct err){ 0 };
		if (is_asked(row, a) && refuses(row, a, e))
			return row;
	}
	return NULL;
}

void refusal_walk(const struct refusal *table, const struct refusal_ask *a,
		  void (*say)(void *arg, const struct refusal *row, const struct err *why,
			      bool is_unseen),
		  void *arg)
{
	for (const struct refusal *row = table; row && row->name; row++) {
		struct err unseen = { 0 }, why = { 0 };
		struct refusal_ask ask = *a;
		bool refused;

		ask.unseen = &unseen;
		if (!is_asked(row, &ask))
			continue;
		refused = refuses(row, &ask, &why);
		say(arg, row, refused ? &why : unseen.cause[0] ? &unseen : NULL, unseen.cause[0]);
	}
}

int refusal_ask(const struct refusal *table, const struct refusal_ask *a, struct err *e)
{
	struct err why;

	if (!refusal_next(table, a, &why))
		return 0;
	if (e)
		*e = why;
	return -why.code;
}

void refusal_note(const struct refusal_ask *a, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (a->is_last)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_note(&a->host->log, "%s", text);
}
