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
	{ "CPU implementer", "arm-smmu.disable_bypass",
	  "switch the SMMU on in the firmware; the kernel then uses it by itself" },
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

int kvm_iommu_fix(const struct host *h, int r, struct err *e)
{
	char cpu[2048] = "", line[4096] = "";

	root_read(&h->root, cpu, sizeof(cpu), "proc/cpuinfo");
	root_read(&h->root, line, sizeof(line), "proc/cmdline");
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
