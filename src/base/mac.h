/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ethernet hardware addresses: six bytes, as in the kernel's own structures. */
#ifndef VFY_BASE_MAC_H
#define VFY_BASE_MAC_H

#include <stdbool.h>
#include <stdint.h>

#define MAC_LEN	   6
#define MAC_STRLEN 18 /* "02:00:00:00:00:03" and its end */

/* Reads six pairs of hexadecimal digits with colons between them, and nothing else. Returns false,
 * with @ret untouched, for any other text. */
bool mac_scan(uint8_t ret[MAC_LEN], const char *s);

/* Writes lower-case digits. Returns @buf. */
char *mac_str(char buf[MAC_STRLEN], const uint8_t mac[MAC_LEN]);

/* Compares like memcmp(). */
int mac_cmp(const uint8_t a[MAC_LEN], const uint8_t b[MAC_LEN]);
bool mac_is_zero(const uint8_t mac[MAC_LEN]);

/* Tells whether it is a group address, which no single device can have. */
static inline bool mac_is_multicast(const uint8_t mac[MAC_LEN])
{
	return mac[0] & 1;
}

#endif
