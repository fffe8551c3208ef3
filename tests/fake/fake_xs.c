// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_xs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

struct fake_xs fake_xs;

#define PATH_OF(buf, fmt)                                                                          \
	do {                                                                                       \
		va_list ap_;                                                                       \
		va_start(ap_, fmt);                                                                \
		vsnprintf(buf, sizeof(buf), fmt, ap_);                                             \
		va_end(ap_);                                                                       \
	} while (0)

static void drop(size_t i)
{
	free(fake_xs.nodes[i].path);
	free(fake_xs.nodes[i].value);
	fake_xs.nodes[i] = fake_xs.nodes[--fake_xs.n];
}

void fake_xs_reset(void)
{
	while (fake_xs.n)
		drop(fake_xs.n - 1);
	free(fake_xs.nodes);
	fake_xs = (struct fake_xs){ 0 };
}

static struct fake_xs_node *find(const char *path)
{
	for (size_t i = 0; i < fake_xs.n; i++)
		if (!strcmp(fake_xs.nodes[i].path, path))
			return &fake_xs.nodes[i];
	return NULL;
}

/* Nodes between the root and a leaf are not stored, because what is below shows that they exist. */
static bool is_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return !strncmp(path, dir, n) && path[n] == '/';
}

static void set(const char *path, const char *value)
{
	struct fake_xs_node *node = find(path);

	if (!node) {
		fake_xs.nodes = reallocarray(fake_xs.nodes, fake_xs.n + 1, sizeof(*node));
		if (!fake_xs.nodes)
			abort();
		node = &fake_xs.nodes[fake_xs.n++];
		*node = (struct fake_xs_node){ .path = strdup(path) };
	}
	free(node->value);
	node->value = strdup(value);
}

static bool remove_all(const char *path)
{
	bool found = false;

	for (size_t i = fake_xs.n; i-- > 0;)
		if (!strcmp(fake_xs.nodes[i].path, path) || is_below(fake_xs.nodes[i].path, path)) {
			drop(i);
			found = true;
		}
	return found;
}

const char *fake_xs_get(const char *fmt, ...)
{
	char path[256];
	struct fake_xs_node *node;

	PATH_OF(path, fmt);
	node = find(path);
	return node ? node->value : NULL;
}

long fake_xs_number(long otherwise, const char *fmt, ...)
{
	char path[256];
	struct fake_xs_node *node;

	PATH_OF(path, fmt);
	node = find(path);
	return node ? strtol(node->value, NULL, 10) : otherwise;
}

void fake_xs_set(const char *value, const char *fmt, ...)
{
	char path[256];

	PATH_OF(path, fmt);
	set(path, value);
}

void fake_xs_rm(const char *fmt, ...)
{
	char path[256];

	PATH_OF(path, fmt);
	remove_all(path);
}

/* From here on the names are libxenstore's own. */

struct xs_handle {
	int fd; /* can always be read */
};

#define IN_CONFLICT 2 /* a transaction that will end with EAGAIN */

struct xs_handle *xs_open(unsigned long flags UNUSED)
{
	struct xs_handle *h = fake_xs.open_errno ? NULL : calloc(1, sizeof(*h));

	errno = fake_xs.open_errno;
	if (h)
		h->fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	return h;
}

void xs_close(struct xs_handle *h)
{
	close(h->fd);
	free(h);
}

static void before_read(const char *path)
{
	fake_xs.reads++;
	if (fake_xs.on_read)
		fake_xs.on_read(fake_xs.on_read_arg, path);
}

void *xs_read(struct xs_handle *h UNUSED, xs_transaction_t t UNUSED, const char *path,
	      unsigned int *len)
{
	struct fake_xs_node *node;

	before_read(path);
	node = find(path);
	if (!node) {
		errno = ENOENT;
		return NULL;
	}
	*len = (unsigned)strlen(node->value);
	return strdup(node->value);
}

static bool has_name(char **names, unsigned n, const char *name)
{
	for (unsigned i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* Returns one piece of memory: pointers first, then the names. */
char **xs_directory(struct xs_handle *h UNUSED, xs_transaction_t t UNUSED, const char *path,
		    unsigned int *num)
{
	size_t max = fake_xs.n + 1, name_max = 64;
	char **names = calloc(max, sizeof(*names) + name_max);
	char *text = (char *)(names + max);
	unsigned n = 0;

	before_read(path);
	for (size_t i = 0; names && i < fake_xs.n; i++) {
		const char *p = fake_xs.nodes[i].path;
		char name[64];

		if (!is_below(p, path))
			continue;
		p += strlen(path) + 1;
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(p, "/"), p);
		if (has_name(names, n, name))
			continue;
		names[n] = text + n * name_max;
		memcpy(names[n++], name, sizeof(name));
	}
	*num = n;
	if (n)
		return names;
	free(names);
	errno = ENOENT;
	return NULL;
}

bool xs_write(struct xs_handle *h UNUSED, xs_transaction_t t, const char *path, const void *data,
	      unsigned int len)
{
	size_t n = strlen(path), m = fake_xs.no_write ? strlen(fake_xs.no_write) : 0;
	char value[256];

	if (m && n >= m && !strcmp(path + n - m, fake_xs.no_write)) {
		errno = EACCES;
		return false;
	}
	snprintf(value, sizeof(value), "%.*s", (int)len, (const char *)data);
	if (t != IN_CONFLICT)
		set(path, value);
	return true;
}

bool xs_rm(struct xs_handle *h UNUSED, xs_transaction_t t, const char *path)
{
	size_t n = strlen(fake_xs.removed);

	snprintf(fake_xs.removed + n, sizeof(fake_xs.removed) - n, "%s;", path);
	if (t == IN_CONFLICT ? find(path) != NULL : remove_all(path))
		return true;
	errno = ENOENT;
	return false;
}

/* Nobody else runs here, and what the kernel and the guest do happens at reads. So every wait ends
 * at once, as if something had been written. */
bool xs_watch(struct xs_handle *h UNUSED, const char *path, const char *token UNUSED)
{
	size_t n = strlen(fake_xs.watched);

	snprintf(fake_xs.watched + n, sizeof(fake_xs.watched) - n, "%s;", path);
	fake_xs.watches += !fake_xs.no_watch;
	errno = EACCES;
	return !fake_xs.no_watch;
}

bool xs_unwatch(struct xs_handle *h UNUSED, const char *path UNUSED, const char *token UNUSED)
{
	fake_xs.watches--;
	return true;
}

int xs_fileno(struct xs_handle *h)
{
	return h->fd;
}

char **xs_check_watch(struct xs_handle *h UNUSED)
{
	errno = EAGAIN;
	return NULL;
}

/* Writes take effect at once, because no test looks in between; those of a transaction that will
 * conflict do not. */
xs_transaction_t xs_transaction_start(struct xs_handle *h UNUSED)
{
	return fake_xs.conflicts ? IN_CONFLICT : 1;
}

bool xs_transaction_end(struct xs_handle *h UNUSED, xs_transaction_t t, bool abandon UNUSED)
{
	if (t != IN_CONFLICT)
		return true;
	fake_xs.conflicts--;
	errno = EAGAIN;
	return false;
}
