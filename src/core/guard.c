// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/guard.h"

#include <string.h>

#include "core/guard_parts.h"

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
