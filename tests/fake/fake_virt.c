// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_virt.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "backend/kvm/libvirt/api.h"
#include "fake_kvm.h"

struct fake_virt *fake_virt;

/* Of the child alone: what is registered, and what waits to be told. */
static struct {
	virt_event_fn fn[2];
	void *arg[2];
	struct fake_virt_domain *domain; /* whose guest still has to obey, or has refused */
	char host[16], alias[64];
	bool is_due, is_dead;
	char error[128];
	int code;
} here;

static int say_no(const char *text, int code)
{
	snprintf(here.error, sizeof(here.error), "%s", text);
	here.code = code;
	return -1;
}

const struct fake_virt_device *fake_virt_find(const struct fake_virt_side *side, const char *host)
{
	for (size_t i = 0; i < side->n; i++)
		if (!strcmp(side->devs[i].host, host))
			return &side->devs[i];
	return NULL;
}

static unsigned free_bus(const struct fake_virt_domain *d, const struct fake_virt_side *side)
{
	for (unsigned bus = 1; bus <= d->n_ports; bus++) {
		bool is_used = false;

		for (size_t i = 0; i < side->n; i++)
			is_used |= side->devs[i].bus == bus;
		if (!is_used)
			return bus;
	}
	return 0;
}

void fake_virt_put(struct fake_virt_domain *d, struct fake_virt_side *side, const char *host,
		   const char *alias)
{
	struct fake_virt_device *dev = &side->devs[side->n];

	assert_true(side->n < FAKE_VIRT_DEVICES);
	*dev = (struct fake_virt_device){ .bus = free_bus(d, side) };
	snprintf(dev->host, sizeof(dev->host), "%s", host);
	snprintf(dev->alias, sizeof(dev->alias), "%s", alias);
	side->n++;
}

static void take(struct fake_virt_side *side, const char *host)
{
	for (size_t i = 0; i < side->n; i++)
		if (!strcmp(side->devs[i].host, host))
			side->devs[i--] = side->devs[--side->n];
}

/* What its QEMU opens and closes with a VF. */
static void changed(const struct fake_virt_domain *d, const char *host, bool is_in)
{
	char node[32];
	unsigned i;

	for (i = 0; i < 7 && strcmp(env_bdf(i), host) != 0; i++)
		;
	snprintf(node, sizeof(node), "%u", FIRST_GROUP + i);
	if (i < 7 && is_in && !fake_virt->opens_nothing)
		env_open(d->pid, node);
	else if (i < 7 && !is_in)
		env_close(d->pid, node);
}

struct fake_virt_domain *fake_virt_add(const char *name, bool is_active, unsigned n_ports)
{
	struct fake_virt_domain *d = &fake_virt->domains[fake_virt->n_domains++];
	char guest[64], key[96];
	const char *args[] = { "/usr/bin/qemu-system-x86_64",
			       "-name",
			       guest,
			       "-uuid",
			       d->uuid,
			       "-object",
			       key,
			       NULL };

	snprintf(d->name, sizeof(d->name), "%s", name);
	snprintf(d->uuid, sizeof(d->uuid), "884340da-b075-4444-b09b-c5074ce235%02x",
		 (unsigned)fake_virt->n_domains);
	snprintf(guest, sizeof(guest), "guest=%s,debug-threads=on", name);
	snprintf(key, sizeof(key), "secret,file=/var/lib/libvirt/qemu/domain-1-%s/key", name);
	d->is_active = is_active;
	d->is_persistent = true;
	d->n_ports = n_ports;
	d->pid = 900 + (unsigned)fake_virt->n_domains;
	if (is_active)
		env_process(d->pid, "qemu-system-x86", args);
	return d;
}

static struct _virConnect *as_connection(void *p)
{
	return p;
}

static struct fake_virt_domain *domain_of(struct _virDomain *d)
{
	return (struct fake_virt_domain *)(void *)d;
}

static void set_error_func(void *arg UNUSED, void (*fn)(void *arg, void *error) UNUSED)
{
}

static const char *last_message(void)
{
	return here.error;
}

static int last_code(void)
{
	return here.code;
}

static int register_loop(void)
{
	return 0;
}

static void let_go(struct fake_virt_domain *d, const char *host)
{
	take(&d->live, host);
	changed(d, host, false);
}

/* The first time round nothing comes; then what is due. */
static int run_loop(void)
{
	struct fake_virt_domain *d = here.domain;

	if (!here.is_due) {
		here.is_due = true;
		return 0;
	}
	if (d && d->guest == FAKE_VIRT_OBEYS_LATE) {
		let_go(d, here.host);
		here.domain = NULL;
		if (here.fn[0])
			here.fn[0](NULL, NULL, here.alias, here.arg[0]);
	} else if (d && d->guest == FAKE_VIRT_REFUSES && here.fn[1]) {
		here.domain = NULL;
		here.fn[1](NULL, NULL, here.alias, here.arg[1]);
	} else {
		poll(NULL, 0, 20);
	}
	return 0;
}

static int add_timeout(int ms UNUSED, void (*fn)(int timer, void *arg) UNUSED, void *arg UNUSED,
		       void (*done)(void *arg) UNUSED)
{
	return 1;
}

static int remove_timeout(int timer UNUSED)
{
	return 0;
}

static struct _virConnect *connect_open(const char *uri)
{
	size_t n = strlen(fake_virt->uris);

	fake_virt->n_opens++;
	snprintf(fake_virt->uri, sizeof(fake_virt->uri), "%s", uri);
	snprintf(fake_virt->uris + n, sizeof(fake_virt->uris) - n, "%s ", uri);
	if (!fake_virt->refuse_open[0])
		return as_connection(fake_virt);
	say_no(fake_virt->refuse_open, 38);
	return NULL;
}

/* As every function that can fail it forgets the last error first. */
static int is_alive(struct _virConnect *c UNUSED)
{
	say_no("", 0);
	return !here.is_dead;
}

static int connect_close(struct _virConnect *c UNUSED)
{
	return 0;
}

static int list_domains(struct _virConnect *c UNUSED, struct _virDomain ***ret,
			unsigned flags UNUSED)
{
	fake_virt->n_lists++;
	poll(NULL, 0, (int)fake_virt->list_ms);
	*ret = calloc(FAKE_VIRT_DOMAINS + 1, sizeof(**ret));
	assert_non_null(*ret);
	for (size_t i = 0; i < fake_virt->n_domains; i++)
		(*ret)[i] = (struct _virDomain *)(void *)&fake_virt->domains[i];
	return (int)fake_virt->n_domains;
}

static int register_event(struct _virConnect *c UNUSED, struct _virDomain *d UNUSED, int id,
			  virt_event_fn fn, void *arg, void (*done)(void *arg) UNUSED)
{
	unsigned i = id == VIRT_EVENT_REMOVAL_FAILED;

	here.fn[i] = fn;
	here.arg[i] = arg;
	return (int)i;
}

static int deregister_event(struct _virConnect *c UNUSED, int callback)
{
	say_no("", 0);
	here.fn[callback] = NULL;
	return 0;
}

static struct _virDomain *lookup(struct _virConnect *c UNUSED, const char *uuid)
{
	for (size_t i = 0; !here.is_dead && i < fake_virt->n_domains; i++)
		if (!strcmp(fake_virt->domains[i].uuid, uuid))
			return (struct _virDomain *)(void *)&fake_virt->domains[i];
	say_no("Domain not found", VIRT_ERR_NO_DOMAIN);
	return NULL;
}

static int domain_free(struct _virDomain *d UNUSED)
{
	return 0;
}

static const char *domain_name(struct _virDomain *d)
{
	return domain_of(d)->name;
}

static int domain_uuid(struct _virDomain *d, char *ret)
{
	memcpy(ret, domain_of(d)->uuid, sizeof(domain_of(d)->uuid));
	return 0;
}

static int domain_active(struct _virDomain *d)
{
	return here.is_dead ? -1 : domain_of(d)->is_active;
}

static int domain_persistent(struct _virDomain *d)
{
	return domain_of(d)->is_persistent;
}

static void print_device(const struct fake_virt_device *dev, FILE *out)
{
	unsigned seg, bus, slot, fn;

	assert_int_equal(sscanf(dev->host, "%x:%x:%x.%u", &seg, &bus, &slot, &fn), 4);
	if (dev->is_interface)
		fprintf(out,
			"<interface type='hostdev' managed='%s'><mac address='%s'/><source><address "
			"type='pci'",
			dev->is_managed ? "yes" : "no", dev->mac);
	else
		fprintf(out,
			"<hostdev mode='subsystem' type='pci' managed='%s'><driver name='vfio'/>"
			"<source><address",
			dev->is_managed ? "yes" : "no");
	fprintf(out, " domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%u'/></source>", seg,
		bus, slot, fn);
	if (dev->is_interface)
		fputs("<vlan><tag id='42'/></vlan>", out);
	fprintf(out, "<alias name='%s'/>", dev->alias);
	if (dev->bus)
		fprintf(out,
			"<address type='pci' domain='0x0000' bus='0x%02x' slot='0x00' "
			"function='0x%x'/>",
			dev->bus, dev->function);
	fputs(dev->is_interface ? "</interface>\n" : "</hostdev>\n", out);
}

static char *domain_xml(struct _virDomain *dom, unsigned flags)
{
	const struct fake_virt_domain *d = domain_of(dom);
	const struct fake_virt_side *side = flags & VIRT_XML_INACTIVE ? &d->config : &d->live;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fprintf(out,
		"<domain type='kvm'><name>%s</name><metadata>%s</metadata><devices><controller "
		"type='pci' index='0' model='pcie-root'/>\n",
		d->name, d->metadata ? d->metadata : "");
	for (unsigned i = 1; i <= d->n_ports; i++)
		fprintf(out,
			"<controller type='pci' index='%u' model='pcie-root-port'><address "
			"type='pci' domain='0x0000' bus='0x00' slot='0x01' "
			"function='0x0'/></controller>\n",
			i);
	for (size_t i = 0; i < side->n; i++)
		print_device(&side->devs[i], out);
	fputs("</devices></domain>\n", out);
	fclose(out);
	return text;
}

/* "0000:05:10.6" of an element. */
static void host_of(const char *xml, char ret[16])
{
	const char *source = strstr(xml, "<source>");
	unsigned seg, bus, slot, fn;

	assert_non_null(source);
	assert_int_equal(sscanf(source,
				"<source><address domain='0x%x' bus='0x%x' slot='0x%x' "
				"function='0x%u'",
				&seg, &bus, &slot, &fn),
			 4);
	snprintf(ret, 16, "%04x:%02x:%02x.%u", seg & 0xffff, bus & 0xff, slot & 31, fn & 7);
}

/* Where the element wants to be. Returns false when it does not say. */
static bool place_of(const char *xml, unsigned *bus, unsigned *function)
{
	const char *place = strstr(xml, "</source>");

	place = strstr(place, "<address type='pci' domain='0x0000' bus='0x");
	return place && sscanf(place,
			       "<address type='pci' domain='0x0000' bus='%x' slot='0x00' "
			       "function='0x%x'",
			       bus, function) == 2;
}

static bool is_taken(const struct fake_virt_side *side, unsigned bus, unsigned function)
{
	for (size_t i = 0; i < side->n; i++)
		if (side->devs[i].bus == bus && side->devs[i].function == function)
			return true;
	return false;
}

/* Source: libvirt src/qemu/qemu_hotplug.c, qemuIsMultiFunctionDevice(). */
static bool is_multifunction(const struct fake_virt_side *side, const struct fake_virt_device *dev)
{
	for (size_t i = 0; dev && i < side->n; i++)
		if (&side->devs[i] != dev && dev->bus && side->devs[i].bus == dev->bus)
			return true;
	return false;
}

static int attach(struct _virDomain *dom, const char *xml, unsigned flags)
{
	struct fake_virt_domain *d = domain_of(dom);
	bool live = flags == VIRT_AFFECT_LIVE;
	struct fake_virt_side *side = live ? &d->live : &d->config;
	const char *alias = strstr(xml, "<alias name='");
	unsigned bus = 0, function = 0;
	bool has_place = place_of(xml, &bus, &function);
	char host[16], name[64] = "";

	fake_virt->n_attaches++;
	host_of(xml, host);
	if (fake_virt->refuse_attach[0])
		return say_no(fake_virt->refuse_attach, 1);
	if (!live && fake_virt->refuse_define)
		return say_no("the definition cannot be written", 1);
	if (fake_virt_find(side, host))
		return say_no("Requested operation is not valid: device is already in the domain",
			      55);
	if (live && function)
		return say_no("internal error: Only PCI device addresses with function=0 are "
			      "supported",
			      1);
	if (has_place && is_taken(side, bus, function))
		return say_no("XML error: Attempted double use of PCI Address", 27);
	if (live && !free_bus(d, side))
		return say_no("internal error: No more available PCI slots", 1);
	if (!live && !has_place && !free_bus(d, side))
		d->n_ports++;
	if (fake_virt->lies_on_attach)
		return 0;
	if (fake_virt->dies_on_attach) {
		changed(d, host, true);
		here.is_dead = true;
		return say_no("End of file while reading data: Input/output error", 38);
	}
	sscanf(alias, "<alias name='%63[^']", name);
	assert_int_equal(strncmp(name, "ua-", 3), 0);
	for (size_t i = 0; i < side->n; i++)
		if (!strcmp(side->devs[i].alias, name))
			return say_no("unsupported configuration: non unique alias detected", 1);
	fake_virt_put(d, side, host, name);
	if (has_place) {
		side->devs[side->n - 1].bus = bus;
		side->devs[side->n - 1].function = function;
	}
	if (live)
		changed(d, host, true);
	if (fake_virt->signals_on_attach)
		kill(getppid(), SIGTERM);
	while (fake_virt->hangs_on_attach || fake_virt->signals_on_attach)
		poll(NULL, 0, 1000);
	return 0;
}

static int detach(struct _virDomain *dom, const char *xml, unsigned flags)
{
	struct fake_virt_domain *d = domain_of(dom);
	bool live = flags == VIRT_AFFECT_LIVE;
	const struct fake_virt_device *dev;

	fake_virt->n_detaches++;
	host_of(xml, here.host);
	dev = fake_virt_find(live ? &d->live : &d->config, here.host);
	if (fake_virt->refuse_detach[0])
		return say_no(fake_virt->refuse_detach, 1);
	if (!dev)
		return say_no("device not found", 99);
	if (live && is_multifunction(&d->live, dev))
		return say_no("operation failed: cannot hot unplug multifunction PCI device with "
			      "address",
			      9);
	memcpy(here.alias, dev->alias, sizeof(here.alias));
	here.domain = d;
	here.is_due = false;
	if (!live)
		take(&d->config, here.host);
	else if (d->guest == FAKE_VIRT_OBEYS)
		let_go(d, here.host);
	here.is_dead = fake_virt->dies_on_detach;
	return 0;
}

#define FN(name, fn) name, (void *)(fn)

static const struct {
	const char *name;
	void *fn;
} functions[] = {
	{ FN("virSetErrorFunc", set_error_func) },
	{ FN("virGetLastErrorMessage", last_message) },
	{ FN("virGetLastErrorCode", last_code) },
	{ FN("virEventRegisterDefaultImpl", register_loop) },
	{ FN("virEventRunDefaultImpl", run_loop) },
	{ FN("virEventAddTimeout", add_timeout) },
	{ FN("virEventRemoveTimeout", remove_timeout) },
	{ FN("virConnectOpen", connect_open) },
	{ FN("virConnectIsAlive", is_alive) },
	{ FN("virConnectClose", connect_close) },
	{ FN("virConnectListAllDomains", list_domains) },
	{ FN("virConnectDomainEventRegisterAny", register_event) },
	{ FN("virConnectDomainEventDeregisterAny", deregister_event) },
	{ FN("virDomainLookupByUUIDString", lookup) },
	{ FN("virDomainFree", domain_free) },
	{ FN("virDomainGetName", domain_name) },
	{ FN("virDomainGetUUIDString", domain_uuid) },
	{ FN("virDomainIsActive", domain_active) },
	{ FN("virDomainIsPersistent", domain_persistent) },
	{ FN("virDomainGetXMLDesc", domain_xml) },
	{ FN("virDomainAttachDeviceFlags", attach) },
	{ FN("virDomainDetachDeviceFlags", detach) },
};

static void *symbol(void *arg UNUSED, const char *library UNUSED, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++)
		if (!strcmp(functions[i].name, name))
			return functions[i].fn;
	return NULL;
}

static void capture(struct fake_root *r, const struct fake_virt_domain *d, unsigned flags,
		    const char *side)
{
	char *xml = domain_xml((struct _virDomain *)(void *)d, flags), *s, line[16384];
	int n = snprintf(line, sizeof(line), "vfyard/libvirt/%s.%s=", d->uuid, side);

	for (s = xml; *s; s++)
		n += snprintf(line + n, sizeof(line) - (size_t)n, *s == '\n' ? "\\n" : "%c", *s);
	fake_root_add(r, line);
	free(xml);
}

void fake_virt_capture(struct fake_root *r)
{
	char line[1024];
	int n = snprintf(line, sizeof(line), "vfyard/libvirt/domains=# virsh");

	for (size_t i = 0; i < fake_virt->n_domains; i++) {
		const struct fake_virt_domain *d = &fake_virt->domains[i];

		n += snprintf(line + n, sizeof(line) - (size_t)n, "\\n%s %s %s %s", d->uuid,
			      d->is_active ? "running" : "off",
			      d->is_persistent ? "persistent" : "transient", d->name);
		if (d->is_active)
			capture(r, d, 0, "live");
		if (d->is_persistent)
			capture(r, d, VIRT_XML_INACTIVE, "config");
	}
	fake_root_add(r, line);
}

void fake_virt_init(struct host *h)
{
	if (fake_virt)
		fake_virt_done();
	fake_virt = mmap(NULL, sizeof(*fake_virt), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(fake_virt != MAP_FAILED);
	h->symbol = symbol;
}

void fake_virt_done(void)
{
	munmap(fake_virt, sizeof(*fake_virt));
	fake_virt = NULL;
}
