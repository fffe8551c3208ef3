// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/topology.h"

#include "topology/index.h"

void topo_pf_done(struct topo_pf *pf)
{
	free(pf->name);
	free(pf->netdev);
	free(pf->path);
	free(pf->serial);
	*pf = (struct topo_pf){ 0 };
}

void topo_domain_done(struct topo_domain *d)
{
	free(d->name);
	free(d->xen_vm);
	free(d->qmp);
	free(d->libvirt);
	free(d->uri);
	free(d->machine);
	free(d->ports);
	free(d->devs);
	*d = (struct topo_domain){ 0 };
}

void topology_free(struct topology *t)
{
	if (!t)
		return;
	topo_index_free(t);
	for (size_t i = 0; i < t->n_pfs; i++)
		topo_pf_done(&t->pfs[i]);
	for (size_t i = 0; i < t->n_domains; i++)
		topo_domain_done(&t->domains[i]);
	free(t->pfs);
	free(t->vfs);
	free(t->domains);
	free(t->file);
	free(t);
}

bool topology_writers(const struct topology *t, struct err *ret)
{
	const struct topo_writers *w = &t->written_by;

	if (!w->are_others)
		return false;
	err_set(ret, EPERM,
		"somebody other than root may write this file: its owner is user %u, and its mode "
		"is %04o",
		w->owner, w->mode);
	err_fix(ret, 0, "run: chown root:root FILE and chmod 644 FILE");
	err_at(ret, 0, t->file, "note");
	return true;
}

unsigned topology_numvfs(const struct topo_pf *want, const struct pf *have)
{
	if (want->has_numvfs)
		return want->numvfs;
	if (want->is_dev && !have)
		return 1;
	return have ? have->numvfs : 0;
}

/* They stand behind the PFs. */
bool topology_has_devs(const struct topology *t)
{
	return t->n_pfs && t->pfs[t->n_pfs - 1].is_dev;
}
