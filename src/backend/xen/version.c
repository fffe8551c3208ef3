// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/version.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "host/boot/guest_irqs.h"

#define ISA_IRQS 16u
#define PIRQS	 32768u /* PAGE_SIZE * BITS_PER_BYTE */

struct xen_version xen_version_make(int major, int minor, const char *extra)
{
	struct xen_version v = { 0 };

	if (major <= 0 || minor < 0)
		return v;
	v.major = (unsigned)major;
	v.minor = (unsigned)minor;
	if (extra && extra[0] == '.' && isdigit((unsigned char)extra[1]))
		v.point = (unsigned)strtoul(extra + 1, NULL, 10);
	return v;
}

bool xen_version_from(struct xen_version v, unsigned major, unsigned minor, unsigned point)
{
	if (v.major != major)
		return v.major > major;
	return v.minor != minor ? v.minor > minor : v.point >= point;
}

bool xen_bounds_guest_irqs(struct xen_version v)
{
	return xen_version_from(v, 4, 19, 0);
}

bool xen_maps_segments(struct xen_version v)
{
	if (v.major == 4 && v.minor == 19)
		return v.point >= 4;
	return xen_version_from(v, 4, 20, 3);
}

/* Xen treats '-' and '_' alike. Source: Xen xen/common/kernel.c, cmdline_strcmp(). */
static bool is_called(const char *word, const char *name)
{
	for (; *name; word++, name++)
		if (*word != *name && !(*word == '-' && *name == '_'))
			return false;
	return true;
}

/* Reads the value of the last word "NAME=number"; @name includes the '='. Returns false when there
 * is none. */
static bool last_number(const char *cmdline, const char *name, unsigned long *ret)
{
	bool found = false;

	for (const char *s = cmdline; s && *s;) {
		const char *value;
		size_t len;

		s += strspn(s, " \t");
		len = strcspn(s, " \t");
		if (len == 2 && !strncmp(s, "--", 2))
			break;
		value = s + strlen(name);
		/* ",1024" leaves the domains' share alone. */
		if (len > strlen(name) && is_called(s, name) && isdigit((unsigned char)*value)) {
			*ret = strtoul(value, NULL, 0);
			found = true;
		}
		s += len;
	}
	return found;
}

static unsigned long least(unsigned long a, unsigned long b)
{
	return a < b ? a : b;
}

unsigned xen_irqs_in_force(const char *cmdline, struct xen_version v)
{
	unsigned long extra = GUEST_IRQS_DEFAULT, nr = 0, room;
	bool has_nr = last_number(cmdline, "nr_irqs=", &nr);

	last_number(cmdline, "extra_guest_irqs=", &extra);
	/* 0 counts as not given. */
	has_nr = has_nr && nr;
	if (has_nr && nr < ISA_IRQS)
		nr = ISA_IRQS;
	room = nr ? least(nr, PIRQS) - ISA_IRQS : 0;
	if (xen_bounds_guest_irqs(v) && extra > GUEST_IRQS_DEFAULT && extra > room)
		extra = room;
	if (has_nr)
		extra = least(extra, nr - ISA_IRQS);
	return (unsigned)least(extra, PIRQS);
}
