// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules between entries: names, addresses, devices of domains. Each sorts and compares
 * neighbours. */
#include "topology/build/build.h"

#include <string.h>

#include "topology/index.h"

static void twice(struct topo_build *b, struct loc late, struct loc early, const char *what,
		  const char *name)
{
	err_fix(topo_error(&b->c, late, "%s '%s' is already defined at %s:%u:%u", what, name,
			   b->t->file, early.line, early.col),
		0, "rename or remove one");
}

static void check_names(struct topo_build *b)
{
	const struct topology *t = b->t;

	for (size_t i = 1; i < t->n_pfs; i++) {
		const struct topo_pf *x = &t->pfs[t->index->pf_names[i - 1]];
		const struct topo_pf *y = &t->pfs[t->index->pf_names[i]];

		if (!strcmp(x->name, y->name))
			twice(b, y->loc, x->loc, y->is_dev ? "device" : "PF", y->name);
	}
	for (size_t i = 1; i < t->n_domains; i++) {
		const struct topo_domain *x = &t->domains[t->index->domain_names[i - 1]];
		const struct topo_domain *y = &t->domains[t->index->domain_names[i]];

		if (!strcmp(x->name, y->name))
			twice(b, y->loc, x->loc, "domain", y->name);
	}
}

/* How a hypervisor knows a domain. */
struct known_as {
	const char *key, *value;
	const struct topo_domain *domain;
};

static int by_known(const void *a, const void *b)
{
	const struct known_as *x = a, *y = b;
	int d = strcmp(x->key, y->key);

	if (!d)
		d = strcmp(x->value, y->value);
	return d ? d : (x->domain > y->domain) - (x->domain < y->domain);
}

/* If two domains were the same guest, each would be treated as having it alone. */
static int check_guests(struct topo_build *b)
{
	_cleanup_free_ struct known_as *v = calloc(3 * b->t->n_domains + 1, sizeof(*v));
	size_t n = 0;

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < b->t->n_domains; i++) {
		const struct topo_domain *d = &b->t->domains[i];

		v[n++] = (struct known_as){ "vm", d->xen_vm ? d->xen_vm : d->name, d };
		if (d->qmp)
			v[n++] = (struct known_as){ "qmp", d->qmp, d };
		if (d->libvirt)
			v[n++] = (struct known_as){ "libvirt", d->libvirt, d };
	}
	qsort(v, n, sizeof(*v), by_known);
	for (size_t i = 1; i < n; i++) {
		const struct known_as *x = &v[i - 1], *y = &v[i];

		/* equal names have their own error */
		if (!strcmp(x->key, y->key) && !strcmp(x->value, y->value) &&
		    strcmp(x->domain->name, y->domain->name))
			err_fix(topo_error(
					&b->c, y->domain->loc,
					"domain '%s' is the same guest as '%s' at %s:%u:%u, %s=%s",
					y->domain->name, x->domain->name, b->t->file,
					x->domain->loc.line, x->domain->loc.col, y->key, y->value),
				0, "join them, or write another %s", y->key);
	}
	return 0;
}

static int by_bdf(const void *a, const void *b)
{
	const struct topo_pf *x = *(const struct topo_pf *const *)a;
	const struct topo_pf *y = *(const struct topo_pf *const *)b;
	int d = bdf_cmp(x->bdf, y->bdf);

	return d ? d : (x > y) - (x < y);
}

static int check_addresses(struct topo_build *b)
{
	_cleanup_free_ const struct topo_pf **v = calloc(b->t->n_pfs + 1, sizeof(*v));
	size_t n = 0;

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < b->t->n_pfs; i++)
		if (b->t->pfs[i].has_bdf)
			v[n++] = &b->t->pfs[i];
	qsort(v, n, sizeof(*v), by_bdf);
	for (size_t i = 1; i < n; i++) {
		char buf[BDF_STRLEN];

		if (bdf_cmp(v[i - 1]->bdf, v[i]->bdf) == 0)
			err_fix(topo_error(&b->c, v[i]->loc, "%s '%s' and '%s' both have bdf=%s",
					   v[i]->is_dev ? "device" : "PF", v[i]->name,
					   v[i - 1]->name, bdf_str(buf, v[i]->bdf)),
				0,
				v[i]->is_dev ? "give the VFs of that PF, or the function as a whole"
					     : "join them");
	}
	return 0;
}

static bool is_before(struct loc a, struct loc b)
{
	return a.line != b.line ? a.line < b.line : a.col < b.col;
}

static int by_place(const void *a, const void *b)
{
	const struct topo_placed *x = a, *y = b;

	if (x->pf != y->pf)
		return x->pf < y->pf ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return is_before(x->dev->loc, y->dev->loc) ? -1 : 1;
}

static void overlap(struct topo_build *b, const struct topo_placed *x, const struct topo_placed *y)
{
	bool swap = is_before(y->dev->loc, x->dev->loc);
	const struct topo_placed *early = swap ? y : x, *late = swap ? x : y;
	const char *pf = b->t->pfs[x->pf].name;
	struct loc at = early->dev->loc;

	if (b->t->pfs[x->pf].is_dev)
		err_fix(topo_error(&b->c, late->dev->loc,
				   "%s is given to domain '%s' at %s:%u:%u already", pf,
				   early->domain->name, b->t->file, at.line, at.col),
			0, "give each device to one domain, once");
	else
		err_fix(topo_error(&b->c, late->dev->loc,
				   "%s/%u is given to domain '%s' at %s:%u:%u already", pf,
				   y->first, early->domain->name, b->t->file, at.line, at.col),
			0, "give each VF to one domain, once");
}

/* Of the ranges that begin earlier, only the one that reaches farthest can overlap. */
static bool check_overlaps(struct topo_build *b, const struct topo_placed *v, size_t n)
{
	const struct topo_placed *far = v;
	bool good = true;

	for (size_t i = 1; i < n; i++) {
		if (v[i].pf == far->pf && v[i].first <= far->last) {
			overlap(b, far, &v[i]);
			good = false;
		}
		if (v[i].pf != far->pf || v[i].last > far->last)
			far = &v[i];
	}
	return good;
}

static void check_slots(struct topo_build *b, const struct topo_domain *d)
{
	const struct topo_dev *slots[32] = { NULL };

	for (size_t i = 0; i < d->n_devs; i++) {
		const struct topo_dev *dev = &d->devs[i];
		struct loc at;

		/* slot 0 means "any" */
		if (dev->options.vslot <= 0)
			continue;
		if (!slots[dev->options.vslot]) {
			slots[dev->options.vslot] = dev;
			continue;
		}
		at = slots[dev->options.vslot]->loc;
		err_fix(topo_error(&b->c, dev->loc, "vslot=%x of domain '%s' is taken at %s:%u:%u",
				   (unsigned)dev->options.vslot, d->name, b->t->file, at.line,
				   at.col),
			0, "choose another slot");
	}
}

static int by_option_name(const void *a, const void *b)
{
	const struct topo_placed *x = a, *y = b;
	int d = strcmp(x->dev->options.name, y->dev->options.name);

	if (d)
		return d;
	return is_before(x->dev->loc, y->dev->loc) ? -1 : 1;
}

/* The names of pci-assignable-add -n share one namespace on a host. */
static int check_dev_names(struct topo_build *b, const struct topo_placed *v, size_t n)
{
	_cleanup_free_ struct topo_placed *named = calloc(n + 1, sizeof(*named));
	size_t m = 0;

	if (!named)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (v[i].dev->options.name[0])
			named[m++] = v[i];
	qsort(named, m, sizeof(*named), by_option_name);
	for (size_t i = 1; i < m; i++)
		if (!strcmp(named[i - 1].dev->options.name, named[i].dev->options.name))
			twice(b, named[i].dev->loc, named[i - 1].dev->loc, "device name",
			      named[i].dev->options.name);
	return 0;
}

static void place(struct topo_build *b, struct topo_placed *v, size_t *n)
{
	for (size_t i = 0; i < b->t->n_domains; i++) {
		const struct topo_domain *d = &b->t->domains[i];

		for (size_t j = 0; j < d->n_devs; j++) {
			const struct topo_range *r = &d->devs[j].range;
			const struct topo_pf *pf = &b->t->pfs[r->pf];

			if (r->all && pf->has_numvfs && !pf->numvfs) {
				err_fix(topo_error(&b->c, d->devs[j].loc, "%s has numvfs=0",
						   pf->name),
					0, "raise numvfs at %s:%u:%u, or remove this entry",
					b->t->file, pf->loc.line, pf->loc.col);
				continue;
			}
			v[(*n)++] =
				(struct topo_placed){ d, &d->devs[j], r->pf, r->all ? 0 : r->first,
						      topo_range_last(b->t, r) };
		}
	}
}

int topo_rules(struct topo_build *b)
{
	_cleanup_free_ struct topo_placed *v = NULL;
	size_t n = 0;
	bool good;
	int r;

	check_names(b);
	r = check_addresses(b);
	if (r == 0)
		r = check_guests(b);
	if (r < 0)
		return r;
	for (size_t i = 0; i < b->t->n_domains; i++) {
		n += b->t->domains[i].n_devs;
		check_slots(b, &b->t->domains[i]);
	}
	v = calloc(n + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	n = 0;
	place(b, v, &n);
	qsort(v, n, sizeof(*v), by_place);
	good = check_overlaps(b, v, n);
	r = check_dev_names(b, v, n);
	return r < 0 ? r : topo_rules_vf(b, good ? v : NULL, n);
}
