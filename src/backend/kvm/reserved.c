// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory that the firmware keeps for a device: RMRR of Intel, IVMD of AMD. */
#include <string.h>

#include "backend/kvm/group.h"
#include "backend/kvm/kvm.h"
#include "host/guard/guard.h"

/* The first region of the group that must stay mapped one to one: "0x... 0x... direct". Those that
 * are called direct-relaxable, as of USB controllers and graphics cards, need not. Source: Linux
 * Documentation/ABI/testing/sysfs-kernel-iommu_groups, reserved_regions; drivers/iommu/iommu.c,
 * iommu_group_resv_type_string[]. */
static bool find_direct(char *text, unsigned long long *ret_first, unsigned long long *ret_last)
{
	char *line, *rest = text, type[32];

	while ((line = strsep(&rest, "\n")))
		if (sscanf(line, "%llx %llx %31s", ret_first, ret_last, type) == 3 &&
		    !strcmp(type, "direct"))
			return true;
	return false;
}

/*
 * Binding works, and then no guest gets it. Source: Linux drivers/iommu/intel/iommu.c,
 * device_is_rmrr_locked() (EPERM); since 6.6 drivers/iommu/iommu.c, __iommu_take_dma_ownership()
 * and require_direct, whoever made the IOMMU.
 */
int kvm_refuse_reserved(const struct host *h, struct vf_ref vf, struct err *e)
{
	int32_t number = group_of(h, vf_of(vf)->bdf);
	char label[VF_LABEL_MAX], bdf[BDF_STRLEN];
	unsigned long long first, last;
	_cleanup_free_ char *text = NULL;

	if (number == NO_GROUP)
		return 0;
	text = root_read_all(&h->root, "sys/kernel/iommu_groups/%d/reserved_regions", number);
	if (!text || !find_direct(text, &first, &last) ||
	    guard_is_forced(h, vf_of(vf)->bdf, vf_label(label, vf)))
		return 0;
	err_refuse(
		e, EPERM,
		"the firmware keeps memory for it (0x%llx to 0x%llx, RMRR), and the kernel gives "
		"no guest such a device",
		first, last);
	return err_fix(e, -EPERM,
		       "switch off in the firmware what uses it there, such as shared memory of "
		       "the slot; if this kernel gives it all the same, add --force %s",
		       bdf_str(bdf, vf_of(vf)->bdf));
}
