/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What logs say of pass-through: Xen's own at its start, a guest's console. Pure. */
#ifndef VFY_BACKEND_XEN_SAID_BOOT_H
#define VFY_BACKEND_XEN_SAID_BOOT_H

/**
 * said_remaps - does Xen's log say that interrupts are remapped?
 *
 * 1, 0, or UNKNOWN: the ring rolls over, and anybody may have cleared it. The last word counts.
 * Source: Xen xen/drivers/passthrough/iommu.c, iommu_setup(): "Interrupt remapping enabled",
 * printed by every build; vtd/iommu.c, "Intel VT-d Interrupt Remapping not enabled."
 */
int said_remaps(const char *log);

/* What a PV guest's kernel says when its memory is not fit for a device's DMA. */
struct said_by_guest {
	const char *words; /* as its console has them; NULL: none of them */
	const char *means, *fix;
};

/**
 * said_by_guest - the first sentence of a console log that has to do with pass-through
 *
 * Source: Linux drivers/xen/swiotlb-xen.c of 3.x to 5.12, xen_swiotlb_init(): "Failed to get
 * contiguous memory for DMA from Xen!"; drivers/pci/xen-pcifront.c.
 */
const struct said_by_guest *said_by_guest(const char *log);

#endif
