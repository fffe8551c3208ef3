// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices, ports, the slots of pci.0, and a guest that lets go of them, or does not. The texts are
 * those of QEMU 10.0. */
#include "fake_qmp_model.h"

#include <string.h>

#define PERIPHERAL "/machine/peripheral"
#define PM	   "/machine/unattached/device[3]/pm"
#define ROOT_BUS   "pci.0"

static const char *arg(const json_t *args, const char *key)
{
	const char *s = json_string_value(json_object_get(args, key));

	return s ? s : "";
}

json_t *fake_qmp_error(const char *class, const char *desc)
{
	return json_pack("{s:{s:s, s:s}}", "error", "class", class, "desc", desc);
}

static json_t *value(json_t *v)
{
	return json_pack("{s:o}", "return", v);
}

static bool is_port(const struct fake_qmp_device *d)
{
	return strstr(d->type, "root-port") || strstr(d->type, "downstream");
}

static void path_of(const struct fake_qmp_device *d, char buf[160])
{
	if (d->id[0])
		snprintf(buf, 160, PERIPHERAL "/%s", d->id);
	else
		snprintf(buf, 160, PERIPHERAL "-anon/device[%u]", d->n);
}

static struct fake_qmp_device *find(struct fake_qmp *f, const char *id_or_path)
{
	char path[160];

	for (unsigned i = 0; i < f->n_devs; i++) {
		path_of(&f->devs[i], path);
		if (!strcmp(path, id_or_path) ||
		    (f->devs[i].id[0] && !strcmp(f->devs[i].id, id_or_path)))
			return &f->devs[i];
	}
	return NULL;
}

static struct fake_qmp_device *on_bus(struct fake_qmp *f, const char *bus)
{
	for (unsigned i = 0; i < f->n_devs; i++)
		if (!strcmp(f->devs[i].bus, bus))
			return &f->devs[i];
	return NULL;
}

static void put(json_t *list, const char *name, const char *type)
{
	json_array_append_new(list, json_pack("{s:s, s:s}", "name", name, "type", type));
}

static void list_devices(struct fake_qmp *f, json_t *list, bool anon)
{
	for (unsigned i = 0; i < f->n_devs; i++) {
		const struct fake_qmp_device *d = &f->devs[i];
		char name[80], type[48];

		if (anon == (d->id[0] != '\0'))
			continue;
		snprintf(name, sizeof(name), "device[%u]", d->n);
		snprintf(type, sizeof(type), "child<%s>", d->type);
		put(list, anon ? name : d->id, type);
	}
}

/* A bus is a child of its bridge, and has the bridge's name. */
static bool list_bus(struct fake_qmp *f, const char *path, json_t *list)
{
	const char *bus = strrchr(path, '/') + 1;
	char port[128];

	snprintf(port, sizeof(port), "%.*s", (int)(bus - path - 1), path);
	if (!find(f, port) || strcmp(find(f, port)->id, bus) != 0)
		return false;
	put(list, "type", "string");
	if (on_bus(f, bus))
		put(list, "child[0]", "link<x>");
	return true;
}

static json_t *qom_list(struct fake_qmp *f, const char *path)
{
	json_t *list = json_array();

	put(list, "type", "string");
	if (!strcmp(path, PERIPHERAL))
		list_devices(f, list, false);
	else if (!strcmp(path, PERIPHERAL "-anon"))
		list_devices(f, list, true);
	else if (!find(f, path) && !list_bus(f, path, list)) {
		char text[256];

		json_decref(list);
		snprintf(text, sizeof(text), "Device '%s' not found", path);
		return fake_qmp_error("DeviceNotFound", text);
	}
	return value(list);
}

/* Answers for /machine itself, and for the function that does the hot plug of pci.0. */
static json_t *get_machine(struct fake_qmp *f, const char *path, const char *property)
{
	bool is_machine = !strcmp(path, "/machine");

	if (is_machine && f->machine[0] && !strcmp(property, "type"))
		return value(json_string(f->machine));
	if (is_machine && f->machine[0] && !strcmp(property, "acpi-device"))
		return value(json_string(PM));
	if (!strcmp(path, PM) && !strcmp(property, "acpi-root-pci-hotplug"))
		return value(json_boolean(!f->no_root_plug));
	return NULL;
}

static json_t *qom_get(struct fake_qmp *f, const char *path, const char *property)
{
	const struct fake_qmp_device *d = find(f, path);
	json_t *machine = get_machine(f, path, property);
	char text[256];

	if (machine)
		return machine;
	if (!d) {
		snprintf(text, sizeof(text), "Device '%s' not found", path);
		return fake_qmp_error("DeviceNotFound", text);
	}
	if (!strcmp(property, "host") && d->host[0])
		return value(json_string(d->host));
	if (!strcmp(property, "sysfsdev") && d->sysfsdev[0])
		return value(json_string(d->sysfsdev));
	if (!strcmp(property, "hotplug") && is_port(d))
		return value(json_boolean(!d->no_hotplug));
	if (!strcmp(property, "slot") && is_port(d))
		return value(json_integer(d->slot));
	if (!strcmp(property, "addr"))
		return value(json_integer(d->addr << 3 | d->fn));
	if (!strcmp(property, "parent_bus")) {
		if (!strcmp(d->bus, ROOT_BUS))
			snprintf(text, sizeof(text), "/machine/i440fx/" ROOT_BUS);
		else
			snprintf(text, sizeof(text), PERIPHERAL "/%s/%s", d->bus, d->bus);
		return value(json_string(text));
	}
	snprintf(text, sizeof(text), "Property '%s.%s' not found", d->type, property);
	return fake_qmp_error("GenericError", text);
}

static void add(struct fake_qmp *f, const struct fake_qmp_device *dev)
{
	struct fake_qmp_device *d = &f->devs[f->n_devs];

	if (f->n_devs == FAKE_QMP_DEVICES)
		abort();
	f->n_devs++;
	*d = *dev;
	if (!d->id[0])
		d->n = f->n_anon++;
}

/* Returns what is in the way at @slot of pci.0, or NULL; "" means the chipset, or that there is no
 * hot plug. */
static const char *in_slot(struct fake_qmp *f, unsigned slot)
{
	for (unsigned i = 0; i < f->n_devs; i++)
		if (!strcmp(f->devs[i].bus, ROOT_BUS) && f->devs[i].addr == slot)
			return f->devs[i].id;
	return slot < 2 || slot > 31 || f->no_root_plug ? "" : NULL;
}

static bool is_beside(const struct fake_qmp_device *a, const struct fake_qmp_device *b)
{
	return !strcmp(a->bus, b->bus) && a->addr == b->addr;
}

/* The one at function @fn of the slot of @d; NULL: none. */
static struct fake_qmp_device *in_function(struct fake_qmp *f, const struct fake_qmp_device *d,
					   unsigned fn)
{
	for (unsigned i = 0; i < f->n_devs; i++)
		if (is_beside(&f->devs[i], d) && f->devs[i].fn == fn)
			return &f->devs[i];
	return NULL;
}

/* What QEMU has against another function in that slot. Source: QEMU hw/pci/pci.c,
 * do_pci_register_device(), pci_init_multifunction(). Returns false when it has nothing. */
static bool refuses_function(struct fake_qmp *f, const struct fake_qmp_device *d, char *text,
			     size_t size)
{
	const struct fake_qmp_device *same = in_function(f, d, d->fn), *zero = in_function(f, d, 0);

	if (same) {
		snprintf(text, size,
			 "PCI: slot %u function %u not available for %s, in use by %s,id=%s",
			 d->addr, d->fn, d->type, same->type, same->id);
		return true;
	}
	if (zero) {
		snprintf(text, size,
			 "PCI: slot %u function 0 already occupied by %s, new func %s cannot be "
			 "exposed to guest.",
			 d->addr, zero->type, d->type);
		return true;
	}
	for (unsigned fn = 1; !d->fn && !d->is_multifunction && fn < 8; fn++)
		if (in_function(f, d, fn)) {
			snprintf(text, size,
				 "PCI: %x.0 indicates single function, but %x.%x is already "
				 "populated.",
				 d->addr, d->addr, fn);
			return true;
		}
	return false;
}

/* The guest looks at a slot when function 0 comes, and finds all. */
static json_t *plug(struct fake_qmp *f, struct fake_qmp_device *d)
{
	d->is_numbered = !d->fn;
	add(f, d);
	for (unsigned i = 0; !d->fn && i < f->n_devs; i++)
		if (is_beside(&f->devs[i], d))
			f->devs[i].is_numbered = true;
	if (f->changed)
		f->changed(f->arg, d, true);
	return value(json_object());
}

static json_t *add_to_root(struct fake_qmp *f, struct fake_qmp_device *d)
{
	char text[256];

	if (f->no_root_plug)
		return fake_qmp_error("GenericError", "Bus 'pci.0' does not support hotplugging");
	if (refuses_function(f, d, text, sizeof(text)))
		return fake_qmp_error("GenericError", text);
	if (!in_function(f, d, 0) && in_slot(f, d->addr) && !*in_slot(f, d->addr)) {
		snprintf(text, sizeof(text),
			 "PCI: slot %u function 0 not available for %s, in use by x,id=", d->addr,
			 d->type);
		return fake_qmp_error("GenericError", text);
	}
	return plug(f, d);
}

static void read_address(struct fake_qmp_device *d, const json_t *args)
{
	char *rest;

	d->addr = (unsigned)strtoul(arg(args, "addr"), &rest, 16);
	if (*rest == '.')
		d->fn = (unsigned)strtoul(rest + 1, NULL, 16);
	d->is_multifunction = json_is_true(json_object_get(args, "multifunction"));
}

static json_t *device_add(struct fake_qmp *f, const json_t *args)
{
	struct fake_qmp_device d = { .is_numbered = true, .blinks = f->blinks };
	const struct fake_qmp_device *port = find(f, arg(args, "bus"));
	char text[256];

	snprintf(d.id, sizeof(d.id), "%s", arg(args, "id"));
	snprintf(d.type, sizeof(d.type), "%s", arg(args, "driver"));
	snprintf(d.bus, sizeof(d.bus), "%s", arg(args, "bus"));
	snprintf(d.host, sizeof(d.host), "%s", arg(args, "host"));
	snprintf(d.sysfsdev, sizeof(d.sysfsdev), "%s", arg(args, "sysfsdev"));
	if (d.sysfsdev[0])
		snprintf(d.host, sizeof(d.host), "ffff:ff:ff.f");
	read_address(&d, args);
	if (!find(f, d.id) && f->machine[0] && !strcmp(d.bus, ROOT_BUS))
		return add_to_root(f, &d);
	if (find(f, d.id))
		snprintf(text, sizeof(text), "Duplicate device ID '%s'", d.id);
	else if (!port)
		snprintf(text, sizeof(text), "Bus '%s' not found", d.bus);
	else if (port->no_hotplug)
		snprintf(text, sizeof(text), "Bus '%s' does not support hotplugging", d.bus);
	else if (d.addr || !*arg(args, "addr"))
		snprintf(text, sizeof(text), "PCI: no slot %u behind a port", d.addr);
	else if (!refuses_function(f, &d, text, sizeof(text)))
		return plug(f, &d);
	return fake_qmp_error("GenericError", text);
}

static json_t *deleted(const char *id, const char *path)
{
	json_t *event = json_pack("{s:s, s:{s:s}, s:{s:i, s:i}}", "event", "DEVICE_DELETED", "data",
				  "path", path, "timestamp", "seconds", 1, "microseconds", 2);

	if (*id)
		json_object_set_new(json_object_get(event, "data"), "device", json_string(id));
	return event;
}

static void let_go(struct fake_qmp *f, struct fake_qmp_device *d, json_t *events)
{
	struct fake_qmp_device was = *d;
	char path[160];

	path_of(d, path);
	*d = f->devs[--f->n_devs];
	f->requests = 0;
	if (f->changed)
		f->changed(f->arg, &was, false);
	if (f->event_of_others)
		json_array_append_new(events, deleted("other", PERIPHERAL "/other"));
	if (f->guest != FAKE_GUEST_QUIET)
		json_array_append_new(events, deleted(f->event_by_path ? "" : was.id, path));
}

/* All functions of the slot go, but one that the guest has not seen goes alone. Source: QEMU
 * hw/pci/pcie.c, pcie_cap_slot_unplug_request_cb(), pcie_cap_slot_do_unplug(). */
static void leave(struct fake_qmp *f, const struct fake_qmp_device *d, json_t *events)
{
	const struct fake_qmp_device asked = *d;
	bool is_alone = asked.fn && !in_function(f, &asked, 0);
	/* Where other devices are nobody asks. */
	bool has_slot = find(f, asked.bus) || !strcmp(asked.bus, ROOT_BUS);
	char path[160];

	for (unsigned fn = 8; has_slot && fn-- > 0;) {
		struct fake_qmp_device *it = in_function(f, &asked, fn);

		if (it && (!is_alone || fn == asked.fn))
			let_go(f, it, events);
	}
	path_of(&asked, path);
	if (find(f, path))
		let_go(f, find(f, path), events);
}

static json_t *device_del(struct fake_qmp *f, const json_t *args, json_t *events)
{
	struct fake_qmp_device *d = find(f, arg(args, "id"));
	char text[256];

	if (!d) {
		snprintf(text, sizeof(text), "Device '%s' not found", arg(args, "id"));
		return fake_qmp_error("DeviceNotFound", text);
	}
	/* After a hot plug the guest blinks, too, until its driver is up. Source: QEMU
	 * hw/pci/pcie.c, pcie_cap_slot_unplug_request_cb(). */
	if (d->blinks) {
		d->blinks--;
		return fake_qmp_error("GenericError", "Hot-unplug failed: guest is busy (power "
						      "indicator blinking)");
	}
	f->requests++;
	if (f->guest == FAKE_GUEST_OBEYS || f->guest == FAKE_GUEST_QUIET ||
	    (f->guest == FAKE_GUEST_SECOND && f->requests == 2)) {
		leave(f, d, events);
	} else if (f->requests > 1) {
		snprintf(text, sizeof(text), "Device %s is already in the process of unplug",
			 d->id);
		return fake_qmp_error("GenericError", text);
	}
	return value(json_object());
}

static void put_root(json_t *devices, unsigned slot, unsigned fn, const char *id, bool is_placed)
{
	json_array_append_new(devices,
			      json_pack("{s:i, s:i, s:i, s:s, s:[{s:I}]}", "bus", 0, "slot",
					(int)slot, "function", (int)fn, "qdev_id", id, "regions",
					"address", is_placed ? (json_int_t)0xfe000000 : -1));
}

/* Lists the chipset, and what is in the slots of pci.0. */
static void list_root(struct fake_qmp *f, json_t *devices)
{
	put_root(devices, 0, 0, "", true);
	put_root(devices, 1, 0, "", true);
	for (unsigned i = 0; i < f->n_devs; i++)
		if (!strcmp(f->devs[i].bus, ROOT_BUS))
			put_root(devices, f->devs[i].addr, f->devs[i].fn, f->devs[i].id,
				 f->devs[i].is_numbered);
}

/* Describes the root bus with its ports, and what the guest has numbered behind them. */
static json_t *query_pci(struct fake_qmp *f)
{
	json_t *devices = json_array();

	if (f->machine[0])
		list_root(f, devices);
	for (unsigned i = 0; i < f->n_devs; i++) {
		const struct fake_qmp_device *d = &f->devs[i];
		json_t *dev, *behind = json_array();

		if (!is_port(d)) {
			json_decref(behind);
			continue;
		}
		for (unsigned k = 0; k < f->n_devs; k++) {
			const struct fake_qmp_device *in = &f->devs[k];

			if (!strcmp(in->bus, d->id) && in->is_numbered)
				json_array_append_new(
					behind, json_pack("{s:i, s:i, s:i, s:s, s:[{s:I}]}", "bus",
							  i + 1, "slot", 0, "function", (int)in->fn,
							  "qdev_id", in->id, "regions", "address",
							  (json_int_t)0xfe000000));
		}
		dev = json_pack("{s:i, s:i, s:i, s:s, s:[], s:{s:o}}", "bus", 0, "slot", (int)i,
				"function", 0, "qdev_id", d->id, "regions", "pci_bridge", "devices",
				behind);
		json_array_append_new(devices, dev);
	}
	return json_pack("{s:[{s:i, s:o}]}", "return", "bus", 0, "devices", devices);
}

json_t *fake_qmp_execute(struct fake_qmp *f, const char *command, const json_t *args,
			 json_t *events)
{
	if (!strcmp(command, "qmp_capabilities"))
		return value(json_object());
	if (!strcmp(command, "qom-list"))
		return qom_list(f, arg(args, "path"));
	if (!strcmp(command, "qom-get"))
		return qom_get(f, arg(args, "path"), arg(args, "property"));
	if (!strcmp(command, "device_add"))
		return device_add(f, args);
	if (!strcmp(command, "device_del"))
		return device_del(f, args, events);
	if (!strcmp(command, "query-pci"))
		return query_pci(f);
	if (!strcmp(command, "query-name"))
		return value(f->name[0] ? json_pack("{s:s}", "name", f->name) : json_object());
	return fake_qmp_error("CommandNotFound", "The command has not been found");
}

void fake_qmp_add(struct fake_qmp *f, const struct fake_qmp_device *dev)
{
	if (f->is_running)
		pthread_mutex_lock(&f->lock);
	add(f, dev);
	if (f->is_running)
		pthread_mutex_unlock(&f->lock);
}

bool fake_qmp_has(struct fake_qmp *f, const char *id)
{
	bool has;

	pthread_mutex_lock(&f->lock);
	has = find(f, id) != NULL;
	pthread_mutex_unlock(&f->lock);
	return has;
}
