// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/frontend.h"

#include <string.h>

#include "backend/xen/watch.h"

unsigned frontend_state(struct backend *b, uint32_t path_domid)
{
	unsigned state;

	if (xstore_read_uint(b->xs, &state, BACKEND_PATH "/state", path_domid) < 0)
		return XENBUS_UNKNOWN;
	return state;
}

/*
 * When the first device comes, the backend is connected before the guest has looked at its bus and
 * probed drivers. A detach that begins then meets a guest that does not listen yet.
 * Source: Linux drivers/pci/xen-pcifront.c, pcifront_connect_and_init_dma(), pcifront_connect().
 */
static bool guest_connected(struct backend *b, uint32_t path_domid)
{
	unsigned state;

	return xstore_read_uint(b->xs, &state, FRONTEND_PATH "/state", path_domid) == 0 &&
	       state == XENBUS_CONNECTED;
}

/* The path is relative to Dom0's home. Source: Linux drivers/xen/xenbus/xenbus_client.c,
 * xenbus_va_dev_error() */
char *frontend_error(struct backend *b, uint32_t path_domid)
{
	return xstore_read(b->xs, "/local/domain/0/error/backend/pci/%u/0/error", path_domid);
}

static bool is_dead(unsigned state)
{
	return state == XENBUS_CLOSING || state == XENBUS_CLOSED;
}

static int dead_backend(struct backend *b, const struct domain *d, uint32_t path_domid,
			unsigned state, struct err *e)
{
	_cleanup_free_ char *error = frontend_error(b, path_domid);
	const struct pci_backend *pb = view_backend(&b->view, d->id);

	err_refuse(e, EIO, "the PCI backend of domain %s is %s%s%s", d->name,
		   xenbus_state_name(state), error ? ": " : "", error ? error : "");
	if (pb && pb->num_devs == 1)
		return err_fix(e, -EIO, "try again when its guest is up and runs xen-pcifront");
	return err_fix(e, -EIO, "it stays so until the domain is created again, run: xl destroy %s",
		       d->name);
}

/* When the domain was destroyed while we wait, nothing will answer any more. */
static bool is_gone(struct backend *b, const struct domain *d, unsigned state)
{
	struct err ignored = { 0 };
	bool exists = true;

	return state == XENBUS_UNKNOWN && xen_domain_exists(b, d->id, &exists, &ignored) == 0 &&
	       !exists;
}

static int no_answer(const struct domain *d, unsigned state, struct err *e)
{
	err_refuse(e, ETIMEDOUT, "the guest's PCI frontend does not answer, and its backend is %s",
		   xenbus_state_name(state));
	return err_fix(e, -ETIMEDOUT,
		       "wait until domain %s is up, or load xen-pcifront in it, and try again",
		       d->name);
}

/* Tells whether the kernel's half of one device is done: exported and published. */
static bool is_published(struct backend *b, uint32_t path_domid, unsigned n)
{
	_cleanup_free_ char *vdev = NULL;
	unsigned state;

	if (xstore_read_uint(b->xs, &state, BACKEND_PATH "/state-%u", path_domid, n) < 0 ||
	    state != XENBUS_INITIALISED)
		return false;
	vdev = xstore_read(b->xs, BACKEND_PATH "/vdev-%u", path_domid, n);
	return vdev != NULL;
}

/* Waits until both halves are connected and, unless @entry is NULL, until it is published. */
static int await(struct backend *b, const struct domain *d, uint32_t path_domid,
		 const struct backend_dev *entry, struct err *e)
{
	struct deadline until = deadline_in(b->host->timeout_ms);
	_cleanup_(watch_done) struct watch w = { .h = b->xs->live };
	unsigned state;

	watch_add(&w, BACKEND_PATH, path_domid);
	watch_add(&w, FRONTEND_PATH, path_domid);
	do {
		state = frontend_state(b, path_domid);
		if (state == XENBUS_CONNECTED && guest_connected(b, path_domid) &&
		    (!entry || is_published(b, path_domid, entry->n)))
			return 0;
		if (is_dead(state))
			return dead_backend(b, d, path_domid, state, e);
		if (is_gone(b, d, state))
			return err_set(e, ESRCH, "domain %s ended meanwhile", d->name);
	} while (watch_wait(&w, &until));
	return no_answer(d, state, e);
}

int frontend_wait(struct backend *b, const struct domain *d, struct err *e)
{
	const struct pci_backend *pb = view_backend(&b->view, d->id);

	return d->type != DOMAIN_PV || !pb ? 0 : await(b, d, pb->path_domid, NULL, e);
}

int frontend_check(struct backend *b, const struct domain *d, struct err *e)
{
	const struct pci_backend *pb = d->type == DOMAIN_PV ? view_backend(&b->view, d->id) : NULL;
	unsigned state = pb ? frontend_state(b, pb->path_domid) : XENBUS_UNKNOWN;

	return is_dead(state) ? dead_backend(b, d, pb->path_domid, state, e) : 0;
}

static int verify_pv(struct backend *b, const struct domain *d, struct bdf dev, struct err *e)
{
	const struct pci_backend *pb;
	const struct backend_dev *entry = view_find_in(&b->view, d->id, dev, &pb);

	if (entry)
		return await(b, d, pb->path_domid, entry, e);
	return err_set(e, EIO,
		       "libxl reports success but the PCI backend of domain %s does not list it",
		       d->name);
}

static int verify_hvm(struct backend *b, const struct domain *d, struct bdf dev, struct err *e)
{
	libxl_device_pci *list;
	uint32_t vdevfn = 0;
	int n = 0;

	list = libxl_device_pci_list(b->ctx, d->id, &n);
	for (int i = 0; i < n; i++)
		if ((uint32_t)list[i].domain == dev.domain && list[i].bus == dev.bus &&
		    list[i].dev == dev.dev && list[i].func == dev.fn)
			vdevfn = list[i].vdevfn;
	libxl_device_pci_list_free(list, n);
	if (vdevfn)
		return 0;
	return err_set(e, EIO,
		       "libxl reports success but the device model of domain %s has no "
		       "slot for it",
		       d->name);
}

int frontend_verify(struct backend *b, const struct domain *d, struct bdf dev, struct err *e)
{
	int r = view_refresh(&b->view, b->xs, e);

	if (r < 0)
		return r;
	r = d->type == DOMAIN_PV ? verify_pv(b, d, dev, e) : verify_hvm(b, d, dev, e);
	/* It is no longer a refusal, because it was tried. */
	return r < 0 ? err_status(e, r, EXIT_FAILED) : 0;
}

int frontend_drop(struct backend *b, uint32_t path_domid, struct err *e)
{
	int r = xstore_remove(b->xs, e, FRONTEND_PATH, path_domid);

	if (r == 0)
		r = xstore_remove(b->xs, e, "/local/domain/%u/device/pci", path_domid);
	if (r == 0)
		r = xstore_remove(b->xs, e, BACKEND_PATH, path_domid);
	return r < 0 ? r : xstore_remove(b->xs, e, BACKENDS "/%u", path_domid);
}

bool frontend_drop_sole(struct backend *b, const struct domain *d, struct bdf dev)
{
	const struct pci_backend *pb;
	struct err ignored = { 0 };

	if (view_refresh(&b->view, b->xs, &ignored) < 0)
		return false;
	if (!view_find_in(&b->view, d->id, dev, &pb))
		return true;
	if (pb->num_devs != 1 || frontend_state(b, pb->path_domid) == XENBUS_CONNECTED)
		return false;
	return frontend_drop(b, pb->path_domid, &ignored) == 0;
}
