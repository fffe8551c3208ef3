/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All small hosts and topologies: what the planner makes of each is compared with what it must
 * make. The host is data, and its steps are functions on data; nothing here reads a file. */
#ifndef VFY_TESTS_PROVE_PROVE_H
#define VFY_TESTS_PROVE_PROVE_H

#include "engine/plan/step.h"

#define PROVE_PFS  2
#define PROVE_VFS  3
#define PROVE_PASS "fakeback" /* the pass-through driver, that of tests/fake/fake_backend.h */

enum prove_driver { DRIVER_NONE, DRIVER_OF_HOST, DRIVER_OTHER, DRIVER_PASS };

/* A VF that exists. */
struct prove_vf {
	uint8_t state; /* enum vf_state */
	uint8_t driver;
	uint8_t used;	/* by a process, or by the host itself, so the guard refuses to take it */
	uint8_t domain; /* 0 none, 1 web1, 2 db1 */
	uint8_t mac;	/* enum prove_mac */
	uint8_t vlan;	/* 0 none, 1 that of the topology, 2 another */
	uint8_t permissive;
};

/* AUTO: as mac=auto makes it; NEXT: the one after that, because somebody has the first. */
enum prove_mac { MAC_NONE, MAC_WANTED, MAC_OTHER, MAC_AUTO, MAC_NEXT };

enum prove_kind {
	PF_PLAIN,
	PF_WITHOUT_DRIVER,
	PF_PASSED,
	PF_WITHOUT_NETDEV,
	PF_ONLY_UP, /* its driver makes VFs while the network device is up */
	N_PF_KINDS
};

static inline bool kind_has_netdev(unsigned kind)
{
	return kind == PF_PLAIN || kind == PF_ONLY_UP;
}

struct prove_pf {
	uint8_t numvfs, kind, guarded; /* guarded: the host depends on it */
	int8_t autoprobe;
	uint8_t down;			/* its network device */
	struct prove_vf vfs[PROVE_VFS]; /* those that do not exist are all 0 */
};

/* It has no padding and no pointers, so equal hosts are equal bytes. */
struct prove_host {
	struct prove_pf pfs[PROVE_PFS];
	uint8_t runs[2]; /* web1, db1 */
	uint8_t limit;	 /* VFs that fit into a domain; 0: any number */
	uint8_t groups;	 /* enum prove_groups */
	uint8_t taken;	 /* the host has the address that mac=auto makes for net0/0 */
};

/* Which VFs share an IOMMU group; all others have one each. */
enum prove_groups {
	GROUPS_ALONE,
	GROUPS_FIRST_TWO, /* net0/0 and net0/1 */
	GROUPS_BOTH_PFS,  /* net0/0 and net1/0 */
	GROUPS_PF,	  /* all of net0 */
	N_GROUPS
};
unsigned prove_group(const struct prove_host *h, unsigned pf, unsigned vf);

/* How a case is written: one small number for each of these. */
enum factor {
	F_RUNS,
	F_LIMIT,
	F_NO_ATTACH,
	F_ON_ERROR,
	F_LIBVIRT, /* web1 is libvirt's */
	F_GROUPS,  /* enum prove_groups */
	F_CARDS,   /* 1: the two cards changed places since what is remembered */
	F_TAKEN,
	F_NAMED, /* the device net0/0 of a domain has a name; 2: which net1/2 has already */
	F_PF,	 /* from here on for each PF */
};
enum pf_factor {
	P_NUM,
	P_AUTO,
	P_GUARD,
	P_KIND,
	P_MEMORY,
	P_WANT,
	P_WANT_AUTO,
	P_DOWN,
	P_WANT_UP,
	P_VF
};
enum vf_factor {
	V_IS,
	V_SET,
	V_MEMORY,
	V_LINE,
	V_WANT_SET,
	V_PERMISSIVE,
	V_WANT_PERMISSIVE,
	N_VF_FACTORS
};
#define N_PF_FACTORS (P_VF + PROVE_VFS * N_VF_FACTORS)
#define N_FACTORS    (F_PF + PROVE_PFS * N_PF_FACTORS)
#define N_LINES	     11
#define MAX_LEVELS   12

static inline unsigned at_pf(unsigned pf, unsigned f)
{
	return F_PF + pf * N_PF_FACTORS + f;
}

static inline unsigned at_vf(unsigned pf, unsigned vf, unsigned f)
{
	return at_pf(pf, P_VF + vf * N_VF_FACTORS + f);
}

struct prove_case {
	uint8_t v[N_FACTORS];
};

/* What a VF is; the levels of V_IS. */
enum { IS_HOST, IS_USED, IS_FREE, IS_OTHER, IS_HELD, IS_IN_1, IS_IN_2, IS_STALE, IS_BROKEN, N_IS };
/* What is remembered of a VF. */
enum {
	MEM_NONE,
	MEM_OURS,
	MEM_FREE,     /* made assignable by vfyard, without a driver before */
	MEM_SETTINGS, /* not made assignable by vfyard */
	MEM_NAME,     /* assignable before vfyard came */
	MEM_CARD,     /* of a card of another kind */
	MEM_GIVEN,    /* assignable before vfyard came, which gave it to the host */
	MEM_AGAIN,    /* and took it again */
	N_MEM
};
/* What is remembered of a PF: see remember_pf(). */
enum { PF_MEM_NONE, PF_MEM_NO_VFS, PF_MEM_ONE, PF_MEM_THREE, PF_MEM_TWO, PF_MEM_UP, N_PF_MEM };
/* What is set of a VF, and what is wanted: bits, and mac=auto. */
enum { WANT_MAC = 1, WANT_VLAN = 2, WANT_AUTO = 4 };
unsigned want_set_bits(unsigned level);
/* What a PF wants: level 1 is no numvfs=, level 2+n is numvfs=n. */
enum { WANT_ABSENT, WANT_NO_NUMBER, WANT_NUMBER };

/* What the topology says about a VF, by level of V_LINE. */
struct prove_line {
	int driver;	/* enum vf_driver; -1 none */
	uint8_t domain; /* 0 none, 1, 2 */
};
extern const struct prove_line prove_lines[N_LINES];

unsigned factor_levels(unsigned f);
const char *factor_name(char buf[32], unsigned f);

/* Tells whether the case states every fact once, and its host and topology can exist: no facts
 * about VFs that do not exist, no domain that has a VF and does not run. */
bool case_is_canonical(const struct prove_case *c);
/* Says so of one PF. */
bool pf_is_canonical(const struct prove_case *c, unsigned p);
struct prove_host case_host(const struct prove_case *c);
char *case_topology(const struct prove_case *c); /* JSON; free() it */
void case_print(const struct prove_case *c, FILE *out);
void case_memory(const struct prove_case *c, struct state *s);

/* Returns what the topology's line says about a VF. */
static inline struct prove_line case_line(const struct prove_case *c, unsigned pf, unsigned vf)
{
	return prove_lines[c->v[at_vf(pf, vf, V_LINE)]];
}

static inline int case_numvfs(const struct prove_case *c, unsigned pf)
{
	return (int)c->v[at_pf(pf, P_WANT)] - WANT_NUMBER; /* negative: not given */
}

/* A set of cases: which levels each factor has in it, slowest first. */
struct prove_set {
	const char *name, *what;
	uint16_t levels[N_FACTORS]; /* bits; 0: level 0 only */
	uint64_t random;	    /* 0: all of them; else so many, by chance */
	bool is_symmetric; /* of those that differ by the order of VFs alike, the order of PFs or
			      the names of domains, one (symmetry.c); both PFs as the first */
};
bool factor_is_of_topology(unsigned f);
/* The next of a row of numbers by chance, which the seed gives. */
uint64_t prove_mix(uint64_t *seed);
extern struct prove_set prove_sets[];
extern const unsigned n_prove_sets;
void prove_sets_fill(void);
uint64_t set_size(const struct prove_set *s);
/* Returns false when the @i-th is not a case, because it says something twice. */
bool set_case(const struct prove_set *s, uint64_t i, struct prove_case *ret);

/* Of a symmetric set. */
uint64_t symmetric_size(const struct prove_set *s);
bool symmetric_case(const struct prove_set *s, uint64_t i, struct prove_case *ret);
/* Of the facts of one PF: VFs of the same place may change places; the two domains do. */
unsigned half_place(const uint8_t *v, unsigned vf);
void exchange_domains(uint8_t *v);
/* That symmetry is none of the cases only, but of what the planner makes of them: cases of the set,
 * by chance, beside the same in another order. Prints what it did; returns how many came out
 * otherwise. */
unsigned prove_symmetry(const struct prove_set *s, unsigned n);

/* One step on the host; NULL, or why no host would do it or no planner may ask for it. */
const char *prove_step(struct prove_host *h, const struct step *s);

/* Independent of the planner. They return why the case must be refused, NULL when it need not be;
 * and why the topology is not reached, NULL when it is. */
const char *expect_refusal(const struct prove_case *c, const struct prove_host *h,
			   const struct state *saved);
/* Tells whether everything that became assignable is remembered as vfyard's work, which it can take
 * back. */
bool expect_ours(const struct prove_host *was, const struct prove_host *now,
		 const struct state *saved);
/* Tells whether it may be refused after VFs were made. */
bool expect_kept(const struct prove_case *c, const struct prove_host *h);
/* Tells whether release must make the same of the host, whatever was done of the topology. */
bool expect_back(const struct prove_case *c, const struct prove_host *h, const struct state *saved);
/* The same of what shares an IOMMU group (groups.c). */
const char *expect_group_refusal(const struct prove_case *c, const struct prove_host *h);
/* May VF @k, which somebody made assignable, be so again when it was the host's? */
bool expect_group_back(const struct prove_case *c, const struct prove_host *h, unsigned k);
const char *expect_reached(const struct prove_case *c, const struct prove_host *was,
			   const struct prove_host *now);

/* What is counted. */
struct prove_count {
	uint64_t cases, accepted, refused, steps, stops, releases;
};

/* Returns the kind of violation, as static text; NULL when everything holds. @say: where to tell
 * what was found. */
const char *prove_case(const struct prove_case *c, struct prove_count *n, FILE *say);

/* What apply and release make of the host, according to the model. */
struct prove_outcome {
	bool is_refused, has_back;
	size_t n_steps;
	struct prove_host end, back;
};
void prove_outcome(const struct prove_case *c, struct prove_outcome *ret);

/* The same of a whole fake host (tests/fake/fake_yard.h), with files, journal and memory: of so
 * many cases of the set, by chance. Prints what it did; returns how many came out otherwise. */
unsigned prove_yard(const struct prove_set *s, unsigned n);

#endif
