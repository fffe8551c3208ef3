// SPDX-License-Identifier: GPL-2.0-or-later
/* Which cases are tested: small spaces as a whole, and the large one at random. */
#include "prove.h"

#define L(n)	((uint16_t)((1u << (n)) - 1)) /* levels 0 .. n-1 */
#define ALL(f)	L(factor_levels(f))
#define ONLY(n) ((uint16_t)(1u << (n)))

struct prove_set prove_sets[] = {
	{ .name = "1x1", .what = "one PF, one VF: every fact and every word" },
	{ .name = "1x3", .what = "one PF, three VFs: who has them, who gets them, how many" },
	{ .name = "1x2", .what = "one PF, two VFs: memories, settings and autoprobe with drivers" },
	{ .name = "2x1", .what = "two PFs, one VF each: domains that get of both, limits" },
	{ .name = "2x2", .what = "two PFs, two VFs each: numbers and domains" },
	{ .name = "names", .what = "two PFs: names of devices, and who has them" },
	{ .name = "up", .what = "one PF, two VFs: its network device up and down, with numbers" },
	{ .name = "auto", .what = "one PF, two VFs: mac=auto, and who has the addresses" },
	{ .name = "guest", .what = "two PFs, one VF each: permissive, domains that run, limits" },
	{ .name = "cards",
	  .what = "one PF, two VFs: memories of a card that is in the other slot" },
	{ .name = "group3", .what = "one PF, three VFs: IOMMU groups that they share" },
	{ .name = "group2x2", .what = "two PFs, two VFs each: IOMMU groups that they share" },
	{ .name = "2x3",
	  .what = "two PFs, three VFs each: who has them, who gets them, any numbers",
	  .is_symmetric = true },
	{ .name = "any", .what = "two PFs, three VFs each: every fact and every word, by chance" },
};
const unsigned n_prove_sets = sizeof(prove_sets) / sizeof(prove_sets[0]);

static void one_vf(struct prove_set *s, unsigned p, unsigned i)
{
	for (unsigned f = 0; f < N_VF_FACTORS; f++)
		s->levels[at_vf(p, i, f)] = ALL(at_vf(p, i, f));
	/* Neither is set, both are as wanted, or both differ, because changing one does not depend
	 * on the other. */
	s->levels[at_vf(p, i, V_SET)] = ONLY(0) | ONLY(4) | ONLY(8);
}

static void fill_1x1(struct prove_set *s)
{
	for (unsigned f = 0; f < P_VF; f++)
		s->levels[at_pf(0, f)] = ALL(at_pf(0, f));
	s->levels[at_pf(0, P_NUM)] = L(2);
	s->levels[at_pf(0, P_WANT)] = ONLY(1) | ONLY(2) | ONLY(3);
	s->levels[at_pf(0, P_MEMORY)] = L(3);
	s->levels[at_pf(0, P_KIND)] = L(PF_ONLY_UP);
	one_vf(s, 0, 0);
	/* These have sets of their own. */
	s->levels[at_pf(0, P_DOWN)] = s->levels[at_pf(0, P_WANT_UP)] = 0;
	s->levels[at_vf(0, 0, V_WANT_SET)] = L(WANT_AUTO);
	s->levels[at_vf(0, 0, V_PERMISSIVE)] = s->levels[at_vf(0, 0, V_WANT_PERMISSIVE)] = 0;
	s->levels[F_RUNS] = ONLY(2) | ONLY(3);
	s->levels[F_LIMIT] = L(2);
	s->levels[F_NO_ATTACH] = s->levels[F_LIBVIRT] = L(2);
}

static void fill_1x3(struct prove_set *s)
{
	s->levels[at_pf(0, P_NUM)] = L(4);
	s->levels[at_pf(0, P_AUTO)] = L(2);
	s->levels[at_pf(0, P_WANT)] = L(6) & ~ONLY(WANT_ABSENT);
	for (unsigned i = 0; i < PROVE_VFS; i++) {
		s->levels[at_vf(0, i, V_IS)] = ONLY(IS_HOST) | ONLY(IS_USED) | ONLY(IS_FREE) |
					       ONLY(IS_HELD) | ONLY(IS_IN_1) | ONLY(IS_STALE);
		s->levels[at_vf(0, i, V_MEMORY)] = L(2);
		s->levels[at_vf(0, i, V_LINE)] = L(7);
	}
	s->levels[F_RUNS] = ONLY(1);
}

static void fill_1x2(struct prove_set *s)
{
	s->levels[at_pf(0, P_NUM)] = L(3);
	s->levels[at_pf(0, P_AUTO)] = L(3);
	s->levels[at_pf(0, P_MEMORY)] = ONLY(0) | ONLY(2) | ONLY(3);
	s->levels[at_pf(0, P_WANT)] = ONLY(1) | ONLY(2) | ONLY(3) | ONLY(4);
	s->levels[at_pf(0, P_WANT_AUTO)] = L(3);
	for (unsigned i = 0; i < 2; i++) {
		s->levels[at_vf(0, i, V_IS)] = ONLY(IS_HOST) | ONLY(IS_FREE) | ONLY(IS_OTHER) |
					       ONLY(IS_HELD) | ONLY(IS_IN_1);
		s->levels[at_vf(0, i, V_SET)] = ONLY(0) | ONLY(8);
		s->levels[at_vf(0, i, V_MEMORY)] = L(3);
		s->levels[at_vf(0, i, V_LINE)] = L(6);
		s->levels[at_vf(0, i, V_WANT_SET)] = ONLY(0) | ONLY(3);
	}
	s->levels[F_RUNS] = ONLY(1);
}

static void fill_2x1(struct prove_set *s)
{
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		s->levels[at_pf(p, P_NUM)] = L(2);
		s->levels[at_pf(p, P_WANT)] = L(4);
		s->levels[at_vf(p, 0, V_IS)] = ALL(at_vf(p, 0, V_IS));
		s->levels[at_vf(p, 0, V_MEMORY)] = L(2);
		s->levels[at_vf(p, 0, V_LINE)] = ALL(at_vf(p, 0, V_LINE));
	}
	s->levels[F_RUNS] = ONLY(3);
	s->levels[F_LIMIT] = L(2);
}

static void fill_2x2(struct prove_set *s)
{
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		s->levels[at_pf(p, P_NUM)] = L(3);
		s->levels[at_pf(p, P_WANT)] = L(5);
		for (unsigned i = 0; i < 2; i++) {
			s->levels[at_vf(p, i, V_IS)] =
				ONLY(IS_HOST) | ONLY(IS_FREE) | ONLY(IS_HELD) | ONLY(IS_IN_1);
			s->levels[at_vf(p, i, V_MEMORY)] = ONLY(MEM_OURS);
			s->levels[at_vf(p, i, V_LINE)] =
				ONLY(0) | ONLY(1) | ONLY(3) | ONLY(5) | ONLY(6);
		}
	}
	s->levels[F_RUNS] = ONLY(3);
	s->levels[F_LIMIT] = ONLY(0) | ONLY(2);
}

static void fill_names(struct prove_set *s)
{
	s->levels[at_pf(0, P_NUM)] = L(3);
	s->levels[at_pf(0, P_WANT)] = L(5);
	s->levels[at_pf(1, P_NUM)] = ONLY(3);
	s->levels[at_pf(1, P_WANT)] = L(2) | ONLY(WANT_NUMBER + 2);
	s->levels[at_vf(0, 0, V_IS)] = ALL(at_vf(0, 0, V_IS));
	s->levels[at_vf(0, 0, V_MEMORY)] = ALL(at_vf(0, 0, V_MEMORY));
	s->levels[at_vf(0, 0, V_LINE)] = ALL(at_vf(0, 0, V_LINE));
	s->levels[at_vf(0, 1, V_LINE)] = ONLY(0) | ONLY(5);
	s->levels[at_vf(1, 2, V_IS)] = ONLY(IS_HOST) | ONLY(IS_HELD) | ONLY(IS_IN_2);
	s->levels[at_vf(1, 2, V_MEMORY)] = ALL(at_vf(1, 2, V_MEMORY));
	s->levels[at_vf(1, 2, V_LINE)] = ONLY(0) | ONLY(1) | ONLY(3);
	s->levels[F_RUNS] = ONLY(2) | ONLY(3);
	s->levels[F_NAMED] = ONLY(1) | ONLY(2);
}

static void fill_up(struct prove_set *s)
{
	s->levels[at_pf(0, P_NUM)] = L(3);
	s->levels[at_pf(0, P_KIND)] = ALL(at_pf(0, P_KIND));
	s->levels[at_pf(0, P_GUARD)] = L(2);
	s->levels[at_pf(0, P_DOWN)] = s->levels[at_pf(0, P_WANT_UP)] = L(2);
	s->levels[at_pf(0, P_MEMORY)] =
		ONLY(PF_MEM_NONE) | ONLY(PF_MEM_NO_VFS) | ONLY(PF_MEM_ONE) | ONLY(PF_MEM_UP);
	s->levels[at_pf(0, P_WANT)] = L(5);
	for (unsigned i = 0; i < 2; i++) {
		s->levels[at_vf(0, i, V_IS)] =
			ONLY(IS_HOST) | ONLY(IS_USED) | ONLY(IS_HELD) | ONLY(IS_IN_1);
		s->levels[at_vf(0, i, V_MEMORY)] = L(2);
		s->levels[at_vf(0, i, V_LINE)] = ONLY(0) | ONLY(1) | ONLY(3) | ONLY(5);
		s->levels[at_vf(0, i, V_WANT_SET)] = ONLY(0) | ONLY(2);
	}
	s->levels[F_RUNS] = ONLY(1);
}

static void fill_auto(struct prove_set *s)
{
	s->levels[at_pf(0, P_NUM)] = L(3);
	s->levels[at_pf(0, P_KIND)] = ONLY(PF_PLAIN) | ONLY(PF_WITHOUT_NETDEV);
	s->levels[at_pf(0, P_WANT)] = ONLY(1) | ONLY(2) | ONLY(3) | ONLY(4);
	for (unsigned i = 0; i < 2; i++) {
		s->levels[at_vf(0, i, V_IS)] =
			ONLY(IS_HOST) | ONLY(IS_USED) | ONLY(IS_HELD) | ONLY(IS_IN_1);
		s->levels[at_vf(0, i, V_SET)] =
			ONLY(0) | ONLY(1) | ONLY(8) | ONLY(9) | ONLY(10) | ONLY(11);
		s->levels[at_vf(0, i, V_MEMORY)] = L(2);
		s->levels[at_vf(0, i, V_LINE)] = ONLY(0) | ONLY(1) | ONLY(5);
		s->levels[at_vf(0, i, V_WANT_SET)] = ONLY(0) | ONLY(1) | ONLY(4) | ONLY(5);
	}
	s->levels[F_RUNS] = ONLY(1);
	s->levels[F_TAKEN] = s->levels[F_LIBVIRT] = L(2);
}

static void fill_guest(struct prove_set *s)
{
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		s->levels[at_pf(p, P_NUM)] = L(2);
		s->levels[at_pf(p, P_WANT)] = ONLY(1) | ONLY(3);
		s->levels[at_vf(p, 0, V_IS)] = ALL(at_vf(p, 0, V_IS));
		s->levels[at_vf(p, 0, V_MEMORY)] = ONLY(MEM_NONE) | ONLY(MEM_OURS);
		s->levels[at_vf(p, 0, V_LINE)] = ALL(at_vf(p, 0, V_LINE));
		s->levels[at_vf(p, 0, V_PERMISSIVE)] = L(2);
		s->levels[at_vf(p, 0, V_WANT_PERMISSIVE)] = L(2);
	}
	s->levels[F_RUNS] = ALL(F_RUNS);
	s->levels[F_LIMIT] = s->levels[F_NO_ATTACH] = L(2);
}

static void fill_cards(struct prove_set *s)
{
	s->levels[at_pf(0, P_NUM)] = L(3);
	s->levels[at_pf(0, P_AUTO)] = L(2);
	s->levels[at_pf(0, P_MEMORY)] = ALL(at_pf(0, P_MEMORY));
	s->levels[at_pf(0, P_WANT)] = ONLY(1) | ONLY(2) | ONLY(3) | ONLY(4);
	for (unsigned i = 0; i < 2; i++) {
		s->levels[at_vf(0, i, V_IS)] = ONLY(IS_HOST) | ONLY(IS_FREE) | ONLY(IS_OTHER) |
					       ONLY(IS_HELD) | ONLY(IS_IN_1);
		s->levels[at_vf(0, i, V_SET)] = ONLY(0) | ONLY(8);
		s->levels[at_vf(0, i, V_MEMORY)] = ALL(at_vf(0, i, V_MEMORY));
		s->levels[at_vf(0, i, V_LINE)] = L(6);
	}
	s->levels[F_RUNS] = ONLY(1);
	s->levels[F_CARDS] = ONLY(1);
}

static void fill_group3(struct prove_set *s)
{
	s->levels[at_pf(0, P_NUM)] = ONLY(2) | ONLY(3);
	s->levels[at_pf(0, P_WANT)] = ONLY(WANT_NO_NUMBER) | ONLY(WANT_NUMBER + 3);
	for (unsigned i = 0; i < PROVE_VFS; i++) {
		s->levels[at_vf(0, i, V_IS)] = ONLY(IS_HOST) | ONLY(IS_FREE) | ONLY(IS_OTHER) |
					       ONLY(IS_HELD) | ONLY(IS_IN_1) | ONLY(IS_IN_2);
		s->levels[at_vf(0, i, V_MEMORY)] = L(2);
		s->levels[at_vf(0, i, V_LINE)] = L(8);
	}
	s->levels[F_RUNS] = ONLY(2) | ONLY(3);
	s->levels[F_GROUPS] = ONLY(GROUPS_FIRST_TWO) | ONLY(GROUPS_PF);
}

static void fill_group2x2(struct prove_set *s)
{
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		s->levels[at_pf(p, P_NUM)] = ONLY(2);
		s->levels[at_pf(p, P_WANT)] = ONLY(WANT_NO_NUMBER);
		for (unsigned i = 0; i < 2; i++) {
			s->levels[at_vf(p, i, V_IS)] =
				ONLY(IS_HOST) | ONLY(IS_FREE) | ONLY(IS_HELD) | ONLY(IS_IN_1);
			s->levels[at_vf(p, i, V_MEMORY)] = L(2);
			s->levels[at_vf(p, i, V_LINE)] =
				i ? ONLY(0) | ONLY(6)
				  : ONLY(0) | ONLY(1) | ONLY(3) | ONLY(5) | ONLY(6) | ONLY(7);
		}
	}
	s->levels[F_RUNS] = ONLY(3);
	s->levels[F_NO_ATTACH] = L(2);
	s->levels[F_GROUPS] = ONLY(GROUPS_BOTH_PFS) | ONLY(GROUPS_PF);
}

/* Whole, but for what differs by symmetry (symmetry.c). */
static void fill_2x3(struct prove_set *s)
{
	s->levels[at_pf(0, P_NUM)] = L(4);
	s->levels[at_pf(0, P_WANT)] = L(6);
	for (unsigned i = 0; i < PROVE_VFS; i++) {
		s->levels[at_vf(0, i, V_IS)] =
			ONLY(IS_HOST) | ONLY(IS_HELD) | ONLY(IS_IN_1) | ONLY(IS_IN_2);
		s->levels[at_vf(0, i, V_MEMORY)] = ONLY(MEM_OURS);
		s->levels[at_vf(0, i, V_LINE)] = ONLY(0) | ONLY(1) | ONLY(3) | ONLY(5) | ONLY(6);
	}
	s->levels[F_RUNS] = ONLY(3);
	s->levels[F_LIMIT] = ONLY(2);
}

static void fill_any(struct prove_set *s)
{
	for (unsigned f = 0; f < N_FACTORS; f++)
		s->levels[f] = ALL(f);
	s->random = 4000000;
}

typedef void (*fill_fn)(struct prove_set *s);

void prove_sets_fill(void)
{
	static const fill_fn fill[] = {
		fill_1x1,  fill_1x3,   fill_1x2,   fill_2x1,	fill_2x2,      fill_names, fill_up,
		fill_auto, fill_guest, fill_cards, fill_group3, fill_group2x2, fill_2x3,   fill_any,
	};

	for (unsigned k = 0; k < n_prove_sets; k++)
		fill[k](&prove_sets[k]);
}

static unsigned count(uint16_t levels)
{
	return levels ? (unsigned)__builtin_popcount(levels) : 1;
}

/* Returns the @n-th of the levels. */
static uint8_t nth(uint16_t levels, unsigned n)
{
	for (; n; n--)
		levels &= (uint16_t)(levels - 1);
	return levels ? (uint8_t)__builtin_ctz(levels) : 0;
}

uint64_t set_size(const struct prove_set *s)
{
	uint64_t n = 1;

	if (s->is_symmetric)
		return symmetric_size(s);
	for (unsigned f = 0; !s->random && f < N_FACTORS; f++)
		n *= count(s->levels[f]);
	return s->random ? s->random : n;
}

bool factor_is_of_topology(unsigned f)
{
	unsigned k = (f - F_PF) % N_PF_FACTORS;

	if (f < F_PF)
		return f == F_ON_ERROR || f == F_LIBVIRT;
	if (k < P_VF)
		return k == P_WANT || k == P_WANT_AUTO || k == P_WANT_UP;
	k = (k - P_VF) % N_VF_FACTORS;
	return k == V_LINE || k == V_WANT_SET || k == V_WANT_PERMISSIVE;
}

/* Hosts change fastest, so that a topology is read once for many hosts. */
static void whole(const struct prove_set *s, uint64_t i, struct prove_case *ret)
{
	for (unsigned topology = 0; topology < 2; topology++)
		for (unsigned f = 0; f < N_FACTORS; f++) {
			unsigned n = count(s->levels[f]);

			if (factor_is_of_topology(f) != (topology == 1))
				continue;
			ret->v[f] = nth(s->levels[f], (unsigned)(i % n));
			i /= n;
		}
}

/* Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014). */
uint64_t prove_mix(uint64_t *at)
{
	uint64_t z = *at += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* What says something twice, said once. */
static void settle_vf(struct prove_case *c, unsigned p, unsigned i)
{
	uint8_t *v = &c->v[at_vf(p, i, 0)];
	int want = case_numvfs(c, p);

	if (i >= c->v[at_pf(p, P_NUM)])
		v[V_IS] = v[V_SET] = 0;
	if (!kind_has_netdev(c->v[at_pf(p, P_KIND)]))
		v[V_SET] = 0;
	if (c->v[at_pf(p, P_WANT)] == WANT_ABSENT || (want >= 0 && (int)i >= want))
		v[V_LINE] = v[V_WANT_SET] = 0;
	if (!case_line(c, p, i).domain)
		v[V_WANT_PERMISSIVE] = 0;
	if (v[V_IS] == IS_IN_1)
		c->v[F_RUNS] |= 1;
	else if (v[V_IS] == IS_IN_2)
		c->v[F_RUNS] |= 2;
	else
		v[V_PERMISSIVE] = 0;
}

static void settle_pf(struct prove_case *c, unsigned p)
{
	uint8_t *v = &c->v[at_pf(p, 0)];

	/* Which group a VF that is made will have nobody knows before. */
	if (c->v[F_GROUPS] && (!p || c->v[F_GROUPS] == GROUPS_BOTH_PFS)) {
		v[P_MEMORY] = 0;
		if (v[P_WANT] >= WANT_NUMBER)
			v[P_WANT] = (uint8_t)(WANT_NUMBER + v[P_NUM]);
	}
	if (v[P_WANT] < WANT_NUMBER)
		v[P_WANT_AUTO] = v[P_WANT_UP] = 0;
	if (!kind_has_netdev(v[P_KIND])) {
		v[P_DOWN] = 0;
		v[P_MEMORY] = v[P_MEMORY] == PF_MEM_UP ? PF_MEM_NO_VFS : v[P_MEMORY];
	}
}

static void settle(struct prove_case *c)
{
	bool says_1 = false, has_memory = false;

	for (unsigned p = 0; p < PROVE_PFS; p++) {
		settle_pf(c, p);
		has_memory |= c->v[at_pf(p, P_MEMORY)];
		for (unsigned i = 0; i < PROVE_VFS; i++) {
			settle_vf(c, p, i);
			has_memory |= c->v[at_vf(p, i, V_MEMORY)];
			says_1 |= case_line(c, p, i).domain == 1;
		}
	}
	c->v[F_LIBVIRT] &= says_1;
	c->v[F_CARDS] &= has_memory;
	if (!case_line(c, 0, 0).domain)
		c->v[F_NAMED] = 0;
	else if (c->v[F_NAMED] == 2 && !c->v[at_vf(1, 2, V_MEMORY)])
		c->v[F_NAMED] = 1;
	if (!case_is_canonical(c))
		c->v[F_GROUPS] = 0;
}

/* If all levels were equally likely, nearly every case would be refused for something; so some
 * factors are calm. */
static void by_chance(const struct prove_set *s, uint64_t i, struct prove_case *ret)
{
	static const unsigned calm[] = { 50, 70, 80, 90 }; /* percent of level 0 */
	uint64_t seed = i;
	unsigned percent = calm[prove_mix(&seed) % 4];

	for (unsigned f = 0; f < N_FACTORS; f++) {
		bool is_number = f >= F_PF && (f - F_PF) % N_PF_FACTORS == P_NUM;

		ret->v[f] = 0;
		if (prove_mix(&seed) % 100 >=
		    (is_number || factor_is_of_topology(f) ? 20 : percent))
			ret->v[f] = nth(s->levels[f],
					(unsigned)(prove_mix(&seed) % count(s->levels[f])));
	}
	settle(ret);
}

bool set_case(const struct prove_set *s, uint64_t i, struct prove_case *ret)
{
	if (s->is_symmetric)
		return symmetric_case(s, i, ret);
	if (s->random)
		by_chance(s, i, ret);
	else
		whole(s, i, ret);
	return case_is_canonical(ret);
}
