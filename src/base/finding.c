// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/finding.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/text.h"

const char *finding_level_name(enum finding_level level)
{
	static const char *const names[] = { "ok", "note", "problem" };

	return names[level];
}

static void put(char *dst, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void put(char *dst, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_format(dst, size, fmt, ap);
	va_end(ap);
}

struct finding *finding_add(struct findings *f, enum finding_level level, const char *object,
			    const char *fmt, ...)
{
	struct finding *x;
	va_list ap;

	/* A problem that is not in the list still counts. */
	f->n_problems += level == FINDING_PROBLEM;
	f->n_notes += level == FINDING_NOTE;
	if (ARRAY_GROW(f->v, f->n) < 0) {
		f->is_cut = true;
		return NULL;
	}
	x = &f->v[f->n++];
	*x = (struct finding){ .level = level, .area = f->area };
	put(x->object, sizeof(x->object), "%s", object);
	va_start(ap, fmt);
	text_format(x->text, sizeof(x->text), fmt, ap);
	va_end(ap);
	return x;
}

void finding_fix(struct finding *x, const char *fmt, ...)
{
	va_list ap;

	if (!x || x->fix[0])
		return;
	va_start(ap, fmt);
	text_format(x->fix, sizeof(x->fix), fmt, ap);
	va_end(ap);
}

void finding_of_err(struct findings *f, enum finding_level level, const char *object,
		    const struct err *why)
{
	struct finding *x = finding_add(f, level, object, "%s", why->cause);

	if (why->fix[0])
		finding_fix(x, "%s", why->fix);
}

void findings_done(struct findings *f)
{
	free(f->v);
	*f = (struct findings){ .area = f->area };
}
