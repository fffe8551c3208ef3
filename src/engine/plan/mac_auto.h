/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mac=auto: the address of a VF that has none of its own. */
#ifndef VFY_ENGINE_PLAN_MAC_AUTO_H
#define VFY_ENGINE_PLAN_MAC_AUTO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"

/**
 * mac_auto - an address for VF @index of the PF with this permanent address
 * @salt: 0 first; another one gives another address, for when the first is taken
 *
 * The same for the same arguments, on every run and after every reboot, and another one for every
 * other PF in the world, for permanent addresses are unique. Locally administered, unicast.
 */
void mac_auto(const uint8_t pf_mac[MAC_LEN], unsigned index, unsigned salt, uint8_t ret[MAC_LEN]);

#endif
