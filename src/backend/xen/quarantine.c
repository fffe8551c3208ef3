// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/quarantine.h"

#include <string.h>

#include "backend/xen/owner.h"
#include "backend/xen/pci_calls.h"
#include "host/pci/bind.h"

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

static int assignable_remove(struct backend *b, struct bdf dev)
{
	libxl_device_pci pci;
	int rc;

	xen_pci_init(&pci, dev);
	xlog_start(&b->xlog);
	rc = call_assignable_remove(b, &pci);
	libxl_device_pci_dispose(&pci);
	return rc;
}

int xen_let_go(struct backend *b, struct bdf dev, struct err *e)
{
	_cleanup_free_ char *name = xstore_device_read(b->xs, dev, NODE_NAME);
	struct err undo = { 0 };
	int rc = assignable_remove(b, dev), r;

	if (rc && xlog_says(&b->xlog, "de-quarantine")) {
		r = xen_quarantine(b, dev, "", e);
		if (r < 0)
			return r;
		rc = assignable_remove(b, dev);
	}
	if (rc)
		return xen_failed(b, rc, "take it back from Xen", e);
	/* libxl goes on when the unbind fails, and then reports success. */
	r = bind_unbind(b->host, dev, e);
	if (r == 0) {
		xen_forget_slot(b, dev);
		return 0;
	}
	if (xen_quarantine(b, dev, name ? name : "", &undo) < 0)
		return err_left(e, r, "it is on pciback without quarantine: %s", undo.cause);
	return r;
}
