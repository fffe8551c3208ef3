// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/index.h"

#include <limits.h>
#include <string.h>

#include "base/array.h"

enum topo_class topo_class_of(const struct topo_range *r)
{
	return r->all ? CLASS_ALL : r->first == r->last ? CLASS_SINGLE : CLASS_RANGE;
}

unsigned topo_range_last(const struct topology *t, const struct topo_range *r)
{
	const struct topo_pf *pf = &t->pfs[r->pf];

	if (!r->all)
		return r->last;
	return pf->has_numvfs && pf->numvfs ? pf->numvfs - 1 : UINT_MAX;
}

static int by_pf_name(const void *a, const void *b, void *arg)
{
	const struct topology *t = arg;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int d = strcmp(t->pfs[x].name, t->pfs[y].name);

	return d ? d : (x > y) - (x < y);
}

static int by_domain_name(const void *a, const void *b, void *arg)
{
	const struct topology *t = arg;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int d = strcmp(t->domains[x].name, t->domains[y].name);

	return d ? d : (x > y) - (x < y);
}

static size_t *sorted(struct topology *t, size_t n,
		      int (*by)(const void *a, const void *b, void *arg))
{
	size_t *v = calloc(n + 1, sizeof(*v));

	for (size_t i = 0; v && i < n; i++)
		v[i] = i;
	if (v)
		qsort_r(v, n, sizeof(*v), by, t);
	return v;
}

int topo_index_pf_names(struct topology *t)
{
	t->index->pf_names = sorted(t, t->n_pfs, by_pf_name);
	return t->index->pf_names ? 0 : -ENOMEM;
}

int topo_index_domain_names(struct topology *t)
{
	t->index->domain_names = sorted(t, t->n_domains, by_domain_name);
	return t->index->domain_names ? 0 : -ENOMEM;
}

struct name_key {
	const struct topology *topo;
	const char *name;
};

static int pf_name_order(const void *element, const void *key)
{
	const struct name_key *k = key;

	return strcmp(k->topo->pfs[*(const size_t *)element].name, k->name);
}

bool topo_index_find_pf(const struct topology *t, const char *name, size_t *ret)
{
	const size_t *by_name = t->index->pf_names;
	size_t i = array_lower_bound(by_name, t->n_pfs, sizeof(*by_name), pf_name_order,
				     &(struct name_key){ t, name });

	if (i == t->n_pfs || strcmp(t->pfs[by_name[i]].name, name))
		return false;
	*ret = by_name[i];
	return true;
}

static const struct topo_domain *find_domain_slowly(const struct topology *t, const char *name)
{
	for (size_t i = 0; i < t->n_domains; i++)
		if (!strcmp(t->domains[i].name, name))
			return &t->domains[i];
	return NULL;
}

const char *topology_hypervisor_name(const struct topology *t)
{
	switch (t->hypervisor) {
	case TOPO_XEN:
		return "xen";
	case TOPO_KVM:
		return "kvm";
	case TOPO_AUTO:
		break;
	}
	return NULL;
}

static int domain_name_order(const void *element, const void *key)
{
	const struct name_key *k = key;

	return strcmp(k->topo->domains[*(const size_t *)element].name, k->name);
}

const struct topo_domain *topology_find_domain(const struct topology *t, const char *name)
{
	const struct topo_domain *d;
	const size_t *by_name;
	size_t i;

	if (!t->index || !t->index->domain_names)
		return find_domain_slowly(t, name);
	by_name = t->index->domain_names;
	i = array_lower_bound(by_name, t->n_domains, sizeof(*by_name), domain_name_order,
			      &(struct name_key){ t, name });
	d = i < t->n_domains ? &t->domains[by_name[i]] : NULL;
	return d && !strcmp(d->name, name) ? d : NULL;
}

void topo_index_free(struct topology *t)
{
	struct topo_index *x = t->index;

	if (!x)
		return;
	for (size_t i = 0; x->pfs && i < t->n_pfs; i++)
		for (unsigned c = 0; c < CLASS_N; c++)
			for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
				free(x->pfs[i].runs[c][bit].v);
	free(x->pfs);
	free(x->pf_names);
	free(x->domain_names);
	free(x);
	t->index = NULL;
}
