// SPDX-License-Identifier: GPL-2.0-or-later
/* Looks up keys in the table of those that are allowed. */
#include "topology/build/entry.h"

#include <string.h>

#include "base/closest.h"

void topo_unknown_key(struct topo_ctx *c, struct loc loc, const char *key, const char *const *names)
{
	const char *close;
	char list[384] = "";
	struct err *e;

	if (c->problems->n_errors >= TOPO_ERRORS_MAX) {
		topo_hide(c);
		return;
	}
	close = closest_word(key, names);
	for (size_t i = 0; names[i]; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "",
			 names[i]);
	e = topo_error(c, loc, "unknown key '%s', allowed are %s", key, list);
	if (close)
		err_fix(e, 0, "write '%s'", close);
	else
		err_fix(e, 0, "write one of these, or remove it");
}

static void unknown(struct topo_ctx *c, const struct topo_word *key,
		    const struct topo_field *fields, size_t n)
{
	const char *names[TOPO_PAIRS_MAX + 1] = { NULL };

	for (size_t i = 0; i < n && i < TOPO_PAIRS_MAX; i++)
		names[i] = fields[i].name;
	topo_unknown_key(c, key->loc, key->s, names);
}

static void set(const struct topo_field *f, void *object, const struct topo_word *key,
		const struct topo_word *value, struct topo_ctx *c)
{
	struct err why = { 0 };

	if (value->is_bool && !f->is_switch) {
		topo_error(c, value->loc, "%s: %s is not a value for this key", key->s,
			   value->s[0] == '1' ? "true" : "false");
		return;
	}
	if (f->set(object, key, value, &why) == 0)
		return;
	err_fix(topo_error(c, value->loc, "%s", why.cause), 0, "%s", why.fix);
}

void topo_entry_apply(const struct topo_entry *spec, const struct topo_field *fields, size_t n,
		      void *object, struct topo_ctx *c)
{
	unsigned seen = 0;

	for (size_t i = 0; i < spec->n; i++) {
		const struct topo_word *key = &spec->keys[i];
		size_t f = 0;

		while (f < n && strcmp(fields[f].name, key->s))
			f++;
		if (f == n)
			unknown(c, key, fields, n);
		else if (seen & 1u << f)
			err_fix(topo_error(c, key->loc, "'%s' is given twice", key->s), 0,
				"remove one");
		else
			set(&fields[f], object, key, &spec->values[i], c);
		if (f < n)
			seen |= 1u << f;
	}
}
