/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IOMMU groups: the smallest thing VFIO gives to one user. */
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

/* Members of a group with their drivers; release with group_done(). -ENOENT: no such group. */
int group_read(struct group *ret, const struct host *h, int32_t number, struct err *e);
void group_done(struct group *g);

/* Number of the function's group now, NO_GROUP when it has none. */
int32_t group_of(const struct host *h, struct bdf dev);

/**
 * group_is_vfio - does VFIO have this function, so that a guest can get it?
 *
 * True with vfio-pci, and with the drivers of single vendors that do the same. Asked of each
 * function, because a driver may give only some of its own to VFIO: of NVIDIA's VFs those that
 * were made a vGPU.
 */
bool group_is_vfio(const struct host *h, struct bdf dev, const char *driver);

/* Does it give all functions it has to VFIO? Its name tells: vfio-pci, mlx5_vfio_pci. */
bool group_driver_is_vfio(const char *driver);

/**
 * group_check - refuse a function whose group VFIO would not open
 * @with: sorted addresses of members that count as given away already; may be NULL
 *
 * Every other member must be without driver, with a VFIO driver, or with one that does no DMA of
 * its own (pci-stub, a port's). The sentence names those that are not, and how to get them out of
 * the way. --force with the function's own name makes it a note. Status EXIT_REFUSED.
 * Source: Linux drivers/iommu/iommu.c, iommu_group_claim_dma_owner(); drivers/vfio/group.c,
 * VFIO_GROUP_FLAGS_VIABLE; drivers/pci/pcie/portdrv.c, driver_managed_dma.
 */
int group_check(const struct host *h, struct vf_ref vf, const struct bdf *with, size_t n_with,
		struct err *e);

#endif
