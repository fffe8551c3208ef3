// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/mac.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static uint8_t digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

bool mac_scan(uint8_t ret[MAC_LEN], const char *s)
{
	uint8_t mac[MAC_LEN];

	for (unsigned i = 0; i < MAC_LEN; i++, s += 3) {
		if (!isxdigit((unsigned char)s[0]) || !isxdigit((unsigned char)s[1]) ||
		    s[2] != (i < MAC_LEN - 1 ? ':' : '\0'))
			return false;
		mac[i] = (uint8_t)(digit(s[0]) << 4 | digit(s[1]));
	}
	memcpy(ret, mac, MAC_LEN);
	return true;
}

char *mac_str(char buf[MAC_STRLEN], const uint8_t mac[MAC_LEN])
{
	snprintf(buf, MAC_STRLEN, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
		 mac[4], mac[5]);
	return buf;
}

int mac_cmp(const uint8_t a[MAC_LEN], const uint8_t b[MAC_LEN])
{
	return memcmp(a, b, MAC_LEN);
}

bool mac_is_zero(const uint8_t mac[MAC_LEN])
{
	static const uint8_t zero[MAC_LEN];

	return !mac_cmp(mac, zero);
}
