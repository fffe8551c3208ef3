// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/libvirt/definition.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "backend/kvm/libvirt/owner.h"
#include "backend/kvm/libvirt_xml.h"
#include "base/bdf.h"
#include "base/mem.h"

#define BUSES	    256u /* of one machine */
#define DEVICES_MAX 1024u

/* A child of <devices>, as far as it is of use. */
struct element {
	char name[24], type[16], mode[16], model[40], alias[96], mac[24], vlan[8];
	char host[4][16];  /* domain, bus, slot, function of <source><address> */
	char place[3][16]; /* bus, slot, function of <address> */
	char place_type[16];
	char index[8], managed[8], hotplug[8];
};

struct reading {
	struct element now;
	bool is_used[BUSES], is_port[BUSES];
	json_t *devices;
	bool is_express;
	const char *owner; /* of the domain */
	bool is_bad;	   /* out of memory */
};

#define MEMBER(m) offsetof(struct element, m), sizeof(((struct element *)0)->m)

/* Attributes that are kept, by where they stand below the element; "": its own. */
static const struct {
	const char *path, *key;
	size_t at, size;
} kept[] = {
	{ "", "type", MEMBER(type) },
	{ "", "mode", MEMBER(mode) },
	{ "", "model", MEMBER(model) },
	{ "", "index", MEMBER(index) },
	{ "", "managed", MEMBER(managed) },
	{ "alias", "name", MEMBER(alias) },
	{ "mac", "address", MEMBER(mac) },
	{ "vlan/tag", "id", MEMBER(vlan) },
	{ "target", "hotplug", MEMBER(hotplug) },
	{ "source/address", "domain", MEMBER(host[0]) },
	{ "source/address", "bus", MEMBER(host[1]) },
	{ "source/address", "slot", MEMBER(host[2]) },
	{ "source/address", "function", MEMBER(host[3]) },
	{ "address", "type", MEMBER(place_type) },
	{ "address", "bus", MEMBER(place[0]) },
	{ "address", "slot", MEMBER(place[1]) },
	{ "address", "function", MEMBER(place[2]) },
};

/* The first of several: of a trunk's VLANs, say. */
static void keep(struct reading *x, const char *path, const char *key, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		char *to = (char *)&x->now + kept[i].at;

		if (!*to && !strcmp(kept[i].key, key) && !strcmp(kept[i].path, path))
			snprintf(to, kept[i].size, "%s", value);
	}
}

/* A number in decimal or after 0x, below @end; false for anything else. */
static bool number(const char *s, unsigned long end, unsigned *ret)
{
	char *rest;
	unsigned long v = strtoul(s, &rest, 0);

	*ret = (unsigned)v;
	return *s && !*rest && v < end;
}

static bool host_of(const struct element *el, struct bdf *ret)
{
	unsigned domain, bus, dev, fn;

	if (!number(el->host[0][0] ? el->host[0] : "0", 1ul << 32, &domain) ||
	    !number(el->host[1], 256, &bus) || !number(el->host[2], 32, &dev) ||
	    !number(el->host[3], 8, &fn))
		return false;
	*ret = (struct bdf){ domain, (uint8_t)bus, (uint8_t)dev, (uint8_t)fn };
	return true;
}

static bool place_of(const struct element *el, unsigned ret[3])
{
	return !strcmp(el->place_type, "pci") && number(el->place[0], BUSES, &ret[0]) &&
	       number(el->place[1], 32, &ret[1]) && number(el->place[2], 8, &ret[2]);
}

static void add_device(struct reading *x, struct bdf host, const unsigned *place)
{
	const struct element *el = &x->now;
	char bdf[BDF_STRLEN];
	unsigned vlan;
	json_t *dev = json_pack("{s:s, s:s, s:b, s:b}", "host", bdf_str(bdf, host), "alias",
				el->alias, "managed", !strcmp(el->managed, "yes"), "interface",
				!strcmp(el->name, "interface"));

	if (dev && el->mac[0])
		json_object_set_new(dev, "mac", json_string(el->mac));
	if (dev && number(el->vlan, 4096, &vlan))
		json_object_set_new(dev, "vlan", json_integer(vlan));
	if (dev && place) {
		json_object_set_new(dev, "bus", json_integer(place[0]));
		json_object_set_new(dev, "slot", json_integer(place[1]));
		json_object_set_new(dev, "function", json_integer(place[2]));
	}
	x->is_bad |= json_array_append_new(x->devices, dev) < 0;
}

static bool is_host_device(const struct element *el)
{
	if (!strcmp(el->name, "interface"))
		return !strcmp(el->type, "hostdev");
	return !strcmp(el->name, "hostdev") && !strcmp(el->type, "pci") &&
	       !strcmp(el->mode, "subsystem");
}

/* The element has ended. */
static void take(struct reading *x)
{
	const struct element *el = &x->now;
	bool is_pci = !strcmp(el->name, "controller") && !strcmp(el->type, "pci");
	unsigned place[3], bus;
	bool has_place = place_of(el, place);
	struct bdf host;

	if (has_place)
		x->is_used[place[0]] = true;
	if (is_host_device(el) && host_of(el, &host) && json_array_size(x->devices) < DEVICES_MAX)
		add_device(x, host, has_place ? place : NULL);
	if (is_pci && !strcmp(el->model, "pcie-root"))
		x->is_express = true;
	if (is_pci && number(el->index, BUSES, &bus) && strcmp(el->hotplug, "off") != 0)
		x->is_port[bus] = !strcmp(el->model, "pcie-root-port") ||
				  !strcmp(el->model, "pcie-switch-downstream-port");
	x->now = (struct element){ .name = "" };
}

/* Below <devices>: "hostdev" of "devices/hostdev/source", with what follows it in *ret; NULL: it is
 * elsewhere, as in somebody's metadata. */
static const char *device_of(const char *path, size_t *n, const char **ret)
{
	static const char folder[] = "devices/";

	if (!path || strncmp(path, folder, strlen(folder)) != 0)
		return NULL;
	path += strlen(folder);
	*n = strcspn(path, "/");
	*ret = path[*n] ? path + *n + 1 : "";
	return path;
}

static void look_for_owner(struct reading *x, const char *path, const char **attrs)
{
	if (!path || strncmp(path, "metadata/", 9) != 0)
		return;
	for (; !x->owner && attrs[0]; attrs += 2)
		x->owner = virt_owner_of_metadata(attrs[1]);
}

/* <actual> stands in the place of its interface: what a pool gave. */
static void on_start(void *arg, const char *path, const char *name, const char **attrs)
{
	struct reading *x = arg;
	const char *rest, *device;
	size_t n;

	look_for_owner(x, path, attrs);
	device = device_of(path, &n, &rest);
	if (!device)
		return;
	if (!*rest && !strcmp(name, "actual"))
		x->now.type[0] = x->now.managed[0] = '\0';
	else if (!*rest)
		snprintf(x->now.name, sizeof(x->now.name), "%.*s", (int)n, device);
	for (; attrs[0]; attrs += 2)
		keep(x, rest, attrs[0], attrs[1]);
}

static void on_end(void *arg, const char *path, const char *name, const char *text UNUSED)
{
	const char *rest;
	size_t n;

	if (device_of(path, &n, &rest) && !*rest && strcmp(name, "actual") != 0)
		take(arg);
}

static json_t *ports_of(const struct reading *x)
{
	json_t *ports = json_array();

	for (unsigned bus = 1; bus < BUSES; bus++)
		if (x->is_port[bus])
			json_array_append_new(ports, json_pack("{s:i, s:b}", "bus", (int)bus,
							       "free", !x->is_used[bus]));
	return ports;
}

json_t *definition_of(const char *text)
{
	struct reading x = { .devices = json_array() };
	const struct xml_handler h = { "domain", on_start, on_end, &x };
	struct xml *xml;
	struct err ignored = { 0 };

	if (!x.devices || xml_read(text, strlen(text), &h, &xml, &ignored) < 0 || x.is_bad) {
		json_decref(x.devices);
		return NULL;
	}
	return json_pack("{s:o, s:o, s:b, s:s*}", "devices", x.devices, "ports", ports_of(&x),
			 "express", x.is_express, "owner", x.owner);
}
