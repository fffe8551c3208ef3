// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/render_drivers.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "host/module.h"
#include "host/pci/modalias.h"
#include "host/inventory/pf_driver.h"

struct list {
	struct render_driver *v;
	size_t n;
};

static int read_bound(const struct host *h, struct render_driver *d)
{
	_cleanup_dir_ DIR *dir = root_opendir(&h->root, "sys/bus/pci/drivers/%s", d->name);
	const struct dirent *de;
	struct bdf bdf;

	while (dir && (de = readdir(dir))) {
		if (!bdf_scan(&bdf, de->d_name))
			continue;
		if (ARRAY_GROW(d->bound, d->n_bound) < 0)
			return -ENOMEM;
		d->bound[d->n_bound++] = bdf;
	}
	if (d->n_bound)
		qsort(d->bound, d->n_bound, sizeof(*d->bound), bdf_order);
	return 0;
}

static int add(struct list *l, const struct host *h, const char *name)
{
	struct render_driver d = { .name = name, .is_foreign = UNKNOWN };

	for (size_t i = 0; name && i < l->n; i++)
		if (!strcmp(l->v[i].name, name))
			return 0;
	if (!name || !root_exists(&h->root, "sys/bus/pci/drivers/%s", name))
		return 0;
	if (ARRAY_GROW(l->v, l->n) < 0)
		return -ENOMEM;
	if (!module_of_driver(h, name, d.module))
		d.module[0] = '\0';
	if (d.module[0])
		d.is_foreign = (int8_t)module_is_foreign(h, d.module);
	l->v[l->n++] = d;
	return read_bound(h, &l->v[l->n - 1]);
}

/* A function that is held for guests says nothing of the driver that it had. */
static int add_meant(struct list *l, const struct host *h, struct inventory *inv, struct bdf at)
{
	char name[DRIVER_MAX];
	const char *driver;

	modalias_driver(h, at, name);
	driver = name[0] ? inventory_intern(inv, name) : NULL;
	if (name[0] && (!driver || add(l, h, driver) < 0))
		return -ENOMEM;
	for (size_t i = 0; driver && i < l->n; i++) {
		struct render_driver *d = &l->v[i];

		if (strcmp(d->name, driver) != 0)
			continue;
		if (ARRAY_GROW(d->meant, d->n_meant) < 0)
			return -ENOMEM;
		d->meant[d->n_meant++] = at;
	}
	return 0;
}

static int add_devices(struct list *l, const struct host *h, struct inventory *inv)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < inv->n_devices; i++)
		for (unsigned k = 0; r == 0 && k < inv->devices[i]->n_vfs; k++) {
			const struct vf *f = &inv->devices[i]->vfs[k];

			r = add(l, h, f->driver);
			if (r == 0)
				r = add_meant(l, h, inv, f->bdf);
		}
	return r;
}

int render_drivers_read(const struct host *h, struct inventory *inv, struct render_driver **ret,
			size_t *ret_n)
{
	struct list l = { 0 };
	int r = 0;

	for (size_t p = 0; r == 0 && p < inv->n_pfs; p++) {
		const struct pf *pf = &inv->pfs[p];

		r = add(&l, h, pf->driver);
		if (r == 0)
			r = add(&l, h, pf_driver_find(pf->driver)->vf_driver);
		for (unsigned i = 0; r == 0 && i < pf->n_vfs; i++)
			/* An inventory stores each string once, so equal names are equal
			 * pointers. */
			if (!i || pf->vfs[i].driver != pf->vfs[i - 1].driver)
				r = add(&l, h, pf->vfs[i].driver);
	}
	if (r == 0)
		r = add_devices(&l, h, inv);
	if (r < 0) {
		render_drivers_done(l.v, l.n);
		return r;
	}
	*ret = l.v;
	*ret_n = l.n;
	return 0;
}

void render_drivers_done(struct render_driver *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].bound);
		free(v[i].meant);
	}
	free(v);
}
