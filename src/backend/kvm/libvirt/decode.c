// SPDX-License-Identifier: GPL-2.0-or-later
/* What the child answers, as structures. */
#include "backend/kvm/libvirt/decode.h"

#include "backend/kvm/libvirt/owner.h"

#include <string.h>

static unsigned number(const json_t *o, const char *key)
{
	return (unsigned)json_integer_value(json_object_get(o, key));
}

static bool is_true(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

static void copy(char *to, size_t size, const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	snprintf(to, size, "%s", s ? s : "");
}

static bool device(const json_t *o, struct virt_device *ret)
{
	char host[BDF_STRLEN];

	copy(host, sizeof(host), o, "host");
	*ret = (struct virt_device){ .is_managed = is_true(o, "managed"),
				     .is_interface = is_true(o, "interface"),
				     .has_place = json_object_get(o, "bus"),
				     .bus = number(o, "bus"),
				     .slot = number(o, "slot"),
				     .function = number(o, "function") };
	copy(ret->alias, sizeof(ret->alias), o, "alias");
	copy(ret->mac, sizeof(ret->mac), o, "mac");
	return bdf_parse(&ret->host, host, NULL) == 0;
}

void virt_definition_done(struct virt_definition *d)
{
	free(d->devs);
	free(d->ports);
	*d = (struct virt_definition){ .is_there = false };
}

static int definition(const json_t *o, struct virt_definition *ret)
{
	const json_t *devs = json_object_get(o, "devices"), *ports = json_object_get(o, "ports");
	struct virt_definition d = { .is_there = true, .is_express = is_true(o, "express") };
	const json_t *x;
	size_t i;

	if (!json_is_object(o))
		return 0;
	d.owner = virt_owner_called(json_string_value(json_object_get(o, "owner")));
	d.devs = calloc(json_array_size(devs) + 1, sizeof(*d.devs));
	d.ports = calloc(json_array_size(ports) + 1, sizeof(*d.ports));
	if (!d.devs || !d.ports) {
		virt_definition_done(&d);
		return -ENOMEM;
	}
	json_array_foreach(devs, i, x) d.n_devs += device(x, &d.devs[d.n_devs]);
	json_array_foreach(ports, i, x) d.ports[d.n_ports++] =
		(struct virt_port){ number(x, "bus"), is_true(x, "free") };
	*ret = d;
	return 0;
}

int virt_domain_decode(const json_t *o, struct virt_domain *ret)
{
	struct virt_domain d = { .is_active = is_true(o, "active"),
				 .is_persistent = is_true(o, "persistent") };
	int r = definition(json_object_get(o, "live"), &d.live);

	if (r == 0)
		r = definition(json_object_get(o, "config"), &d.config);
	if (r < 0) {
		virt_definition_done(&d.live);
		return r;
	}
	copy(d.name, sizeof(d.name), o, "name");
	copy(d.uuid, sizeof(d.uuid), o, "uuid");
	*ret = d;
	return 0;
}
