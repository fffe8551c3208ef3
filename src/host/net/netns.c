// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/netns.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "base/array.h"
#include "base/child.h"

#define NAMED "run/netns"

struct space {
	ino_t ino;
	uint32_t pid;
	char name[64];
};

struct spaces {
	struct space *v;
	size_t n;
};

/* Memory shared with the child. */
struct search {
	const struct host *h;
	const char *parent;
	struct netns_found found;
};

static void spaces_done(struct spaces *s)
{
	free(s->v);
}

static void free_socket(struct nl_sock **s)
{
	nl_socket_free(*s);
}

static int add_space(struct spaces *s, ino_t ino, uint32_t pid, const char *name)
{
	struct space *x = NULL;

	for (size_t i = 0; !x && i < s->n; i++)
		if (s->v[i].ino == ino)
			x = &s->v[i];
	if (!x && ARRAY_GROW(s->v, s->n) < 0)
		return -ENOMEM;
	if (!x) {
		x = &s->v[s->n++];
		*x = (struct space){ .ino = ino };
	}
	if (pid && (!x->pid || pid < x->pid))
		x->pid = pid;
	if (name && strlen(name) < sizeof(x->name))
		strcpy(x->name, name);
	return 0;
}

/* The entries of proc are processes, those of run/netns are names. */
static int add_spaces(const struct host *h, const char *dir, bool is_proc, struct spaces *s)
{
	_cleanup_dir_ DIR *d = root_opendir(&h->root, "%s", dir);
	struct dirent *ent;
	struct stat st;
	char path[300];
	int r = 0;

	while (r == 0 && d && (ent = readdir(d))) {
		unsigned long pid = is_proc ? strtoul(ent->d_name, NULL, 10) : 0;

		if (ent->d_name[0] == '.' || (is_proc && !pid))
			continue;
		snprintf(path, sizeof(path), "%s%s", ent->d_name, is_proc ? "/ns/net" : "");
		if (fstatat(dirfd(d), path, &st, 0) == 0)
			r = add_space(s, st.st_ino, (uint32_t)pid, is_proc ? NULL : ent->d_name);
	}
	return r;
}

static int take_link(struct nl_msg *msg, void *arg)
{
	struct nlattr *tb[IFLA_MAX + 1];
	struct search *x = arg;
	struct nlmsghdr *hdr = nlmsg_hdr(msg);

	if (hdr->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse(hdr, sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL) < 0 ||
	    !tb[IFLA_PARENT_DEV_NAME] || !tb[IFLA_IFNAME] ||
	    nla_strcmp(tb[IFLA_PARENT_DEV_NAME], x->parent) != 0)
		return NL_OK;
	nla_strlcpy(x->found.netdev, tb[IFLA_IFNAME], sizeof(x->found.netdev));
	return NL_OK;
}

/* Looks in this process's current namespace. Returns 1, 0 or -errno. */
static int look_here(struct search *x)
{
	_cleanup_(free_socket) struct nl_sock *s = nl_socket_alloc();
	struct ifinfomsg ask = { .ifi_family = AF_UNSPEC };
	int r;

	if (!s)
		return -ENOMEM;
	nl_socket_modify_cb(s, NL_CB_VALID, NL_CB_CUSTOM, take_link, x);
	if (nl_connect(s, NETLINK_ROUTE) < 0)
		return -EIO;
	r = nl_send_simple(s, RTM_GETLINK, NLM_F_DUMP, &ask, sizeof(ask));
	if (r >= 0)
		r = nl_recvmsgs_default(s);
	return x->found.netdev[0] ? 1 : r < 0 ? -EIO : 0;
}

/* A process that ended meanwhile, or that belongs to somebody else, is skipped. */
static int look_into(struct search *x, const struct space *space)
{
	_cleanup_close_ int fd =
		space->pid ? root_openat(&x->h->root, O_RDONLY, "proc/%u/ns/net", space->pid)
			   : root_openat(&x->h->root, O_RDONLY, NAMED "/%s", space->name);
	int r;

	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		return 0;
	r = look_here(x);
	if (r != 1)
		return 0;
	x->found.pid = space->pid;
	memcpy(x->found.name, space->name, sizeof(x->found.name));
	return 1;
}

static int search(void *arg)
{
	_cleanup_(spaces_done) struct spaces s = { 0 };
	struct search *x = arg;
	struct stat own;
	int r = stat("/proc/self/ns/net", &own) < 0 ? -errno : 0;

	if (r == 0)
		r = add_spaces(x->h, "proc", true, &s);
	if (r == 0)
		r = add_spaces(x->h, NAMED, false, &s);
	for (size_t i = 0; r == 0 && i < s.n; i++)
		if (s.v[i].ino != own.st_ino && look_into(x, &s.v[i]) == 1)
			break;
	return r;
}

/* Whoever names devices and namespaces is not trusted. */
static void clean(char *s)
{
	for (; *s; s++)
		if (*s <= ' ' || *s >= 0x7f)
			*s = '_';
}

int netns_find(const struct host *h, const char *parent, struct netns_found *ret)
{
	struct search *x;
	struct child child;
	int r;

	if (root_is_tree(&h->root))
		return 0;
	x = mmap(NULL, sizeof(*x), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (x == MAP_FAILED)
		return -errno;
	x->h = h;
	x->parent = parent;
	r = child_start(&child, search, x);
	if (r == 0)
		r = child_finish(&child, h->timeout_ms);
	*ret = x->found;
	munmap(x, sizeof(*x));
	clean(ret->netdev);
	clean(ret->name);
	return r < 0 ? r : ret->netdev[0] != '\0';
}
