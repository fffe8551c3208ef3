// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/vfio_users.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "host/open_files.h"

#define NODES	 "dev/vfio"
#define DEV_NODE "vfio" /* as in dev/vfio/devices/vfioX */

/* A node that user space opens. */
struct node {
	dev_t rdev;
	int32_t group; /* NO_GROUP: it is a device's own node */
	struct bdf dev;
	char text[32]; /* what comes after /dev/vfio/ */
};

struct scan {
	const struct host *host;
	struct node *nodes;
	size_t n_nodes;
	struct vfio_users users;
};

static void scan_done(struct scan *s)
{
	free(s->nodes);
	free(s->users.v);
}

static bool number(const char *s, uint32_t *ret)
{
	char *end;
	unsigned long v;

	if (*s < '0' || *s > '9')
		return false;
	v = strtoul(s, &end, 10);
	*ret = (uint32_t)v;
	return !*end && v <= INT32_MAX;
}

static int add_node(struct scan *s, const struct node *node)
{
	if (ARRAY_GROW(s->nodes, s->n_nodes) < 0)
		return -ENOMEM;
	s->nodes[s->n_nodes++] = *node;
	return 0;
}

/* sys/class/vfio-dev says which function /dev/vfio/devices/vfioX belongs to. */
static bool fill_node(const struct scan *s, const char *name, bool is_dev, struct node *node)
{
	char bdf[64];
	uint32_t n;

	if (!is_dev && !number(name, &n))
		return false;
	if (!is_dev) {
		node->group = (int32_t)n;
		snprintf(node->text, sizeof(node->text), "%u", n);
		return true;
	}
	if (strncmp(name, DEV_NODE, strlen(DEV_NODE)) || !number(name + strlen(DEV_NODE), &n))
		return false;
	snprintf(node->text, sizeof(node->text), "devices/" DEV_NODE "%u", n);
	return root_link_name(&s->host->root, bdf, sizeof(bdf), "sys/class/vfio-dev/%s/device",
			      name) == 0 &&
	       bdf_scan(&node->dev, bdf);
}

static int read_nodes(struct scan *s, const char *path, bool is_dev)
{
	_cleanup_dir_ DIR *dir = root_opendir(&s->host->root, "%s", path);
	struct dirent *d;
	int r = 0;

	while (dir && r == 0 && (d = readdir(dir))) {
		struct node node = { .group = NO_GROUP };
		struct stat st;

		if (!fill_node(s, d->d_name, is_dev, &node))
			continue;
		if (fstatat(dirfd(dir), d->d_name, &st, 0) == 0 && S_ISCHR(st.st_mode))
			node.rdev = st.st_rdev;
		r = add_node(s, &node);
	}
	return r;
}

static int by_rdev(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return (x->rdev > y->rdev) - (x->rdev < y->rdev);
}

static const struct node *find_node(const struct scan *s, const struct open_file *f)
{
	struct node key = { .group = NO_GROUP };
	struct stat st;

	/* The cheap test comes first, because most are other files. */
	if (!strstr(f->target, "vfio") || !open_file_is_usable(f))
		return NULL;
	if (root_is_tree(&s->host->root)) {
		for (size_t i = 0; i < s->n_nodes; i++)
			if (!strncmp(f->target, "/" NODES "/", strlen(NODES) + 2) &&
			    !strcmp(f->target + strlen(NODES) + 2, s->nodes[i].text))
				return &s->nodes[i];
		return NULL;
	}
	if (open_file_stat(f, &st) < 0 || !S_ISCHR(st.st_mode))
		return NULL;
	key.rdev = st.st_rdev;
	return bsearch(&key, s->nodes, s->n_nodes, sizeof(key), by_rdev);
}

static int add_user(struct scan *s, const struct node *node, uint32_t pid)
{
	struct vfio_users *u = &s->users;

	if (ARRAY_GROW(u->v, u->n) < 0)
		return -ENOMEM;
	u->v[u->n++] = (struct vfio_user){ node->group, node->dev, pid };
	return 0;
}

static int look_at(void *arg, const struct open_file *f)
{
	struct scan *s = arg;
	const struct node *node = find_node(s, f);

	return node ? add_user(s, node, f->pid) : 0;
}

static int compare(const struct vfio_user *a, const struct vfio_user *b)
{
	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return bdf_cmp(a->dev, b->dev);
}

static int by_key(const void *a, const void *b)
{
	const struct vfio_user *x = a, *y = b;
	int r = compare(x, y);

	return r ? r : (x->pid > y->pid) - (x->pid < y->pid);
}

/* Sorts them; each process stays once, however many descriptors it has. */
static void settle(struct vfio_users *u)
{
	size_t n = 0;

	if (!u->n)
		return;
	qsort(u->v, u->n, sizeof(*u->v), by_key);
	for (size_t i = 0; i < u->n; i++)
		if (!n || by_key(&u->v[n - 1], &u->v[i]))
			u->v[n++] = u->v[i];
	u->n = n;
}

static int too_many(const struct host *h, struct err *e)
{
	err_set(e, ETIMEDOUT,
		"processes have more files open than can be looked at within %u s: who has a VF is "
		"not known",
		h->timeout_ms / 1000);
	return err_fix(e, -ETIMEDOUT,
		       "see whose they are, run: for p in /proc/[0-9]*; do echo \"$(ls $p/fd | wc "
		       "-l) $p\"; done | sort -n | tail; or look longer with --timeout SEC");
}

static int scan(struct vfio_users *ret, const struct host *h, uint32_t pid, struct err *e)
{
	_cleanup_(scan_done) struct scan s = { .host = h };
	int r = read_nodes(&s, NODES, false);

	if (r == 0)
		r = read_nodes(&s, NODES "/devices", true);
	if (s.n_nodes)
		qsort(s.nodes, s.n_nodes, sizeof(*s.nodes), by_rdev);
	if (r == 0 && s.n_nodes)
		r = open_files_each(h, pid, look_at, &s, &s.users.is_partial);
	if (r == -ETIMEDOUT)
		return too_many(h, e);
	if (r < 0)
		return err_set(e, -r, "look at the open files of processes: %s", strerror(-r));
	settle(&s.users);
	*ret = s.users;
	s.users.v = NULL;
	return 0;
}

int users_read(struct vfio_users *ret, const struct host *h, struct err *e)
{
	return scan(ret, h, 0, e);
}

int users_read_pid(struct vfio_users *ret, const struct host *h, uint32_t pid, struct err *e)
{
	return scan(ret, h, pid, e);
}

static int open_node(const struct host *h, const char *path)
{
	_cleanup_close_ int fd = -1;

	if (h->open_node)
		return h->open_node(h->open_arg, path);
	if (root_is_tree(&h->root))
		return -ENODEV;
	fd = openat(h->root.fd, path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? -errno : 0;
}

int users_ask_kernel(const struct host *h, int32_t group)
{
	char path[32];
	int r;

	if (group == NO_GROUP)
		return 0;
	snprintf(path, sizeof(path), NODES "/%d", group);
	r = open_node(h, path);
	if (r == -EBUSY)
		return r;
	return r == 0 && !root_exists(&h->root, NODES "/devices");
}

void users_done(struct vfio_users *u)
{
	free(u->v);
	*u = (struct vfio_users){ .v = NULL };
}

int users_add(struct vfio_users *u, int32_t group, uint32_t pid)
{
	const struct vfio_user user = { .group = group, .pid = pid };
	size_t at = u->n;

	if (ARRAY_GROW(u->v, u->n) < 0)
		return -ENOMEM;
	for (; at && by_key(&u->v[at - 1], &user) > 0; at--)
		u->v[at] = u->v[at - 1];
	u->v[at] = user;
	u->n++;
	return 0;
}

static int user_order(const void *element, const void *key)
{
	return compare(element, key);
}

static const struct vfio_user *first(const struct vfio_users *u, const struct vfio_user *key)
{
	size_t i = array_lower_bound(u->v, u->n, sizeof(*u->v), user_order, key);

	return i < u->n && !compare(&u->v[i], key) ? &u->v[i] : NULL;
}

const struct vfio_user *users_of(const struct vfio_users *u, int32_t group, struct bdf dev)
{
	const struct vfio_user *user =
		first(u, &(struct vfio_user){ .group = NO_GROUP, .dev = dev });

	if (!user && group != NO_GROUP)
		user = first(u, &(struct vfio_user){ .group = group });
	return user;
}

const struct vfio_user *users_next(const struct vfio_users *u, const struct vfio_user *user)
{
	const struct vfio_user *next = user + 1;

	return next < u->v + u->n && !compare(next, user) ? next : NULL;
}

bool users_has(const struct vfio_users *u, int32_t group, struct bdf dev, uint32_t pid)
{
	const struct vfio_user *user = users_of(u, group, dev);

	while (user && user->pid != pid)
		user = users_next(u, user);
	return user != NULL;
}
