// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests the planner against every small host, in as many processes as there are processors, and
 * prints what was tested and what was found.
 *
 *	prove [-j JOBS] [-n CASES] [-y CASES] [-o DIR] [SET [NUMBER]]
 *
 * -n: of each set only so many, evenly spread. -y: so many are done on a whole fake host, too, and
 * five times as many beside themselves in another order. A counterexample is made small and written
 * to DIR. With SET and NUMBER that case alone, with all that was planned. Whole are all sets but
 * "any", whose case N is made by chance with the seed N, of as many as it says (sets.c); "2x3" is
 * whole but for symmetry (symmetry.c).
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "counterexample.h"
#include "look.h"

#define CHUNK 64u /* how many numbers a process takes at once */

/* Shared by all processes; each writes only its own. */
struct worker {
	struct prove_count n;
	uint64_t answers, violations;
	uint8_t pairs[N_FACTORS][N_FACTORS][MAX_LEVELS][MAX_LEVELS];
};

struct options {
	unsigned jobs;
	uint64_t sample;
	unsigned yard; /* cases to do on the whole fake host */
	const char *dir;
};

static void note_pairs(struct worker *w, const struct prove_case *c)
{
	for (unsigned a = 0; a < N_FACTORS; a++)
		for (unsigned b = a + 1; b < N_FACTORS; b++)
			w->pairs[a][b][c->v[a]][c->v[b]] = 1;
}

static void violated(const struct prove_set *s, uint64_t i, const struct prove_case *c,
		     const char *why, struct worker *w, const struct options *o)
{
	w->violations++;
	if (w->violations > 5)
		return;
	flockfile(stdout);
	printf("violation: %s: prove %s %llu\n", why, s->name, (unsigned long long)i);
	counterexample_write(o->dir, s->name, i, c, why);
	fflush(stdout);
	funlockfile(stdout);
}

static void work(const struct prove_set *s, const struct options *o, unsigned nth, struct worker *w)
{
	uint64_t size = set_size(s), step = 1;
	struct prove_case c;

	if (o->sample && size > o->sample)
		step = (size / o->sample) | 1;
	/* Take a stride that has no factor in common with the numbers of levels. */
	while (step > 1 && (step % 3 == 0 || step % 5 == 0 || step % 7 == 0 || step % 11 == 0))
		step += 2;
	for (uint64_t k = 0; k < size / step + 1; k++) {
		uint64_t i = k * step;
		const char *why;

		if (k / CHUNK % o->jobs != nth || i >= size || !set_case(s, i, &c))
			continue;
		why = prove_case(&c, &w->n, NULL);
		if (s->random)
			note_pairs(w, &c);
		if (why)
			violated(s, i, &c, why, w, o);
	}
	w->answers = look_answers;
}

static void sum(struct prove_count *to, const struct prove_count *n)
{
	to->cases += n->cases;
	to->accepted += n->accepted;
	to->refused += n->refused;
	to->steps += n->steps;
	to->stops += n->stops;
	to->releases += n->releases;
}

static void print_pairs(const struct prove_set *s, const struct worker *w, unsigned jobs)
{
	uint64_t seen = 0, all = 0;

	for (unsigned a = 0; a < N_FACTORS; a++)
		for (unsigned b = a + 1; b < N_FACTORS; b++)
			for (unsigned x = 0; x < MAX_LEVELS; x++)
				for (unsigned y = 0; y < MAX_LEVELS; y++) {
					uint8_t any = 0;

					all += (s->levels[a] >> x & 1) && (s->levels[b] >> y & 1);
					for (unsigned k = 0; k < jobs; k++)
						any |= w[k].pairs[a][b][x][y];
					seen += any;
				}
	printf("prove: %s: %llu of %llu pairs of values (the others contradict each other)\n",
	       s->name, (unsigned long long)seen, (unsigned long long)all);
}

/* Returns the number of violations. */
static uint64_t prove_set(const struct prove_set *s, const struct options *o,
			  struct prove_count *all)
{
	size_t size = o->jobs * sizeof(struct worker);
	struct worker *w =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t violations = 0, answers = 0;
	struct prove_count n = { 0 };
	time_t began = time(NULL);
	int status;

	look_must(w == MAP_FAILED ? -ENOMEM : 0, "memory");
	set_size(s); /* what it makes once, for all processes */
	for (unsigned k = 0; k < o->jobs; k++) {
		pid_t child = fork();

		look_must(child < 0 ? -errno : 0, "fork");
		if (child == 0) {
			work(s, o, k, &w[k]);
			_exit(0);
		}
	}
	for (unsigned k = 0; k < o->jobs; k++) {
		look_must(wait(&status) < 0 ? -errno : 0, "wait");
		/* A process that died has proved nothing. */
		violations += !WIFEXITED(status) || WEXITSTATUS(status);
	}
	for (unsigned k = 0; k < o->jobs; k++) {
		sum(&n, &w[k].n);
		violations += w[k].violations;
		answers += w[k].answers;
	}
	printf("prove: %s (%s): %llu cases, %llu refused, %llu done in %llu steps, %llu stops, "
	       "%llu releases, %llu violations, %lld s\n",
	       s->name, s->what, (unsigned long long)n.cases, (unsigned long long)n.refused,
	       (unsigned long long)n.accepted, (unsigned long long)n.steps,
	       (unsigned long long)n.stops, (unsigned long long)n.releases,
	       (unsigned long long)violations, (long long)(time(NULL) - began));
	if (s->random)
		print_pairs(s, w, o->jobs);
	/* Without the seam the library would ask the machine, and a set without accepted and
	 * refused cases proves nothing. */
	if (!answers || !n.accepted || !n.refused) {
		printf("prove: %s: nobody asked, or nothing was done, or nothing refused\n",
		       s->name);
		violations++;
	}
	munmap(w, size);
	sum(all, &n);
	return violations;
}

static int show(const struct prove_set *s, uint64_t i)
{
	struct prove_count n = { 0 };
	struct prove_case c;
	const char *why;

	if (i >= set_size(s) || !set_case(s, i, &c)) {
		fprintf(stderr, "prove: %s has no such case\n", s->name);
		return 2;
	}
	counterexample_print(&c, stdout);
	why = prove_case(&c, &n, stdout);
	puts(why ? why : "all holds");
	return why != NULL;
}

static int prove_all(const struct options *o, const char *name)
{
	struct prove_count all = { 0 };
	uint64_t violations = 0;
	unsigned good = 0, bad = 0;

	for (unsigned k = 0; k < n_prove_sets; k++) {
		uint64_t found;

		if (name && strcmp(name, prove_sets[k].name) != 0)
			continue;
		fflush(stdout);
		found = prove_set(&prove_sets[k], o, &all);
		violations += found;
		good += !found;
		bad += found > 0;
	}
	if (!name) {
		unsigned differ = prove_yard(&prove_sets[n_prove_sets - 1], o->yard);

		violations += differ;
		good += !differ;
		bad += differ > 0;
		differ = prove_symmetry(&prove_sets[n_prove_sets - 1], 5 * o->yard);
		violations += differ;
		good += !differ;
		bad += differ > 0;
	}
	printf("prove: %llu cases, %llu points to stop at, %llu violations\n",
	       (unsigned long long)all.cases, (unsigned long long)all.stops,
	       (unsigned long long)violations);
	printf("prove: %u passed, %u failed\n", good, bad);
	return violations || !good;
}

int main(int argc, char **argv)
{
	struct options o = { .jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
			     .yard = 2000,
			     .dir = "." };
	int c;

	while ((c = getopt(argc, argv, "j:n:o:y:")) >= 0)
		if (c == 'j')
			o.jobs = (unsigned)atoi(optarg);
		else if (c == 'n')
			o.sample = strtoull(optarg, NULL, 10);
		else if (c == 'y')
			o.yard = (unsigned)atoi(optarg);
		else if (c == 'o')
			o.dir = optarg;
		else
			return 2;
	if (!o.jobs || argc - optind > 2)
		return 2;
	prove_sets_fill();
	for (unsigned k = 0; argc - optind == 2 && k < n_prove_sets; k++)
		if (!strcmp(argv[optind], prove_sets[k].name))
			return show(&prove_sets[k], strtoull(argv[optind + 1], NULL, 10));
	if (argc - optind == 2)
		return 2;
	return prove_all(&o, argv[optind]);
}
