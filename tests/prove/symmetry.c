// SPDX-License-Identifier: GPL-2.0-or-later
/* Cases that differ only by order or names, once: VFs of one PF that stand in the same place (they
 * exist, are to exist, are remembered), the two PFs, the two domains. */
#include "prove.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "look.h"

/* All that a case says of one PF. */
struct half {
	uint8_t v[N_PF_FACTORS];
	uint32_t other; /* the same with the domains' names exchanged */
};

struct halves {
	const struct prove_set *of;
	struct half *v;
	size_t n;
	uint64_t *before; /* pairs whose first is an earlier one */
};

/* VFs with the same place may change places: their facts are in order. */
unsigned half_place(const uint8_t *v, unsigned i)
{
	static const uint8_t remembered[] = { 0, 0, 1, 3, 2, 0 };
	bool is_to_be = v[P_WANT] >= WANT_NUMBER ? i < v[P_WANT] - (unsigned)WANT_NUMBER
						 : v[P_WANT] != WANT_ABSENT;

	return (i < v[P_NUM]) | is_to_be << 1 | (i < remembered[v[P_MEMORY]]) << 2;
}

static bool is_in_order(const uint8_t *v, unsigned i)
{
	return !i || half_place(v, i - 1) != half_place(v, i) ||
	       memcmp(&v[P_VF + (i - 1) * N_VF_FACTORS], &v[P_VF + i * N_VF_FACTORS],
		      N_VF_FACTORS) <= 0;
}

static void put_in_order(uint8_t *v)
{
	for (unsigned n = 0; n < PROVE_VFS; n++)
		for (unsigned i = 1; i < PROVE_VFS; i++) {
			uint8_t *a = &v[P_VF + (i - 1) * N_VF_FACTORS];
			uint8_t *b = &v[P_VF + i * N_VF_FACTORS], x[N_VF_FACTORS];

			if (is_in_order(v, i))
				continue;
			memcpy(x, a, sizeof(x));
			memcpy(a, b, sizeof(x));
			memcpy(b, x, sizeof(x));
		}
}

/* The topology first: hosts change fastest. */
static int by_topology(const void *pa, const void *pb)
{
	const struct half *a = pa, *b = pb;

	for (unsigned f = 0; f < N_PF_FACTORS; f++)
		if (factor_is_of_topology(F_PF + f) && a->v[f] != b->v[f])
			return a->v[f] < b->v[f] ? -1 : 1;
	return memcmp(a->v, b->v, sizeof(a->v));
}

void exchange_domains(uint8_t *v)
{
	static const uint8_t lines[N_LINES] = { 0, 1, 2, 3, 4, 6, 5, 8, 7, 10, 9 };

	for (unsigned i = 0; i < PROVE_VFS; i++) {
		uint8_t *vf = &v[P_VF + i * N_VF_FACTORS];

		if (vf[V_IS] == IS_IN_1 || vf[V_IS] == IS_IN_2)
			vf[V_IS] = IS_IN_1 + IS_IN_2 - vf[V_IS];
		vf[V_LINE] = lines[vf[V_LINE]];
	}
}

static void add_half(struct halves *h, const struct prove_case *c)
{
	if (!pf_is_canonical(c, 0))
		return;
	look_must(ARRAY_GROW(h->v, h->n), "halves");
	h->v[h->n] = (struct half){ .other = 0 };
	memcpy(h->v[h->n++].v, &c->v[at_pf(0, 0)], N_PF_FACTORS);
}

/* What is not there has no facts but memories, and of what is not to be nothing is said. */
static bool may_be_said(const uint8_t *v, unsigned f)
{
	unsigned at;

	if (f < P_VF || (f - P_VF) % N_VF_FACTORS == V_MEMORY)
		return true;
	at = half_place(v, (f - P_VF) / N_VF_FACTORS);
	return factor_is_of_topology(F_PF + f) ? at & 2 : at & 1;
}

/* Every level of this factor, with all that follow it. */
static void fill(const struct prove_set *s, struct halves *h, struct prove_case *c, unsigned f)
{
	uint8_t *v = &c->v[at_pf(0, 0)];
	unsigned levels;

	if (f > P_VF && (f - P_VF) % N_VF_FACTORS == 0 &&
	    !is_in_order(v, (f - P_VF) / N_VF_FACTORS - 1))
		return;
	if (f == N_PF_FACTORS) {
		add_half(h, c);
		return;
	}
	levels = may_be_said(v, f) ? s->levels[at_pf(0, f)] : 0;
	for (unsigned bits = levels ? levels : 1; bits; bits &= bits - 1) {
		v[f] = (uint8_t)__builtin_ctz(bits);
		fill(s, h, c, f + 1);
	}
}

static const struct halves *halves_of(const struct prove_set *s)
{
	static struct halves halves;
	struct halves *h = &halves;
	struct prove_case c = { .v = { 0 } };

	if (h->of == s)
		return h;
	free(h->v);
	free(h->before);
	*h = (struct halves){ .of = s };
	fill(s, h, &c, 0);
	h->before = calloc(h->n + 1, sizeof(*h->before));
	look_must(h->n && h->before ? 0 : -ENOMEM, "halves");
	qsort(h->v, h->n, sizeof(*h->v), by_topology);
	for (size_t a = 0; a < h->n; a++) {
		struct half key = h->v[a], *other;

		h->before[a + 1] = h->before[a] + h->n - a;
		exchange_domains(key.v);
		put_in_order(key.v);
		other = bsearch(&key, h->v, h->n, sizeof(key), by_topology);
		look_must(other ? 0 : -ENOENT, "the other names");
		h->v[a].other = (uint32_t)(other - h->v);
	}
	return h;
}

static uint64_t count_pairs(const struct halves *h)
{
	return h->before[h->n];
}

uint64_t symmetric_size(const struct prove_set *s)
{
	uint64_t n = count_pairs(halves_of(s));

	for (unsigned f = 0; f < F_PF; f++)
		n *= s->levels[f] ? (unsigned)__builtin_popcount(s->levels[f]) : 1;
	return n;
}

/* The last one before whose pairs are @i or fewer. */
static size_t find_first(const struct halves *h, uint64_t i)
{
	size_t first = 0, end = h->n;

	while (end - first > 1) {
		size_t middle = first + (end - first) / 2;

		if (h->before[middle] <= i)
			first = middle;
		else
			end = middle;
	}
	return first;
}

static bool is_first_of_names(const struct halves *h, size_t a, size_t b)
{
	size_t x = h->v[a].other, y = h->v[b].other, low = x < y ? x : y, high = x < y ? y : x;

	return a < low || (a == low && b <= high);
}

bool symmetric_case(const struct prove_set *s, uint64_t i, struct prove_case *ret)
{
	const struct halves *h = halves_of(s);
	uint64_t pair = i % count_pairs(h), host = i / count_pairs(h);
	size_t a = find_first(h, pair), b = a + (size_t)(pair - h->before[a]);

	for (unsigned f = 0; f < F_PF; f++) {
		unsigned levels = s->levels[f] ? s->levels[f] : 1;
		unsigned n = (unsigned)__builtin_popcount(levels);

		for (unsigned k = (unsigned)(host % n); k; k--)
			levels &= levels - 1;
		ret->v[f] = (uint8_t)__builtin_ctz(levels);
		host /= n;
	}
	memcpy(&ret->v[at_pf(0, 0)], h->v[a].v, N_PF_FACTORS);
	memcpy(&ret->v[at_pf(1, 0)], h->v[b].v, N_PF_FACTORS);
	return is_first_of_names(h, a, b) && case_is_canonical(ret);
}
