/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the PCI backends of all domains hold, read once and then updated cheaply. */
#ifndef VFY_BACKEND_XEN_PCI_BACKENDS_H
#define VFY_BACKEND_XEN_PCI_BACKENDS_H

#include "backend/xen/xenstore.h"

/* Entry dev-N of a backend. */
struct backend_dev {
	struct bdf bdf;
	unsigned n;
};

/* The backend of one domain. */
struct pci_backend {
	uint32_t path_domid; /* the N of backend/pci/N/0 */
	uint32_t domid;	     /* the guest: another number when N is the stub domain of its device
			      * model */
	unsigned num_devs;   /* as the store says; devs may hold fewer while it changes */
	struct backend_dev *devs;
	size_t n_devs;
	bool is_left; /* it belonged to another domain that had this number before */
	bool is_seen; /* used while refreshing */
};

struct view {
	struct pci_backend *backends;
	size_t n;
};

/**
 * view_refresh - read the backend tree, or what has changed in it
 *
 * Known entries are not read again as long as the last of them is still valid, so that N attaches
 * do not read N * N nodes. Pointers into the view become invalid here.
 */
int view_refresh(struct view *v, struct xstore *h, struct err *e);
void view_done(struct view *v);

/* Returns the backend of a guest, NULL when it has none; one that another domain left counts,
 * too. */
const struct pci_backend *view_backend(const struct view *v, uint32_t domid);

/* Finds the backends that list @dev. Returns how many; *ret_backend and *ret_dev are the last of
 * them. */
unsigned view_find(const struct view *v, struct bdf dev, const struct pci_backend **ret_backend,
		   const struct backend_dev **ret_dev);

/* Finds the entry of @dev in a guest's backend, NULL when there is none. A backend that another
 * domain left does not count. */
const struct backend_dev *view_find_in(const struct view *v, uint32_t domid, struct bdf dev,
				       const struct pci_backend **ret_backend);

/* One claim or backend entry. Arrays of them are sorted by address, for view_bsearch(). */
struct holder {
	struct bdf bdf;
	uint32_t domid;
	bool is_left; /* as in struct pci_backend */
};

/* Reads all claims of /libxl/pci, sorted; free() them. */
int view_claims(struct xstore *h, struct holder **ret, size_t *ret_n, struct err *e);
/* Collects all entries of all backends, sorted; free() them. */
int view_holders(const struct view *v, struct holder **ret, size_t *ret_n, struct err *e);
/* Returns the first entry of @dev, NULL when there is none; further ones follow it. */
const struct holder *view_bsearch(const struct holder *v, size_t n, struct bdf dev);

#endif
