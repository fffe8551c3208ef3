// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/fates.h"

#include <stdlib.h>

void fates_done(struct fates *f)
{
	free(f->v);
	free(f->dev);
}

static unsigned count_vfs(const struct render_in *in, size_t pf)
{
	unsigned n = topology_numvfs(&in->topo->pfs[pf], in->pfs[pf]);

	for (size_t i = 0; i < in->topo->n_domains; i++)
		for (size_t k = 0; k < in->topo->domains[i].n_devs; k++) {
			const struct topo_range *r = &in->topo->domains[i].devs[k].range;

			if (r->pf == pf && !r->all && r->last >= n)
				n = r->last + 1;
		}
	return n;
}

static enum fate fate_without_domain(const struct vf_attrs *a)
{
	static const enum fate fates[] = {
		[VF_DRIVER_ASSIGN] = FATE_ASSIGN,
		[VF_DRIVER_HOST] = FATE_HOST,
		[VF_DRIVER_NONE] = FATE_NONE,
		[VF_DRIVER_KEEP] = FATE_KEEP,
	};

	return (a->given & VF_ATTR_DRIVER) ? fates[a->driver] : FATE_FREE;
}

static void give_to_domain(const struct render_in *in, size_t pf, long domain, struct fates *f)
{
	const struct topo_domain *d = &in->topo->domains[domain];

	for (size_t k = 0; k < d->n_devs; k++) {
		const struct topo_range *range = &d->devs[k].range;
		unsigned end;

		if (range->pf != pf)
			continue;
		end = wanted_end(in->topo, in->pfs, range);
		for (unsigned i = range->all ? 0 : range->first; i < end && i < f->n; i++) {
			f->v[i] = domain;
			f->dev[i] = &d->devs[k];
		}
	}
}

int fates_of(const struct render_in *in, size_t pf, struct fates *f, struct err *e)
{
	f->n = count_vfs(in, pf);
	f->v = calloc(f->n + 1u, sizeof(*f->v));
	f->dev = calloc(f->n + 1u, sizeof(const struct topo_dev *));
	if (!f->v || !f->dev)
		return err_set(e, ENOMEM, "out of memory");
	for (unsigned i = 0; i < f->n; i++) {
		struct vf_attrs a = topology_attrs(in->topo, pf, i);

		f->v[i] = fate_without_domain(&a);
	}
	for (size_t d = 0; d < in->topo->n_domains; d++)
		give_to_domain(in, pf, (long)d, f);
	return 0;
}

bool fate_is_shown(const struct render_in *in, long fate)
{
	return !in->domain || (fate >= 0 && &in->topo->domains[fate] == in->domain);
}

void fates_print_name(const struct render_in *in, const struct run *r, FILE *out)
{
	render_text(in->topo->pfs[r->pf].name, out);
	fprintf(out, "/%u", r->first);
	if (r->last != r->first)
		fprintf(out, "-%u", r->last);
}

struct run fates_run(const struct fates *f, size_t pf, unsigned first)
{
	struct run r = {
		.pf = pf, .first = first, .last = first, .fate = f->v[first], .dev = f->dev[first]
	};

	while (r.last + 1 < f->n && f->v[r.last + 1] == r.fate && f->dev[r.last + 1] == r.dev)
		r.last++;
	return r;
}

const char *fate_words(long fate)
{
	static const char *const words[] = {
		[-FATE_FREE] = "free",	    [-FATE_HOST] = "host driver",
		[-FATE_NONE] = "no driver", [-FATE_ASSIGN] = "assignable",
		[-FATE_KEEP] = "as it is",
	};

	return words[-fate];
}
