// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/netdev_kind.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>

/* A listing waits at most this long, because what it asks for is not worth more. */
#define NAMES_TIMEOUT_MS 5000u

/* Skips @word and the number behind it. Returns NULL when they are not there. */
static const char *skip(const char *s, const char *word, int *ret)
{
	size_t n = strlen(word), digits;

	if (!s || strncmp(s, word, n) != 0)
		return NULL;
	digits = strspn(s + n, "0123456789");
	if (!digits || digits > 6)
		return NULL;
	*ret = atoi(s + n);
	return s + n + digits;
}

static bool is_uplink(const char *s)
{
	int n;
	const char *card = skip(s, "l", &n), *port = skip(card ? card : s, "p", &n), *split;

	split = skip(port, "s", &n);
	return port && (!*port || (split && !*split));
}

enum netdev_kind netdev_kind_of(const char *name, int *ret_vf)
{
	int n, vf = -1;
	const char *other = skip(name, "c", &n), *pf = skip(other ? other : name, "pf", &n), *end;

	*ret_vf = -1;
	if (!*name)
		return NETDEV_UNNAMED;
	if (is_uplink(name))
		return NETDEV_UPLINK;
	if (pf && (!*pf || ((end = skip(pf, "sf", &n)) && !*end)))
		return NETDEV_REPRESENTOR;
	end = pf ? skip(pf, "vf", &vf) : skip(name, "", &vf);
	if (!end && pf)
		end = skip(pf, "vfr", &vf);
	if (!end || *end)
		return NETDEV_OTHER;
	/* VFs of another host's controller do not count. */
	*ret_vf = other ? -1 : vf;
	return NETDEV_REPRESENTOR;
}

bool netdev_port_before(const struct netdev_port *a, const struct netdev_port *b)
{
	if (a->kind == NETDEV_REPRESENTOR || a->kind != b->kind)
		return a->kind != NETDEV_REPRESENTOR && a->kind < b->kind;
	if (a->dev_port != b->dev_port)
		return a->dev_port < b->dev_port;
	return strverscmp(a->name, b->name) < 0;
}

struct reading {
	const struct host *h;
	struct netdev_port *v;
	size_t n;
};

static int read_all(void *arg)
{
	const struct reading *r = arg;
	char text[64];
	uint64_t port;

	for (size_t i = 0; i < r->n; i++) {
		struct netdev_port *p = &r->v[i];

		if (root_read_u64(&r->h->root, &port, "sys/class/net/%s/dev_port", p->name) == 0)
			p->dev_port = (unsigned)port;
		if (root_read(&r->h->root, text, sizeof(text), "sys/class/net/%s/phys_port_name",
			      p->name) > 0)
			p->kind = netdev_kind_of(text, &p->vf);
	}
	return 0;
}

/* The child writes its answers into shared memory, so those that it got before the deadline are not
 * lost. */
static int read_in_child(const struct host *h, struct netdev_port *v, size_t n)
{
	unsigned timeout = h->timeout_ms && h->timeout_ms < NAMES_TIMEOUT_MS ? h->timeout_ms
									     : NAMES_TIMEOUT_MS;
	size_t size = n * sizeof(*v);
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct reading reading = { h, shared, n };
	struct child child;
	int r;

	if (shared == MAP_FAILED)
		return -errno;
	memcpy(shared, v, size);
	r = child_start(&child, read_all, &reading);
	if (r == 0)
		r = child_finish(&child, timeout);
	if (r == 0 || r == -ETIMEDOUT)
		memcpy(v, shared, size);
	munmap(shared, size);
	if (r != -ETIMEDOUT)
		return r;
	log_note(&h->log,
		 "the kernel did not say in %u ms what the network devices of PFs are, because "
		 "somebody holds the lock of all of them",
		 timeout);
	return 0;
}

int netdev_ports_read(const struct host *h, struct netdev_port *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		v[i].dev_port = 0;
		v[i].kind = NETDEV_UNNAMED;
		v[i].vf = -1;
	}
	if (!n)
		return 0;
	if (root_is_tree(&h->root))
		return read_all(&(struct reading){ h, v, n });
	return read_in_child(h, v, n);
}

static int each_in(const struct host *h, const char *dir, int (*fn)(void *arg, const char *name),
		   void *arg)
{
	_cleanup_dir_ DIR *d = root_opendir(&h->root, "%s/net", dir);
	const struct dirent *ent;
	int r = 0;

	while (r == 0 && d && (ent = readdir(d)))
		if (ent->d_name[0] != '.')
			r = fn(arg, ent->d_name);
	return r;
}

int netdev_each_in(const struct host *h, const struct function_dir *f,
		   int (*fn)(void *arg, const char *name), void *arg)
{
	char dir[128];
	int r = function_dir_has(f, "net") ? each_in(h, f->path, fn, arg) : 0;

	for (size_t i = 0; r == 0 && i < f->n; i++)
		if (!strncmp(f->v[i], "virtio", 6)) {
			snprintf(dir, sizeof(dir), "%s/%.32s", f->path, f->v[i]);
			r = each_in(h, dir, fn, arg);
		}
	return r;
}

int netdev_each_of(const struct host *h, struct bdf dev, int (*fn)(void *arg, const char *name),
		   void *arg)
{
	_cleanup_(function_dir_done) struct function_dir f = { .n = 0 };
	int r = function_dir_read(&f, h, dev);

	return r < 0 ? r : netdev_each_in(h, &f, fn, arg);
}

bool netdev_function_at(char *target, struct bdf *ret)
{
	char *net = strstr(target, "/net/"), *name;

	if (!net)
		return false;
	*net = '\0';
	name = strrchr(target, '/');
	if (name && !strncmp(name, "/virtio", 7)) {
		*name = '\0';
		name = strrchr(target, '/');
	}
	return name && bdf_scan(ret, name + 1);
}

bool netdev_function(const struct host *h, const char *name, struct bdf *ret)
{
	_cleanup_close_ int dir = -1;
	char target[PATH_MAX];
	ssize_t n;

	/* A word from the user becomes part of a path here. */
	if (!*name || strlen(name) >= IFNAMSIZ || strchr(name, '/'))
		return false;
	dir = root_openat(&h->root, O_PATH | O_DIRECTORY, "sys/class/net");
	if (dir < 0)
		return false;
	n = readlinkat(dir, name, target, sizeof(target) - 1);
	if (n < 0)
		return false;
	target[n] = '\0';
	return netdev_function_at(target, ret);
}
