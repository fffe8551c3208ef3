// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/host.h"

#include <string.h>

int host_open(struct host *ret, const char *dir, struct err *e)
{
	struct host h = { .timeout_ms = HOST_TIMEOUT_MS, .log = { LOG_NOTE, stderr } };
	int r = root_open(&h.root, dir, e);

	if (r < 0)
		return r;
	*ret = h;
	return 0;
}

void host_close(struct host *h)
{
	root_close(&h->root);
}

bool host_is_forced(const struct host *h, const char *name, const char *other_name)
{
	for (size_t i = 0; i < h->n_forced; i++)
		if ((name && !strcmp(h->forced[i], name)) ||
		    (other_name && !strcmp(h->forced[i], other_name)))
			return true;
	return false;
}
