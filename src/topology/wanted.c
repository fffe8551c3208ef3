// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/wanted.h"

#include <stdlib.h>

unsigned wanted_end(const struct topology *t, struct pf *const *pfs, const struct topo_range *range)
{
	if (range->all)
		return topology_numvfs(&t->pfs[range->pf], pfs ? pfs[range->pf] : NULL);
	return range->last + 1;
}

static unsigned first_of(const struct topo_range *range)
{
	return range->all ? 0 : range->first;
}

static size_t count(const struct topology *t, struct pf *const *pfs, const struct topo_domain *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_devs; i++)
		n += wanted_end(t, pfs, &d->devs[i].range) - first_of(&d->devs[i].range);
	return n;
}

int wanted_of(const struct topology *t, struct pf *const *pfs, const struct topo_domain *d,
	      struct wanted *ret, struct err *e)
{
	size_t total = count(t, pfs, d);
	struct wanted w = { .v = calloc(total ? total : 1, sizeof(*w.v)) };

	if (!w.v)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < d->n_devs; i++) {
		const struct topo_dev *dev = &d->devs[i];
		struct dev_options options = dev->options;
		unsigned end = wanted_end(t, pfs, &dev->range);

		dev_options_default(&options, &d->defaults);
		for (unsigned k = first_of(&dev->range); k < end; k++)
			w.v[w.n++] = (struct wanted_vf){ dev->range.pf, k, dev, options };
	}
	*ret = w;
	return 0;
}

void wanted_done(struct wanted *w)
{
	free(w->v);
	*w = (struct wanted){ 0 };
}

const char *wanted_label(char buf[WANTED_LABEL_MAX], const struct topology *t, size_t pf,
			 unsigned index)
{
	if (t->pfs[pf].is_dev && !t->pfs[pf].all_functions)
		snprintf(buf, WANTED_LABEL_MAX, "%s", t->pfs[pf].name);
	else
		snprintf(buf, WANTED_LABEL_MAX, "%.*s/%u", WANTED_LABEL_MAX - 16, t->pfs[pf].name,
			 index);
	return buf;
}

bool wanted_is_made(const struct pf *pf, unsigned index)
{
	/* When a plan looks ahead, there is also an entry for a VF that is yet to be made. */
	return pf && index < pf->n_vfs && pf->vfs[index].state != VF_ABSENT;
}

bool wanted_bdf(const struct pf *pf, unsigned index, struct bdf *ret)
{
	if (!pf)
		return false;
	if (wanted_is_made(pf, index)) {
		*ret = pf->vfs[index].bdf;
		return true;
	}
	if (!pf->offset || (index && !pf->stride))
		return false;
	*ret = bdf_vf(pf->bdf, pf->offset, pf->stride, index);
	return true;
}
