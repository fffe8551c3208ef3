// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices go to guests only behind an IOMMU, and that includes PV guests. */
#include "backend/xen/ask.h"

int xen_iommu(struct backend *b, struct err *e)
{
	libxl_physinfo info;
	int rc;

	if (b->has_iommu)
		return 0;
	libxl_physinfo_init(&info);
	xlog_start(&b->xlog);
	rc = ask_physinfo(b, &info);
	/* This means "IOMMU on", for PV guests, too. */
	b->has_iommu = !rc && info.cap_hvm_directio;
	libxl_physinfo_dispose(&info);
	if (rc)
		return xen_failed(b, rc, "ask Xen about the IOMMU", e);
	if (b->has_iommu)
		return 0;
	return err_fix(e, err_refuse(e, ENODEV, "Xen runs without an IOMMU"),
		       "switch VT-d or AMD-Vi on in the firmware and boot Xen with iommu=verbose");
}
