// SPDX-License-Identifier: GPL-2.0-or-later
/* Tells whether a block device of this function, or one built on it, holds a filesystem or swap in
 * use. */
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "host/guard/claimed.h"
#include "host/guard/guard_parts.h"
#include "host/guard/stack.h"

/* Disks are below a PCI function: host0/target0:0:0/0:0:0:0/block/sda, nvme/nvme0/nvme0n1,
 * virtio1/block/. Each SAS expander on the way to a disk adds two directories. */
#define MAX_DEPTH 16

static void stack_cleanup(struct stack *s)
{
	stack_done(s);
}

/* With multipath the disk belongs to the subsystem, and the controller is only one path to it. */
static int add_nvme_heads(const struct host *h, const char *controller, struct stack *s)
{
	static const char class[] = "sys/class/nvme-subsystem";
	_cleanup_dir_ DIR *d = root_opendir(&h->root, class);
	struct dirent *subsys, *ent;
	int r = 0;

	while (r == 0 && d && (subsys = readdir(d))) {
		_cleanup_dir_ DIR *in = NULL;

		if (!root_exists(&h->root, "%s/%s/%s", class, subsys->d_name, controller))
			continue;
		in = root_opendir(&h->root, "%s/%s", class, subsys->d_name);
		while (r == 0 && in && (ent = readdir(in)))
			if (root_is_dir(in, ent) &&
			    root_exists(&h->root, "sys/class/block/%s", ent->d_name))
				r = stack_add(s, ent->d_name, NULL, false);
	}
	return r;
}

static int find_disks(const struct host *h, const char *dir, unsigned depth, struct stack *s);

/* Looks at one directory, which is either a disk or on the way to some. */
static int find_in(const struct host *h, const char *dir, const char *name, unsigned depth,
		   struct stack *s)
{
	char path[PATH_MAX], subsystem[32];
	int r = 0;

	if (!strcmp(name, "power") || !strcmp(name, "net") ||
	    snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
		return 0;
	if (root_link_name(&h->root, subsystem, sizeof(subsystem), "%s/subsystem", path) < 0)
		subsystem[0] = '\0';
	if (!strcmp(subsystem, "block"))
		return stack_add(s, name, NULL, false);
	if (!strcmp(subsystem, "nvme"))
		r = add_nvme_heads(h, name, s);
	return r == 0 && depth < MAX_DEPTH ? find_disks(h, path, depth + 1, s) : r;
}

static int find_disks(const struct host *h, const char *dir, unsigned depth, struct stack *s)
{
	_cleanup_dir_ DIR *d = root_opendir(&h->root, "%s", dir);
	struct dirent *ent;
	int r = 0;

	while (r == 0 && d && (ent = readdir(d)))
		if (root_is_dir(d, ent))
			r = find_in(h, dir, ent->d_name, depth, s);
	return r;
}

/* Adds the partitions of @dev, and what is built on it (dm, md, bcache). */
static int add_uppers(const struct host *h, const struct stack_dev *dev, struct stack *s)
{
	_cleanup_dir_ DIR *parts = root_opendir(&h->root, "sys/class/block/%s", dev->name);
	_cleanup_dir_ DIR *holders =
		root_opendir(&h->root, "sys/class/block/%s/holders", dev->name);
	struct dirent *ent;
	int r = 0;

	while (r == 0 && parts && (ent = readdir(parts)))
		if (root_is_dir(parts, ent) &&
		    root_exists(&h->root, "sys/class/block/%s/%s/partition", dev->name,
				ent->d_name))
			r = stack_add(s, ent->d_name, dev, true);
	while (r == 0 && holders && (ent = readdir(holders)))
		if (ent->d_name[0] != '.')
			r = stack_add(s, ent->d_name, dev, false);
	return r;
}

/* Tells whether "/dev/sda1" or "/dev/mapper/vg0-home" is this device. */
static bool is_node(const struct host *h, const struct stack_dev *d, const char *node)
{
	char name[128];

	if (!strncmp(node, "/dev/mapper/", 12))
		return root_read(&h->root, name, sizeof(name), "sys/class/block/%s/dm/name",
				 d->name) > 0 &&
		       !strcmp(name, node + 12);
	return !strncmp(node, "/dev/", 5) && !strcmp(node + 5, d->name);
}

/* Writes "nvme0n1p2 (through dm-0)": the function's own disk, or a partition of it, comes first. */
static void say_device(const struct stack_dev *d, char *buf, size_t size)
{
	const struct stack_dev *low = d;

	while (low->below && !(low->is_part && !low->below->below))
		low = low->below;
	snprintf(buf, size, "%s%s%s%s", low->name, low == d ? "" : " (through ",
		 low == d ? "" : d->name, low == d ? "" : ")");
}

/* A loop device that is set up on a block device leaves no link in its holders.
 * Source: Linux drivers/block/loop.c, loop_attr_backing_file_show(). */
static int add_loops(const struct host *h, struct stack *s)
{
	_cleanup_dir_ DIR *d = root_opendir(&h->root, "sys/class/block");
	struct dirent *ent;
	char node[128];
	int r = 0;

	while (r == 0 && d && (ent = readdir(d))) {
		if (strncmp(ent->d_name, "loop", 4) != 0 ||
		    root_read(&h->root, node, sizeof(node), "sys/class/block/%s/loop/backing_file",
			      ent->d_name) <= 0)
			continue;
		for (size_t i = 0, n = s->n; r == 0 && i < n; i++)
			if (is_node(h, s->v[i], node))
				r = stack_add(s, ent->d_name, s->v[i], false);
	}
	return r;
}

static FILE *open_proc(const struct host *h, const char *path, int *ret_r)
{
	FILE *f = root_fopen(&h->root, "proc/%s", path);

	*ret_r = f || errno == ENOENT ? 0 : -errno;
	return f;
}

/* Splits a line of mountinfo; the source stands behind the lone "-" and the type. */
static bool parse_mount(char *line, const char **number, const char **point, const char **source)
{
	char *save = NULL, *field = strtok_r(line, " \n", &save);

	*number = *point = *source = NULL;
	for (int i = 0; field; i++, field = strtok_r(NULL, " \n", &save)) {
		if (i == 2)
			*number = field;
		else if (i == 4)
			*point = field;
		else if (i > 5 && !strcmp(field, "-"))
			break;
	}
	if (field && strtok_r(NULL, " \n", &save))
		*source = strtok_r(NULL, " \n", &save);
	return *source;
}

static int check_mounts(const struct host *h, const struct stack *s, char why[GUARD_WHY_MAX])
{
	_cleanup_free_ char *line = NULL;
	const char *number, *point, *source;
	char who[160];
	size_t size = 0;
	int r;
	_cleanup_file_ FILE *f = open_proc(h, "self/mountinfo", &r);

	while (f && getline(&line, &size, f) >= 0) {
		if (!parse_mount(line, &number, &point, &source))
			continue;
		for (size_t i = 0; i < s->n; i++) {
			/* btrfs reports a device number of its own, so only the source tells */
			if (strcmp(s->v[i]->number, number) != 0 && !is_node(h, s->v[i], source))
				continue;
			say_device(s->v[i], who, sizeof(who));
			snprintf(why, GUARD_WHY_MAX, "%s holds the mounted filesystem %.64s", who,
				 point);
			return 1;
		}
	}
	return r;
}

static int check_swaps(const struct host *h, const struct stack *s, char why[GUARD_WHY_MAX])
{
	_cleanup_free_ char *line = NULL;
	char who[160];
	size_t size = 0;
	int r;
	_cleanup_file_ FILE *f = open_proc(h, "swaps", &r);

	while (f && getline(&line, &size, f) >= 0) {
		line[strcspn(line, " \t\n")] = '\0';
		for (size_t i = 0; i < s->n; i++)
			if (is_node(h, s->v[i], line)) {
				say_device(s->v[i], who, sizeof(who));
				snprintf(why, GUARD_WHY_MAX, "%s is swap space in use", who);
				return 1;
			}
	}
	return r;
}

static int check_holders(const struct host *h, const struct stack *s, char why[GUARD_WHY_MAX])
{
	for (size_t i = 0; i < s->n; i++) {
		const struct stack_dev *d = s->v[i];
		char name[128];

		if (!d->below || d->is_part)
			continue;
		if (root_read(&h->root, name, sizeof(name), "sys/class/block/%s/dm/name",
			      d->name) <= 0)
			name[0] = '\0';
		snprintf(why, GUARD_WHY_MAX, "%s is part of %s%s%.100s%s", d->below->name, d->name,
			 name[0] ? " (" : "", name, name[0] ? ")" : "");
		return 1;
	}
	return 0;
}

static int check_claims(const struct host *h, const struct stack *s, char why[GUARD_WHY_MAX])
{
	const struct stack_dev *d;
	char who[160];
	int r = guard_claimed(h, s, &d);

	if (r < 0 || !d)
		return r;
	say_device(d, who, sizeof(who));
	snprintf(why, GUARD_WHY_MAX, "%s is in use by the host", who);
	return 1;
}

static int add_all_uppers(const struct host *h, struct stack *s)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < s->n;) {
		for (; r == 0 && i < s->n; i++) {
			struct stack_dev *dev = s->v[i];

			if (root_read(&h->root, dev->number, sizeof(dev->number),
				      "sys/class/block/%s/dev", dev->name) < 0)
				dev->number[0] = '\0';
			r = add_uppers(h, dev, s);
		}
		/* Loop devices come last, once everything that they may stand on is known; those
		 * that are found are walked in turn. */
		if (r == 0)
			r = add_loops(h, s);
	}
	return r;
}

int guard_block(const struct host *h, const struct function_dir *f, char why[GUARD_WHY_MAX])
{
	_cleanup_(stack_cleanup) struct stack s = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < f->n; i++)
		r = find_in(h, f->path, f->v[i], 0, &s);
	if (r == 0)
		r = add_all_uppers(h, &s);
	if (r < 0 || s.n == 0)
		return r;
	r = check_mounts(h, &s, why);
	if (r == 0)
		r = check_swaps(h, &s, why);
	if (r == 0)
		r = check_holders(h, &s, why);
	return r ? r : check_claims(h, &s, why);
}
