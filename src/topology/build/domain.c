// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the domain list. */
#include "topology/build/build.h"

#include <string.h>

#include "topology/build/value.h"

static int set_option(void *object, const struct topo_word *key, const struct topo_word *v,
		      struct err *e)
{
	return dev_option_set(object, key->s, v->s, e);
}

static const struct topo_field dev_fields[] = {
	{ "permissive", true, set_option },  { "msitranslate", true, set_option },
	{ "power_mgmt", true, set_option },  { "seize", true, set_option },
	{ "rdm_policy", false, set_option }, { "name", false, set_option },
	{ "vslot", false, set_option },
};

/* A slot or a name belongs to one VF. "*" may stand for a single VF, but nobody writes it to mean
 * that. */
static void check_single(struct topo_build *b, const struct topo_dev *dev)
{
	const char *what = dev->options.name[0] ? "name" : "vslot";
	const struct topo_pf *pf = &b->t->pfs[dev->range.pf];

	if ((!dev->range.all && dev->range.first == dev->range.last) ||
	    (pf->is_dev && !pf->all_functions))
		return;
	if (dev->options.name[0] || dev->options.vslot > 0)
		err_fix(topo_error(&b->c, dev->loc, "%s is given for several VFs", what), 0,
			"write an entry for each VF");
}

/* @r is the result of reading @spec. */
static void add_device(struct topo_build *b, struct topo_domain *d, const struct topo_entry *spec,
		       int r)
{
	struct topo_dev dev = { .loc = spec->loc, .options = DEV_OPTIONS_INIT };

	if (topo_build_is_dev(b, spec, &dev.range)) {
		topo_entry_apply(spec, dev_fields, ARRAY_SIZE(dev_fields), &dev.options, &b->c);
		if (r == 0)
			check_single(b, &dev);
		if (r == 0)
			d->devs[d->n_devs++] = dev;
		return;
	}
	if (r < 0 && (!spec->head.s || !spec->index.s))
		return;
	if (topo_build_range(b, spec, &dev.range) < 0)
		r = -EINVAL;
	topo_entry_apply(spec, dev_fields, ARRAY_SIZE(dev_fields), &dev.options, &b->c);
	if (r < 0)
		return;
	check_single(b, &dev);
	d->devs[d->n_devs++] = dev;
}

static int start_domain(struct topo_build *b, const struct topo_word *name, size_t max_devs,
			struct topo_domain **ret)
{
	struct topo_domain *d = &b->t->domains[b->t->n_domains];
	struct err why = { 0 };

	if (value_name("domain", name->s, &why) < 0) {
		err_fix(topo_error(&b->c, name->loc, "%s", why.cause), 0, "%s", why.fix);
		return -EINVAL;
	}
	if (strspn(name->s, "0123456789") == strlen(name->s)) {
		err_fix(topo_error(&b->c, name->loc, "'%s' is a domain number, not a name",
				   name->s),
			0, "put a letter into the name");
		return -EINVAL;
	}
	*d = (struct topo_domain){ .loc = name->loc, .defaults = DEV_OPTIONS_INIT };
	d->name = strdup(name->s);
	d->devs = calloc(max_devs + 1, sizeof(*d->devs));
	b->t->n_domains++;
	*ret = d;
	return d->name && d->devs ? 0 : -ENOMEM;
}

/* Reads "xen: ...", "kvm: ..." or a device. */
static void add_string(struct topo_build *b, struct topo_domain *d, struct topo_node *node)
{
	struct topo_range ignored;
	struct topo_entry spec;
	int r;

	if (node->kind != NODE_STRING) {
		topo_error(&b->c, node->loc, "expected a string in domain '%s', found %s", d->name,
			   node_kind_name(node->kind));
		return;
	}
	r = topo_entry_split(&spec, node, &b->c);
	if (spec.address.s)
		topo_build_address(b, &spec.address, spec.index.s);
	if (!spec.head.s)
		return;
	if (spec.index.s || topo_build_is_dev(b, &spec, &ignored))
		add_device(b, d, &spec, r);
	else if (!strcmp(spec.head.s, "xen"))
		topo_build_xen(b, d, &spec);
	else if (!strcmp(spec.head.s, "kvm"))
		topo_build_kvm(b, d, &spec);
	else if (r == 0)
		err_fix(topo_error(&b->c, spec.loc, "'%s' is not a block and names no VFs",
				   spec.head.s),
			0, "write xen:, kvm:, PF/INDEX, PF/A-B, PF/* or a name of the dev list");
}

/* Reads [ "name", "xen: ...", "kvm: ...", devices... ]. */
static int build_list(struct topo_build *b, struct topo_node *node)
{
	struct topo_domain *d;
	struct topo_word name;
	int r;

	if (node->kind != NODE_LIST || !node->n || node->kids[0].kind != NODE_STRING) {
		err_fix(topo_error(&b->c, node->loc, "expected a list that begins with a name"), 0,
			"write [ \"web1\", \"xen: type=pv\", \"net0/0-2\" ]");
		return 0;
	}
	name = (struct topo_word){ node->kids[0].text, node->kids[0].loc, false };
	r = start_domain(b, &name, node->n, &d);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 1; i < node->n; i++)
		add_string(b, d, &node->kids[i]);
	return 0;
}

static void add_object(struct topo_build *b, struct topo_domain *d, struct topo_node *node,
		       void (*add)(struct topo_build *b, struct topo_domain *d,
				   const struct topo_entry *spec))
{
	struct topo_entry spec;

	if (topo_entry_object(&spec, node, NULL, NULL, NULL, &b->c) == 0)
		add(b, d, &spec);
}

/* A JSON list of devices has the words of the text form, or an address: says what to write. */
static void not_an_object(struct topo_build *b, const struct topo_node *node)
{
	struct topo_word word = { node->text, node->loc, false };
	struct bdf bdf;

	if (bdf_scan(&bdf, word.s))
		topo_build_address(b, &word, NULL);
	else
		err_fix(topo_error(&b->c, node->loc, "expected an object, found a string"), 0,
			"write {\"pf\": \"net0\", \"index\": \"0-2\"}");
}

/* Of {"dev": "gpu0"} only the dev list can say what it is. */
static void add_dev_or_vfs(struct topo_build *b, struct topo_domain *d, struct topo_node *node,
			   const struct topo_entry *spec, int r)
{
	struct topo_range ignored;

	if (!topo_node_get(node, "dev") || topo_build_is_dev(b, spec, &ignored))
		add_device(b, d, spec, r);
	else if (r == 0 && !b->pf_names_unsure)
		err_fix(topo_error(&b->c, spec->loc, "device '%s' is not defined", spec->head.s), 0,
			"add '%s' to the dev list", spec->head.s);
}

static void add_devices(struct topo_build *b, struct topo_domain *d, struct topo_node *list)
{
	struct topo_entry spec;
	int r;

	if (list->kind != NODE_LIST)
		return;
	for (size_t i = 0; i < list->n; i++) {
		if (list->kids[i].kind == NODE_STRING) {
			not_an_object(b, &list->kids[i]);
			continue;
		}
		if (topo_node_get(&list->kids[i], "dev"))
			r = topo_build_entry(b, &list->kids[i], "dev", NULL, &spec);
		else
			r = topo_build_entry(b, &list->kids[i], "pf", "index", &spec);
		add_dev_or_vfs(b, d, &list->kids[i], &spec, r);
	}
}

/* Reads {"name":..., "xen":{...}, "kvm":{...}, "devices":[...]}. */
static int build_object(struct topo_build *b, struct topo_node *node)
{
	static const char *const members[] = { "name", "xen", "kvm", "devices", NULL };
	struct topo_node *devices = topo_node_get(node, "devices");
	struct topo_node *name = topo_node_get(node, "name");
	struct topo_domain *d;
	struct topo_word word;
	int r;

	if (node->kind != NODE_OBJECT || !name || name->kind != NODE_STRING) {
		topo_error(&b->c, node->loc, "expected an object with a \"name\"");
		return 0;
	}
	word = (struct topo_word){ name->text, name->loc, false };
	r = start_domain(b, &word, devices ? devices->n : 0, &d);
	for (size_t i = 0; r == 0 && i < node->n; i++) {
		struct topo_node *kid = &node->kids[i];

		if (!strcmp(kid->key, "xen"))
			add_object(b, d, kid, topo_build_xen);
		else if (!strcmp(kid->key, "kvm"))
			add_object(b, d, kid, topo_build_kvm);
		else if (kid == devices && topo_build_is_list(b, kid))
			add_devices(b, d, kid);
		else if (kid != name && kid != devices)
			topo_unknown_key(&b->c, kid->key_loc, kid->key, members);
	}
	return r == -ENOMEM ? r : 0;
}

/* An Arm host runs no q35. */
static int default_machines(struct topo_build *b)
{
	if (!b->host || !host_is_arm(b->host))
		return 0;
	for (size_t i = 0; i < b->t->n_domains; i++) {
		struct topo_domain *d = &b->t->domains[i];

		if (!d->machine)
			d->machine = strdup("virt");
		if (!d->machine)
			return -ENOMEM;
	}
	return 0;
}

int topo_build_domains(struct topo_build *b, struct topo_node *value)
{
	int r;

	if (!topo_build_is_list(b, value))
		return 0;
	b->t->domains = calloc(value->n + 1, sizeof(*b->t->domains));
	if (!b->t->domains)
		return -ENOMEM;
	for (size_t i = 0; i < value->n; i++) {
		r = b->is_json ? build_object(b, &value->kids[i]) : build_list(b, &value->kids[i]);
		if (r < 0)
			return r;
	}
	return default_machines(b);
}
