// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/root_slots.h"

#include <string.h>

/* "pc-q35-9.2-machine" begins in the same way, and isapc has no PCI bus. */
bool root_slots_has(const char *machine_type)
{
	return !strncmp(machine_type, "pc-", 3) && strncmp(machine_type, "pc-q35", 6) != 0;
}

/* Reads a property, or NULL when the object has none with that name. */
static int get(struct qmp *q, const char *path, const char *property, json_t **ret,
	       unsigned timeout_ms, struct err *e)
{
	struct err why = { 0 };
	int r = qmp_call(q, "qom-get", json_pack("{s:s, s:s}", "path", path, "property", property),
			 timeout_ms, ret, &why);

	if (r == -EREMOTEIO)
		return 0;
	if (r < 0)
		err_copy(e, &why);
	return r;
}

static int has_hotplug(struct qmp *q, bool *ret, unsigned timeout_ms, struct err *e)
{
	json_t *pm = NULL, *is_on = NULL;
	int r = get(q, "/machine", "acpi-device", &pm, timeout_ms, e);
	const char *path = json_string_value(pm);

	*ret = path && *path;
	if (r == 0 && *ret)
		r = get(q, path, "acpi-root-pci-hotplug", &is_on, timeout_ms, e);
	if (json_is_false(is_on))
		*ret = false;
	json_decref(pm);
	json_decref(is_on);
	return r;
}

int root_slots_used(struct qmp *q, uint32_t *ret, unsigned timeout_ms, struct err *e)
{
	json_t *buses = NULL;
	const json_t *bus, *dev;
	size_t i, k;
	bool is_on = false;
	int r = has_hotplug(q, &is_on, timeout_ms, e);

	if (r == 0 && !is_on) {
		*ret = UINT32_MAX;
		return 0;
	}
	if (r == 0)
		r = qmp_call(q, "query-pci", NULL, timeout_ms, &buses, e);
	*ret = 1;
	json_array_foreach(buses, i, bus)
	{
		if (json_integer_value(json_object_get(bus, "bus")) != 0)
			continue;
		json_array_foreach(json_object_get(bus, "devices"), k, dev) *ret |=
			1u << (json_integer_value(json_object_get(dev, "slot")) & 31);
	}
	json_decref(buses);
	return r;
}
