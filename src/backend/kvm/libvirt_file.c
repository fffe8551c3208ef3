// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libvirt's definition of a domain, as virsh dumpxml prints it, or as it stands in /etc/libvirt
 * and, of a running one, in /run/libvirt: which functions it gives to the guest, and how it sets
 * them.
 *
 * Read by expat: a parser that stands alone, is on nearly every host because others need it, and
 * looks at nothing but the text. libxml2 would bring ICU, thirty megabytes of it, to a host that
 * needs three attributes of an element; libvirt itself a daemon that runs.
 * Source: https://libvirt.org/formatdomain.html; libvirt src/conf/domain_conf.c,
 * virDomainActualNetDefContentsFormat() (<actual>, what a pool gave).
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "backend/kvm/libvirt_xml.h"
#include "topology/definition.h"

extern const struct definition_reader libvirt_reader;

/* A <hostdev> or <interface> while it is read. */
struct device {
	bool is_open, is_pci; /* an interface is none while nothing says hostdev */
	bool has_address, is_managed;
	unsigned line, n_tags;
	struct bdf bdf;
	struct vf_attrs attrs;
	char network[128]; /* of a pool */
	char dropped[128]; /* what it has besides */
};

struct reading {
	struct xml *xml;
	struct definition *d;
	struct device dev;
	bool has_managed, is_kvm;
	char machine[64];
	int r; /* -ENOMEM */
};

/* Also when the text has been read. */
static void out_of_memory(struct reading *x)
{
	x->r = -ENOMEM;
	if (x->xml)
		xml_stop(x->xml, -ENOMEM, "out of memory");
}

static void note(struct reading *x, unsigned line, bool is_missing, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

static void note(struct reading *x, unsigned line, bool is_missing, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (definition_note(x->d, line, is_missing, "%s", text) < 0)
		out_of_memory(x);
}

/* "0x01", and in examples "1": both are read, as libvirt does. False beyond @max. */
static bool number(const char **attrs, const char *name, unsigned long max, unsigned long *ret)
{
	const char *s = xml_attr(attrs, name);
	char *end;

	*ret = 0;
	if (!s)
		return true;
	*ret = strtoul(s, &end, 0);
	return *s && !*end && *ret <= max;
}

static void read_address(struct reading *x, const char **attrs)
{
	unsigned long domain, bus, slot, function;

	if (!number(attrs, "domain", UINT32_MAX, &domain) || !number(attrs, "bus", 0xff, &bus) ||
	    !number(attrs, "slot", 0x1f, &slot) || !number(attrs, "function", 7, &function)) {
		note(x, xml_line(x->xml), true, "a device: its address is none");
		return;
	}
	x->dev.has_address = true;
	x->dev.bdf = (struct bdf){ .domain = (uint32_t)domain,
				   .bus = (uint8_t)bus,
				   .dev = (uint8_t)slot,
				   .fn = (uint8_t)function };
}

static void read_mac(struct reading *x, const char **attrs)
{
	const char *s = xml_attr(attrs, "address");
	struct vf_attrs *a = &x->dev.attrs;

	if (!s || !mac_scan(a->mac, s) || mac_is_zero(a->mac) || mac_is_multicast(a->mac))
		note(x, xml_line(x->xml), true, "mac '%s' of a device: it is none", s ? s : "");
	else
		a->given |= VF_ATTR_MAC;
}

static void read_tag(struct reading *x, const char **attrs)
{
	unsigned long id;

	if (!number(attrs, "id", 4094, &id) || !xml_attr(attrs, "id")) {
		note(x, xml_line(x->xml), true, "a VLAN of a device: its number is none");
		return;
	}
	x->dev.n_tags++;
	x->dev.attrs.vlan = (uint16_t)id;
	x->dev.attrs.given |= VF_ATTR_VLAN;
}

/* What is carried over, or has no meaning outside of this domain. */
static bool is_plain(const char *name)
{
	static const char *const plain[] = { "source", "mac",	 "vlan",   "alias", "address",
					     "model",  "driver", "target", "actual" };

	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		if (!strcmp(plain[i], name))
			return true;
	return false;
}

static void drop(struct reading *x, const char *name)
{
	size_t n = strlen(x->dev.dropped);

	if (!is_plain(name))
		snprintf(x->dev.dropped + n, sizeof(x->dev.dropped) - n, "%s<%s>", n ? ", " : "",
			 name);
}

static void open_device(struct reading *x, const char **attrs, bool is_pci)
{
	x->dev = (struct device){ .is_open = true, .is_pci = is_pci, .line = xml_line(x->xml) };
	x->dev.is_managed = xml_attr_is(attrs, "managed", "yes");
}

static void read_network(struct reading *x, const char **attrs)
{
	const char *name = xml_attr(attrs, "network");

	if (name)
		snprintf(x->dev.network, sizeof(x->dev.network), "%s", name);
}

/* Inside <hostdev> or <interface>; @rest is the path from there. */
static void read_part(struct reading *x, const char *rest, const char **attrs)
{
	if (!strcmp(rest, "source/address"))
		read_address(x, attrs);
	else if (!strcmp(rest, "source"))
		read_network(x, attrs);
	else if (!strcmp(rest, "mac"))
		read_mac(x, attrs);
	else if (!strcmp(rest, "vlan/tag"))
		read_tag(x, attrs);
	else if (!strcmp(rest, "vlan") && xml_attr_is(attrs, "trunk", "yes"))
		x->dev.n_tags = 2;
	else if (!strchr(rest, '/'))
		drop(x, rest);
}

static const char *below(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	return !strncmp(path, folder, n) && path[n] == '/' ? path + n + 1 : NULL;
}

/* The arguments that libvirt hands on unread may have a device in them. */
static void read_argument(struct reading *x, const char **attrs)
{
	const char *value = xml_attr(attrs, "value");

	if (value && strstr(value, "vfio-pci"))
		note(x, xml_line(x->xml), true, "a device among QEMU's own arguments: %s", value);
}

static void read_element(struct reading *x, const char *path, const char *name, const char **attrs)
{
	const char *rest = below(path, "devices/hostdev");

	if (!rest)
		rest = below(path, "devices/interface");
	if (!strcmp(path, "devices/hostdev"))
		open_device(x, attrs, xml_attr_is(attrs, "type", "pci"));
	else if (!strcmp(path, "devices/interface"))
		open_device(x, attrs, xml_attr_is(attrs, "type", "hostdev"));
	else if (rest && x->dev.is_open)
		read_part(x, rest, attrs);
	else if (!strcmp(path, "os/type") && xml_attr(attrs, "machine"))
		snprintf(x->machine, sizeof(x->machine), "%s", xml_attr(attrs, "machine"));
	else if (!strcmp(name, "qemu:arg"))
		read_argument(x, attrs);
}

/* <actual> is what a pool gave: as if it stood in its place. */
static void take_actual(struct reading *x, const char **attrs)
{
	x->dev.is_pci |= xml_attr_is(attrs, "type", "hostdev");
	x->dev.is_managed |= xml_attr_is(attrs, "managed", "yes");
}

static void on_start(void *arg, const char *path, const char *name, const char **attrs)
{
	struct reading *x = arg;

	if (!path)
		x->is_kvm = !xml_attr_is(attrs, "type", "xen");
	else if (!strcmp(name, "actual"))
		take_actual(x, attrs);
	else
		read_element(x, path, name, attrs);
}

/* A device is over. */
static void add_device(struct reading *x)
{
	struct device *dev = &x->dev;
	struct definition_dev *to;

	dev->is_open = false;
	if (!dev->is_pci && dev->network[0])
		note(x, dev->line, false,
		     "an interface of network %s: if that is a pool of VFs, which one the domain "
		     "gets is chosen when it starts",
		     dev->network);
	if (!dev->is_pci)
		return;
	if (!dev->has_address) {
		note(x, dev->line, true, "a device without an address on the host%s%s",
		     dev->network[0] ? ", of network " : "", dev->network);
		return;
	}
	if (dev->n_tags > 1) {
		note(x, dev->line, true, "a trunk of VLANs: a VF has one");
		dev->attrs.given &= ~(unsigned)VF_ATTR_VLAN;
	}
	to = definition_add(x->d, dev->line, dev->bdf);
	if (!to) {
		out_of_memory(x);
		return;
	}
	to->attrs = dev->attrs;
	x->has_managed |= dev->is_managed;
	if (dev->dropped[0])
		note(x, dev->line, false, "of this device a topology does not have %s",
		     dev->dropped);
}

static void read_os(struct reading *x, const char *text)
{
	static const struct {
		const char *name;
		enum domain_type type;
	} types[] = { { "hvm", DOMAIN_HVM },
		      { "xen", DOMAIN_PV },
		      { "linux", DOMAIN_PV },
		      { "xenpvh", DOMAIN_PVH } };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(text, types[i].name))
			x->d->domain.xen_type = types[i].type;
}

static void take_name(struct reading *x, const char *text)
{
	x->d->domain.name = strdup(text);
	if (!x->d->domain.name)
		out_of_memory(x);
}

static void on_end(void *arg, const char *path, const char *name, const char *text)
{
	struct reading *x = arg;
	bool is_device = !strcmp(path, "devices/hostdev") || !strcmp(path, "devices/interface");

	if (!strcmp(path, "name") && !x->d->domain.name)
		take_name(x, text);
	else if (!strcmp(path, "os/type"))
		read_os(x, text);
	else if (x->dev.is_open && is_device && strcmp(name, "actual") != 0)
		add_device(x);
}

/* The way to it. Of another hypervisor's domain the words of that one are left out. */
static int finish(struct reading *x)
{
	struct topo_domain *to = &x->d->domain;
	const char *machine = strstr(x->machine, "q35")		? "q35"
			      : !strncmp(x->machine, "virt", 4) ? "virt"
								: NULL;

	to->defaults = (struct dev_options)DEV_OPTIONS_INIT;
	*(x->is_kvm ? &to->has_kvm : &to->has_xen) = true;
	*(x->is_kvm ? &to->libvirt : &to->xen_vm) = strdup(to->name);
	if (x->is_kvm && machine)
		to->machine = strdup(machine);
	if (!(x->is_kvm ? to->libvirt : to->xen_vm) || (x->is_kvm && machine && !to->machine))
		return -ENOMEM;
	if (x->is_kvm) {
		to->xen_type = DOMAIN_UNKNOWN;
		note(x, 0, false, "on Xen it needs a type: write \"xen: type=hvm\"");
	}
	if (x->is_kvm && !machine && x->machine[0])
		note(x, 0, false, "machine %s is none of q35 and virt, whose ports are planned",
		     x->machine);
	if (x->has_managed)
		note(x, 0, false,
		     "managed='yes': libvirt gives its devices back to the host's drivers when the "
		     "domain stops; a topology keeps them assignable: write managed='no'");
	return x->r;
}

static int read_text(struct definition *ret, const char *text, size_t len, struct err *e)
{
	struct reading x = { .d = ret };
	const struct xml_handler handler = { "domain", on_start, on_end, &x };
	int r = xml_read(text, len, &handler, &x.xml, e);

	if (r < 0)
		return r;
	if (!ret->domain.name || !*ret->domain.name)
		return err_usage(e, "it has no <domain> with a <name>");
	return finish(&x) < 0 ? err_set(e, ENOMEM, "out of memory") : 0;
}

const struct definition_reader libvirt_reader = { "libvirt", "a domain of libvirt", read_text };
