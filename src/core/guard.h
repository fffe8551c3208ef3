/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the host itself live on this function? */
#ifndef VFY_CORE_GUARD_H
#define VFY_CORE_GUARD_H

#include "base/bdf.h"
#include "core/host.h"

/**
 * guard_function - refuse a function the host needs
 * @label: how messages name it; --force with it, or with its BDF, overrides
 *
 * Looks at the function's netdevs (default route; member of a bond, bridge, team; parent of a VLAN
 * or macvlan; each also when the route is on the upper one) and at its block devices (mounted,
 * swap, or below dm/md/LVM). The sentence says which. Returns 0 or -EBUSY with EXIT_REFUSED.
 * Source: Linux Documentation/ABI/testing/sysfs-class-net (upper_*, master), proc(5) net/route,
 * net/ipv6_route, self/mountinfo, swaps; sysfs-block (holders, slaves).
 */
int guard_function(const struct host *h, struct bdf dev, const char *label, struct err *e);

#endif
