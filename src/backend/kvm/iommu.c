// SPDX-License-Identifier: GPL-2.0-or-later
/* An IOMMU that the kernel does not use, and what each make of machine needs. */
#include <string.h>

#include "backend/kvm/kvm.h"

static const struct {
	const char *cpu;       /* a line of proc/cpuinfo */
	const char *off, *fix; /* the word that switches it off, and what it needs otherwise */
} makes[] = {
	{ "GenuineIntel", "intel_iommu=off",
	  "switch VT-d on in the firmware, and boot with intel_iommu=on" },
	{ "AuthenticAMD", "amd_iommu=off",
	  "switch the IOMMU (AMD-Vi) on in the firmware; the kernel then uses it by itself" },
	{ "HygonGenuine", "amd_iommu=off",
	  "switch the IOMMU (AMD-Vi) on in the firmware; the kernel then uses it by itself" },
};

/* Looks for a whole word on the command line. */
static bool has_word(const char *line, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = strstr(line, word); at; at = strstr(at + 1, word))
		if ((at == line || at[-1] == ' ') && (!at[n] || at[n] == ' ' || at[n] == '\n'))
			return true;
	return false;
}

/* No word switches it on or off. The kernel has been told of it by the firmware, or not.
 * Source: Linux drivers/acpi/arm64/iort.c; Documentation/devicetree/bindings/pci/pci-iommu.txt. */
static int smmu_fix(const struct host *h, int r, struct err *e)
{
	if (!root_exists(&h->root, "sys/firmware/acpi/tables"))
		return err_fix(e, r,
			       "the device tree names no SMMU for PCI (iommu-map): boot with one "
			       "that does, or with ACPI");
	if (!root_exists(&h->root, "sys/firmware/acpi/tables/IORT"))
		return err_fix(e, r,
			       "the firmware has no IORT table, by which the kernel finds the "
			       "SMMU: switch the SMMU on in the firmware, or update it");
	return err_fix(e, r,
		       "the firmware's IORT table gives PCI no SMMU, or the kernel did not take "
		       "it: see dmesg | grep -i -e smmu -e iort");
}

int kvm_iommu_fix(const struct host *h, int r, struct err *e)
{
	char cpu[HOST_CPU_MAX], line[4096];

	if (host_is_arm(h))
		return smmu_fix(h, r, e);
	host_cpu(h, cpu);
	if (root_read(&h->root, line, sizeof(line), "proc/cmdline") < 0)
		line[0] = '\0';
	if (has_word(line, "iommu=off"))
		return err_fix(e, r, "boot without iommu=off");
	for (size_t i = 0; i < ARRAY_SIZE(makes); i++)
		if (strstr(cpu, makes[i].cpu))
			return has_word(line, makes[i].off)
				       ? err_fix(e, r, "boot without %s", makes[i].off)
				       : err_fix(e, r, "%s", makes[i].fix);
	return err_fix(e, r,
		       "switch the IOMMU on in the firmware (VT-d, AMD-Vi, SMMU); with an Intel "
		       "CPU also boot with intel_iommu=on");
}
