/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options for the hypervisor's command line that give guests enough interrupts. Pure. */
#ifndef VFY_HOST_BOOT_GUEST_IRQS_H
#define VFY_HOST_BOOT_GUEST_IRQS_H

#include <stdbool.h>

/* How many MSI and MSI-X vectors a domain gets altogether unless Xen is told otherwise. Source: Xen
 * xen/common/domain.c, DEFAULT_EXTRA_DOMU_IRQS. */
#define GUEST_IRQS_DEFAULT 32u

/* The most that a domain can have: 32768 minus the ISA interrupts. Source: Xen
 * docs/misc/xen-command-line.pandoc, extra_guest_irqs. */
#define GUEST_IRQS_MAX 32752u

/* How many interrupts Xen makes for each CPU of the host when it is not told a number.
 * Source: Xen xen/arch/x86/include/asm/irq-vectors.h, NR_DYNAMIC_VECTORS (0x20 to 0xef). */
#define IRQS_PER_CPU 208u

/* "extra_guest_irqs=EXTRA nr_irqs=NR". */
struct irq_words {
	unsigned extra; /* for each domain */
	unsigned nr;	/* for the whole host, never less than Xen takes by itself */
};

/**
 * guest_irqs_words - compute the options for domains that need more than the default
 * @most: vectors of the domain that needs the most
 * @all:  vectors of all domains together, at least @most
 * @cpus: CPUs of the host, not of Dom0; 0 when not known
 *
 * Whatever the version of Xen, nr_irqs= goes with extra_guest_irqs=: since Xen 4.19 the latter
 * alone leaves every domain without interrupts; before, nr_irqs= does nothing that Xen would not do
 * by itself; and a file outlives an update. nr_irqs= replaces Xen's own number, and Xen reserves an
 * eighth of it for the pins of IO-APICs, so it is never small. *ret is set even when the result is
 * false.
 * Source: Xen xen/common/domain.c, setup_system_domains(), domain_create();
 * xen/arch/x86/io_apic.c, ioapic_init(), arch_hwdom_irqs().
 *
 * Returns false when a domain needs more than GUEST_IRQS_MAX, which no Xen has.
 */
bool guest_irqs_words(unsigned most, unsigned long all, unsigned cpus, struct irq_words *ret);

/* Returns how many CPUs' interrupts an nr_irqs= covers, for a reader who knows how many CPUs there
 * are. */
unsigned guest_irqs_cpus(unsigned nr);

#endif
