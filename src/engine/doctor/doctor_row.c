// SPDX-License-Identifier: GPL-2.0-or-later
/* Rows of the tables of refusals as findings. */
#include <string.h>

#include "engine/doctor/doctor_parts.h"

struct refuse doctor_asks(const struct doctor *d)
{
	return (struct refuse){ d->host, d->ops, d->backend, NULL };
}

bool doctor_is_unseen(const struct doctor *d, const struct err *why)
{
	return (why->code == EACCES || why->code == EPERM) && geteuid() != 0 &&
	       !root_is_tree(&d->host->root);
}

static const char *word_of(const struct doctor *d, const char *row)
{
	const struct refusal_word *w = d->ops ? d->ops->words : NULL;

	if (!strcmp(row, "guard"))
		return "the host does not need it, and nobody else uses it";
	for (; w && w->row; w++)
		if (!strcmp(w->row, row))
			return w->text;
	return "nothing against it";
}

void doctor_say_row(void *row, const struct refusal *refusal, const struct err *why, bool is_unseen)
{
	struct doctor_row *r = row;
	struct findings *f = r->doctor->found;

	if (!why) {
		if (!r->skip || strcmp(r->skip, refusal->name) != 0)
			finding_add(f, FINDING_OK, refusal->name, "%s",
				    word_of(r->doctor, refusal->name));
		return;
	}
	if (is_unseen || doctor_is_unseen(r->doctor, why)) {
		struct finding *x =
			finding_add(f, FINDING_NOTE, refusal->name, "not seen: %s", why->cause);

		finding_fix(x, "%s", why->fix[0] ? why->fix : "run it as root");
		return;
	}
	r->is_refused = true;
	finding_of_err(f, FINDING_PROBLEM, refusal->name, why);
}
