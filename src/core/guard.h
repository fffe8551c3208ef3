/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the host itself live on this function? */
#ifndef VFY_CORE_GUARD_H
#define VFY_CORE_GUARD_H

#include "base/bdf.h"
#include "core/host.h"

/**
 * guard_function - refuse a function the host needs
 * @label: how messages name it, "net0/3 (0000:05:10.6)"; --force with its first word, or with its
 *         address, overrides and says so as a note
 *
 * Looks at the function's netdevs (default route; member of a bond, bridge, team; parent of a VLAN
 * or macvlan that is up; the route also when it is on one built on it) and at its block devices
 * (mounted, swap, below dm/md/LVM, or claimed by whatever else: core/guard_claimed.h). The
 * sentence says which. A netdev that is up, with an address but none of these, is no reason: a VF
 * just made has that with any network manager. What lives in another network namespace is not
 * seen, nor a disk a program has open without O_EXCL.
 * Returns 0 or -EBUSY with EXIT_REFUSED, also when it could not look.
 * Source: Linux Documentation/ABI/testing/sysfs-class-net (upper_*, master), proc(5) net/route,
 * net/ipv6_route, self/mountinfo, swaps; sysfs-block (holders, slaves).
 */
int guard_function(const struct host *h, struct bdf dev, const char *label, struct err *e);

/* Was the function named with --force, as guard_function() takes it? */
bool guard_is_forced(const struct host *h, struct bdf dev, const char *label);

#endif
