// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/guest.h"

#include <stdarg.h>
#include <string.h>

/* GICv2m has only 64 MSI vectors; a VF takes three or more, and its port takes one (QEMU
 * include/hw/arm/virt.h, NUM_GICV2M_SPIS). */
#define MOST_WITHOUT_ITS 15

#define BUSES_WITHOUT_HIGHMEM 16

int guest_domain(const struct render_in *in, const struct topo_domain **ret, struct err *e)
{
	char names[256] = "";
	int n = 0;

	if (in->domain || in->topo->n_domains == 1) {
		*ret = in->domain ? in->domain : &in->topo->domains[0];
		return 0;
	}
	err_usage(e, "describes one machine, but %s has %zu domains", in->topo->file,
		  in->topo->n_domains);
	for (size_t i = 0; i < in->topo->n_domains && n < (int)sizeof(names); i++)
		n += snprintf(names + n, sizeof(names) - (size_t)n, "%s%s", i ? ", " : "",
			      in->topo->domains[i].name);
	if (n)
		err_fix(e, 0, "name one of %s", names);
	return err_at(e, -EINVAL, "render", NULL);
}

/* *ret_n: how many devices the functions are in the guest. */
static int read_vfs(const struct render_in *in, struct guest *g, size_t *ret_n, bool *has_whole,
		    struct err *e)
{
	_cleanup_free_ struct slot_function *functions = NULL;
	_cleanup_(wanted_done) struct wanted w = { 0 };
	int r = render_wanted(in, g->domain, &w, e);

	if (r < 0)
		return r;
	g->vfs = calloc(w.n + 1, sizeof(*g->vfs));
	g->computed = calloc(w.n + 1, sizeof(*g->computed));
	g->places = calloc(w.n + 1, sizeof(*g->places));
	functions = calloc(w.n + 1, sizeof(*functions));
	if (!g->vfs || !g->computed || !g->places || !functions)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < w.n && r == 0; i++) {
		r = render_vf_bdf(in, w.v[i].pf, w.v[i].index, &g->vfs[i], e);
		g->computed[i] = render_is_computed(in, w.v[i].pf, w.v[i].index);
		g->n_computed += g->computed[i];
		functions[i] = (struct slot_function){ g->vfs[i], in->topo->pfs[w.v[i].pf].is_dev,
						       w.v[i].options.vslot };
		*has_whole |= functions[i].is_whole;
	}
	g->n_vfs = w.n;
	*ret_n = slot_places(functions, w.n, g->places);
	return r;
}

static int plan(const struct render_in *in, struct guest *g, size_t n, bool has_whole,
		struct err *e)
{
	struct ports_request q;
	int r = ports_request_of(g->domain, n, &q, e);

	if (r == 0) {
		q.reserve = in->reserve;
		q.has_whole = has_whole;
		r = ports_plan(&q, &g->plan, e);
	}
	return r < 0 ? err_at(e, r, g->domain->name, NULL) : 0;
}

/* A machine that the user starts has whatever the user gave it. */
static void note_interrupts(const struct render_in *in, const struct guest *g,
			    struct problems *notes)
{
	if (in->with_machine || strcmp(g->plan.machine->name, "virt") != 0 ||
	    g->n_vfs + g->plan.n_spare <= MOST_WITHOUT_ITS)
		return;
	err_fix(problem_note(
			notes, g->domain->loc,
			"%s: machine=virt has 64 MSI vectors unless it has an ITS, which is too "
			"few for more than %d VFs",
			g->domain->name, MOST_WITHOUT_ITS),
		0, "start it with gic-version=3");
}

/* Its ECAM is 256 MiB above 4 GiB, or 16 MiB below (QEMU hw/arm/virt.c, VIRT_PCIE_ECAM). */
static void note_buses(const struct render_in *in, const struct guest *g, struct problems *notes)
{
	if (in->with_machine || strcmp(g->plan.machine->name, "virt") != 0 ||
	    g->plan.buses <= BUSES_WITHOUT_HIGHMEM)
		return;
	err_fix(problem_note(notes, g->domain->loc,
			     "%s: it needs %u bus numbers, and machine=virt has %d with "
			     "highmem=off or highmem-ecam=off",
			     g->domain->name, g->plan.buses, BUSES_WITHOUT_HIGHMEM),
		0, "start it without these words");
}

/* Ports cannot be added while it runs. A VF that is taken out leaves its own. */
static void note_spare(const struct guest *g, struct problems *notes)
{
	if (g->plan.n_spare)
		return;
	err_fix(problem_note(notes, g->domain->loc,
			     "%s: without spare ports pci-attach finds no free port in it while it "
			     "runs, unless a VF is detached first",
			     g->domain->name),
		0, "write \"kvm: spare=2\" for it in the topology");
}

int guest_make(const struct render_in *in, struct guest *ret, struct problems *notes, struct err *e)
{
	_cleanup_(guest_done) struct guest g = { 0 };
	bool has_whole = false;
	size_t n = 0;
	int r = guest_domain(in, &g.domain, e);

	if (r == 0)
		r = read_vfs(in, &g, &n, &has_whole, e);
	if (r == 0)
		r = plan(in, &g, n, has_whole, e);
	if (r < 0)
		return r;
	note_interrupts(in, &g, notes);
	note_buses(in, &g, notes);
	note_spare(&g, notes);
	*ret = g;
	g = (struct guest){ 0 };
	return 0;
}

void guest_done(struct guest *g)
{
	free(g->vfs);
	free(g->places);
	free(g->computed);
	ports_plan_done(&g->plan);
}

void guest_print_head(const struct guest *g, const struct render_in *in, const char *format,
		      FILE *out)
{
	char ledger[PORTS_LEDGER_MAX];

	render_text(g->domain->name, out);
	fprintf(out, ": %s, by vfyard render %s from ", ports_ledger(ledger, &g->plan), format);
	render_text(in->topo->file, out);
}

static void PRINTF_LIKE(3, 4) put(struct qdev *d, const char *key, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(d->props[d->n].value, sizeof(d->props[d->n].value), fmt, ap);
	va_end(ap);
	d->props[d->n++].key = key;
}

static void put_slot(struct qdev *d, const struct port *port)
{
	put(d, "chassis", "%u", port->chassis);
	put(d, "slot", "%u", port->chassis);
	put(d, "port", "%u", port->port_number);
}

static void put_port(struct qdev *d, const struct port *port)
{
	snprintf(d->id, sizeof(d->id), "%s", port->id);
	put(d, "bus", "%s", port->bus);
	switch (port->kind) {
	case PORT_ROOT:
		d->driver = "pcie-root-port";
		put(d, "addr", "0x%x.0x%x", port->slot, port->fn);
		if (port->multifunction)
			put(d, "multifunction", "on");
		put_slot(d, port);
		put(d, "io-reserve", "0");
		break;
	case PORT_UPSTREAM:
		d->driver = "x3130-upstream";
		put(d, "addr", "0x0");
		break;
	case PORT_DOWNSTREAM:
		d->driver = "xio3130-downstream";
		put(d, "addr", "0x%x", port->slot);
		put_slot(d, port);
		break;
	}
}

/* Without addr QEMU would put a second function into a slot of its own, where no guest looks. */
static void put_vf(struct qdev *d, const struct guest *g, size_t i)
{
	struct bdf vf = g->vfs[i];
	char text[BDF_STRLEN];

	d->driver = "vfio-pci";
	ports_device_id(d->id, vf);
	bdf_str(text, vf);
	if (vf.domain > 0xffff)
		put(d, "sysfsdev", "/sys/bus/pci/devices/%s", text);
	else
		put(d, "host", "%s", text);
	put(d, "bus", "%s", g->plan.ports[guest_port(g, i)].id);
	if (g->places[i].mates)
		put(d, "addr", "0x0.0x%x", g->places[i].fn);
	else
		put(d, "addr", "0x0");
	if (guest_is_multifunction(g, i))
		put(d, "multifunction", "on");
}

bool guest_qdev(const struct guest *g, size_t i, struct qdev *ret)
{
	const struct ports_plan *p = &g->plan;

	ret->n = 0;
	if (i < p->n_ports) {
		put_port(ret, &p->ports[i]);
		return true;
	}
	i -= p->n_ports;
	if (i < g->n_vfs) {
		put_vf(ret, g, i);
		return true;
	}
	return false;
}

bool guest_is_computed(const struct guest *g, size_t i)
{
	return i >= g->plan.n_ports && i - g->plan.n_ports < g->n_vfs &&
	       g->computed[i - g->plan.n_ports];
}
