// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/quarantine.h"

#include <string.h>

#include "backend/xen/owner.h"
#include "backend/xen/pci_calls.h"

/* The errno of the last message holds the hypervisor's reason. Source: Xen
 * xen/drivers/passthrough/pci.c, assign_device(), device_assigned(). */
static int quarantine_failed(struct backend *b, int rc, struct err *e)
{
	int r = xen_failed(b, rc, "make it assignable", e);

	if (xlog_says(&b->xlog, "failed to quarantine"))
		return err_fix(e, r,
			       "Xen does not give it away: see whether it has an IOMMU or a guest "
			       "owns it, run: xl dmesg | tail");
	if (xlog_says(&b->xlog, "bind device to pciback"))
		return err_fix(e, r, "see what the kernel says, run: dmesg | grep pciback");
	return r;
}

int xen_quarantine(struct backend *b, struct bdf dev, const char *name, struct err *e)
{
	libxl_device_pci pci;
	int rc;

	xen_pci_init(&pci, dev);
	/* Without a name libxl deletes the one that exists. */
	pci.name = *name ? strdup(name) : xstore_device_read(b->xs, dev, NODE_NAME);
	xlog_start(&b->xlog);
	rc = call_assignable_add(b, &pci);
	libxl_device_pci_dispose(&pci);
	return rc ? quarantine_failed(b, rc, e) : 0;
}

void xen_forget_slot(struct backend *b, struct bdf dev)
{
	char buf[BDF_STRLEN];
	struct err ignored = { 0 };

	/* The file "slots" shows one page only, so it is not read; -ENOENT is the normal answer.
	 * Source: Linux drivers/xen/xen-pciback/pci_stub.c, pcistub_device_id_remove(). */
	root_write(&b->host->root, bdf_str(buf, dev), 0, &ignored, PCIBACK_DIR "/remove_slot");
}

bool xen_leave_quarantine(struct backend *b, struct bdf dev)
{
	libxl_device_pci pci;
	int rc;

	xen_pci_init(&pci, dev);
	xlog_start(&b->xlog);
	rc = call_assignable_remove(b, &pci);
	libxl_device_pci_dispose(&pci);
	return rc == 0;
}

int xen_let_go_start(struct backend *b, struct bdf dev, struct bind_flight *ret, struct err *e)
{
	/* The hypervisor refuses this while a guest owns it, whatever xenstore says, and nothing
	 * else would keep the unbind from taking it from under that guest. */
	int r = xen_quarantine(b, dev, "", e);

	return r < 0 ? r : bind_unbind_start(b->host, dev, ret, e);
}

/* Back on pciback, and in quarantine, where it still is. */
static int take_again(struct backend *b, struct bdf dev, struct err *e)
{
	char override[DRIVER_MAX];
	int r = bind_override_of(b->host, dev, override, e);

	if (r == 0)
		r = bind_to(b->host, dev, PCIBACK, e);
	if (r == 0)
		r = xen_quarantine(b, dev, "", e);
	return r < 0 ? r : bind_set_override(b->host, dev, override, e);
}

int xen_let_go_finish(struct backend *b, struct bind_flight *f, struct err *e)
{
	struct err undo = { 0 };
	int r = bind_unbind_finish(f, e);

	if (r < 0)
		return r;
	if (xen_leave_quarantine(b, f->dev)) {
		xen_forget_slot(b, f->dev);
		return 0;
	}
	r = xen_failed(b, ERROR_FAIL, "take it back from Xen", e);
	if (take_again(b, f->dev, &undo) < 0)
		return err_left(e, r, "it has no driver and is in quarantine: %s", undo.cause);
	return r;
}

int xen_let_go(struct backend *b, struct bdf dev, struct err *e)
{
	struct bind_flight f;
	int r = xen_let_go_start(b, dev, &f, e);

	return r < 0 ? r : xen_let_go_finish(b, &f, e);
}
