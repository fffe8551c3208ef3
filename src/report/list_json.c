// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The frame is written piece by piece, and the library writes each PF and VF, so that a host with
 * 65,536 VFs never is one document in memory.
 */
#include <jansson.h>
#include <string.h>

#include "report/json_text.h"
#include "report/list.h"

static json_t *address(struct bdf bdf)
{
	char buf[BDF_STRLEN];

	return json_string_nocheck(bdf_str(buf, bdf));
}

/* Makes four hex digits, or null for 0, which no vendor and no device has. */
static json_t *id(uint16_t v)
{
	char buf[8];

	snprintf(buf, sizeof(buf), "%04x", v);
	return v ? json_string_nocheck(buf) : json_null();
}

static json_t *number(int v)
{
	return v < 0 ? json_null() : json_integer(v);
}

static json_t *yes_no(int v)
{
	return v < 0 ? json_null() : json_boolean(v);
}

/* Sets members in the order of the calls; @ok becomes false when out of memory. */
static void set(json_t *o, const char *key, json_t *value, bool *ok)
{
	if (json_object_set_new_nocheck(o, key, value) < 0)
		*ok = false;
}

/* Writes the object, or only its members (with @flags JSON_EMBED), and releases it. The library
 * writes it in pieces of a few bytes, which takes long to a file. */
static int put(json_t *o, bool ok, size_t flags, FILE *out)
{
	char buf[2048];
	size_t n = o && ok ? json_dumpb(o, buf, sizeof(buf), JSON_COMPACT | flags) : 0;
	int r = 0;

	if (!o || !ok)
		r = -ENOMEM;
	else if (n && n <= sizeof(buf))
		r = fwrite(buf, 1, n, out) == n ? 0 : -errno;
	else if (json_dumpf(o, out, JSON_COMPACT | flags) < 0)
		r = ferror(out) ? -errno : -ENOMEM;
	json_decref(o);
	return r;
}

/* A GUID, a MAC or a word is a string, a switch true or false; null is what is not reported. */
static json_t *attr(const struct vf_attrs *a, unsigned bit)
{
	const struct vf_attr_info *info = vf_attr_info(bit);
	char text[VF_ATTR_TEXT];

	if (!a || !(a->given & 1u << bit))
		return json_null();
	if (info->kind == VF_KIND_SWITCH)
		return json_boolean(vf_attr_number(a, info));
	if (info->kind == VF_KIND_NUMBER)
		return json_integer((json_int_t)vf_attr_number(a, info));
	vf_attr_text(text, a, (enum vf_attr)(1u << bit));
	return json_string_nocheck(strchr(text, '=') + 1);
}

static json_t *attrs(const struct vf_attrs *a)
{
	json_t *o = json_object();
	bool ok = o != NULL;

	for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
		if (1u << bit != VF_ATTR_DRIVER)
			set(o, vf_attr_info(bit)->name, attr(a, bit), &ok);
	if (ok)
		return o;
	json_decref(o);
	return NULL;
}

static int put_vf(FILE *out, const struct list_view *l, const struct pf *pf, unsigned index)
{
	const struct vf *vf = &pf->vfs[index];
	json_t *o = json_object();
	bool ok = o != NULL;

	set(o, "index", json_integer(index), &ok);
	set(o, "bdf", address(vf->bdf), &ok);
	set(o, "driver", json_text(vf->driver), &ok);
	set(o, "driver_override", json_text(vf->driver_override), &ok);
	set(o, "iommu_group", number(vf->iommu_group), &ok);
	set(o, "netdev", json_text(vf->netdev), &ok);
	set(o, "state", json_string_nocheck(vf_state_name(vf->state)), &ok);
	set(o, "domain", json_text(vf->domain), &ok);
	set(o, "permissive", yes_no(vf->permissive), &ok);
	if (vf->why)
		set(o, "why", json_text(vf->why), &ok);
	if (l->has_attrs)
		set(o, "attrs", attrs(pf->attrs ? &pf->attrs[index] : NULL), &ok);
	return put(o, ok, 0, out);
}

/* Lists the names of its ports when there are several. */
static json_t *ports(const struct inventory *inv, const struct pf *pf)
{
	json_t *list = json_array();

	for (size_t i = 0; i < inv->n_netdevs; i++)
		if (&inv->pfs[inv->netdevs[i].pf] == pf &&
		    inv->netdevs[i].kind != NETDEV_REPRESENTOR)
			json_array_append_new(list, json_text(inv->netdevs[i].name));
	return list;
}

static int put_head(FILE *out, const struct inventory *inv, const struct pf *pf)
{
	json_t *names = ports(inv, pf);
	json_t *o = json_object();
	bool ok = o != NULL;

	set(o, "name", json_text(pf->name), &ok);
	set(o, "bdf", address(pf->bdf), &ok);
	set(o, "netdev", json_text(pf->netdev), &ok);
	set(o, "driver", json_text(pf->driver), &ok);
	set(o, "vendor", id(pf->vendor), &ok);
	set(o, "device", id(pf->device), &ok);
	set(o, "vf_device", id(pf->vf_device), &ok);
	set(o, "numvfs", json_integer(pf->numvfs), &ok);
	set(o, "totalvfs", json_integer(pf->totalvfs), &ok);
	set(o, "offset", json_integer(pf->offset), &ok);
	set(o, "stride", json_integer(pf->stride), &ok);
	set(o, "autoprobe", yes_no(pf->autoprobe), &ok);
	set(o, "numa_node", number(pf->numa_node), &ok);
	if (pf->is_switchdev)
		set(o, "eswitch", json_string_nocheck("switchdev"), &ok);
	if (json_array_size(names) > 1)
		set(o, "netdevs", json_incref(names), &ok);
	json_decref(names);
	return put(o, ok, JSON_EMBED, out);
}

static int put_pf(FILE *out, const struct list_view *l, const struct pf *pf)
{
	bool first = true;
	int r;

	fputs("\n {", out);
	r = put_head(out, l->inv, pf);
	fputs(",\"vfs\":[", out);
	for (unsigned i = 0; i < pf->n_vfs && r == 0; i++) {
		if (!list_shows(&l->filter, &pf->vfs[i]))
			continue;
		fputs(first ? "\n  " : ",\n  ", out);
		first = false;
		r = put_vf(out, l, pf, i);
	}
	fputs("]}", out);
	return r;
}

/* Says what is null, or as sysfs has it, because it could not be seen. */
static void put_unseen(FILE *out, const struct inventory *inv)
{
	if (inv->domains_unseen && inv->permissive_unseen)
		fputs(",\"unseen\":[\"domain\",\"permissive\"]", out);
	else if (inv->domains_unseen)
		fputs(",\"unseen\":[\"domain\"]", out);
	else if (inv->permissive_unseen)
		fputs(",\"unseen\":[\"permissive\"]", out);
	fputs("}\n", out);
}

int list_view_json(const struct list_view *l, FILE *out)
{
	bool first = true;
	int r = 0;

	fprintf(out, "{\"version\":1,\"hypervisor\":\"%s\",\"pfs\":[", l->inv->hypervisor);
	for (size_t p = 0; p < l->inv->n_pfs && r == 0; p++) {
		if (!list_shows_pf(l, p))
			continue;
		if (!first)
			putc(',', out);
		first = false;
		r = put_pf(out, l, &l->inv->pfs[p]);
	}
	putc(']', out);
	if (r == 0 && l->inv->has_functions)
		r = list_functions_json(l, out);
	put_unseen(out, l->inv);
	if (r == 0 && (ferror(out) || fflush(out)))
		r = -errno;
	return r;
}
