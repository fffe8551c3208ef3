// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/cmdline.h"

#include <jansson.h>
#include <string.h>

#include "backend/kvm/process.h"
#include "backend/kvm/qemu_opts.h"
#include "base/array.h"
#include "base/mem.h"

/* No machine has more than this of monitors and their character devices, so the rest is not
 * read. */
#define MONITOR_BYTES_MAX 65536u

struct chardev {
	char id[128];
	const char *value;
};

/* The arguments as strings; @text ends in NUL. */
struct args {
	const char **v;
	size_t n;
	struct chardev *chardevs; /* by id */
	size_t n_chardevs;
	size_t monitors; /* how many bytes of them were read so far */
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

/* Returns the value after option @i if that is @name, which may have one dash or two. */
static const char *value_of(const struct args *a, size_t i, const char *name)
{
	const char *s = a->v[i];

	if (*s++ != '-' || i + 1 >= a->n)
		return NULL;
	s += *s == '-';
	return strcmp(s, name) ? NULL : a->v[i + 1];
}

/* Finds the path of a socket that QEMU listens on and that has a name in the file system. */
static bool socket_path(const char *text, const char *first, char *buf, size_t size)
{
	return qemu_opt_is_on(text, first, "server") && !qemu_opt_is_on(text, first, "abstract") &&
	       qemu_opt(text, first, "path", buf, size) && buf[0];
}

static int by_id(const void *a, const void *b)
{
	const struct chardev *x = a, *y = b;
	int r = strcmp(x->id, y->id);

	return r ? r : (x->value > y->value) - (x->value < y->value);
}

/* Reads all of them once and sorts them, so that many monitors and many character devices take no
 * longer. */
static int read_chardevs(struct args *a)
{
	/* "id=x" is the shortest text that has an id. */
	size_t bytes = 0, most = a->n < MONITOR_BYTES_MAX / 4 ? a->n : MONITOR_BYTES_MAX / 4;

	a->chardevs = calloc(most + 1, sizeof(*a->chardevs));
	if (!a->chardevs)
		return -ENOMEM;
	for (size_t i = 1; i < a->n && bytes < MONITOR_BYTES_MAX; i++) {
		struct chardev *c = &a->chardevs[a->n_chardevs];
		const char *v = value_of(a, i, "chardev");

		bytes += v ? strlen(v) : 0;
		c->value = v;
		if (v && bytes < MONITOR_BYTES_MAX &&
		    qemu_opt(v, "backend", "id", c->id, sizeof(c->id)))
			a->n_chardevs++;
	}
	if (a->n_chardevs)
		qsort(a->chardevs, a->n_chardevs, sizeof(*a->chardevs), by_id);
	return 0;
}

static int id_order(const void *element, const void *key)
{
	return strcmp(((const struct chardev *)element)->id, key);
}

/* Returns the first with that id; QEMU does not allow two. */
static const char *find_chardev(const struct args *a, const char *id)
{
	size_t i =
		array_lower_bound(a->chardevs, a->n_chardevs, sizeof(*a->chardevs), id_order, id);

	return i < a->n_chardevs && !strcmp(a->chardevs[i].id, id) ? a->chardevs[i].value : NULL;
}

/* Finds the path in "-chardev socket,id=@id,path=...". */
static bool chardev_path(const struct args *a, const char *id, char *buf, size_t size)
{
	const char *v = find_chardev(a, id);
	char word[16];

	return v && qemu_opt(v, "backend", "backend", word, sizeof(word)) &&
	       !strcmp(word, "socket") && socket_path(v, "backend", buf, size);
}

/* Finds the path of the monitor of a "-qmp". */
static bool qmp_path(const struct args *a, const char *text, char *buf, size_t size)
{
	if (!strncmp(text, "chardev:", 8))
		return chardev_path(a, text + 8, buf, size);
	return !strncmp(text, "unix:", 5) && socket_path(text + 5, "path", buf, size);
}

/* Finds the path of the monitor of a "-mon"; *ret_is_qmp tells whether it is one for programs. */
static bool mon_path(const struct args *a, const char *text, bool *ret_is_qmp, char *buf,
		     size_t size)
{
	char id[128], mode[16] = "";

	qemu_opt(text, "chardev", "mode", mode, sizeof(mode));
	*ret_is_qmp = !strcmp(mode, "control");
	return *ret_is_qmp && qemu_opt(text, "chardev", "chardev", id, sizeof(id)) &&
	       chardev_path(a, id, buf, size);
}

/* Reads one monitor from an option and its value. */
static void read_monitor(struct args *a, size_t i, struct cmdline *c)
{
	const char *qmp = value_of(a, i, "qmp"), *mon = value_of(a, i, "mon");
	char path[sizeof(c->qmp)];
	bool is_qmp = true, found;

	if (!qmp)
		qmp = value_of(a, i, "qmp-pretty");
	if (!qmp && !mon)
		return;
	a->monitors += strlen(qmp ? qmp : mon);
	if (a->monitors >= MONITOR_BYTES_MAX || c->qmp_more[0])
		return;
	found = qmp ? qmp_path(a, qmp, path, sizeof(path))
		    : mon_path(a, mon, &is_qmp, path, sizeof(path));
	if (!found) {
		if (is_qmp && !c->other[0] && (!qmp || strcmp(qmp, "none") != 0))
			snprintf(c->other, sizeof(c->other), "%s %s", qmp ? "-qmp" : "-mon",
				 qmp ? qmp : mon);
	} else if (!c->qmp[0]) {
		memcpy(c->qmp, path, sizeof(path));
	} else if (!c->qmp_more[0]) {
		memcpy(c->qmp_more, path, sizeof(path));
	}
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

/* Its driver, however that is written. */
static bool is_vfio(const char *v)
{
	return strstr(v, "vfio-pci") != NULL;
}

static int read_device(const char *v, struct cmdline *c)
{
	char host[256];
	struct bdf *more, dev;
	bool found = v[0] == '{' ? host_of_json(v, host, sizeof(host))
				 : qemu_opt(v, "driver", "host", host, sizeof(host));
	const char *slash;

	if (!found && qemu_opt(v, "driver", "sysfsdev", host, sizeof(host))) {
		slash = strrchr(host, '/');
		memmove(host, slash ? slash + 1 : host, strlen(slash ? slash + 1 : host) + 1);
		found = true;
	}
	if (!found || bdf_parse(&dev, host, NULL) < 0) {
		c->n_unread += is_vfio(v);
		return 0;
	}
	more = reallocarray(c->hosts, c->n_hosts + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	c->hosts = more;
	c->hosts[c->n_hosts++] = dev;
	return 0;
}

/* Tells whether it is where libvirt keeps the secrets and the console log of each guest that it
 * starts. */
static bool is_of_libvirt(const char *arg)
{
	return strstr(arg, "/libvirt/qemu/") != NULL;
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

/* Recognises "/run/incus/web1/qemu.conf" and "/var/snap/lxd/common/lxd/logs/web1/qemu.pid". */
static const char *incus_of(const char *arg)
{
	if (arg[0] != '/' || !(ends_with(arg, "/qemu.conf") || ends_with(arg, "/qemu.pid")))
		return NULL;
	if (strstr(arg, "/incus/"))
		return "Incus";
	return strstr(arg, "/lxd/") ? "LXD" : NULL;
}

/* Recognises "/var/run/qemu-server/100.pid", alone and as the path of a monitor. */
static void read_vmid(const char *arg, struct cmdline *c)
{
	static const char folder[] = "/run/qemu-server/";
	const char *at = strstr(arg, folder);
	size_t n = at ? strspn(at + strlen(folder), "0123456789") : 0;

	if (!n || n >= sizeof(c->vmid) || c->vmid[0])
		return;
	at += strlen(folder);
	if (!strncmp(at + n, ".pid", 4) || !strncmp(at + n, ".qmp", 4))
		memcpy(c->vmid, at, n);
}

int cmdline_parse(struct cmdline *ret, const char *text, size_t len)
{
	_cleanup_free_ char *copy = NULL;
	_cleanup_free_ const char **v = NULL;
	_cleanup_free_ struct chardev *chardevs = NULL;
	struct cmdline c = { .n_hosts = 0 };
	struct args a = { 0 };
	int r;

	if (!len || !memchr(text, '\0', len) || !program_is_qemu(text))
		return -ENOENT;
	/* The last argument of a process may be cut off. */
	copy = calloc(1, len + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, len);
	r = split(&a, copy, len);
	v = a.v;
	if (r == 0)
		r = read_chardevs(&a);
	chardevs = a.chardevs;
	for (size_t i = 1; r == 0 && i < a.n; i++) {
		const char *name = value_of(&a, i, "name"), *dev = value_of(&a, i, "device");
		const char *machine = value_of(&a, i, "machine");

		if (name)
			qemu_opt(name, "guest", "guest", c.name, sizeof(c.name));
		if (!machine)
			machine = value_of(&a, i, "M");
		if (machine)
			qemu_opt(machine, "type", "type", c.machine, sizeof(c.machine));
		if (value_of(&a, i, "uuid"))
			snprintf(c.uuid, sizeof(c.uuid), "%s", a.v[i + 1]);
		if (dev)
			r = read_device(dev, &c);
		read_monitor(&a, i, &c);
		c.is_libvirt |= is_of_libvirt(a.v[i]);
		read_vmid(a.v[i], &c);
		if (!c.incus)
			c.incus = incus_of(a.v[i]);
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
