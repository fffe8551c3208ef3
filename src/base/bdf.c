// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/bdf.h"

#include <stdio.h>
#include <string.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Reads @min to @max hex digits into *@ret. Returns the text behind them, NULL when there are
 * fewer. */
static const char *digits(const char *s, int min, int max, uint32_t *ret)
{
	uint32_t v = 0;
	int n = 0;

	for (; n < max && hex(*s) >= 0; n++)
		v = v << 4 | (uint32_t)hex(*s++);
	*ret = v;
	return n < min ? NULL : s;
}

bool bdf_scan(struct bdf *ret, const char *s)
{
	uint32_t domain = 0, bus, dev, fn;
	const char *p = s, *colon = strchr(s, ':');

	if (colon && strchr(colon + 1, ':')) {
		p = digits(s, 4, 8, &domain);
		if (!p || *p++ != ':')
			return false;
	}
	p = digits(p, 2, 2, &bus);
	if (!p || *p++ != ':')
		return false;
	p = digits(p, 2, 2, &dev);
	if (!p || *p++ != '.')
		return false;
	p = digits(p, 1, 1, &fn);
	if (!p || *p || dev > 31 || fn > 7)
		return false;
	*ret = (struct bdf){ domain, (uint8_t)bus, (uint8_t)dev, (uint8_t)fn };
	return true;
}

int bdf_parse(struct bdf *ret, const char *s, struct err *e)
{
	if (bdf_scan(ret, s))
		return 0;
	return err_fix(e, err_usage(e, "'%s' is not a PCI address", s),
		       "write it as dddd:bb:dd.f, for example 0000:05:10.6");
}

static char *put_hex(char *to, uint32_t v, int n)
{
	for (int i = n; i-- > 0; v >>= 4)
		to[i] = "0123456789abcdef"[v & 15];
	return to + n;
}

/* Without printf(), because it is called for every function of a list, more than once. */
const char *bdf_str(char buf[BDF_STRLEN], struct bdf b)
{
	int n = 4;
	char *to;

	while (n < 8 && b.domain >> 4 * n)
		n++;
	to = put_hex(buf, b.domain, n);
	*to++ = ':';
	to = put_hex(to, b.bus, 2);
	*to++ = ':';
	to = put_hex(to, b.dev & 31, 2);
	*to++ = '.';
	*put_hex(to, b.fn & 7, 1) = '\0';
	return buf;
}

int bdf_order(const void *a, const void *b)
{
	return bdf_cmp(*(const struct bdf *)a, *(const struct bdf *)b);
}

struct bdf bdf_vf(struct bdf pf, unsigned offset, unsigned stride, unsigned index)
{
	unsigned rid = (unsigned)(bdf_key(pf) & 0xffff) + offset + stride * index;

	return (struct bdf){ pf.domain, (uint8_t)(rid >> 8), rid >> 3 & 31, rid & 7 };
}
