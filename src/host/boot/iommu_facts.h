/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the firmware and the running kernel show of an IOMMU. */
#ifndef VFY_HOST_BOOT_IOMMU_FACTS_H
#define VFY_HOST_BOOT_IOMMU_FACTS_H

#include <stdbool.h>
#include "host/host.h"

enum iommu_make {
	IOMMU_NONE,
	IOMMU_VTD,
	IOMMU_AMDVI,
	IOMMU_SMMU,
	IOMMU_VIRTIO,
};

/* "VT-d", "AMD-Vi", "SMMU", "virtio-iommu"; "IOMMU" for none. */
const char *iommu_make_name(enum iommu_make make);

struct iommu_facts {
	bool has_tables;       /* the names of the firmware's ACPI tables are seen */
	enum iommu_make table; /* what one of them describes */
	enum iommu_make cpu;   /* what a CPU of this vendor would have */
	enum iommu_make unit;  /* what the kernel drives; IOMMU_NONE: nothing */
	size_t n_groups;
	char off_word[64]; /* of the kernel's command line: it switches the IOMMU off; or "" */
	int8_t by_default; /* does the kernel use it without a word? 1, 0, UNKNOWN */
	int8_t remaps;	   /* are interrupts of devices remapped? 1, 0, UNKNOWN */
	bool is_virtual;   /* this is a virtual machine */
};

/**
 * iommu_facts_read - what can be seen of it, by anybody
 *
 * Tables by their names in /sys/firmware/acpi/tables: DMAR (VT-d), IVRS (AMD-Vi), IORT (SMMU) and
 * VIOT. In a Xen Dom0 the first is called RMAD, because Xen overwrites its signature so that Dom0
 * does not use it. Whether interrupts are remapped is told by the names of their chips: with it
 * they begin with "IR-"; an Arm host has ITS in its place. A kernel's own log is no evidence: it
 * says "IOMMU enabled" in a Dom0 that has none. Cannot fail: what is not there is not known.
 *
 * Source: Xen xen/drivers/passthrough/vtd/dmar.c, acpi_dmar_zap(); Linux
 * Documentation/ABI/testing/sysfs-class-iommu; drivers/iommu/intel/irq_remapping.c, the chips'
 * names; drivers/iommu/intel/Kconfig, INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF (Debian's choice).
 */
void iommu_facts_read(const struct host *h, struct iommu_facts *ret);

/**
 * iommu_off_word - the word of a command line that switches this IOMMU off
 * @ret: "intel_iommu=off", as it stands there; "" for none
 *
 * Pure. Of several words of one name the last counts; a value is a list with commas.
 * Source: Linux Documentation/admin-guide/kernel-parameters.txt, intel_iommu=, amd_iommu=, iommu=,
 * arm-smmu.disable_bypass=.
 */
void iommu_off_word(const char *cmdline, enum iommu_make make, char ret[64]);

/* Of the text of /proc/interrupts: 1, 0 or UNKNOWN. Pure. */
int iommu_remaps(const char *interrupts);

#endif
