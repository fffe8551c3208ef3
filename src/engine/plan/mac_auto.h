/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mac=auto: makes an address for a VF that has none of its own. */
#ifndef VFY_ENGINE_PLAN_MAC_AUTO_H
#define VFY_ENGINE_PLAN_MAC_AUTO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"

/**
 * mac_auto - make an address for VF @index of the PF with this permanent address
 * @salt: 0 at first; another salt gives another address, when the first is taken
 *
 * The same arguments give the same address, on every run and after every reboot. Every other PF in
 * the world gives another address, because permanent addresses are unique. The address is locally
 * administered and unicast.
 */
void mac_auto(const uint8_t pf_mac[MAC_LEN], unsigned index, unsigned salt, uint8_t ret[MAC_LEN]);

#endif
