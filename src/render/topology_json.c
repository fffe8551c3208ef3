// SPDX-License-Identifier: GPL-2.0-or-later
/* The same model as JSON. */
#include <stdlib.h>
#include <string.h>

#include "render/topology_print.h"

/* Adds a member, whose value it takes; a failure is told by the whole document being NULL. */
struct object {
	json_t *o;
	bool failed;
};

static void put(struct object *to, const char *key, json_t *value)
{
	if (!value || json_object_set_new(to->o, key, value) < 0)
		to->failed = true;
}

static void put_text(struct object *to, const char *key, const char *text)
{
	if (text)
		put(to, key, json_string(text));
}

static struct object begin(void)
{
	struct object o = { .o = json_object() };

	o.failed = !o.o;
	return o;
}

static json_t *end(struct object *o)
{
	if (!o->failed)
		return o->o;
	json_decref(o->o);
	return NULL;
}

static json_t *pf_json(const struct topo_pf *pf)
{
	char text[BDF_STRLEN], mac[MAC_STRLEN], id[16];
	struct object o = begin();

	put_text(&o, "name", pf->name);
	put_text(&o, "bdf", pf->has_bdf ? bdf_str(text, pf->bdf) : NULL);
	put_text(&o, "netdev", pf->netdev);
	put_text(&o, "mac", pf->has_mac ? mac_str(mac, pf->mac) : NULL);
	put_text(&o, "path", pf->path);
	put_text(&o, "serial", pf->serial);
	snprintf(id, sizeof(id), "%04x:%04x", pf->vendor, pf->device);
	put_text(&o, "id", pf->has_id ? id : NULL);
	if (pf->has_nth)
		put(&o, "nth", json_integer(pf->nth));
	if (pf->has_numvfs)
		put(&o, "numvfs", json_integer(pf->numvfs));
	if (pf->has_autoprobe)
		put(&o, "autoprobe", json_boolean(pf->autoprobe));
	if (pf->up)
		put(&o, "up", json_true());
	put_text(&o, "functions", pf->all_functions ? "all" : NULL);
	return end(&o);
}

static void put_range(struct object *o, const struct topology *t, const struct topo_range *r)
{
	char index[32] = "*";

	if (t->pfs[r->pf].is_dev) {
		put_text(o, "dev", t->pfs[r->pf].name);
		return;
	}
	if (!r->all && r->first == r->last)
		snprintf(index, sizeof(index), "%u", r->first);
	else if (!r->all)
		snprintf(index, sizeof(index), "%u-%u", r->first, r->last);
	put_text(o, "pf", t->pfs[r->pf].name);
	put_text(o, "index", index);
}

static json_t *attr_json(const struct vf_attrs *a, unsigned bit)
{
	const struct vf_attr_info *info = vf_attr_info(bit);
	char text[VF_ATTR_TEXT];
	const char *value;

	if (info->kind == VF_KIND_NUMBER)
		return json_integer((json_int_t)vf_attr_number(a, info));
	if (info->kind == VF_KIND_SWITCH)
		return json_boolean(vf_attr_number(a, info));
	value = strchr(vf_attr_text(text, a, (enum vf_attr)(1u << bit)), '=');
	return json_string(value + 1);
}

static json_t *vf_json(const struct topology *t, const struct topo_vf *vf)
{
	struct object o = begin();

	put_range(&o, t, &vf->range);
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
		if (vf->attrs.given & 1u << bit)
			put(&o, vf_attr_info(bit)->name, attr_json(&vf->attrs, bit));
	return end(&o);
}

static void put_options(struct object *o, const struct dev_options *from)
{
	const struct {
		const char *name;
		int8_t value;
	} switches[] = {
		{ "permissive", from->permissive },
		{ "msitranslate", from->msitranslate },
		{ "power_mgmt", from->power_mgmt },
		{ "seize", from->seize },
	};
	char slot[8];

	for (size_t i = 0; i < ARRAY_SIZE(switches); i++)
		if (switches[i].value != OPTION_NOT_GIVEN)
			put(o, switches[i].name, json_boolean(switches[i].value));
	if (from->rdm_policy != RDM_DEFAULT)
		put_text(o, "rdm_policy", from->rdm_policy == RDM_STRICT ? "strict" : "relaxed");
	put_text(o, "name", from->name[0] ? from->name : NULL);
	snprintf(slot, sizeof(slot), "%x", (unsigned)from->vslot & 0x1f);
	put_text(o, "vslot", from->vslot != OPTION_NOT_GIVEN ? slot : NULL);
}

static json_t *xen_json(const struct topo_domain *d)
{
	static const char *const types[] = {
		[DOMAIN_PV] = "pv", [DOMAIN_HVM] = "hvm", [DOMAIN_PVH] = "pvh"
	};
	struct object o = begin();

	put_text(&o, "vm", d->xen_vm);
	put_text(&o, "type", d->xen_type != DOMAIN_UNKNOWN ? types[d->xen_type] : NULL);
	put_options(&o, &d->defaults);
	return end(&o);
}

static json_t *kvm_json(const struct topo_domain *d)
{
	struct object o = begin();

	put_text(&o, "qmp", d->qmp);
	put_text(&o, "libvirt", d->libvirt);
	put_text(&o, "uri", d->uri);
	put_text(&o, "machine", d->machine);
	put_text(&o, "ports", d->ports);
	if (d->spare)
		put(&o, "spare", json_integer(d->spare));
	return end(&o);
}

static json_t *device_json(const struct topology *t, const struct topo_dev *dev)
{
	struct object o = begin();

	put_range(&o, t, &dev->range);
	put_options(&o, &dev->options);
	return end(&o);
}

static json_t *domain_json(const struct topology *t, const struct topo_domain *d)
{
	struct object o = begin();
	json_t *devices = json_array();

	for (size_t i = 0; i < d->n_devs; i++)
		if (json_array_append_new(devices, device_json(t, &d->devs[i])) < 0)
			o.failed = true;
	put_text(&o, "name", d->name);
	if (d->has_xen)
		put(&o, "xen", xen_json(d));
	if (d->has_kvm)
		put(&o, "kvm", kvm_json(d));
	put(&o, "devices", devices);
	return end(&o);
}

json_t *topology_json(const struct topology *t)
{
	json_t *pfs = json_array(), *vfs = json_array(), *domains = json_array();
	json_t *devs = topology_has_devs(t) ? json_array() : NULL;
	struct object o = begin();

	for (size_t i = 0; i < t->n_pfs; i++)
		o.failed |= json_array_append_new(t->pfs[i].is_dev ? devs : pfs,
						  pf_json(&t->pfs[i])) < 0;
	for (size_t i = 0; i < t->n_vfs; i++)
		o.failed |= json_array_append_new(vfs, vf_json(t, &t->vfs[i])) < 0;
	for (size_t i = 0; i < t->n_domains; i++)
		o.failed |= json_array_append_new(domains, domain_json(t, &t->domains[i])) < 0;
	put(&o, "version", json_integer(1));
	put_text(&o, "hypervisor", topology_hypervisor_name(t));
	put_text(&o, "on_error", t->on_error == TOPO_STOP ? "stop" : NULL);
	put(&o, "pf", pfs);
	if (devs)
		put(&o, "dev", devs);
	put(&o, "vf", vfs);
	put(&o, "domain", domains);
	return end(&o);
}
