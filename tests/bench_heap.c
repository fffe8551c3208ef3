// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the whole inventory of a tree and prints the number of VFs, nanoseconds per VF (the best of
 * five runs), heap bytes per VF that the inventory holds (as the allocator counts), and bytes per
 * VF by which the process grew at its peak.
 *
 *	bench_heap ROOT
 */
#include <malloc.h>
#include <sys/resource.h>
#include <time.h>

#include "host/inventory/inventory.h"

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double heap(void)
{
	struct mallinfo2 m = mallinfo2();

	return (double)m.uordblks + (double)m.hblkhd;
}

static double peak(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_maxrss * 1024;
}

/* Makes one run; *ret_ns and *ret_heap are its costs. Returns the number of VFs found. */
static size_t run(const struct host *h, double *ret_ns, double *ret_heap)
{
	double ns = now_ns(), bytes = heap();
	struct err e = { 0 };
	struct inventory *inv;
	size_t n;

	if (inventory_read(&inv, h, INVENTORY_ALL, &e) < 0) {
		err_print(&e, stderr);
		exit(1);
	}
	*ret_ns = now_ns() - ns;
	*ret_heap = heap() - bytes;
	n = inv->n_vfs;
	inventory_free(inv);
	return n;
}

int main(int argc, char **argv)
{
	double ns, bytes, best, grown;
	struct err e = { 0 };
	struct host h;
	size_t n;

	if (argc != 2 || host_open(&h, argv[1], &e) < 0)
		return 2;
	grown = peak();
	n = run(&h, &best, &bytes);
	grown = peak() - grown;
	for (int i = 0; i < 4; i++) {
		run(&h, &ns, &bytes);
		best = ns < best ? ns : best;
	}
	host_close(&h);
	if (!n)
		return 1;
	printf("%zu %.0f %.0f %.0f\n", n, best / (double)n, bytes / (double)n, grown / (double)n);
	return 0;
}
