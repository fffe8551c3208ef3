// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/machine.h"

#include <string.h>

#include "backend/kvm/root_slots.h"

#define PERIPHERAL "/machine/peripheral"

/* One reading: the connection, and what the reading fills in. */
struct reading {
	struct qmp *q;
	unsigned timeout_ms; /* for one question */
	struct machine *m;
	struct err *e;
};

static const char *const port_types[] = { "pcie-root-port", "xio3130-downstream", "ioh3420" };

/* Tells whether @type is "child<WANT>". */
static bool is_type(const char *type, const char *want)
{
	size_t n = strlen(want);

	return type && !strncmp(type, "child<", 6) && !strncmp(type + 6, want, n) &&
	       type[6 + n] == '>';
}

static bool is_port(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(port_types); i++)
		if (is_type(type, port_types[i]))
			return true;
	return false;
}

static bool is_host_device(const char *type)
{
	return type && (!strncmp(type, "child<vfio-pci", 14));
}

static bool no_such_object(const struct qmp *q, int r)
{
	return r == -EREMOTEIO && !strcmp(qmp_refused(q)->class, "DeviceNotFound");
}

/* Returns an empty list when the object does not exist. */
static int qom_list(struct qmp *q, const char *path, json_t **ret, unsigned timeout_ms,
		    struct err *e)
{
	struct err why = { 0 };
	int r = qmp_call(q, "qom-list", json_pack("{s:s}", "path", path), timeout_ms, ret, &why);

	if (no_such_object(q, r)) {
		*ret = json_array();
		return *ret ? 0 : err_set(e, ENOMEM, "out of memory");
	}
	if (r < 0)
		err_copy(e, &why);
	return r;
}

static int qom_get(struct qmp *q, const char *path, const char *property, json_t **ret,
		   unsigned timeout_ms, struct err *e)
{
	return qmp_call(q, "qom-get", json_pack("{s:s, s:s}", "path", path, "property", property),
			timeout_ms, ret, e);
}

/* Reads a property that the type may lack: then *ret is NULL. */
static int qom_try(const struct reading *g, const char *path, const char *property, json_t **ret)
{
	struct err why = { 0 };
	int r = qom_get(g->q, path, property, ret, g->timeout_ms, &why);

	if (r == -EREMOTEIO)
		return 0;
	if (r < 0 && g->e)
		*g->e = why;
	return r;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A segment beyond ffff is given by its directory in sysfs, and the address is nonsense then. */
static int host_from_sysfs(struct qmp *q, const char *path, struct bdf *ret, unsigned timeout_ms,
			   struct err *e)
{
	json_t *v = NULL;
	int r = qom_get(q, path, "sysfsdev", &v, timeout_ms, e);
	const char *dir = json_string_value(v);

	if (r == 0 && (!dir || !bdf_scan(ret, last_part(dir))))
		r = err_set(e, ENOENT, "%s is not a device of this host", path);
	json_decref(v);
	return r;
}

int machine_host_of(struct qmp *q, const char *path, struct bdf *ret, unsigned timeout_ms,
		    struct err *e)
{
	json_t *v = NULL;
	int r = qom_get(q, path, "host", &v, timeout_ms, e);
	const char *text = json_string_value(v);

	if (r == -EREMOTEIO)
		r = err_set(e, ENOENT, "%s is not in the guest", path);
	else if (r == 0 &&
		 (!text || !bdf_scan(ret, text) || (ret->domain == 0xffff && ret->bus == 0xff)))
		r = host_from_sysfs(q, path, ret, timeout_ms, e);
	json_decref(v);
	return r;
}

int machine_has(struct qmp *q, const char *path, bool *ret, unsigned timeout_ms, struct err *e)
{
	json_t *list = NULL;
	int r = qom_list(q, path, &list, timeout_ms, e);

	*ret = r == 0 && json_array_size(list) > 0;
	json_decref(list);
	return r;
}

static int bus_is_empty(const struct reading *g, const char *id, bool *ret)
{
	char path[256];
	json_t *list = NULL, *item;
	size_t i;
	int r;

	snprintf(path, sizeof(path), PERIPHERAL "/%s/%s", id, id);
	r = qom_list(g->q, path, &list, g->timeout_ms, g->e);
	*ret = r == 0;
	json_array_foreach(list, i, item)
	{
		const char *name = json_string_value(json_object_get(item, "name"));

		if (name && !strncmp(name, "child[", 6))
			*ret = false;
	}
	json_decref(list);
	return r;
}

static int add_port(const struct reading *g, const char *id)
{
	struct guest_port *v, p = { .slot = 0 };
	char path[192];
	json_t *hotplug = NULL, *slot = NULL;
	int r;

	if (strlen(id) >= sizeof(p.id))
		return 0;
	snprintf(p.id, sizeof(p.id), "%s", id);
	snprintf(path, sizeof(path), PERIPHERAL "/%s", id);
	r = bus_is_empty(g, id, &p.is_free);
	if (r == 0 && p.is_free)
		r = qom_try(g, path, "hotplug", &hotplug);
	if (r == 0)
		r = qom_try(g, path, "slot", &slot);
	p.is_free &= !json_is_false(hotplug);
	p.slot = json_is_integer(slot) ? (unsigned)json_integer_value(slot) : 0;
	json_decref(hotplug);
	json_decref(slot);
	if (r < 0)
		return r;
	v = reallocarray(g->m->ports, g->m->n_ports + 1, sizeof(*v));
	if (!v)
		return err_set(g->e, ENOMEM, "out of memory");
	g->m->ports = v;
	v[g->m->n_ports++] = p;
	return 0;
}

static struct guest_port *port_of(const struct machine *m, const struct plugged *dev)
{
	for (size_t i = 0; i < m->n_ports; i++)
		if (m->ports[i].addr == dev->addr && !strcmp(m->ports[i].id, dev->port))
			return &m->ports[i];
	return NULL;
}

const struct guest_port *machine_port_of(const struct machine *m, const struct plugged *dev)
{
	return port_of(m, dev);
}

static void mark_port(struct machine *m, const struct plugged *dev, bool is_free)
{
	struct guest_port *port = port_of(m, dev);

	if (port)
		port->is_free = is_free;
}

int machine_add(struct machine *m, const struct plugged *dev)
{
	struct plugged *v = reallocarray(m->devs, m->n_devs + 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	m->devs = v;
	v[m->n_devs++] = *dev;
	mark_port(m, dev, false);
	return 0;
}

/* A device by itself is function 0, which is what a capture that does not have the answer means. */
static int read_devfn(const struct reading *g, struct plugged *p)
{
	json_t *devfn = NULL;
	struct err why = { 0 };
	const struct reading quiet = { g->q, g->timeout_ms, g->m, &why };
	int r = qom_try(&quiet, p->path, "addr", &devfn);

	if (json_integer_value(devfn) > 0) {
		p->addr = (unsigned)json_integer_value(devfn) >> 3 & (ROOT_SLOTS - 1);
		p->fn = (unsigned)json_integer_value(devfn) & 7;
	}
	json_decref(devfn);
	return r < 0 && r != -ENODATA ? err_copy(g->e, &why) : 0;
}

static int add_device(const struct reading *g, const char *parent, const char *name)
{
	struct plugged p = { .id = "" };
	json_t *bus = NULL;
	int r;

	snprintf(p.path, sizeof(p.path), "%s/%s", parent, name);
	if (!strcmp(parent, PERIPHERAL))
		snprintf(p.id, sizeof(p.id), "%s", name);
	r = machine_host_of(g->q, p.path, &p.host, g->timeout_ms, g->e);
	/* It left between two questions. */
	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = qom_try(g, p.path, "parent_bus", &bus);
	if (r == 0 && json_is_string(bus))
		snprintf(p.port, sizeof(p.port), "%s", last_part(json_string_value(bus)));
	json_decref(bus);
	if (r == 0)
		r = read_devfn(g, &p);
	if (r == 0 && machine_add(g->m, &p) < 0)
		r = err_set(g->e, ENOMEM, "out of memory");
	return r;
}

static int check_size(const struct reading *g, const json_t *list)
{
	size_t i, ports = g->m->n_ports, devs = g->m->n_devs;
	const json_t *item;

	json_array_foreach(list, i, item)
	{
		const char *type = json_string_value(json_object_get(item, "type"));

		ports += is_port(type);
		devs += is_host_device(type);
	}
	if (ports <= MACHINE_PORTS_MAX && devs <= MACHINE_DEVS_MAX)
		return 0;
	err_set(g->e, E2BIG,
		"QEMU lists %zu ports and %zu host devices, but no machine has more than %u and %u",
		ports, devs, MACHINE_PORTS_MAX, MACHINE_DEVS_MAX);
	return err_fix(g->e, -E2BIG, "is that QEMU? run: ss -xlp");
}

static int read_list(const struct reading *g, const char *parent)
{
	json_t *list = NULL, *item;
	size_t i;
	int r = qom_list(g->q, parent, &list, g->timeout_ms, g->e);

	if (r == 0)
		r = check_size(g, list);
	json_array_foreach(list, i, item)
	{
		const char *name = json_string_value(json_object_get(item, "name"));
		const char *type = json_string_value(json_object_get(item, "type"));

		if (r < 0 || !name)
			continue;
		if (is_host_device(type))
			r = add_device(g, parent, name);
		else if (is_port(type) && !strcmp(parent, PERIPHERAL))
			r = add_port(g, name);
	}
	json_decref(list);
	return r;
}

/* QEMU lists them in no particular order. */
static int by_slot(const void *a, const void *b)
{
	const struct guest_port *x = a, *y = b;

	return x->slot != y->slot ? (x->slot > y->slot) - (x->slot < y->slot)
				  : strcmp(x->id, y->id);
}

static int read_type(const struct reading *g)
{
	json_t *type = NULL;
	int r = qom_try(g, "/machine", "type", &type);

	if (r == 0 && json_is_string(type))
		snprintf(g->m->type, sizeof(g->m->type), "%s", json_string_value(type));
	json_decref(type);
	return r;
}

/* The last slot comes first, because other devices that are plugged in without an address get the
 * first slot. */
static int read_slots(const struct reading *g)
{
	uint32_t used = 0;
	int r = root_slots_used(g->q, &used, g->timeout_ms, g->e);

	if (r < 0)
		return r;
	g->m->ports = calloc(ROOT_SLOTS, sizeof(*g->m->ports));
	if (!g->m->ports)
		return err_set(g->e, ENOMEM, "out of memory");
	for (unsigned slot = ROOT_SLOTS - 1; slot > 0; slot--)
		g->m->ports[g->m->n_ports++] = (struct guest_port){
			.id = ROOT_BUS,
			.slot = slot,
			.addr = slot,
			.is_free = !(used >> slot & 1),
		};
	return 0;
}

int machine_read(struct machine *ret, struct qmp *q, unsigned timeout_ms, struct err *e)
{
	struct machine m = { .n_ports = 0 };
	struct reading g = { q, timeout_ms, &m, e };
	int r = read_type(&g);

	if (r == 0)
		r = read_list(&g, PERIPHERAL);
	if (r == 0)
		r = read_list(&g, PERIPHERAL "-anon");
	if (r == 0 && !m.n_ports && root_slots_has(m.type))
		r = read_slots(&g);
	if (r < 0) {
		machine_done(&m);
		return r;
	}
	if (m.n_ports && !machine_has_slots(&m))
		qsort(m.ports, m.n_ports, sizeof(*m.ports), by_slot);
	*ret = m;
	return 0;
}

void machine_done(struct machine *m)
{
	free(m->ports);
	free(m->devs);
	*m = (struct machine){ .n_ports = 0 };
}

bool machine_has_slots(const struct machine *m)
{
	return m->n_ports && !strcmp(m->ports[0].id, ROOT_BUS);
}

size_t machine_free_ports(const struct machine *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_ports; i++)
		n += m->ports[i].is_free;
	return n;
}

struct guest_port *machine_pick(const struct machine *m, int slot)
{
	for (size_t i = 0; i < m->n_ports; i++)
		if (m->ports[i].is_free && (slot <= 0 || m->ports[i].slot == (unsigned)slot))
			return &m->ports[i];
	return NULL;
}

struct plugged *machine_find(const struct machine *m, struct bdf host)
{
	for (size_t i = 0; i < m->n_devs; i++)
		if (!bdf_cmp(m->devs[i].host, host))
			return &m->devs[i];
	return NULL;
}

bool machine_is_one(const struct plugged *a, const struct plugged *b)
{
	return a == b || (a->port[0] && a->addr == b->addr && !strcmp(a->port, b->port));
}

size_t machine_count_slot(const struct machine *m, const struct plugged *dev)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_devs; i++)
		n += machine_is_one(&m->devs[i], dev);
	return n;
}

struct plugged *machine_find_fn(const struct machine *m, const struct plugged *dev, unsigned fn)
{
	for (size_t i = 0; i < m->n_devs; i++)
		if (machine_is_one(&m->devs[i], dev) && m->devs[i].fn == fn)
			return &m->devs[i];
	return NULL;
}

void machine_remove(struct machine *m, struct plugged *dev)
{
	if (machine_count_slot(m, dev) == 1)
		mark_port(m, dev, true);
	*dev = m->devs[--m->n_devs];
}
