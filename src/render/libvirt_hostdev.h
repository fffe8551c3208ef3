/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What virsh attach-device takes for an existing domain. */
#ifndef VFY_RENDER_LIBVIRT_HOSTDEV_H
#define VFY_RENDER_LIBVIRT_HOSTDEV_H

#include "render/render.h"

/**
 * libvirt_hostdevs - print a <hostdev> for each VF of in->vfs, or of the domain
 *
 * They have no address in the guest, because libvirt finds a free port, and no controllers, because
 * an existing domain has its own. Several VFs make several root elements, but virsh takes only one
 * per file, so a note says how to get one. Returns 0, or what render_wanted() and render_vf_bdf()
 * return. Source: libvirt src/conf/domain_conf.c, virDomainDeviceDefParse(), USER_ALIAS_PREFIX.
 */
int libvirt_hostdevs(const struct render_in *in, FILE *out, struct problems *notes, struct err *e);

/* Returns -ENOTSUP (EXIT_REFUSED) for a VF that libvirt would hand to QEMU in words that QEMU does
 * not accept.
 * Source: QEMU hw/core/qdev-properties-system.c, set_pci_host_devaddr(). */
int libvirt_check_segment(struct bdf vf, struct err *e);

#endif
