/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks a hypervisor's rows, as the engine does, whether a domain may get functions. */
#ifndef VFY_TESTS_ASKED_H
#define VFY_TESTS_ASKED_H

#include <stdlib.h>

#include "backend/backend.h"

#define ASKED_MAX 512

static inline int asked_by_bdf(const void *a, const void *b)
{
	return bdf_cmp(*(const struct bdf *)a, *(const struct bdf *)b);
}

/* Asks about all of them at once, and they count as taken. Returns -ENODATA, with the reason, when
 * a capture has no answer and nothing else refuses. */
static inline int asked_to_attach(const struct backend_ops *ops, const struct host *h,
				  struct backend *b, const struct domain *d,
				  const struct vf_ref *vfs, const struct dev_options *options,
				  size_t n, struct err *e)
{
	struct bdf with[ASKED_MAX];
	struct err unseen = { 0 };
	const struct refusal_ask ask = { .host = h,
					 .backend = b,
					 .with = with,
					 .n_with = n,
					 .domain = d,
					 .vfs = vfs,
					 .options = options,
					 .n = n,
					 .unseen = &unseen };
	int r;

	for (size_t i = 0; i < n && i < ASKED_MAX; i++)
		with[i] = vf_of(vfs[i])->bdf;
	qsort(with, n, sizeof(*with), asked_by_bdf);
	r = refusal_ask(ops->attach_refusals, &ask, e);
	if (r < 0 || !unseen.cause[0])
		return r;
	*e = unseen;
	return -unseen.code;
}

#endif
