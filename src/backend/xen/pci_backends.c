// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/pci_backends.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static bool read_dev(const struct pci_backend *b, struct xstore *h, unsigned i, struct bdf *ret)
{
	_cleanup_free_ char *text = xstore_read(h, BACKEND_PATH "/dev-%u", b->path_domid, i);

	return text && bdf_scan(ret, text);
}

/*
 * Returns how many of the known entries are still valid. libxl appends at the end, and moves
 * entries down when it removes one, so the last known entry vouches for those before it.
 */
static size_t still_valid(const struct pci_backend *b, struct xstore *h)
{
	const struct backend_dev *last = b->n_devs ? &b->devs[b->n_devs - 1] : NULL;
	struct bdf now;

	if (!last || b->num_devs < b->n_devs || last->n != b->n_devs - 1)
		return 0;
	if (!read_dev(b, h, last->n, &now) || bdf_cmp(now, last->bdf) != 0)
		return 0;
	return b->n_devs;
}

/* Skips entries that vanish or do not parse while another toolstack renumbers them. */
static int read_devs(struct pci_backend *b, struct xstore *h, struct err *e)
{
	size_t n = still_valid(b, h);
	struct backend_dev *devs = reallocarray(b->devs, b->num_devs + 1u, sizeof(*devs));

	if (!devs)
		return err_set(e, ENOMEM, "out of memory");
	b->devs = devs;
	for (unsigned i = (unsigned)n; i < b->num_devs; i++)
		if (read_dev(b, h, i, &devs[n].bdf))
			devs[n++].n = i;
	b->n_devs = n;
	return 0;
}

static struct pci_backend *find_path(struct view *v, uint32_t path_domid)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->backends[i].path_domid == path_domid)
			return &v->backends[i];
	return NULL;
}

static struct pci_backend *add_path(struct view *v, uint32_t path_domid)
{
	struct pci_backend *p;

	if (ARRAY_GROW(v->backends, v->n) < 0)
		return NULL;
	p = &v->backends[v->n++];
	*p = (struct pci_backend){ .path_domid = path_domid, .domid = path_domid };
	return p;
}

/*
 * Numbers of domains are reused. libxl clears /libxl/N when it makes domain N, and writes the
 * device there, and the guest's half, when it makes the backend. So when libxl knows the domain and
 * neither exists, another domain left the backend. The guest's half alone proves nothing, because
 * the guest can remove it to look as if it had no device.
 * Source: Xen tools/libs/light/libxl_create.c, libxl__domain_make(); libxl_device.c,
 * libxl__device_generic_add().
 */
static bool is_left(struct xstore *h, uint32_t domid)
{
	_cleanup_free_ char *type = xstore_read(h, "/libxl/%u/type", domid), *own = NULL,
			    *half = NULL;

	if (!type)
		return false;
	own = xstore_read(h, "/libxl/%u/device/pci/0/backend", domid);
	half = own ? NULL : xstore_read(h, FRONTEND_PATH "/backend", domid);
	return !own && !half;
}

static int refresh_one(struct view *v, struct xstore *h, uint32_t path_domid, struct err *e)
{
	struct pci_backend *b = find_path(v, path_domid);
	unsigned num_devs, target;

	/* A backend directory without num_devs is being made or torn down. */
	if (xstore_read_uint(h, &num_devs, BACKEND_PATH "/num_devs", path_domid) < 0 ||
	    num_devs > 4096)
		return 0;
	if (!b) {
		b = add_path(v, path_domid);
		if (!b)
			return err_set(e, ENOMEM, "out of memory");
		/* Devices of an HVM guest with a stub domain are in the stub domain's backend. */
		if (xstore_read_uint(h, &target, "/local/domain/%u/target", path_domid) == 0)
			b->domid = target;
		b->is_left = is_left(h, path_domid);
		/* A backend that went away meanwhile looks the same. */
		if (b->is_left &&
		    xstore_read_uint(h, &num_devs, BACKEND_PATH "/num_devs", path_domid) < 0)
			return 0;
	}
	b->is_seen = true;
	b->num_devs = num_devs;
	return read_devs(b, h, e);
}

static void drop(struct view *v, size_t i)
{
	free(v->backends[i].devs);
	v->backends[i] = v->backends[--v->n];
}

int view_refresh(struct view *v, struct xstore *h, struct err *e)
{
	_cleanup_free_ char **names = NULL;
	unsigned n;
	int r = 0;

	errno = 0;
	names = xstore_list(h, &n, BACKENDS);
	if (!names && errno && errno != ENOENT)
		return err_set(e, errno, "read xenstore node " BACKENDS ": %s", strerror(errno));
	for (size_t i = 0; i < v->n; i++)
		v->backends[i].is_seen = false;
	for (unsigned i = 0; i < n && r == 0; i++) {
		char *end;
		unsigned long domid = strtoul(names[i], &end, 10);

		if (names[i][0] && !*end && domid < UINT32_MAX)
			r = refresh_one(v, h, (uint32_t)domid, e);
	}
	for (size_t i = v->n; i-- > 0;)
		if (!v->backends[i].is_seen)
			drop(v, i);
	return r;
}

void view_done(struct view *v)
{
	while (v->n)
		drop(v, v->n - 1);
	free(v->backends);
	*v = (struct view){ 0 };
}

const struct pci_backend *view_backend(const struct view *v, uint32_t domid)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->backends[i].domid == domid)
			return &v->backends[i];
	return NULL;
}

static const struct backend_dev *find_dev(const struct pci_backend *b, struct bdf dev)
{
	for (size_t i = 0; i < b->n_devs; i++)
		if (bdf_cmp(b->devs[i].bdf, dev) == 0)
			return &b->devs[i];
	return NULL;
}

unsigned view_find(const struct view *v, struct bdf dev, const struct pci_backend **ret_backend,
		   const struct backend_dev **ret_dev)
{
	unsigned found = 0;

	for (size_t i = 0; i < v->n; i++) {
		const struct backend_dev *d = find_dev(&v->backends[i], dev);

		if (!d)
			continue;
		*ret_backend = &v->backends[i];
		*ret_dev = d;
		found++;
	}
	return found;
}

const struct backend_dev *view_find_in(const struct view *v, uint32_t domid, struct bdf dev,
				       const struct pci_backend **ret_backend)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct backend_dev *d;

		if (v->backends[i].domid != domid || v->backends[i].is_left)
			continue;
		d = find_dev(&v->backends[i], dev);
		if (!d)
			continue;
		*ret_backend = &v->backends[i];
		return d;
	}
	return NULL;
}

/* Reads "0000-05-10-6". */
static bool scan_key(struct bdf *ret, const char *key)
{
	char text[BDF_STRLEN];
	size_t n = strlen(key);
	char *dash;

	if (n >= sizeof(text) || strspn(key, "0123456789abcdef-") != n)
		return false;
	memcpy(text, key, n + 1);
	dash = strrchr(text, '-');
	if (!dash)
		return false;
	*dash = '.';
	while ((dash = strrchr(text, '-')) != NULL)
		*dash = ':';
	return bdf_scan(ret, text);
}

int view_claims(struct xstore *h, struct holder **ret, size_t *ret_n, struct err *e)
{
	_cleanup_free_ char **keys = NULL;
	struct holder *v;
	size_t n = 0;
	unsigned n_keys;

	errno = 0;
	keys = xstore_list(h, &n_keys, "/libxl/pci");
	if (!keys && errno && errno != ENOENT)
		return err_set(e, errno, "read xenstore node /libxl/pci: %s", strerror(errno));
	v = calloc(n_keys ? n_keys : 1, sizeof(*v));
	if (!v)
		return err_set(e, ENOMEM, "out of memory");
	for (unsigned i = 0; i < n_keys; i++) {
		unsigned domid;

		if (!scan_key(&v[n].bdf, keys[i]) ||
		    xstore_read_uint(h, &domid, "/libxl/pci/%s/" NODE_DOMID, keys[i]) < 0)
			continue;
		v[n++].domid = domid;
	}
	qsort(v, n, sizeof(*v), bdf_order);
	*ret = v;
	*ret_n = n;
	return 0;
}

int view_holders(const struct view *v, struct holder **ret, size_t *ret_n, struct err *e)
{
	struct holder *all;
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		n += v->backends[i].n_devs;
	all = calloc(n ? n : 1, sizeof(*all));
	if (!all)
		return err_set(e, ENOMEM, "out of memory");
	n = 0;
	for (size_t i = 0; i < v->n; i++)
		for (size_t k = 0; k < v->backends[i].n_devs; k++)
			all[n++] = (struct holder){ v->backends[i].devs[k].bdf,
						    v->backends[i].domid, v->backends[i].is_left };
	qsort(all, n, sizeof(*all), bdf_order);
	*ret = all;
	*ret_n = n;
	return 0;
}

static int device_order(const void *element, const void *key)
{
	return bdf_cmp(((const struct holder *)element)->bdf, *(const struct bdf *)key);
}

const struct holder *view_bsearch(const struct holder *v, size_t n, struct bdf dev)
{
	size_t i = array_lower_bound(v, n, sizeof(*v), device_order, &dev);

	return i < n && bdf_cmp(v[i].bdf, dev) == 0 ? &v[i] : NULL;
}
