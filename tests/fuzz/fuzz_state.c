// SPDX-License-Identifier: GPL-2.0-or-later
/* state.json: what could be read is written and read again as the same, and what could not be read
 * stays. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "state/state.h"

#define STATE "var/lib/vfyard/state.json"

struct entries {
	struct vf_saved v[64];
	size_t n;
};

static void add(void *arg, const struct vf_saved *o)
{
	struct entries *all = arg;

	if (all->n < ARRAY_SIZE(all->v))
		memcpy(&all->v[all->n], o, sizeof(*o));
	all->n++;
}

static void assert_same(const struct entries *a, const struct entries *b)
{
	require(a->n == b->n);
	for (size_t i = 0; i < a->n && i < ARRAY_SIZE(a->v); i++) {
		const struct vf_saved *x = &a->v[i], *y = &b->v[i];

		require(bdf_cmp(x->pf, y->pf) == 0 && x->index == y->index);
		require(!strcmp(x->driver, y->driver) &&
			!strcmp(x->driver_override, y->driver_override) &&
			!strcmp(x->name, y->name));
		require(x->attrs.given == y->attrs.given);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct entries before, after;
	static struct host host;
	struct state *s = NULL;
	struct err e = { 0 };

	if (!host.root.dir) {
		require(host_open(&host, fuzz_dir(), &e) == 0);
		host.log.to = NULL;
	}
	fuzz_write(STATE, data, size);
	before.n = after.n = 0;
	if (state_open(&s, &host, &e) < 0) {
		fuzz_sentence(&e);
		return 0;
	}
	state_each(s, add, &before);
	if (before.n)
		require(state_put(s, state_find(s, before.v[0].pf, before.v[0].index), &e) == 0);
	if (state_commit(s, &e) < 0)
		fuzz_sentence(&e);
	state_close(s);
	require(state_open(&s, &host, &e) == 0);
	state_each(s, add, &after);
	assert_same(&before, &after);
	state_close(s);
	return 0;
}
