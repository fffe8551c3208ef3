// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The topology reader. Beyond "no crash" there are either errors or a model, each error has a place
 * inside the text, and what the model contains obeys the rules.
 */
#include "fuzz.h"
#include "topology/build/load.h"

static void check_problems(const struct problems *p, unsigned lines)
{
	for (size_t i = 0; i < p->n; i++) {
		require(p->v[i].loc.line <= lines);
		require(p->v[i].err.cause[0] != '\0');
		require(i == 0 || p->v[i - 1].loc.line <= p->v[i].loc.line);
	}
}

static void check_model(const struct topology *t)
{
	for (size_t i = 0; i < t->n_domains; i++) {
		const struct topo_domain *d = &t->domains[i];

		require(topology_find_domain(t, d->name) == d);
		for (size_t j = 0; j < d->n_devs; j++)
			require(d->devs[j].range.pf < t->n_pfs);
	}
	for (size_t i = 0; i < t->n_vfs; i++) {
		const struct topo_range *r = &t->vfs[i].range;
		struct vf_attrs a = topology_attrs(t, r->pf, r->first);

		require(r->pf < t->n_pfs && r->first <= r->last);
		require((a.given & t->vfs[i].attrs.given) == t->vfs[i].attrs.given);
		require(a.vlan <= 4094 && a.qos <= 7);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problems problems = { 0 };
	struct topology *t = NULL;
	unsigned lines = 2;
	int r = topology_parse(&t, (const char *)data, size, "t", &problems, NULL);

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	require((r == 0) == (t != NULL) && (r == 0) == (problems.n_errors == 0));
	check_problems(&problems, lines);
	if (t)
		check_model(t);
	topology_free(t);
	problems_done(&problems);
	return 0;
}
