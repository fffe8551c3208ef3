// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/mac_auto.h"

#include <stddef.h>

/* FNV-1a with 64 bits, because it is short, and every bit of the input reaches every byte of the
 * address. */
static uint64_t fnv1a(uint64_t h, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 0x100000001b3ull;
	return h;
}

void mac_auto(const uint8_t pf_mac[MAC_LEN], unsigned index, unsigned salt, uint8_t ret[MAC_LEN])
{
	const uint8_t tail[] = { (uint8_t)index, (uint8_t)(index >> 8), (uint8_t)(index >> 16),
				 (uint8_t)salt,	 (uint8_t)(salt >> 8),	(uint8_t)(salt >> 16) };
	uint64_t h = fnv1a(0xcbf29ce484222325ull, pf_mac, 6);

	h = fnv1a(h, tail, sizeof(tail));
	/* The low bits of the last byte differ least, so fold the top over them. */
	h ^= h >> 47;
	h *= 0xff51afd7ed558ccdull;
	h ^= h >> 33;
	for (int i = 0; i < 6; i++)
		ret[i] = (uint8_t)(h >> 8 * i);
	/* locally administered, not a group: IEEE 802, bits 1 and 0 of the first byte */
	ret[0] = (uint8_t)((ret[0] & 0xfc) | 0x02);
}
