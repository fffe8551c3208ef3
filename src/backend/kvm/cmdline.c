// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/cmdline.h"

#include <jansson.h>
#include <string.h>

#include "base/mem.h"

/* The arguments as strings; @text ends in NUL. */
struct args {
	const char **v;
	size_t n;
};

static int split(struct args *ret, const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\0';
	ret->v = calloc(n + 2, sizeof(*ret->v));
	if (!ret->v)
		return -ENOMEM;
	ret->n = 0;
	for (const char *p = text; p < text + len; p += strlen(p) + 1)
		ret->v[ret->n++] = p;
	return 0;
}

static bool is_qemu(const char *program)
{
	const char *name = strrchr(program, '/');

	name = name ? name + 1 : program;
	return !strncmp(name, "qemu-system-", 12) || !strcmp(name, "qemu-kvm") ||
	       !strcmp(name, "kvm");
}

/* The value after option @i when it is @name, which may be written with one dash or two. */
static const char *value_of(const struct args *a, size_t i, const char *name)
{
	const char *s = a->v[i];

	if (*s++ != '-' || i + 1 >= a->n)
		return NULL;
	s += *s == '-';
	return strcmp(s, name) ? NULL : a->v[i + 1];
}

/* Copies a value up to its comma, undoing the doubled ones; returns what comes after it. */
static const char *take_value(const char *s, char *buf, size_t size)
{
	size_t n = 0;

	for (; *s && !(*s == ',' && s[1] != ','); s++) {
		s += *s == ',';
		if (n + 1 < size)
			buf[n++] = *s;
	}
	if (size)
		buf[n] = '\0';
	return *s ? s + 1 : s;
}

bool cmdline_option(const char *text, const char *first, const char *key, char *buf, size_t size)
{
	size_t n = strlen(key);

	for (const char *s = text; *s; first = NULL) {
		size_t word = strcspn(s, "=,");

		if (s[word] == '=' && word == n && !strncmp(s, key, n)) {
			take_value(s + n + 1, buf, size);
			return true;
		}
		if (s[word] != '=' && first && !strcmp(first, key)) {
			take_value(s, buf, size);
			return true;
		}
		s = take_value(s, NULL, 0);
	}
	return false;
}

/* "-chardev socket,id=@id,path=...". */
static bool chardev_path(const struct args *a, const char *id, char *buf, size_t size)
{
	for (size_t i = 1; i < a->n; i++) {
		const char *v = value_of(a, i, "chardev");
		char word[128];

		if (v && cmdline_option(v, "backend", "id", word, sizeof(word)) &&
		    !strcmp(word, id) &&
		    cmdline_option(v, "backend", "backend", word, sizeof(word)) &&
		    !strcmp(word, "socket") && cmdline_option(v, "backend", "path", buf, size))
			return true;
	}
	return false;
}

/* One control monitor, of an option pair. */
static void read_monitor(const struct args *a, size_t i, struct cmdline *c)
{
	const char *qmp = value_of(a, i, "qmp"), *mon = value_of(a, i, "mon");
	char id[128], mode[16];

	if (c->qmp[0])
		return;
	if (!qmp)
		qmp = value_of(a, i, "qmp-pretty");
	if (qmp && !strncmp(qmp, "unix:", 5))
		take_value(qmp + 5, c->qmp, sizeof(c->qmp));
	else if (mon && cmdline_option(mon, "chardev", "mode", mode, sizeof(mode)) &&
		 !strcmp(mode, "control") &&
		 cmdline_option(mon, "chardev", "chardev", id, sizeof(id)) &&
		 !chardev_path(a, id, c->qmp, sizeof(c->qmp)))
		c->qmp[0] = '\0';
}

static bool host_of_json(const char *text, char *buf, size_t size)
{
	json_t *o = json_loads(text, 0, NULL);
	const char *host = json_string_value(json_object_get(o, "host"));

	if (host)
		snprintf(buf, size, "%s", host);
	json_decref(o);
	return host != NULL;
}

static int read_device(const char *v, struct cmdline *c)
{
	char host[256];
	struct bdf *more, dev;
	bool found = v[0] == '{' ? host_of_json(v, host, sizeof(host))
				 : cmdline_option(v, "driver", "host", host, sizeof(host));
	const char *slash;

	if (!found && cmdline_option(v, "driver", "sysfsdev", host, sizeof(host))) {
		slash = strrchr(host, '/');
		memmove(host, slash ? slash + 1 : host, strlen(slash ? slash + 1 : host) + 1);
		found = true;
	}
	if (!found || bdf_parse(&dev, host, NULL) < 0)
		return 0;
	more = reallocarray(c->hosts, c->n_hosts + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	c->hosts = more;
	c->hosts[c->n_hosts++] = dev;
	return 0;
}

/* Where libvirt keeps the secrets and the console log of each guest it starts. */
static bool is_of_libvirt(const char *arg)
{
	return strstr(arg, "/libvirt/qemu/") != NULL;
}

int cmdline_parse(struct cmdline *ret, const char *text, size_t len)
{
	_cleanup_free_ char *copy = NULL;
	_cleanup_free_ const char **v = NULL;
	struct cmdline c = { .n_hosts = 0 };
	struct args a = { 0 };
	int r;

	if (!len || !memchr(text, '\0', len) || !is_qemu(text))
		return -ENOENT;
	/* A process may have cut its last argument. */
	copy = calloc(1, len + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, len);
	r = split(&a, copy, len);
	v = a.v;
	for (size_t i = 1; r == 0 && i < a.n; i++) {
		const char *name = value_of(&a, i, "name"), *dev = value_of(&a, i, "device");

		if (name)
			cmdline_option(name, "guest", "guest", c.name, sizeof(c.name));
		if (dev)
			r = read_device(dev, &c);
		read_monitor(&a, i, &c);
		c.is_libvirt |= is_of_libvirt(a.v[i]);
	}
	if (r < 0)
		cmdline_done(&c);
	else
		*ret = c;
	return r;
}

void cmdline_done(struct cmdline *c)
{
	free(c->hosts);
	*c = (struct cmdline){ .n_hosts = 0 };
}
