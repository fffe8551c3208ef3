// SPDX-License-Identifier: GPL-2.0-or-later
/* Who runs: QEMU processes with their names and monitors, and other users of VFIO. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "backend/kvm/kvm.h"

#define CMDLINE_MAX (4u << 20)

/* The whole of proc/PID/cmdline; only its start when that is not QEMU's. */
static char *read_cmdline(const struct host *h, uint32_t pid, size_t *ret_len)
{
	_cleanup_close_ int fd = root_openat(&h->root, O_RDONLY, "proc/%u/cmdline", pid);
	_cleanup_free_ char *buf = NULL;
	size_t len = 0, size = 0;
	ssize_t n = -1;

	while (fd >= 0 && size < CMDLINE_MAX) {
		if (len == size) {
			char *more = realloc(buf, size ? 4 * size : 4096);

			if (!more)
				return NULL;
			buf = more;
			size = size ? 4 * size : 4096;
		}
		n = read(fd, buf + len, size - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	*ret_len = len;
	return len ? STEAL(buf) : NULL;
}

/* systemd-machined keeps libvirt's guests in scopes of this name. */
static bool is_in_libvirt_scope(const struct host *h, uint32_t pid)
{
	char text[1024];

	return root_read(&h->root, text, sizeof(text), "proc/%u/cgroup", pid) > 0 &&
	       (strstr(text, "machine-qemu") || strstr(text, "/libvirt/"));
}

/* QEMU was told a path from where it was started. */
static void absolute_path(const struct host *h, uint32_t pid, char *qmp, size_t size)
{
	char dir[256], path[sizeof(dir) + sizeof(((struct cmdline *)0)->qmp)], link[64];
	ssize_t n;

	if (!qmp[0] || qmp[0] == '/')
		return;
	snprintf(link, sizeof(link), "proc/%u/cwd", pid);
	n = readlinkat(h->root.fd, link, dir, sizeof(dir) - 1);
	dir[n > 0 ? n : 0] = '\0';
	snprintf(path, sizeof(path), "%s/%s", dir, qmp);
	if (n <= 0 || strlen(path) >= size)
		qmp[0] = '\0';
	else
		memcpy(qmp, path, strlen(path) + 1);
}

struct guest *guests_add(struct backend *b, uint32_t pid)
{
	struct guest **v = reallocarray(b->guests, b->n_guests + 1, sizeof(struct guest *));
	struct guest *g;

	if (!v)
		return NULL;
	b->guests = v;
	g = calloc(1, sizeof(*g));
	if (!g)
		return NULL;
	g->pid = pid;
	return v[b->n_guests++] = g;
}

/* What has no name of its own is called by its program and number, in one word. */
static void name_by_pid(const struct host *h, struct guest *g)
{
	char comm[64];

	if (root_read(&h->root, comm, sizeof(comm), "proc/%u/comm", g->pid) <= 0)
		snprintf(comm, sizeof(comm), "pid");
	for (char *c = comm; *c; c++)
		if (*c <= ' ' || *c == '/' || *c == 0x7f)
			*c = '_';
	snprintf(g->name, sizeof(g->name), "%s-%u", comm, g->pid);
}

static bool same_socket(const struct host *h, const char *a, const char *b)
{
	struct stat x, y;

	if (!*b)
		return false;
	if (!strcmp(a, b))
		return true;
	return *a == '/' && *b == '/' && fstatat(h->root.fd, a + 1, &x, 0) == 0 &&
	       fstatat(h->root.fd, b + 1, &y, 0) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static bool is_called(const struct backend *b, const struct guest *g, const struct topo_domain *d)
{
	if (d->qmp && (same_socket(b->host, d->qmp, g->cmdline.qmp) ||
		       same_socket(b->host, d->qmp, g->cmdline.qmp_more)))
		return true;
	if (!g->cmdline.name[0])
		return false;
	return !strcmp(g->cmdline.name, d->libvirt ? d->libvirt : d->name);
}

/* A guest of the topology is called as it is there, and reached the way that says. */
static void name_by_topology(const struct backend *b, struct guest *g)
{
	for (size_t i = 0; b->topo && !g->topo && i < b->topo->n_domains; i++)
		if (is_called(b, g, &b->topo->domains[i]))
			g->topo = &b->topo->domains[i];
	if (!g->topo)
		return;
	snprintf(g->name, sizeof(g->name), "%s", g->topo->name);
	if (!g->topo->qmp)
		return;
	snprintf(g->cmdline.qmp, sizeof(g->cmdline.qmp), "%s", g->topo->qmp);
	g->cmdline.qmp_more[0] = '\0';
}

static int read_process(struct backend *b, uint32_t pid)
{
	size_t len = 0;
	_cleanup_free_ char *text = read_cmdline(b->host, pid, &len);
	struct cmdline c;
	struct guest *g;
	int r = text ? cmdline_parse(&c, text, len) : -ENOENT;

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	g = guests_add(b, pid);
	if (!g) {
		cmdline_done(&c);
		return -ENOMEM;
	}
	g->is_qemu = true;
	g->cmdline = c;
	g->cmdline.is_libvirt |= is_in_libvirt_scope(b->host, pid);
	absolute_path(b->host, pid, g->cmdline.qmp, sizeof(g->cmdline.qmp));
	absolute_path(b->host, pid, g->cmdline.qmp_more, sizeof(g->cmdline.qmp_more));
	snprintf(g->name, sizeof(g->name), "%s", c.name);
	name_by_topology(b, g);
	if (!g->name[0])
		name_by_pid(b->host, g);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct guest *x = *(struct guest *const *)a, *y = *(struct guest *const *)b;
	int r = strcmp(x->name, y->name);

	return r ? r : (x->pid > y->pid) - (x->pid < y->pid);
}

static int by_pid(const void *a, const void *b)
{
	const struct guest *x = *(struct guest *const *)a, *y = *(struct guest *const *)b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

/* Two of one name would be taken for one: each gets its pid, too. */
static void part_twins(struct backend *b)
{
	struct guest **v = b->guests;

	for (size_t i = 0, end; i < b->n_guests; i = end) {
		for (end = i + 1; end < b->n_guests && !strcmp(v[i]->name, v[end]->name);)
			end++;
		for (size_t k = i; end - i > 1 && k < end; k++) {
			size_t n = strnlen(v[k]->name, sizeof(v[k]->name) - 12);

			snprintf(v[k]->name + n, sizeof(v[k]->name) - n, "-%u", v[k]->pid);
		}
	}
}

int guests_read(struct backend *b, struct err *e)
{
	_cleanup_dir_ DIR *dir = NULL;
	struct dirent *d;
	int r = 0;

	if (b->has_guests)
		return 0;
	dir = root_opendir(&b->host->root, "proc");
	if (!dir && errno != ENOENT)
		return err_set(e, errno, "read /proc: %s", strerror(errno));
	while (dir && r == 0 && (d = readdir(dir))) {
		char *end;
		unsigned long pid = strtoul(d->d_name, &end, 10);

		if (d->d_name[0] >= '1' && d->d_name[0] <= '9' && !*end && pid <= UINT32_MAX)
			r = read_process(b, (uint32_t)pid);
	}
	if (r < 0)
		return err_set(e, -r, "look for running guests: %s", strerror(-r));
	if (b->n_guests) {
		qsort(b->guests, b->n_guests, sizeof(struct guest *), by_name);
		part_twins(b);
		qsort(b->guests, b->n_guests, sizeof(struct guest *), by_pid);
	}
	b->has_guests = true;
	return 0;
}

struct guest *guests_of_pid(struct backend *b, uint32_t pid)
{
	struct guest *g;

	for (size_t i = 0; i < b->n_guests; i++)
		if (b->guests[i]->pid == pid)
			return b->guests[i];
	g = guests_add(b, pid);
	if (g)
		name_by_pid(b->host, g);
	return g;
}

struct guest *guests_of_user(struct backend *b, const struct vfio_user *user)
{
	struct guest *best = NULL;

	for (; user; user = users_next(&b->users, user)) {
		struct guest *g = guests_of_pid(b, user->pid);

		if (g && (!best || (g->is_qemu && !best->is_qemu)))
			best = g;
	}
	return best;
}

void guests_done(struct backend *b)
{
	for (size_t i = 0; i < b->n_guests; i++) {
		struct guest *g = b->guests[i];

		qmp_close(g->qmp);
		machine_done(&g->machine);
		cmdline_done(&g->cmdline);
		free(g);
	}
	free(b->guests);
}
