// SPDX-License-Identifier: GPL-2.0-or-later
/* A whole PF that pciback holds. */
#include <string.h>

#include "backend/xen/xen.h"

/* Tells whether the running kernel hides it. In hide= addresses are written "(05:00.0)" or
 * "(0000:05:00.0)". */
static bool is_hidden(const struct host *h, struct bdf pf)
{
	char line[4096], word[16];
	const char *hide;

	if (root_read(&h->root, line, sizeof(line), "proc/cmdline") <= 0)
		return false;
	hide = strstr(line, "pciback.hide=");
	snprintf(word, sizeof(word), "%02x:%02x.%x)", pf.bus, pf.dev, pf.fn);
	return hide && strstr(hide, word);
}

/*
 * Its driver must not be bound through sysfs, because libxl has put the device into quarantine,
 * where its DMA faults, and only libxl takes it out (backend/xen/quarantine.c). Of a device that
 * was hidden at boot nobody remembers a driver. Source: Xen tools/libs/light/libxl_pci.c,
 * libxl__device_pci_assignable_add() and _remove().
 */
int xen_pf_held(const struct host *h, struct bdf pf, struct err *e)
{
	char bdf[BDF_STRLEN];

	bdf_str(bdf, pf);
	err_refuse(e, EBUSY, "the PF itself is held by pciback, so it cannot make VFs");
	if (!is_hidden(h, pf))
		return err_fix(
			e, -EBUSY,
			"give it back to its driver, run: vfyard pci-assignable-remove -r %s", bdf);
	return err_fix(e, -EBUSY,
		       "take it out of hide= for the next boot; until then run: vfyard "
		       "pci-assignable-remove %s; echo %s > /sys/bus/pci/drivers_probe",
		       bdf, bdf);
}
