// SPDX-License-Identifier: GPL-2.0-or-later
/* Tells whether a netdev of this function, or one built on it, carries what the host depends on. */
#include <fcntl.h>
#include <net/if.h>
#include <net/route.h>
#include <string.h>

#include "host/guard/guard_parts.h"
#include "host/guard/stack.h"
#include "host/net/netdev_kind.h"
#include "host/net/routes.h"
#include "host/net/routes_captured.h"

static void stack_cleanup(struct stack *s)
{
	stack_done(s);
}

static int add_netdev(void *arg, const char *name)
{
	return stack_add(arg, name, NULL, false);
}

/* Adds what is built on @dev; every kind has links "upper_NAME". */
static int add_uppers(const struct host *h, const struct stack_dev *dev, struct stack *s)
{
	_cleanup_dir_ DIR *d = root_opendir(&h->root, "sys/class/net/%s", dev->name);
	struct dirent *ent;
	int r = 0;

	while (r == 0 && d && (ent = readdir(d)))
		if (!strncmp(ent->d_name, "upper_", 6))
			r = stack_add(s, ent->d_name + 6, dev, false);
	return r;
}

/* Administratively up. A netdev that cannot be read counts as up, because the guard must hold
 * then. */
static bool is_up(const struct host *h, const char *name)
{
	char state[16];
	uint64_t flags;

	if (root_read_u64(&h->root, &flags, "sys/class/net/%s/flags", name) == 0)
		return flags & IFF_UP;
	return root_read(&h->root, state, sizeof(state), "sys/class/net/%s/operstate", name) < 0 ||
	       strcmp(state, "down") != 0;
}

/* Returns the interface of a line of net/route that is a default route, NULL for other lines. */
static char *default_route4(char *line)
{
	char *save = NULL, *field[8] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(field); i++)
		field[i] = strtok_r(i ? NULL : line, " \t\n", &save);
	/* Iface Destination Gateway Flags RefCnt Use Metric Mask */
	if (!field[7] || strspn(field[1], "0") != 8 || strspn(field[7], "0") != 8)
		return NULL;
	return strtoul(field[3], NULL, 16) & RTF_REJECT ? NULL : field[0];
}

/* Does the same for net/ipv6_route. */
static char *default_route6(char *line)
{
	char *save = NULL, *field[10] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(field); i++)
		field[i] = strtok_r(i ? NULL : line, " \t\n", &save);
	/* dest plen source plen nexthop metric refcnt use flags devname */
	if (!field[9] || strspn(field[0], "0") != 32 || strcmp(field[1], "00") != 0)
		return NULL;
	return strtoul(field[8], NULL, 16) & RTF_REJECT ? NULL : field[9];
}

static const struct stack_dev *find_name(const struct stack *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->v[i]->name, name))
			return s->v[i];
	return NULL;
}

/* Finds the device of the stack that a default route of this table leaves by; *ret is NULL when
 * there is none. */
static int find_route(const struct host *h, const char *table, char *(*parse)(char *line),
		      const struct stack *s, const struct stack_dev **ret)
{
	_cleanup_file_ FILE *f = root_fopen(&h->root, "proc/net/%s", table);
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	*ret = NULL;
	/* a kernel without that protocol has no such table */
	if (!f)
		return errno == ENOENT ? 0 : -errno;
	while (!*ret && getline(&line, &size, f) >= 0) {
		const char *name = parse(line);

		if (name)
			*ret = find_name(s, name);
	}
	return 0;
}

static const struct stack_dev *lowest(const struct stack_dev *d)
{
	while (d->below)
		d = d->below;
	return d;
}

static int say_route(const struct stack_dev *d, char why[GUARD_WHY_MAX])
{
	snprintf(why, GUARD_WHY_MAX, "%s carries the default route%s%s", lowest(d)->name,
		 d->below ? " through " : "", d->below ? d->name : "");
	return 1;
}

/* Asks the running kernel about routes that the files do not show. */
static int check_tables(const struct host *h, const struct stack *s, char why[GUARD_WHY_MAX])
{
	struct netroute routes;
	uint64_t ifindex;
	int r = netroute_recent_defaults(&routes, h->timeout_ms);

	for (size_t i = 0; r == 0 && i < s->n; i++) {
		if (root_read_u64(&h->root, &ifindex, "sys/class/net/%s/ifindex", s->v[i]->name) <
		    0)
			continue;
		for (unsigned j = 0; r == 0 && j < routes.n; j++)
			if (routes.ifindex[j] == (int)ifindex)
				r = say_route(s->v[i], why);
	}
	return r;
}

/* Looks at the routes that a capture has beside the files. */
static int check_captured(const struct host *h, const struct stack *s, char why[GUARD_WHY_MAX])
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < s->n; i++) {
		r = netroute_captured(h, s->v[i]->name);
		if (r > 0)
			say_route(s->v[i], why);
	}
	return r;
}

static int check_routes(const struct host *h, const struct stack *s, char why[GUARD_WHY_MAX])
{
	static const struct {
		const char *table;
		char *(*parse)(char *line);
	} tables[] = { { "route", default_route4 }, { "ipv6_route", default_route6 } };
	const struct stack_dev *d;
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		r = find_route(h, tables[i].table, tables[i].parse, s, &d);
		if (r < 0)
			return r;
		if (d)
			return say_route(d, why);
	}
	return root_is_tree(&h->root) ? check_captured(h, s, why) : check_tables(h, s, why);
}

/* Reads "bond", "bridge", "vlan", "macvlan", ... as the kernel's uevent says it. */
static void kind_of(const struct host *h, const char *name, char ret[32])
{
	char text[512], *at;

	snprintf(ret, 32, "interface");
	if (root_read(&h->root, text, sizeof(text), "sys/class/net/%s/uevent", name) < 0)
		return;
	at = strstr(text, "DEVTYPE=");
	if (at && (at == text || at[-1] == '\n'))
		snprintf(ret, 32, "%.*s", (int)strcspn(at + 8, "\n") & 31, at + 8);
}

/* A device with a master belongs to it, whether up or not; devices built on it count while they are
 * up. */
static int check_uppers(const struct host *h, const struct stack *s, char why[GUARD_WHY_MAX])
{
	char master[64], kind[32];

	for (size_t i = 0; i < s->n; i++) {
		const struct stack_dev *d = s->v[i];

		if (!d->below) {
			if (root_link_name(&h->root, master, sizeof(master),
					   "sys/class/net/%s/master", d->name) < 0)
				continue;
			kind_of(h, master, kind);
			snprintf(why, GUARD_WHY_MAX, "%s is a member of %s %s", d->name, kind,
				 master);
			return 1;
		}
		if (d->below->below || !is_up(h, d->name))
			continue;
		kind_of(h, d->name, kind);
		snprintf(why, GUARD_WHY_MAX, "%s is below %s %s, which is up", d->below->name, kind,
			 d->name);
		return 1;
	}
	return 0;
}

int guard_net(const struct host *h, const struct function_dir *f, char why[GUARD_WHY_MAX])
{
	_cleanup_(stack_cleanup) struct stack s = { 0 };
	bool any_up = false;
	int r = netdev_each_in(h, f, add_netdev, &s);

	for (size_t i = 0; r == 0 && i < s.n; i++) {
		any_up |= is_up(h, s.v[i]->name);
		r = add_uppers(h, s.v[i], &s);
	}
	/* Route tables can be long, so skip them when nothing is up: an interface that is down has
	 * no routes. */
	if (r == 0 && any_up)
		r = check_routes(h, &s, why);
	return r ? r : check_uppers(h, &s, why);
}
