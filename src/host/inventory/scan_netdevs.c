// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/inventory/scan.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* A network device of a PF while it is being read. */
struct candidate {
	size_t pf;
	struct netdev_port port;
};

struct candidates {
	struct candidate *v;
	size_t n;
};

static int add_candidate(struct candidates *l, size_t pf, const char *name)
{
	if (ARRAY_GROW(l->v, l->n) < 0)
		return -ENOMEM;
	l->v[l->n] = (struct candidate){ .pf = pf };
	snprintf(l->v[l->n++].port.name, IFNAMSIZ, "%.*s", IFNAMSIZ - 1, name);
	return 0;
}

static int take_vf(const struct scan *d, struct bdf bdf, const char *name)
{
	struct vf_ref vf;
	const char **place;

	if (!(d->flags & INVENTORY_NETDEV) || !inventory_find_function(d->inv, bdf, &vf) ||
	    vf_of(vf)->state == VF_BROKEN)
		return 0;
	place = &vf_of(vf)->netdev;
	if (*place && strverscmp(*place, name) <= 0)
		return 0;
	*place = inventory_intern(d->inv, name);
	return *place ? 0 : -ENOMEM;
}

static int collect(const struct scan *d, struct candidates *l)
{
	_cleanup_dir_ DIR *dir = root_opendir(&d->h->root, "sys/class/net");
	char target[PATH_MAX];
	const struct dirent *de;
	struct bdf bdf;
	int r = dir || errno != ENOMEM ? 0 : -ENOMEM;

	while (r == 0 && dir && (de = readdir(dir))) {
		ssize_t n = readlinkat(dirfd(dir), de->d_name, target, sizeof(target) - 1);
		const struct pf *pf;

		if (n < 0)
			continue;
		target[n] = '\0';
		if (!netdev_function_at(target, &bdf))
			continue;
		pf = inventory_find_pf(d->inv, bdf);
		r = pf ? add_candidate(l, (size_t)(pf - d->inv->pfs), de->d_name)
		       : take_vf(d, bdf, de->d_name);
	}
	return r;
}

static int read_kinds(const struct host *h, struct candidates *l)
{
	_cleanup_free_ struct netdev_port *ports = calloc(l->n + 1, sizeof(*ports));
	int r;

	if (!ports)
		return -ENOMEM;
	for (size_t i = 0; i < l->n; i++)
		ports[i] = l->v[i].port;
	r = netdev_ports_read(h, ports, l->n);
	for (size_t i = 0; r == 0 && i < l->n; i++)
		l->v[i].port = ports[i];
	return r;
}

static int by_pf(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->pf != y->pf)
		return x->pf < y->pf ? -1 : 1;
	if (netdev_port_before(&x->port, &y->port))
		return -1;
	if (netdev_port_before(&y->port, &x->port))
		return 1;
	return strverscmp(x->port.name, y->port.name);
}

/* The list is sorted, so the first netdev of a PF that is not a representor is the PF's own. */
static int give(struct inventory *inv, const struct candidates *l)
{
	inv->netdevs = calloc(l->n + 1, sizeof(*inv->netdevs));
	if (!inv->netdevs)
		return -ENOMEM;
	for (size_t i = 0; i < l->n; i++) {
		const struct netdev_port *port = &l->v[i].port;
		struct pf *pf = &inv->pfs[l->v[i].pf];
		const char *name = inventory_intern(inv, port->name);

		if (!name)
			return -ENOMEM;
		inv->netdevs[inv->n_netdevs++] = (struct pf_netdev){
			.name = name, .pf = l->v[i].pf, .kind = (uint8_t)port->kind, .vf = port->vf
		};
		if (port->kind == NETDEV_REPRESENTOR)
			pf->is_switchdev = true;
		else if (!pf->netdev)
			pf->netdev = pf->whole.netdev = name;
	}
	return 0;
}

int scan_netdevs(const struct scan *d)
{
	struct candidates l = { 0 };
	int r = collect(d, &l);

	if (r == 0)
		r = read_kinds(d->h, &l);
	if (r == 0 && l.n)
		qsort(l.v, l.n, sizeof(*l.v), by_pf);
	if (r == 0)
		r = give(d->inv, &l);
	free(l.v);
	return r;
}
