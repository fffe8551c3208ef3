// SPDX-License-Identifier: GPL-2.0-or-later
/* The same case in another order: what the planner makes of it is the same in that order. */
#include "prove.h"

#include <string.h>

/* Where a VF goes, and whether PFs and domains exchange their names. */
struct order {
	bool pfs, domains;
	uint8_t vfs[PROVE_PFS][PROVE_VFS];
};

static uint8_t other_domain(const struct order *o, uint8_t domain)
{
	return o->domains && domain ? (uint8_t)(3 - domain) : domain;
}

static void order_host(const struct order *o, const struct prove_host *h, struct prove_host *ret)
{
	*ret = *h;
	for (unsigned d = 0; d < 2; d++)
		ret->runs[d] = h->runs[o->domains ? !d : d];
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		struct prove_pf *to = &ret->pfs[o->pfs ? !p : p];

		*to = h->pfs[p];
		for (unsigned i = 0; i < PROVE_VFS; i++) {
			struct prove_vf *vf = &to->vfs[o->vfs[p][i]];

			*vf = h->pfs[p].vfs[i];
			vf->domain = other_domain(o, vf->domain);
		}
	}
}

static void order_case(const struct order *o, const struct prove_case *c, struct prove_case *ret)
{
	*ret = *c;
	if (o->domains)
		ret->v[F_RUNS] = (uint8_t)((c->v[F_RUNS] & 1) << 1 | c->v[F_RUNS] >> 1);
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		unsigned to = o->pfs ? !p : p;

		memcpy(&ret->v[at_pf(to, 0)], &c->v[at_pf(p, 0)], N_PF_FACTORS);
		for (unsigned i = 0; i < PROVE_VFS; i++)
			memcpy(&ret->v[at_vf(to, o->vfs[p][i], 0)], &c->v[at_vf(p, i, 0)],
			       N_VF_FACTORS);
		if (o->domains)
			exchange_domains(&ret->v[at_pf(to, 0)]);
	}
}

/* VFs of the same place, among each other. */
static void choose(struct order *o, const struct prove_case *c, uint64_t *seed)
{
	*o = (struct order){ .pfs = prove_mix(seed) & 1, .domains = prove_mix(seed) & 1 };
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		const uint8_t *v = &c->v[at_pf(p, 0)];

		for (uint8_t i = 0; i < PROVE_VFS; i++)
			o->vfs[p][i] = i;
		for (unsigned i = 1; i < PROVE_VFS; i++) {
			unsigned k = (unsigned)(prove_mix(seed) % (i + 1));
			uint8_t x = o->vfs[p][i];

			if (half_place(v, i) != half_place(v, k))
				continue;
			o->vfs[p][i] = o->vfs[p][k];
			o->vfs[p][k] = x;
		}
	}
}

static const char *compare(const struct prove_case *a, const struct order *o)
{
	struct prove_outcome x, y;
	struct prove_host want;
	struct prove_case b;

	order_case(o, a, &b);
	prove_outcome(a, &x);
	prove_outcome(&b, &y);
	if (x.is_refused != y.is_refused || x.n_steps != y.n_steps || x.has_back != y.has_back)
		return "refused, or other steps";
	order_host(o, &x.end, &want);
	if (memcmp(&want, &y.end, sizeof(want)) != 0)
		return "another end";
	order_host(o, &x.back, &want);
	return x.has_back && memcmp(&want, &y.back, sizeof(want)) != 0 ? "released otherwise"
								       : NULL;
}

unsigned prove_symmetry(const struct prove_set *s, unsigned n)
{
	unsigned done = 0, bad = 0;
	struct prove_case c, other;

	for (uint64_t i = 0; done < n && i < set_size(s); i++) {
		uint64_t seed = i;
		struct order o;
		const char *why;

		/* These name one PF, VF or domain. */
		if (!set_case(s, i, &c) || c.v[F_GROUPS] || c.v[F_TAKEN] || c.v[F_NAMED] ||
		    c.v[F_LIBVIRT])
			continue;
		choose(&o, &c, &seed);
		why = compare(&c, &o);
		done++;
		if (!why)
			continue;
		bad++;
		printf("in another order: %s: prove %s %llu:", why, s->name, (unsigned long long)i);
		case_print(&c, stdout);
		order_case(&o, &c, &other);
		case_print(&other, stdout);
	}
	printf("prove: %u cases and the same in another order, %u differ\n", done, bad);
	return bad;
}
