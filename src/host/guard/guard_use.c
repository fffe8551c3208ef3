// SPDX-License-Identifier: GPL-2.0-or-later
/* Tells whether a container or a program uses a function, or a device that its driver made from
 * it. */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/array.h"
#include "base/deadline.h"
#include "host/guard/guard_parts.h"
#include "host/net/netns.h"
#include "host/net/xdp.h"
#include "host/open_files.h"
#include "host/open_nodes.h"

/* The depth of BDF/vdpa0/vhost-vdpa-0, BDF/infiniband_verbs/uverbs5 and BDF/nvme/nvme0/nvme0n1, and
 * room for a bus of the driver's own in between. */
#define MAX_DEPTH 6

/* How long a network device may take to appear in the directory that is made for it. */
#define REGISTER_MS 20u

struct walk {
	const struct host *h;
	struct device_node *nodes;
	size_t n;
	bool only_netns;       /* nothing else counts */
	const char *elsewhere; /* which kind of its devices is in another network namespace */
	char parent[64];       /* the device that this one belongs to */
	char own[96];	       /* a sentence about a device that is in use because it exists */
};

static void walk_done(struct walk *w)
{
	free(w->nodes);
}

static bool is_empty(const struct host *h, const char *dir)
{
	_cleanup_dir_ DIR *d = root_opendir(&h->root, "%s", dir);
	struct dirent *ent;

	while (d && (ent = readdir(d)))
		if (ent->d_name[0] != '.')
			return false;
	return d != NULL;
}

/*
 * The kernel makes the directory of a class with its first device and removes it with the last. So
 * a directory that shows nothing has a device that this network namespace does not see, or one that
 * is being registered right now.
 * Source: Linux drivers/base/core.c, get_device_parent(), cleanup_glue_dir(); fs/kernfs/dir.c,
 * kernfs_fop_readdir() (namespaces); net/core/net-sysfs.c, net_class; drivers/infiniband/core/
 * device.c, ib_class.
 */
static bool is_elsewhere(const struct host *h, const char *dir)
{
	struct deadline until = deadline_in(REGISTER_MS);

	do {
		if (!is_empty(h, dir))
			return false;
	} while (!root_is_tree(&h->root) && deadline_pause(&until));
	return true;
}

static const char net_kind[] = "network device";

static const char *namespaced(const char *name)
{
	if (!strcmp(name, "net"))
		return net_kind;
	return !strcmp(name, "infiniband") ? "RDMA device" : NULL;
}

static int add_node(struct walk *w, const struct device_node *node)
{
	if (ARRAY_GROW(w->nodes, w->n) < 0)
		return -ENOMEM;
	w->nodes[w->n++] = *node;
	return 0;
}

/* A directory with a file "dev" is a device that user space opens. A tree need not have the
 * file. */
static int look_for_node(struct walk *w, const char *path, const char *name)
{
	struct device_node node = { .number = 0 };
	char text[32], subsystem[32], *end;
	unsigned long major, minor;

	if (strlen(name) >= sizeof(node.name))
		return 0;
	memcpy(node.name, name, strlen(name) + 1);
	if (root_is_tree(&w->h->root))
		return add_node(w, &node);
	if (root_read(&w->h->root, text, sizeof(text), "%s/dev", path) <= 0)
		return 0;
	major = strtoul(text, &end, 10);
	if (*end != ':')
		return 0;
	minor = strtoul(end + 1, NULL, 10);
	node.number = makedev((unsigned)major, (unsigned)minor);
	node.is_block = root_link_name(&w->h->root, subsystem, sizeof(subsystem), "%s/subsystem",
				       path) == 0 &&
			!strcmp(subsystem, "block");
	return add_node(w, &node);
}

/* Looks for devices that are in use because they exist. Source: Linux drivers/virtio/virtio_vdpa.c;
 * drivers/vfio/mdev/mdev_sysfs.c, mdev_create_sysfs_files(). */
static void look_for_own(struct walk *w, const char *path, const char *name)
{
	char driver[64], type[64];

	if (w->own[0])
		return;
	if (root_link_name(&w->h->root, type, sizeof(type), "%s/mdev_type", path) == 0)
		snprintf(w->own, sizeof(w->own), "it carries the mediated device %.36s", name);
	else if (!strncmp(name, "vdpa", 4) &&
		 root_link_name(&w->h->root, driver, sizeof(driver), "%s/driver", path) == 0 &&
		 !strcmp(driver, "virtio_vdpa"))
		snprintf(w->own, sizeof(w->own), "the host itself uses %.20s (driver virtio_vdpa)",
			 name);
}

/* Looks for XDP programs on the network devices that this namespace shows; *ret_any: there are
 * some. */
static int look_for_xdp(struct walk *w, const char *dir, bool *ret_any)
{
	_cleanup_dir_ DIR *d = root_opendir(&w->h->root, "%s", dir);
	struct dirent *ent;
	uint32_t program = 0;
	int r = 0;

	while (r == 0 && d && !w->own[0] && (ent = readdir(d))) {
		if (ent->d_name[0] == '.')
			continue;
		*ret_any = true;
		if (w->only_netns)
			break;
		r = netxdp_program(w->h, ent->d_name, &program);
		if (r == 1)
			snprintf(w->own, sizeof(w->own),
				 "XDP program %u runs on %.15s, as with AF_XDP sockets", program,
				 ent->d_name);
	}
	return r < 0 ? r : 0;
}

/* Looks at a class whose devices may be in other namespaces. It does not go deeper, because a
 * network device has many directories below it and no node that anybody opens. */
static int look_at_class(struct walk *w, const char *dir, const char *path, const char *kind)
{
	bool any = false;
	int r = kind == net_kind && !w->own[0] ? look_for_xdp(w, path, &any) : 0;

	if (r < 0 || any || w->elsewhere || !is_elsewhere(w->h, path))
		return r;
	w->elsewhere = kind;
	snprintf(w->parent, sizeof(w->parent), "%.63s", strrchr(dir, '/') + 1);
	return 0;
}

static int walk_dir(struct walk *w, const char *dir, unsigned depth);

static int walk_one(struct walk *w, const char *dir, const char *name, unsigned depth)
{
	const char *kind = namespaced(name);
	char path[PATH_MAX];
	int r;

	if (!strcmp(name, "power") ||
	    snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
		return 0;
	if (kind)
		return look_at_class(w, dir, path, kind);
	look_for_own(w, path, name);
	r = look_for_node(w, path, name);
	return r == 0 && depth < MAX_DEPTH ? walk_dir(w, path, depth + 1) : r;
}

static int walk_dir(struct walk *w, const char *dir, unsigned depth)
{
	_cleanup_dir_ DIR *d = root_opendir(&w->h->root, "%s", dir);
	struct dirent *ent;
	int r = 0;

	while (r == 0 && d && (ent = readdir(d)))
		if (root_is_dir(d, ent))
			r = walk_one(w, dir, ent->d_name, depth);
	return r;
}

static int find_vgpu(const struct host *h, const struct function_dir *f, char why[GUARD_WHY_MAX])
{
	uint64_t type = 0;

	if (!function_dir_has(f, "nvidia") ||
	    root_read_u64(&h->root, &type, "%s/nvidia/current_vgpu_type", f->path) < 0 || !type)
		return 0;
	snprintf(why, GUARD_WHY_MAX, "it is a vGPU of type %u", (unsigned)type);
	return 1;
}

static void note_partial(const struct host *h)
{
	log_info(&h->log, "open files of other users' processes are not seen; run as root");
}

static int find_user(const struct walk *w, char why[GUARD_WHY_MAX])
{
	char who[PROCESS_LABEL_MAX];
	struct node_user user;
	bool is_partial = false;
	int r = w->n ? open_nodes_find(w->h, w->nodes, w->n, &user, &is_partial) : 0;

	if (r == 1)
		snprintf(why, GUARD_WHY_MAX, "%s has %s open", process_label(who, w->h, user.pid),
			 user.path);
	else if (r == 0 && is_partial)
		note_partial(w->h);
	return r;
}

/* Names the process that lives there, when it can be found. */
static void say_elsewhere(const struct walk *w, char why[GUARD_WHY_MAX])
{
	struct netns_found f = { .pid = 0 };
	char who[PROCESS_LABEL_MAX];

	if (netns_find(w->h, w->parent, &f) != 1)
		snprintf(why, GUARD_WHY_MAX,
			 "its %s is in another network namespace, such as a container's",
			 w->elsewhere);
	else if (f.pid)
		snprintf(why, GUARD_WHY_MAX,
			 "its network device %s is in the network namespace of %s", f.netdev,
			 process_label(who, w->h, f.pid));
	else
		snprintf(why, GUARD_WHY_MAX, "its network device %s is in the network namespace %s",
			 f.netdev, f.name);
}

int guard_use(const struct host *h, const struct function_dir *f, bool only_netns,
	      char why[GUARD_WHY_MAX])
{
	_cleanup_(walk_done) struct walk w = { .h = h, .only_netns = only_netns };
	int r = 0;

	/* Without a driver there are no devices, because a driver makes all of them. */
	if (!f->has_driver)
		return 0;
	for (size_t i = 0; r == 0 && i < f->n; i++)
		r = walk_one(&w, f->path, f->v[i], 0);
	if (r < 0)
		return r;
	if (w.elsewhere) {
		say_elsewhere(&w, why);
		return 1;
	}
	if (only_netns)
		return 0;
	if (w.own[0]) {
		snprintf(why, GUARD_WHY_MAX, "%s", w.own);
		return 1;
	}
	r = find_vgpu(h, f, why);
	return r ? r : find_user(&w, why);
}
