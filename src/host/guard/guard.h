/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the host itself live on this function, or somebody else on this host? */
#ifndef VFY_HOST_GUARD_GUARD_H
#define VFY_HOST_GUARD_GUARD_H

#include "base/bdf.h"
#include "host/host.h"

/**
 * guard_function - refuse a function the host needs, or that is in use
 * @label: how messages name it, "net0/3 (0000:05:10.6)"; --force with its first word, or with its
 *         address, overrides and says so as a note
 *
 * The host's need: the function's netdevs (default route; member of a bond, bridge, team; parent of
 * a VLAN or macvlan that is up; the route also when it is on one built on it) and its block devices
 * (mounted, swap, below dm/md/LVM, or claimed by whatever else: host/guard/claimed.h). A netdev
 * that is up, with an address but none of these, is no reason: a VF just made has that with any
 * network manager.
 *
 * In use is one whose network or RDMA device is in another network namespace; one of which, or of
 * whose devices (uio, vhost-vdpa, uverbs, drm, disks), a process has a node open; one with a device
 * of virtio_vdpa, a mediated device, a vGPU or a program of XDP on it. The sentence says which, and
 * names the process. A macvlan in another namespace leaves no mark and is not seen. Returns 0 or
 * -EBUSY with EXIT_REFUSED, also when it could not look. Source: Linux
 * Documentation/ABI/testing/sysfs-class-net (upper_*, master), proc(5) net/route, net/ipv6_route,
 * self/mountinfo, swaps, PID/fd; sysfs-block (holders, slaves).
 */
int guard_function(const struct host *h, struct bdf dev, const char *label, struct err *e);

/**
 * guard_pf - the same for a PF that keeps its driver, and whose number of VFs changes
 *
 * Making VFs resets many a NIC. Programs that have a node of it open survive that, and are no
 * reason.
 */
int guard_pf(const struct host *h, struct bdf dev, const char *label, struct err *e);

/**
 * guard_vgpu - refuse a VF of which its driver makes vGPUs
 *
 * No other driver can do anything with it, and the vGPU would be gone: --force does not override.
 * Returns 0 or -ENOTSUP with EXIT_REFUSED.
 */
int guard_vgpu(const struct host *h, struct bdf dev, const char *label, struct err *e);

/* Is it a VF that can be a vGPU? *ret is the type of the one it is, 0: it is none.
 * Source: NVIDIA vGPU Software User Guide, "Creating an NVIDIA vGPU on Linux with KVM". */
bool guard_vgpu_type(const struct host *h, struct bdf dev, unsigned *ret);

/* Before a function is taken from its driver: guard_vgpu(), then guard_function(). */
int guard_take(const struct host *h, struct bdf dev, const char *label, struct err *e);

/* Was the function named with --force, as guard_function() takes it? */
bool guard_is_forced(const struct host *h, struct bdf dev, const char *label);

#endif
