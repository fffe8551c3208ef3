// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/ports.h"

#include <ctype.h>
#include <string.h>

#include "topology/topology.h"

static const struct machine_type machines[] = {
	{ "q35", "pcie.0", 0x01, 0x1e },
	{ "virt", "pcie.0", 0x01, 0x1f },
};

static const char *const modes[] = {
	[PORTS_AUTO] = "auto",
	[PORTS_ROOT_PORTS] = "root-ports",
	[PORTS_SWITCH] = "switch",
};

/* How many ports of each kind there are. */
struct layout {
	size_t flat;   /* devices in root ports */
	size_t behind; /* devices behind switches */
	unsigned switches;
};

const struct machine_type *machine_type_find(const char *name)
{
	if (!name)
		return &machines[0];
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (!strcmp(machines[i].name, name))
			return &machines[i];
	return NULL;
}

bool ports_mode_find(const char *name, enum ports_mode *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (!strcmp(modes[i], name ? name : "auto")) {
			*ret = (enum ports_mode)i;
			return true;
		}
	return false;
}

int ports_request_of(const struct topo_domain *d, size_t n_devices, struct ports_request *ret,
		     struct err *e)
{
	struct ports_request q = { .machine = machine_type_find(d->machine),
				   .n_devices = n_devices,
				   .n_spare = d->spare,
				   .reserve = PORTS_RESERVE };

	if (!q.machine)
		return err_usage(e, "machine=%s is not known", d->machine);
	if (!ports_mode_find(d->ports, &q.mode))
		return err_usage(e, "ports=%s is not known", d->ports);
	*ret = q;
	return 0;
}

static unsigned slots_of(const struct machine_type *m)
{
	return m->last_slot - m->first_slot + 1u;
}

/* Uses as few switches as possible, because each costs two buses. */
static bool lay_out(const struct ports_request *q, size_t n, unsigned reserve, struct layout *ret)
{
	size_t room = (size_t)PORTS_PER_SLOT * (slots_of(q->machine) - reserve);
	size_t most = (n + PORTS_PER_SWITCH - 1) / PORTS_PER_SWITCH;
	size_t last = q->mode == PORTS_ROOT_PORTS ? 0 : most;

	if (n >= PORTS_BUSES)
		return false;
	for (size_t s = q->mode == PORTS_SWITCH ? most : 0; s <= last && s <= room; s++) {
		size_t flat = n < room - s ? n : room - s;

		if (q->mode == PORTS_SWITCH)
			flat = 0;
		if (n - flat > s * PORTS_PER_SWITCH || 1 + n + 2 * s > PORTS_BUSES)
			continue;
		*ret = (struct layout){ flat, n - flat, (unsigned)s };
		return true;
	}
	return false;
}

/* Gives up reserved slots only when there is no other way. */
static bool find_layout(const struct ports_request *q, size_t n, struct layout *ret)
{
	unsigned reserve = q->reserve < slots_of(q->machine) ? q->reserve : slots_of(q->machine);

	for (;; reserve--) {
		if (lay_out(q, n, reserve, ret))
			return true;
		if (!reserve)
			return false;
	}
}

static unsigned first_chassis(const struct ports_request *q)
{
	return q->chassis ? q->chassis : 1;
}

static bool has_chassis(const struct ports_request *q, const struct layout *l)
{
	size_t n = l->flat + l->behind + l->switches;

	return first_chassis(q) + n <= PORTS_CHASSIS_LAST + 1;
}

size_t ports_most(const struct ports_request *q)
{
	struct layout l;
	size_t n = PORTS_BUSES;

	while (n && (!find_layout(q, n, &l) || !has_chassis(q, &l)))
		n--;
	return n;
}

static int refuse(const struct ports_request *q, struct err *e)
{
	struct ports_request any = *q;
	size_t most = ports_most(q), n = q->n_devices + q->n_spare;
	const char *what = q->has_whole ? "devices" : "VFs";

	any.mode = PORTS_AUTO;
	err_refuse(
		e, E2BIG,
		"%zu %s and %zu spare ports need %zu ports, but machine=%s with ports=%s has "
		"room for %zu: it has %u slots of %s and %u bus numbers, and each port takes one "
		"of these and each switch two more",
		q->n_devices, what, q->n_spare, n, q->machine->name, modes[q->mode], most,
		slots_of(q->machine), q->machine->root_bus, PORTS_BUSES);
	if (n <= ports_most(&any))
		err_fix(e, 0, "write ports=auto");
	else if (q->n_devices <= most)
		err_fix(e, 0, "write spare=%zu or less", most - q->n_devices);
	else
		err_fix(e, 0, "give %zu %s to another domain", q->n_devices - most, what);
	return err_at(e, -E2BIG, NULL, "plan its ports");
}

/* The plan under construction. */
struct build {
	struct ports_plan *p;
	unsigned chassis; /* of the next port that has one */
	size_t n_root;	  /* root ports made so far */
	size_t all_root;  /* how many there will be */
	size_t n_sockets;
};

static struct port *add(struct build *b, enum port_kind kind, size_t parent)
{
	struct ports_plan *p = b->p;
	struct port *port = &p->ports[p->n_ports++];

	port->kind = kind;
	port->parent = parent;
	snprintf(port->bus, sizeof(port->bus), "%s",
		 parent == PORT_NO_PARENT ? p->machine->root_bus : p->ports[parent].id);
	if (kind != PORT_UPSTREAM)
		port->chassis = (uint8_t)b->chassis++;
	return port;
}

static void take_device(struct build *b, struct port *port)
{
	port->takes_device = true;
	b->p->sockets[b->n_sockets++] = (size_t)(port - b->p->ports);
}

static struct port *add_root(struct build *b)
{
	struct port *port = add(b, PORT_ROOT, PORT_NO_PARENT);
	size_t i = b->n_root++;

	port->slot = (uint8_t)(b->p->machine->last_slot + 1 - b->p->slots + i / PORTS_PER_SLOT);
	port->fn = i % PORTS_PER_SLOT;
	port->multifunction = port->fn == 0 && i + 1 < b->all_root;
	port->port_number = (uint8_t)(port->slot << 3 | port->fn);
	return port;
}

static void add_switch(struct build *b, unsigned k, size_t n)
{
	struct port *port = add_root(b);
	size_t root = (size_t)(port - b->p->ports), upstream;

	snprintf(port->id, sizeof(port->id), "sw%urp", k);
	port = add(b, PORT_UPSTREAM, root);
	snprintf(port->id, sizeof(port->id), "sw%uup", k);
	upstream = root + 1;
	for (unsigned j = 0; j < n; j++) {
		port = add(b, PORT_DOWNSTREAM, upstream);
		snprintf(port->id, sizeof(port->id), "sw%ud%u", k, j);
		port->slot = port->port_number = (uint8_t)j;
		take_device(b, port);
	}
}

static void build(const struct ports_request *q, const struct layout *l, struct ports_plan *p)
{
	struct build b = { .p = p, .chassis = first_chassis(q), .all_root = l->flat + l->switches };
	size_t left = l->behind;

	for (size_t i = 0; i < l->flat; i++) {
		struct port *port = add_root(&b);

		snprintf(port->id, sizeof(port->id), "vfrp%u", (unsigned)i);
		take_device(&b, port);
	}
	for (unsigned k = 0; k < l->switches; k++) {
		size_t n = left < PORTS_PER_SWITCH ? left : PORTS_PER_SWITCH;

		add_switch(&b, k, n);
		left -= n;
	}
}

int ports_plan(const struct ports_request *q, struct ports_plan *ret, struct err *e)
{
	_cleanup_(ports_plan_done) struct ports_plan p = { .machine = q->machine };
	size_t n = q->n_devices + q->n_spare, n_ports;
	struct layout l;

	if (!find_layout(q, n, &l) || !has_chassis(q, &l))
		return refuse(q, e);
	n_ports = n + 2 * (size_t)l.switches;
	p.ports = calloc(n_ports ? n_ports : 1, sizeof(*p.ports));
	p.sockets = calloc(n ? n : 1, sizeof(*p.sockets));
	if (!p.ports || !p.sockets)
		return err_set(e, ENOMEM, "out of memory");
	p.n_devices = q->n_devices;
	p.n_spare = q->n_spare;
	p.has_whole = q->has_whole;
	p.switches = l.switches;
	p.buses = 1 + (unsigned)n_ports;
	p.slots = (unsigned)((l.flat + l.switches + PORTS_PER_SLOT - 1) / PORTS_PER_SLOT);
	p.slots_total = slots_of(q->machine);
	build(q, &l, &p);
	*ret = p;
	p = (struct ports_plan){ 0 };
	return 0;
}

void ports_plan_done(struct ports_plan *p)
{
	free(p->ports);
	free(p->sockets);
	*p = (struct ports_plan){ 0 };
}

const char *ports_device_id(char buf[PORTS_DEVICE_ID_MAX], struct bdf vf)
{
	char text[BDF_STRLEN];

	snprintf(buf, PORTS_DEVICE_ID_MAX, "vf-%s", bdf_str(text, vf));
	for (char *c = buf; *c; c++)
		if (*c == ':')
			*c = '-';
	return buf;
}

const char *ports_alias(char buf[PORTS_ALIAS_MAX], const char *pf, unsigned index)
{
	snprintf(buf, PORTS_ALIAS_MAX, PORTS_ALIAS_PREFIX "%.64s-%u", pf, index);
	for (char *c = buf; *c; c++)
		if (!strchr("-_", *c) && !isalnum((unsigned char)*c))
			*c = '_';
	return buf;
}

const char *ports_ledger(char buf[PORTS_LEDGER_MAX], const struct ports_plan *p)
{
	char more[64] = "";
	int n = 0;

	if (p->n_spare)
		n = snprintf(more, sizeof(more), ", %zu spare port%s", p->n_spare,
			     p->n_spare == 1 ? "" : "s");
	if (p->switches)
		snprintf(more + n, sizeof(more) - (size_t)n, ", %u switch%s", p->switches,
			 p->switches == 1 ? "" : "es");
	snprintf(buf, PORTS_LEDGER_MAX, "%zu %s%s%s: %u of %u buses, %u of %u slots of %s",
		 p->n_devices, p->has_whole ? "device" : "VF", p->n_devices == 1 ? "" : "s", more,
		 p->buses, PORTS_BUSES, p->slots, p->slots_total, p->machine->root_bus);
	return buf;
}
