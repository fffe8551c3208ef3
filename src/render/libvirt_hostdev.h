/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What virsh attach-device takes for a domain that exists. */
#ifndef VFY_RENDER_LIBVIRT_HOSTDEV_H
#define VFY_RENDER_LIBVIRT_HOSTDEV_H

#include "render/render.h"

/**
 * libvirt_hostdevs - a <hostdev> for each VF of in->vfs, or of the domain
 *
 * Without an address in the guest, for which libvirt finds a free port, and without controllers: a
 * domain that exists has its own. Several are several root elements, of which virsh takes one a
 * file: then a note says how to get one. Returns 0, or what render_wanted() and render_vf_bdf()
 * say. Source: libvirt src/conf/domain_conf.c, virDomainDeviceDefParse(), USER_ALIAS_PREFIX.
 */
int libvirt_hostdevs(const struct render_in *in, FILE *out, struct problems *notes, struct err *e);

/* -ENOTSUP (EXIT_REFUSED) for a VF that libvirt would hand to QEMU in words it does not take.
 * Source: QEMU hw/core/qdev-properties-system.c, set_pci_host_devaddr(). */
int libvirt_check_segment(struct bdf vf, struct err *e);

#endif
