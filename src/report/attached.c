// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/attached.h"

#include <stdlib.h>

void attached_done(struct attached *l)
{
	free(l->v);
	*l = (struct attached){ 0 };
}

int attached_read(struct session *s, const char *domain, struct attached *ret, struct err *e)
{
	const struct backend_ops *ops;
	struct domain d = { 0 };
	int r = session_backend(s, true, e);

	if (r == 0)
		r = session_inventory(s, 0, e);
	if (r < 0)
		return r;
	ops = s->ops;
	ret->hypervisor = ops->name;
	ret->inv = s->inv;
	if (domain) {
		r = ops->domain_find(s->backend, domain, &d, e);
		if (r < 0)
			return err_at(e, r, domain, "find the domain");
	}
	r = ops->list(s->backend, domain ? &d : NULL, &ret->v, &ret->n, e);
	if (domain && ops->domain_done)
		ops->domain_done(&d);
	return err_at(r < 0 ? e : NULL, r, domain ? domain : "host", "list attached devices");
}
