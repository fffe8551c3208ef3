/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IOMMU groups: the smallest unit that VFIO gives to one user. */
#ifndef VFY_BACKEND_KVM_GROUP_H
#define VFY_BACKEND_KVM_GROUP_H

#include "host/inventory/inventory.h"

struct member {
	struct bdf bdf;
	char driver[64]; /* "" for none */
};

struct group {
	struct member *v; /* sorted by address */
	size_t n;
};

/* Reads the members of a group with their drivers, except that of @known (NULL: none), which gets
 * ""; release with group_done(). Returns -ENOENT when there is no such group. */
int group_read(struct group *ret, const struct host *h, int32_t number, const struct bdf *known,
	       struct err *e);
void group_done(struct group *g);

/* Returns the number of the function's group now, NO_GROUP when it has none. */
int32_t group_of(const struct host *h, struct bdf dev);

/**
 * group_is_vfio - tell whether VFIO has this function, so that a guest can get it
 *
 * True with vfio-pci, and with drivers of single vendors that do the same. Ask for each function,
 * because a driver may give only some of its functions to VFIO: NVIDIA's driver gives those VFs
 * that were made a vGPU.
 */
bool group_is_vfio(const struct host *h, struct bdf dev, const char *driver);

/* Tells whether the driver gives all its functions to VFIO, judging by its name: vfio-pci,
 * mlx5_vfio_pci. */
bool group_driver_is_vfio(const char *driver);

/**
 * group_comes - has it no group yet, because the kernel makes it with the first driver?
 *
 * On Arm up to Linux 6.14 a function gets its group when a driver is first tried on it, and not
 * when it appears: of a VF that none was tried on nothing is known. That its PF has one says that
 * the IOMMU is there. Once it is bound it has one, or was refused by VFIO.
 * Source: Linux drivers/pci/pci-driver.c, pci_dma_configure(); drivers/iommu/of_iommu.c,
 * of_iommu_configure(); drivers/acpi/scan.c, acpi_iommu_configure_id().
 */
bool group_comes(const struct host *h, struct vf_ref vf);

/* It has no group: refused, with what this machine needs. */
int group_refuse_none(const struct host *h, struct err *e);

/**
 * group_check - refuse a function whose group VFIO would not open
 * @with: sorted addresses of members that count as taken from the host already; may be NULL
 *
 * Every other member must be without driver, with a VFIO driver, or with one that does no DMA of
 * its own (pci-stub, a port's). One whose group is still to come passes: ask again when it is
 * bound. The sentence names those that are not, and how to get them out of the way. --force with
 * the function's own name makes it a note. Status EXIT_REFUSED. Source: Linux
 * drivers/iommu/iommu.c, iommu_group_claim_dma_owner(); drivers/vfio/group.c,
 * VFIO_GROUP_FLAGS_VIABLE; drivers/pci/pcie/portdrv.c, driver_managed_dma.
 */
int group_check(const struct host *h, struct vf_ref vf, const struct bdf *with, size_t n_with,
		struct err *e);

#endif
