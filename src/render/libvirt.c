// SPDX-License-Identifier: GPL-2.0-or-later
/* Controllers and host devices for a libvirt domain: https://libvirt.org/formatdomain.html */
#include <string.h>

#include "render/guest.h"
#include "render/libvirt_hostdev.h"

static const char *const models[] = {
	[PORT_ROOT] = "pcie-root-port",
	[PORT_UPSTREAM] = "pcie-switch-upstream-port",
	[PORT_DOWNSTREAM] = "pcie-switch-downstream-port",
};

/* Prints like render_text(), but without "--", which must not occur in a comment. */
static int print_comment(const struct guest *g, const struct render_in *in, FILE *out)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	FILE *mem = open_memstream(&text, &len);

	if (!mem)
		return -ENOMEM;
	guest_print_head(g, in, "libvirt", mem);
	if (memstream_close(mem, &text) < 0)
		return -ENOMEM;
	for (char *c = text; (c = strstr(c, "--"));)
		c[1] = '?';
	fprintf(out, "<!-- %s -->\n", text);
	return 0;
}

/* The bus behind a port has the index of the port's controller; bus 0 is pcie-root. */
static unsigned bus_of(size_t port)
{
	return port == PORT_NO_PARENT ? 0 : (unsigned)port + 1;
}

static void print_controller(const struct port *port, size_t i, FILE *out)
{
	fprintf(out, "    <controller type='pci' index='%u' model='%s'>\n", bus_of(i),
		models[port->kind]);
	if (port->kind != PORT_UPSTREAM)
		fprintf(out, "      <target chassis='%u' port='0x%x'/>\n", port->chassis,
			port->port_number);
	fprintf(out,
		"      <address type='pci' domain='0x0000' bus='0x%02x' slot='0x%02x' "
		"function='0x%x'%s/>\n    </controller>\n",
		bus_of(port->parent), port->slot, port->fn,
		port->multifunction ? " multifunction='on'" : "");
}

static void print_hostdev(const struct guest *g, size_t i, FILE *out)
{
	struct bdf vf = g->vfs[i];

	if (g->computed[i])
		fputs("    <!-- " RENDER_COMPUTED ": " RENDER_COMPUTED_MEANS " -->\n", out);
	fprintf(out,
		"    <hostdev mode='subsystem' type='pci' managed='no'>\n"
		"      <driver name='vfio'/>\n"
		"      <source>\n"
		"        <address domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/>\n"
		"      </source>\n"
		"      <address type='pci' domain='0x0000' bus='0x%02x' slot='0x00' "
		"function='0x%x'%s/>\n"
		"    </hostdev>\n",
		vf.domain, vf.bus, vf.dev, vf.fn, bus_of(guest_port(g, i)), g->places[i].fn,
		guest_is_multifunction(g, i) ? " multifunction='on'" : "");
}

static void print_devices(const struct guest *g, const char *first, FILE *out)
{
	const struct ports_plan *p = &g->plan;

	fprintf(out, "  <devices>\n%s", first);
	for (size_t i = 0; i < p->n_ports; i++)
		print_controller(&p->ports[i], i, out);
	for (size_t i = 0; i < g->n_vfs; i++)
		print_hostdev(g, i, out);
	fputs("  </devices>\n", out);
}

/* libvirt would add these without being asked, and they would take slots of the root bus. */
static const char bare[] = "    <controller type='usb' index='0' model='none'/>\n"
			   "    <controller type='pci' index='0' model='pcie-root'/>\n"
			   "    <memballoon model='none'/>\n";

static void print_machine(const struct render_in *in, const struct guest *g, FILE *out)
{
	bool is_virt = !strcmp(g->plan.machine->name, "virt");

	fprintf(out,
		"<domain type='kvm'>\n"
		"  <name>%s</name>\n"
		"  <memory unit='GiB'>1</memory>\n"
		"  <vcpu>1</vcpu>\n"
		"  <os>\n"
		"    <type arch='%s' machine='%s'>hvm</type>\n"
		"  </os>\n"
		"  <features>\n%s  </features>\n",
		g->domain->libvirt ? g->domain->libvirt : g->domain->name,
		is_virt ? "aarch64" : "x86_64", g->plan.machine->name,
		is_virt ? "    <gic version='3'/>\n"
			: "    <acpi/>\n    <ioapic driver='qemu'/>\n");
	if (in->cpu)
		fprintf(out,
			"  <cpu mode='custom' match='exact'>\n    <model>%s</model>\n  </cpu>\n",
			in->cpu);
	else
		fputs("  <cpu mode='host-passthrough'/>\n", out);
	print_devices(g, bare, out);
	fputs("</domain>\n", out);
}

static bool is_model(const char *s)
{
	return *s &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
		       strlen(s);
}

/* Bare ones: libvirt gives them index and address when the domain is defined, which it does not to
 * some of several with addresses. */
static void print_ports(unsigned n, FILE *out)
{
	for (; n; n--)
		fputs("<controller type='pci' model='pcie-root-port'/>\n", out);
}

static int check(const struct render_in *in, struct err *e)
{
	if (in->ports && (in->hostdev || in->with_machine || in->domain)) {
		err_usage(e, "--ports is for a definition that exists, whatever its VFs");
		err_fix(e, 0, "leave out %s",
			in->hostdev	   ? "--hostdev"
			: in->with_machine ? "--with-machine"
					   : "the domain");
	} else if (in->hostdev && in->with_machine) {
		err_usage(e, "--hostdev is only for a machine that exists");
		err_fix(e, 0, "leave out --hostdev or --with-machine");
	} else if (in->cpu && !in->with_machine) {
		err_usage(e, "--cpu has no place in a list of devices");
		err_fix(e, 0, "add --with-machine");
	} else if (in->cpu && !is_model(in->cpu)) {
		err_usage(e, "--cpu '%s' is not the name of a CPU model", in->cpu);
		err_fix(e, 0, "give the model alone, and its features with virsh edit");
	} else {
		return 0;
	}
	return err_at(e, -EINVAL, "render", "libvirt");
}

static int check_segments(const struct guest *g, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < g->n_vfs && r == 0; i++)
		r = libvirt_check_segment(g->vfs[i], e);
	return r;
}

static int libvirt(const struct render_in *in, FILE *out, struct problems *notes, struct err *e)
{
	_cleanup_(guest_done) struct guest g = { 0 };
	int r = check(in, e);

	if (r == 0 && in->ports)
		print_ports(in->ports, out);
	if (r < 0 || in->ports)
		return r;
	if (in->hostdev)
		return libvirt_hostdevs(in, out, notes, e);
	r = guest_make(in, &g, notes, e);
	if (r == 0)
		r = check_segments(&g, e);
	if (r == 0 && g.domain->libvirt && strpbrk(g.domain->libvirt, "<>&")) {
		err_usage(e, "libvirt='%s' is not a name in XML", g.domain->libvirt);
		r = err_at(e, -EINVAL, g.domain->name, NULL);
	}
	if (r < 0)
		return r;
	if (print_comment(&g, in, out) < 0)
		return err_set(e, ENOMEM, "out of memory");
	if (in->with_machine)
		print_machine(in, &g, out);
	else
		print_devices(&g, "", out);
	return 0;
}

const struct renderer render_libvirt = {
	.name = "libvirt",
	.help = "<controller> and <hostdev managed='no'> elements, or a whole <domain>",
	.takes_domain = true,
	.takes = RENDER_TAKES_CPU | RENDER_TAKES_MACHINE | RENDER_TAKES_RESERVE |
		 RENDER_TAKES_HOSTDEV | RENDER_TAKES_PORTS,
	.fn = libvirt,
};
