// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/guard.h"

#include <search.h>
#include <string.h>

#include "core/guard_parts.h"

static int cmp_name(const void *a, const void *b)
{
	const struct stack_dev *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void entry_unused(void *p UNUSED)
{
}

int stack_add(struct stack *s, const char *name, const struct stack_dev *below, bool is_part)
{
	struct stack_dev key = { 0 }, *d;

	if (strlen(name) >= sizeof(key.name))
		return -ENAMETOOLONG;
	memcpy(key.name, name, strlen(name) + 1);
	if (tfind(&key, &s->seen, cmp_name))
		return 0;
	if (s->n == s->allocated) {
		size_t want = s->allocated ? 2 * s->allocated : 8;
		struct stack_dev **v = reallocarray(s->v, want, sizeof(struct stack_dev *));

		if (!v)
			return -ENOMEM;
		s->v = v;
		s->allocated = want;
	}
	d = malloc(sizeof(*d));
	if (!d)
		return -ENOMEM;
	*d = key;
	d->below = below;
	d->is_part = is_part;
	s->v[s->n++] = d;
	return tsearch(d, &s->seen, cmp_name) ? 0 : -ENOMEM;
}

void stack_done(struct stack *s)
{
	tdestroy(s->seen, entry_unused);
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
}

/* "net0/3 (0000:05:10.6)" is forced as "net0/3", by the whole label, or by its address in any
 * form. */
bool guard_is_forced(const struct host *h, struct bdf dev, const char *label)
{
	size_t name_len = strcspn(label, " ");
	struct bdf b;

	for (size_t i = 0; i < h->n_forced; i++) {
		const char *f = h->forced[i];

		if (!strcmp(f, label) || (strlen(f) == name_len && !strncmp(f, label, name_len)) ||
		    (bdf_scan(&b, f) && bdf_cmp(b, dev) == 0))
			return true;
	}
	return false;
}

int guard_function(const struct host *h, struct bdf dev, const char *label, struct err *e)
{
	char why[GUARD_WHY_MAX];
	int r = guard_net(h, dev, why);

	if (r == 0)
		r = guard_block(h, dev, why);
	if (r == 0)
		return 0;
	if (r < 0)
		err_refuse(e, -r, "cannot tell whether the host needs it: %s", strerror(-r));
	else
		err_refuse(e, EBUSY, "the host needs it: %s", why);
	if (guard_is_forced(h, dev, label)) {
		log_note(&h->log, "%s: %s; taken all the same, as --force says", label,
			 r < 0 ? strerror(-r) : why);
		if (e)
			*e = (struct err){ 0 };
		return 0;
	}
	err_at(e, r, label, "host guard");
	return err_fix(e, r < 0 ? r : -EBUSY, "move that off it first, or add: --force %.*s",
		       (int)strcspn(label, " "), label);
}
