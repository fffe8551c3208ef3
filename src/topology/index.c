// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/index.h"

#include <limits.h>
#include <string.h>

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

bool topo_index_find_pf(const struct topology *t, const char *name, size_t *ret)
{
	size_t low = 0, high = t->n_pfs;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(t->pfs[t->index->pf_names[mid]].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == t->n_pfs || strcmp(t->pfs[t->index->pf_names[low]].name, name))
		return false;
	*ret = t->index->pf_names[low];
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

const struct topo_domain *topology_find_domain(const struct topology *t, const char *name)
{
	size_t low = 0, high = t->n_domains;
	const struct topo_domain *d;

	if (!t->index || !t->index->domain_names)
		return find_domain_slowly(t, name);
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order;

		d = &t->domains[t->index->domain_names[mid]];
		order = strcmp(d->name, name);
		if (order == 0)
			return d;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
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
