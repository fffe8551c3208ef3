/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the host itself depends on a function, or somebody on this host uses it. */
#ifndef VFY_HOST_GUARD_GUARD_H
#define VFY_HOST_GUARD_GUARD_H

#include "base/bdf.h"
#include "host/host.h"

/**
 * guard_function - refuse a function that the host needs, or that is in use
 * @label: how messages name it, "net0/3 (0000:05:10.6)"; --force with its first word, or with its
 *         address, overrides the refusal and leaves a note
 *
 * The host needs a function when one of its netdevs, or one built on them, carries a default route;
 * when a netdev is a member of a bond, bridge or team, or the parent of a VLAN or macvlan that is
 * up; or when one of its block devices is mounted, is swap, is below dm/md/LVM, or is claimed by
 * something else (host/guard/claimed.h). A netdev that is merely up and has an address is no reason
 * to refuse, because network managers do that to every new VF.
 *
 * A function is in use when its network or RDMA device is in another network namespace; when a
 * process has a node of it, or of one of its devices (uio, vhost-vdpa, uverbs, drm, disks), open;
 * or when a virtio_vdpa device, a mediated device, a vGPU or an XDP program is on it. The sentence
 * says which, and names the process. A macvlan in another namespace leaves no trace and is not
 * seen. Returns 0, or -EBUSY with EXIT_REFUSED, also when it could not look. Source: Linux
 * Documentation/ABI/testing/sysfs-class-net (upper_*, master), proc(5) net/route, net/ipv6_route,
 * self/mountinfo, swaps, PID/fd; sysfs-block (holders, slaves).
 */
int guard_function(const struct host *h, struct bdf dev, const char *label, struct err *e);

/**
 * guard_pf - refuse to change the number of VFs of a PF that the host needs; it keeps its driver
 *
 * Making VFs resets many NICs. Programs that have a node of the PF open survive that, so they are
 * no reason to refuse.
 */
int guard_pf(const struct host *h, struct bdf dev, const char *label, struct err *e);

/* Tells whether a VF can be a vGPU. *ret is the type of the vGPU that it is, 0 when it is none.
 * Source: NVIDIA vGPU Software User Guide, "Creating an NVIDIA vGPU on Linux with KVM". */
bool guard_vgpu_type(const struct host *h, struct bdf dev, unsigned *ret);

/* Before a function is taken from its driver: refuses one that its driver turns into a vGPU, which
 * --force does not override (-ENOTSUP), then asks guard_function(). */
int guard_take(const struct host *h, struct bdf dev, const char *label, struct err *e);

/* The same for a function that is no VF, and is the host's own: also its console, its only
 * keyboard, a network card with an address of the host. Source: Documentation/input/userspace,
 * proc(5) bus/input/devices. */
int guard_take_whole(const struct host *h, struct bdf dev, const char *label, struct err *e);

/* Was the function named with --force, as guard_function() takes it? */
bool guard_is_forced(const struct host *h, struct bdf dev, const char *label);

#endif
