// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/boot/guest_irqs.h"

/* Xen keeps as many pins of IO-APICs as without the option when it is told eight times as much.
 * Hosts of four sockets have fewer than 512. */
#define NR_LEAST 4096u

/* Enough for 157 CPUs where their number is not known, and 8 MiB of memory. Xen makes as many by
 * itself where there are so many CPUs. */
#define NR_UNKNOWN 32768u

static unsigned round_up(unsigned long n, unsigned to)
{
	return (unsigned)((n + to - 1) / to * to);
}

bool guest_irqs_words(unsigned most, unsigned long all, unsigned cpus, struct irq_words *ret)
{
	unsigned long own = cpus ? (unsigned long)cpus * IRQS_PER_CPU : NR_UNKNOWN;

	/* Emulated devices of HVM guests take some, too. */
	ret->extra = round_up(most, 32);
	if (ret->extra > GUEST_IRQS_MAX)
		ret->extra = GUEST_IRQS_MAX;
	if (own < NR_LEAST)
		own = NR_LEAST;
	/* Room for the pins of IO-APICs, which count within each domain's. */
	if (all < ret->extra)
		all = ret->extra;
	ret->nr = round_up(own + all, 1024);
	return most <= GUEST_IRQS_MAX;
}

unsigned guest_irqs_cpus(unsigned nr)
{
	return nr / IRQS_PER_CPU;
}
