// SPDX-License-Identifier: GPL-2.0-or-later
/* An IOMMU that the kernel does not use, and what each make of machine needs. */
#include "backend/kvm/kvm.h"
#include "host/boot/iommu_facts.h"

#define INTEL_WORD "intel_iommu=on"

/* It is in the machine, and the kernel, which is not told to leave it, does not use it. */
static int fix_unused(const struct iommu_facts *f, int r, struct err *e)
{
	err_append(e, ", although the firmware has one (%s)", iommu_make_name(f->table));
	if (f->table == IOMMU_VTD && f->by_default != 1)
		return err_fix(e, r,
			       "add " INTEL_WORD " to GRUB_CMDLINE_LINUX_DEFAULT in "
			       "/etc/default/grub, run: update-grub; and reboot");
	return err_fix(e, r, "see why, run: dmesg | grep -i -e iommu -e DMAR -e AMD-Vi -e smmu");
}

/* It is switched off in the firmware, or there is none. */
static int fix_firmware(const struct iommu_facts *f, int r, struct err *e)
{
	bool is_word_needed = f->cpu == IOMMU_VTD && f->by_default != 1;

	if (f->has_tables)
		err_append(e, ", and the firmware shows none");
	if (f->is_virtual && f->has_tables)
		return err_fix(e, r,
			       "this is a virtual machine: its host has to give it an IOMMU, and "
			       "cards with SR-IOV");
	switch (f->cpu) {
	case IOMMU_VTD:
		return err_fix(e, r, "switch VT-d on in the firmware%s",
			       is_word_needed ? ", and boot with " INTEL_WORD
					      : "; the kernel then uses it by itself");
	case IOMMU_AMDVI:
		return err_fix(e, r,
			       "switch the IOMMU (AMD-Vi) on in the firmware; the kernel then uses "
			       "it by itself");
	default:
		return err_fix(e, r,
			       "switch the IOMMU on in the firmware (VT-d, AMD-Vi, SMMU); with an "
			       "Intel CPU also boot with " INTEL_WORD);
	}
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
	struct iommu_facts f;

	if (host_is_arm(h))
		return smmu_fix(h, r, e);
	iommu_facts_read(h, &f);
	if (f.off_word[0])
		return err_fix(e, r, "boot without %s", f.off_word);
	return f.table ? fix_unused(&f, r, e) : fix_firmware(&f, r, e);
}
