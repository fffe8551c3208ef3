// SPDX-License-Identifier: GPL-2.0-or-later
/* What only a function as a whole is for the host: its console, its keyboard, its address. */
#include <fcntl.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "host/guard/guard_parts.h"
#include "host/net/netdev_kind.h"

#define DEVICES "sys/bus/pci/devices"

bool guard_is_boot_vga(const struct host *h, struct bdf dev)
{
	char bdf[BDF_STRLEN];
	uint64_t vga;

	return root_read_u64(&h->root, &vga, DEVICES "/%s/boot_vga", bdf_str(bdf, dev)) == 0 && vga;
}

/* Text is written to it, by a driver of the function or by the firmware's frame buffer, which lies
 * in its memory. Source: Linux drivers/video/fbdev/efifb.c, drivers/gpu/drm/tiny/simpledrm.c. */
static int check_console(const struct host *h, struct bdf dev, char why[GUARD_WHY_MAX])
{
	_cleanup_dir_ DIR *d = NULL;
	char bdf[BDF_STRLEN];
	struct dirent *ent;

	bdf_str(bdf, dev);
	d = root_opendir(&h->root, DEVICES "/%s/graphics", bdf);
	while (d && (ent = readdir(d)))
		if (!strncmp(ent->d_name, "fb", 2)) {
			snprintf(why, GUARD_WHY_MAX,
				 "the host's console is on its frame buffer %.32s", ent->d_name);
			return 1;
		}
	if (!guard_is_boot_vga(h, dev) || (!root_exists(&h->root, "sys/class/graphics/fb0") &&
					   !root_exists(&h->root, DEVICES "/%s/driver", bdf)))
		return 0;
	snprintf(why, GUARD_WHY_MAX, "it is the display that the firmware boots on");
	return 1;
}

/* One device of proc/bus/input/devices, whose lines begin with a letter. */
struct input {
	char name[80], path[256];
	bool is_kbd, repeats;
};

static void take_line(struct input *in, const char *line)
{
	size_t n = strcspn(line, "\n");

	if (!strncmp(line, "N: Name=", 8))
		snprintf(in->name, sizeof(in->name), "%.*s", (int)(n - 8), line + 8);
	else if (!strncmp(line, "S: Sysfs=", 9))
		snprintf(in->path, sizeof(in->path), "%.*s", (int)(n - 9), line + 9);
	else if (!strncmp(line, "H: Handlers=", 12))
		in->is_kbd = strstr(line, "kbd ") != NULL;
	else if (!strncmp(line, "B: EV=", 6))
		in->repeats = strtoul(line + 6, NULL, 16) & 1ul << 20;
}

struct keyboards {
	char bdf[BDF_STRLEN + 1]; /* "/0000:00:14.0": in the path of what hangs on it */
	char mine[80];
	bool has_other;
};

/* A power button has keys, but repeats none. Source: Linux include/uapi/linux/input-event-codes.h,
 * EV_REP. */
static void take_input(struct keyboards *k, struct input *in)
{
	const char *at = strstr(in->path, k->bdf);

	if (in->is_kbd && in->repeats && at && at[strlen(k->bdf)] == '/')
		snprintf(k->mine, sizeof(k->mine), "%s", in->name);
	else if (in->is_kbd && in->repeats)
		k->has_other = true;
	*in = (struct input){ .name = "" };
}

static int check_keyboard(const struct host *h, struct bdf dev, char why[GUARD_WHY_MAX])
{
	_cleanup_file_ FILE *f = root_fopen(&h->root, "proc/bus/input/devices");
	_cleanup_free_ char *line = NULL;
	struct keyboards k = { .mine = "" };
	struct input in = { .name = "" };
	char bdf[BDF_STRLEN];
	size_t size = 0;

	snprintf(k.bdf, sizeof(k.bdf), "/%s", bdf_str(bdf, dev));
	while (f && getline(&line, &size, f) >= 0) {
		if (line[0] == '\n')
			take_input(&k, &in);
		else
			take_line(&in, line);
	}
	take_input(&k, &in);
	if (!k.mine[0] || k.has_other)
		return 0;
	snprintf(why, GUARD_WHY_MAX, "the host's only keyboard, %s, hangs on it", k.mine);
	return 1;
}

struct addresses {
	const struct ifaddrs *all;
	char *why;
};

static bool is_global(const struct sockaddr *a)
{
	if (!a || (a->sa_family != AF_INET && a->sa_family != AF_INET6))
		return false;
	return a->sa_family == AF_INET ||
	       !IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
}

static int look_at_netdev(void *arg, const char *name)
{
	struct addresses *x = arg;
	char text[64];

	for (const struct ifaddrs *i = x->all; i; i = i->ifa_next) {
		socklen_t len = i->ifa_addr && i->ifa_addr->sa_family == AF_INET
					? sizeof(struct sockaddr_in)
					: sizeof(struct sockaddr_in6);

		if (strcmp(i->ifa_name, name) != 0 || !(i->ifa_flags & IFF_UP) ||
		    !is_global(i->ifa_addr) ||
		    getnameinfo(i->ifa_addr, len, text, sizeof(text), NULL, 0, NI_NUMERICHOST))
			continue;
		snprintf(x->why, GUARD_WHY_MAX, "%.15s has the host's address %s", name, text);
		return 1;
	}
	return 0;
}

/* A VF with an address is what any network manager makes of one; a card with one is in use. */
static int check_addresses(const struct host *h, struct bdf dev, char why[GUARD_WHY_MAX])
{
	struct addresses x = { .why = why };
	struct ifaddrs *all = NULL;
	int r;

	/* A tree does not say. */
	if (root_is_tree(&h->root))
		return 0;
	if (getifaddrs(&all) < 0)
		return -errno;
	x.all = all;
	r = netdev_each_of(h, dev, look_at_netdev, &x);
	freeifaddrs(all);
	return r;
}

int guard_whole(const struct host *h, struct bdf dev, char why[GUARD_WHY_MAX])
{
	int r = check_console(h, dev, why);

	if (r == 0)
		r = check_keyboard(h, dev, why);
	return r ? r : check_addresses(h, dev, why);
}
