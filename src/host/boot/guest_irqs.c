// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/boot/guest_irqs.h"

/* Xen reserves an eighth of nr_irqs= for the pins of IO-APICs, so this keeps as many as Xen has
 * without the option. Hosts with four sockets have fewer than 512. */
#define NR_LEAST 4096u

/* Used when the number of CPUs is not known: enough for 157 CPUs, at 8 MiB of memory. Xen makes as
 * many by itself on a host with that many CPUs. */
#define NR_UNKNOWN 32768u

static unsigned round_up(unsigned long n, unsigned to)
{
	return (unsigned)((n + to - 1) / to * to);
}

bool guest_irqs_words(unsigned most, unsigned long all, unsigned cpus, struct irq_words *ret)
{
	unsigned long own = cpus ? (unsigned long)cpus * IRQS_PER_CPU : NR_UNKNOWN;

	/* The emulated devices of HVM guests use some, too. */
	ret->extra = round_up(most, 32);
	if (ret->extra > GUEST_IRQS_MAX)
		ret->extra = GUEST_IRQS_MAX;
	if (own < NR_LEAST)
		own = NR_LEAST;
	/* The pins of IO-APICs count within each domain's number, so leave room for them. */
	if (all < ret->extra)
		all = ret->extra;
	ret->nr = round_up(own + all, 1024);
	return most <= GUEST_IRQS_MAX;
}

unsigned guest_irqs_cpus(unsigned nr)
{
	return nr / IRQS_PER_CPU;
}
