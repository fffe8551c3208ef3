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
#include <expat.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "topology/definition.h"

extern const struct definition_reader libvirt_reader;

#define DEPTH_MAX 32
#define TEXT_MAX  256

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
	XML_Parser parser;
	struct definition *d;
	size_t ends[DEPTH_MAX]; /* of each element's name in @path */
	unsigned depth;
	char path[DEPTH_MAX * 32]; /* below <domain>: "devices/hostdev/source/address" */
	char text[TEXT_MAX];	   /* of the innermost element */
	struct device dev;
	bool is_domain, has_managed, is_kvm;
	char machine[64];
	int r; /* -errno that ended it */
	char why[128];
};

static void stop(struct reading *x, int r, const char *why)
{
	if (x->r)
		return;
	x->r = r;
	snprintf(x->why, sizeof(x->why), "%s", why);
	XML_StopParser(x->parser, XML_FALSE);
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
		stop(x, -ENOMEM, "out of memory");
}

static const char *attr(const char **attrs, const char *name)
{
	for (; *attrs; attrs += 2)
		if (!strcmp(attrs[0], name))
			return attrs[1];
	return NULL;
}

static bool attr_is(const char **attrs, const char *name, const char *value)
{
	const char *is = attr(attrs, name);

	return is && !strcmp(is, value);
}

static bool is_at(const struct reading *x, const char *path)
{
	return !strcmp(x->path, path);
}

static unsigned line_of(const struct reading *x)
{
	return (unsigned)XML_GetCurrentLineNumber(x->parser);
}

/* "0x01", and in examples "1": both are read, as libvirt does. False beyond @max. */
static bool number(const char **attrs, const char *name, unsigned long max, unsigned long *ret)
{
	const char *s = attr(attrs, name);
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
		note(x, line_of(x), true, "a device: its address is none");
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
	const char *s = attr(attrs, "address");
	struct vf_attrs *a = &x->dev.attrs;

	if (!s || !mac_scan(a->mac, s) || mac_is_zero(a->mac) || mac_is_multicast(a->mac))
		note(x, line_of(x), true, "mac '%s' of a device: it is none", s ? s : "");
	else
		a->given |= VF_ATTR_MAC;
}

static void read_tag(struct reading *x, const char **attrs)
{
	unsigned long id;

	if (!number(attrs, "id", 4094, &id) || !attr(attrs, "id")) {
		note(x, line_of(x), true, "a VLAN of a device: its number is none");
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
	x->dev = (struct device){ .is_open = true, .is_pci = is_pci, .line = line_of(x) };
	x->dev.is_managed = attr_is(attrs, "managed", "yes");
}

static void read_network(struct reading *x, const char **attrs)
{
	const char *name = attr(attrs, "network");

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
	else if (!strcmp(rest, "vlan") && attr_is(attrs, "trunk", "yes"))
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
	const char *value = attr(attrs, "value");

	if (value && strstr(value, "vfio-pci"))
		note(x, line_of(x), true, "a device among QEMU's own arguments: %s", value);
}

static void read_element(struct reading *x, const char *name, const char **attrs)
{
	const char *rest = below(x->path, "devices/hostdev");

	if (!rest)
		rest = below(x->path, "devices/interface");
	if (is_at(x, "devices/hostdev"))
		open_device(x, attrs, attr_is(attrs, "type", "pci"));
	else if (is_at(x, "devices/interface"))
		open_device(x, attrs, attr_is(attrs, "type", "hostdev"));
	else if (rest && x->dev.is_open)
		read_part(x, rest, attrs);
	else if (is_at(x, "os/type") && attr(attrs, "machine"))
		snprintf(x->machine, sizeof(x->machine), "%s", attr(attrs, "machine"));
	else if (!strcmp(name, "qemu:arg"))
		read_argument(x, attrs);
}

/* <actual> is what a pool gave: as if it stood in its place. */
static void take_actual(struct reading *x, const char **attrs)
{
	x->dev.is_pci |= attr_is(attrs, "type", "hostdev");
	x->dev.is_managed |= attr_is(attrs, "managed", "yes");
}

static void enter(struct reading *x, const char *name)
{
	size_t at = x->depth ? x->ends[x->depth - 1] : 0;
	int n = 0;

	if (x->depth == DEPTH_MAX) {
		stop(x, -EINVAL, "its elements are nested too deep");
		return;
	}
	if (strcmp(name, "actual") != 0)
		n = snprintf(x->path + at, sizeof(x->path) - at, "%s%s", at ? "/" : "", name);
	if (n < 0 || (size_t)n >= sizeof(x->path) - at)
		stop(x, -EINVAL, "its elements are nested too deep");
	else
		x->ends[x->depth++] = at + (size_t)n;
}

static void XMLCALL on_start(void *arg, const char *name, const char **attrs)
{
	struct reading *x = arg;

	x->text[0] = '\0';
	if (!x->is_domain) {
		/* a status file has it inside of another one */
		x->is_domain = !strcmp(name, "domain");
		x->is_kvm = x->is_domain && !attr_is(attrs, "type", "xen");
		return;
	}
	enter(x, name);
	if (x->r)
		return;
	if (!strcmp(name, "actual"))
		take_actual(x, attrs);
	else
		read_element(x, name, attrs);
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
		stop(x, -ENOMEM, "out of memory");
		return;
	}
	to->attrs = dev->attrs;
	x->has_managed |= dev->is_managed;
	if (dev->dropped[0])
		note(x, dev->line, false, "of this device a topology does not have %s",
		     dev->dropped);
}

static void read_os(struct reading *x)
{
	static const struct {
		const char *name;
		enum domain_type type;
	} types[] = { { "hvm", DOMAIN_HVM },
		      { "xen", DOMAIN_PV },
		      { "linux", DOMAIN_PV },
		      { "xenpvh", DOMAIN_PVH } };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(x->text, types[i].name))
			x->d->domain.xen_type = types[i].type;
}

static void XMLCALL on_end(void *arg, const char *name UNUSED)
{
	struct reading *x = arg;

	if (!x->depth)
		return;
	if (is_at(x, "name") && !x->d->domain.name)
		x->d->domain.name = strdup(x->text);
	else if (is_at(x, "os/type"))
		read_os(x);
	else if (x->dev.is_open && (is_at(x, "devices/hostdev") || is_at(x, "devices/interface")) &&
		 strcmp(name, "actual") != 0)
		add_device(x);
	x->depth--;
	x->path[x->depth ? x->ends[x->depth - 1] : 0] = '\0';
	x->text[0] = '\0';
}

static void XMLCALL on_text(void *arg, const char *s, int len)
{
	struct reading *x = arg;
	size_t n = strlen(x->text);

	snprintf(x->text + n, sizeof(x->text) - n, "%.*s", len, s);
}

/* libvirt writes none, and what one can define has no end. */
static void XMLCALL on_doctype(void *arg, const char *name UNUSED, const char *system UNUSED,
			       const char *public UNUSED, int has_internal UNUSED)
{
	stop(arg, -EINVAL, "it has a document type, which libvirt never writes");
}

static int parse(struct reading *x, const char *text, size_t len, struct err *e)
{
	enum XML_Status status;

	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_start, on_end);
	XML_SetCharacterDataHandler(x->parser, on_text);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	status = XML_Parse(x->parser, text, (int)len, 1);
	if (x->r == -ENOMEM)
		return err_set(e, ENOMEM, "out of memory");
	if (x->r)
		return err_usage(e, "%s", x->why);
	if (status != XML_STATUS_OK)
		return err_usage(e, "line %lu: %s", (unsigned long)line_of(x),
				 XML_ErrorString(XML_GetErrorCode(x->parser)));
	if (!x->is_domain || !x->d->domain.name || !*x->d->domain.name)
		return err_usage(e, "it has no <domain> with a <name>");
	return 0;
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
	struct reading x = { .d = ret, .parser = XML_ParserCreate(NULL) };
	int r;

	if (!x.parser)
		return err_set(e, ENOMEM, "out of memory");
	r = parse(&x, text, len, e);
	if (r == 0 && finish(&x) < 0)
		r = err_set(e, ENOMEM, "out of memory");
	XML_ParserFree(x.parser);
	return r;
}

const struct definition_reader libvirt_reader = { "libvirt", "a domain of libvirt", read_text };
