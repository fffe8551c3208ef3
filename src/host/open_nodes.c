// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/open_nodes.h"

#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/deadline.h"
#include "host/open_files.h"

#define RECENT_MS 1000

struct open_node {
	struct node_user user;
	dev_t number;
	bool is_block;
};

struct open_nodes {
	struct open_node *v;
	size_t n;
	bool is_partial;
	int64_t until_ms; /* 0: never read */
};

struct reading {
	const struct host *h;
	struct open_nodes *to;
};

struct open_nodes *open_nodes_new(void)
{
	return calloc(1, sizeof(struct open_nodes));
}

void open_nodes_free(struct open_nodes *o)
{
	if (o)
		free(o->v);
	free(o);
}

static void cleanup_nodes(struct open_nodes *o)
{
	free(o->v);
}

static int add(struct open_nodes *o, const struct open_node *node)
{
	if (ARRAY_GROW(o->v, o->n) < 0)
		return -ENOMEM;
	o->v[o->n++] = *node;
	return 0;
}

/* Nodes that nearly every process has open, and that belong to no PCI function. */
static bool is_common(const char *target)
{
	return !strcmp(target, "/dev/null") || !strncmp(target, "/dev/pts/", 9) ||
	       !strcmp(target, "/dev/urandom");
}

/* A process that has a thousand copies of a descriptor has that node once; its entries are the last
 * ones. */
static bool is_there(const struct open_nodes *o, const struct open_node *node)
{
	for (size_t i = o->n; i-- > 0 && o->v[i].user.pid == node->user.pid;)
		if (o->v[i].number == node->number && o->v[i].is_block == node->is_block &&
		    !strcmp(o->v[i].user.path, node->user.path))
			return true;
	return false;
}

/* In a chroot or another mount namespace the path may begin with something else. Other files are
 * not examined at all, because their file system may hang. */
static int look_at(void *arg, const struct open_file *f)
{
	const struct reading *x = arg;
	struct open_node node = { .user.pid = f->pid };
	struct stat st = { 0 };

	if (!strstr(f->target, "/dev/") || is_common(f->target) || f->pid == (uint32_t)getpid() ||
	    !open_file_is_usable(f))
		return 0;
	if (!root_is_tree(&x->h->root) &&
	    (open_file_stat(f, &st) < 0 || !(S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))))
		return 0;
	node.number = st.st_rdev;
	node.is_block = S_ISBLK(st.st_mode);
	snprintf(node.user.path, sizeof(node.user.path), "%.63s", f->target);
	for (char *c = node.user.path; *c; c++)
		if (*c <= ' ' || *c >= 0x7f)
			*c = '_';
	return is_there(x->to, &node) ? 0 : add(x->to, &node);
}

static int read_all(const struct host *h, struct open_nodes *o)
{
	struct reading x = { h, o };

	o->n = 0;
	o->is_partial = false;
	return open_files_each(h, 0, look_at, &x, &o->is_partial);
}

static bool is_it(const struct host *h, const struct open_node *open, const struct device_node *d)
{
	const char *name = strrchr(open->user.path, '/');

	if (root_is_tree(&h->root))
		return name && !strcmp(name + 1, d->name);
	return d->number && open->number == d->number && open->is_block == d->is_block;
}

int open_nodes_find(const struct host *h, const struct device_node *v, size_t n,
		    struct node_user *ret, bool *ret_partial)
{
	_cleanup_(cleanup_nodes) struct open_nodes own = { 0 };
	struct open_nodes *o = h->open_nodes && !root_is_tree(&h->root) ? h->open_nodes : &own;

	if (!o->until_ms || monotonic_ms() >= o->until_ms) {
		int r = read_all(h, o);

		if (r < 0)
			return r;
		o->until_ms = monotonic_ms() + RECENT_MS;
	}
	*ret_partial |= o->is_partial;
	for (size_t i = 0; i < o->n; i++)
		for (size_t k = 0; k < n; k++)
			if (is_it(h, &o->v[i], &v[k])) {
				*ret = o->v[i].user;
				return 1;
			}
	return 0;
}
