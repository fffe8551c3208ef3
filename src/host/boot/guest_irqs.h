/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words for the hypervisor's command line that let guests have interrupts enough. Pure. */
#ifndef VFY_HOST_BOOT_GUEST_IRQS_H
#define VFY_HOST_BOOT_GUEST_IRQS_H

#include <stdbool.h>

/* What each domain gets for all its MSI and MSI-X vectors unless told. Source: Xen
 * xen/common/domain.c, DEFAULT_EXTRA_DOMU_IRQS. */
#define GUEST_IRQS_DEFAULT 32u

/* The most one can have: 32768 less those of ISA. Source: Xen docs/misc/xen-command-line.pandoc,
 * extra_guest_irqs. */
#define GUEST_IRQS_MAX 32752u

/* Interrupts Xen makes for each CPU of the host when it is not told a number.
 * Source: Xen xen/arch/x86/include/asm/irq-vectors.h, NR_DYNAMIC_VECTORS (0x20 to 0xef). */
#define IRQS_PER_CPU 208u

/* "extra_guest_irqs=EXTRA nr_irqs=NR". */
struct irq_words {
	unsigned extra; /* for each domain */
	unsigned nr;	/* of the whole host, never less than what Xen takes by itself */
};

/**
 * guest_irqs_words - what to write for domains that need more than the default
 * @most: vectors of the domain that needs most
 * @all:  vectors of all domains together, at least @most
 * @cpus: of the host, not of Dom0; 0 when that is not known
 *
 * nr_irqs= stands beside it whatever the version is: from Xen 4.19 on extra_guest_irqs= alone
 * leaves every domain without any, below it does nothing that Xen would not do by itself, and a
 * file outlives an update. It replaces Xen's own number, and of it Xen keeps an eighth for the pins
 * of IO-APICs, so it is never small. *ret is set also when the answer is false.
 * Source: Xen xen/common/domain.c, setup_system_domains(), domain_create();
 * xen/arch/x86/io_apic.c, ioapic_init(), arch_hwdom_irqs().
 *
 * Returns false when no Xen has so many: more than GUEST_IRQS_MAX for one domain.
 */
bool guest_irqs_words(unsigned most, unsigned long all, unsigned cpus, struct irq_words *ret);

/* CPUs whose interrupts an nr_irqs= covers, for a reader who knows how many there are. */
unsigned guest_irqs_cpus(unsigned nr);

#endif
