// SPDX-License-Identifier: GPL-2.0-or-later
/* The blocks of a domain that say how to reach it on one hypervisor. */
#include "topology/build/build.h"

#include <string.h>

#include "topology/build/value.h"

static int set_vm(void *object, const struct topo_word *key, const struct topo_word *v,
		  struct err *e)
{
	if (strchr(v->s, '/'))
		return err_usage(e, "%s: '%s' is not a name for a domain", key->s, v->s);
	if (v->s[0] && strspn(v->s, "0123456789") == strlen(v->s))
		return err_fix(
			e, err_usage(e, "%s: '%s' is a domain number, not a name", key->s, v->s),
			"write the name of the domain");
	return value_text(key, v, TOPO_NAME_MAX, &((struct topo_domain *)object)->xen_vm, e);
}

static int set_type(void *object, const struct topo_word *key, const struct topo_word *v,
		    struct err *e)
{
	static const char *const choices[] = { "pv", "hvm", "pvh", NULL };
	static const enum domain_type types[] = { DOMAIN_PV, DOMAIN_HVM, DOMAIN_PVH };
	unsigned i;
	int r = value_choice(key, v, choices, &i, e);

	if (r == 0)
		((struct topo_domain *)object)->xen_type = types[i];
	return r;
}

static int set_default(void *object, const struct topo_word *key, const struct topo_word *v,
		       struct err *e)
{
	return dev_option_set(&((struct topo_domain *)object)->defaults, key->s, v->s, e);
}

static const struct topo_field xen_fields[] = {
	{ "vm", false, set_vm },
	{ "type", false, set_type },
	{ "permissive", true, set_default },
	{ "msitranslate", true, set_default },
	{ "power_mgmt", true, set_default },
	{ "seize", true, set_default },
	{ "rdm_policy", false, set_default },
};

static int set_qmp(void *object, const struct topo_word *key, const struct topo_word *v,
		   struct err *e)
{
	/* the longest path that fits into struct sockaddr_un, with its NUL */
	if (v->s[0] != '/')
		return err_fix(e, err_usage(e, "%s: '%s' is not an absolute path", key->s, v->s),
			       "write the path of the QMP socket, /run/qemu/web1.qmp");
	return value_text(key, v, 107, &((struct topo_domain *)object)->qmp, e);
}

static int set_libvirt(void *object, const struct topo_word *key, const struct topo_word *v,
		       struct err *e)
{
	if (strchr(v->s, '/'))
		return err_usage(e, "%s: '%s' is not a name for a domain", key->s, v->s);
	return value_text(key, v, TOPO_NAME_MAX, &((struct topo_domain *)object)->libvirt, e);
}

/* Of this host: what another one's has are no VFs of ours. Source: https://libvirt.org/uri.html */
static int set_uri(void *object, const struct topo_word *key, const struct topo_word *v,
		   struct err *e)
{
	static const char *const here[] = { "qemu:///", "qemu+unix:///" };

	for (size_t i = 0; i < ARRAY_SIZE(here); i++)
		if (!strncmp(v->s, here[i], strlen(here[i])))
			return value_text(key, v, 200, &((struct topo_domain *)object)->uri, e);
	return err_fix(
		e,
		err_usage(e, "%s: '%s' is not the URI of QEMU's driver on this host", key->s, v->s),
		"write qemu:///system, which is the default, or qemu:///session");
}

static int set_machine(void *object, const struct topo_word *key, const struct topo_word *v,
		       struct err *e)
{
	static const char *const choices[] = { "q35", "virt", NULL };
	unsigned i;
	int r = value_choice(key, v, choices, &i, e);

	return r < 0 ? r : value_text(key, v, 8, &((struct topo_domain *)object)->machine, e);
}

static int set_ports(void *object, const struct topo_word *key, const struct topo_word *v,
		     struct err *e)
{
	static const char *const choices[] = { "auto", "root-ports", "switch", NULL };
	unsigned i;
	int r = value_choice(key, v, choices, &i, e);

	return r < 0 ? r : value_text(key, v, 16, &((struct topo_domain *)object)->ports, e);
}

/* More spare ports than any machine has buses are refused here; the planner decides how many really
 * fit. */
static int set_spare(void *object, const struct topo_word *key, const struct topo_word *v,
		     struct err *e)
{
	unsigned long n;
	int r = value_number(key, v, 0, 253, &n, e);

	if (r == 0)
		((struct topo_domain *)object)->spare = (unsigned)n;
	return r;
}

static const struct topo_field kvm_fields[] = {
	{ "qmp", false, set_qmp },     { "libvirt", false, set_libvirt },
	{ "uri", false, set_uri },     { "machine", false, set_machine },
	{ "ports", false, set_ports }, { "spare", false, set_spare },
};

void topo_build_xen(struct topo_build *b, struct topo_domain *d, const struct topo_entry *spec)
{
	if (d->has_xen)
		err_fix(topo_error(&b->c, spec->loc, "domain '%s' has two xen blocks", d->name), 0,
			"join them");
	d->has_xen = true;
	topo_entry_apply(spec, xen_fields, ARRAY_SIZE(xen_fields), d, &b->c);
}

void topo_build_kvm(struct topo_build *b, struct topo_domain *d, const struct topo_entry *spec)
{
	bool is_first = !d->has_kvm;

	if (!is_first)
		err_fix(topo_error(&b->c, spec->loc, "domain '%s' has two kvm blocks", d->name), 0,
			"join them");
	d->has_kvm = true;
	topo_entry_apply(spec, kvm_fields, ARRAY_SIZE(kvm_fields), d, &b->c);
	if (d->qmp && d->libvirt && is_first)
		err_fix(topo_error(&b->c, spec->loc, "domain '%s' has both qmp and libvirt",
				   d->name),
			0, "keep libvirt when libvirt runs this guest, else qmp");
	if (d->uri && !d->libvirt && is_first)
		err_fix(topo_error(&b->c, spec->loc, "domain '%s' has uri without libvirt",
				   d->name),
			0, "write libvirt=NAME, its name there, beside it");
}
