// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/pci_calls.h"

/* @where is " (domain 3)", or "". */
static int shown(const struct backend *b, const char *call, const libxl_device_pci *pci,
		 const char *where, int rc)
{
	log_debug(&b->host->log, "%s %04x:%02x:%02x.%x%s: %s%s", call, (unsigned)pci->domain,
		  (unsigned)pci->bus, (unsigned)pci->dev, (unsigned)pci->func, where,
		  rc ? "libxl error " : "", rc ? libxl_error_to_string(rc) : "done");
	return rc;
}

static int shown_in(const struct backend *b, const char *call, const libxl_device_pci *pci,
		    uint32_t domid, int rc)
{
	char where[32];

	snprintf(where, sizeof(where), " (domain %u)", domid);
	return shown(b, call, pci, where, rc);
}

int call_pci_add(struct backend *b, uint32_t domid, libxl_device_pci *pci)
{
	return shown_in(b, "libxl_device_pci_add", pci, domid,
			libxl_device_pci_add(b->ctx, domid, pci, NULL));
}

int call_pci_remove(struct backend *b, uint32_t domid, libxl_device_pci *pci)
{
	return shown_in(b, "libxl_device_pci_remove", pci, domid,
			libxl_device_pci_remove(b->ctx, domid, pci, NULL));
}

int call_pci_destroy(struct backend *b, uint32_t domid, libxl_device_pci *pci)
{
	return shown_in(b, "libxl_device_pci_destroy", pci, domid,
			libxl_device_pci_destroy(b->ctx, domid, pci, NULL));
}

int call_assignable_add(struct backend *b, libxl_device_pci *pci)
{
	return shown(b, "libxl_device_pci_assignable_add", pci, "",
		     libxl_device_pci_assignable_add(b->ctx, pci, 1));
}

int call_assignable_remove(struct backend *b, libxl_device_pci *pci)
{
	return shown(b, "libxl_device_pci_assignable_remove", pci, "",
		     libxl_device_pci_assignable_remove(b->ctx, pci, 0));
}
