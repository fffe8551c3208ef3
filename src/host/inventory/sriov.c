// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/inventory/sriov.h"

#include <stdio.h>
#include <string.h>

#include "host/inventory/pf_driver.h"
#include "base/text.h"

#define DEVICES "sys/bus/pci/devices/"

/* What the errnos of a write mean. Source: Linux drivers/pci/iov.c, sriov_numvfs_store(),
 * sriov_enable(); and what PF drivers return from their sriov_configure(). */
static const struct {
	int code;
	const char *cause, *fix;
} meanings[] = {
	{ ENOENT, "its driver cannot change the number of VFs",
	  "is the driver of the PF bound and new enough? run: vfyard list" },
	{ ERANGE, "more VFs than the device can have", "" },
	{ EBUSY,
	  "the kernel changes the number of VFs only through 0, or the driver is busy with them",
	  "free its VFs, run: vfyard list" },
	{ EPERM, "a pass-through driver holds VFs, or this is not root",
	  "run as root; take them back first: vfyard pci-assignable-remove -r" },
	{ EACCES, "not permitted", "run as root" },
	{ ENOMEM, "no room for the VFs in the machine's PCI address space",
	  "boot with pci=realloc (and pci=assign-busses if bus numbers are short), or turn on "
	  "64-bit (above 4G) decoding in the firmware" },
	{ ENOSPC, "the device has no resources left for so many VFs",
	  "write a smaller numvfs=, or give VFs fewer MSI-X vectors in the device's firmware" },
	{ EIO, "the device did not enable its VFs", "see what the driver says, run: dmesg | tail" },
	{ ENODEV, "the device is not there any more", "look at what is there, run: vfyard list" },
	{ EINVAL, "the driver refuses this number", "see why, run: dmesg | tail" },
	{ EROFS, "sysfs is mounted read-only", "run: mount -o remount,rw /sys" },
};

static int explain_enoent(const struct pf *pf, unsigned n, struct err *e)
{
	const struct pf_driver *d = pf_driver_find(pf->driver);

	if (!pf->driver) {
		err_set(e, ENOENT, "the PF has no driver, so it cannot have VFs");
		return err_fix(e, -ENOENT,
			       "load its driver, or give it back to its driver, run: vfyard list");
	}
	if (d->parameter) {
		err_set(e, ENOENT, "driver %s of this kernel makes VFs only when it is loaded",
			pf->driver);
		return err_fix(e, -ENOENT,
			       "load it with %s=%u for this PF, run: vfyard render modprobe",
			       d->parameter, n);
	}
	err_set(e, ENOENT, "driver %s makes no VFs", pf->driver);
	return err_fix(e, -ENOENT, "bind the PF to a driver that does, or see the vendor's way");
}

static int explain(const struct pf *pf, unsigned n, int r, struct err *e)
{
	char cause[sizeof(((struct err *)0)->cause)];

	if (r == -ENOENT)
		return explain_enoent(pf, n, e);
	if (r == -ETIMEDOUT) {
		err_status(e, r, EXIT_LEFT);
		return err_fix(
			e, r,
			"the write is still running in the kernel: a VF is in use, or the driver hangs; "
			"see dmesg, then run the same command again");
	}
	for (size_t i = 0; e && i < ARRAY_SIZE(meanings); i++) {
		if (meanings[i].code != -r)
			continue;
		snprintf(cause, sizeof(cause), "%s", e->cause);
		err_set(e, -r, "%s: %s", cause, meanings[i].cause);
		if (r == -ERANGE)
			return pf_driver_fix_limit(pf, r, e);
		return err_fix(e, r, "%s", meanings[i].fix);
	}
	return err_fix(e, r, "see what the kernel says, run: dmesg | tail");
}

void numvfs_start(const struct host *h, const struct pf *pf, unsigned n, struct numvfs_write *ret)
{
	char bdf[BDF_STRLEN], value[16];

	ret->pf = pf;
	ret->n = n;
	snprintf(value, sizeof(value), "%u", n);
	root_write_start(&h->root, value, h->timeout_ms, &ret->writing, DEVICES "%s/sriov_numvfs",
			 bdf_str(bdf, pf->bdf));
}

static int read_back(const struct host *h, const struct pf *pf, unsigned *ret, struct err *e)
{
	char bdf[BDF_STRLEN];
	uint64_t v = 0;
	int r = root_read_u64(&h->root, &v, DEVICES "%s/sriov_numvfs", bdf_str(bdf, pf->bdf));

	if (r < 0)
		return err_set(e, -r, "read /" DEVICES "%s/sriov_numvfs: %s", bdf, strerror(-r));
	*ret = (unsigned)v;
	return 0;
}

/* The driver may have reported success and refused, or have made more. */
static int other_number(const struct host *h, const struct pf *pf, unsigned now, unsigned want,
			struct err *e)
{
	struct err why = { 0 };

	err_set(e, EIO, "the kernel reports success, but there %s %u VF%s instead of %u",
		now == 1 ? "is" : "are", now, text_s(now), want);
	if (pf_driver_may_change(h, pf, want, false, &why) < 0)
		return err_fix(e, -EIO, "%s; %s", why.cause, why.fix);
	if (now > want)
		return err_fix(e, -EIO, "see what the driver says, run: dmesg | tail");
	return err_fix(
		e, -EIO,
		"see what the driver says, run: dmesg | tail; the device's firmware may allow "
		"no more");
}

int numvfs_finish(const struct host *h, struct numvfs_write *w, unsigned *ret_now, struct err *e)
{
	struct err local = { 0 }, *why = e ? e : &local;
	int r = root_write_finish(&w->writing, why), read;

	*ret_now = w->pf->numvfs;
	if (r < 0)
		r = explain(w->pf, w->n, r, why);
	/* A read would hang as well, because sriov_numvfs_show() and sriov_numvfs_store() take the
	 * same lock of the device. */
	if (r == -ETIMEDOUT)
		return err_at(why, r, NULL, "numvfs");
	read = read_back(h, w->pf, ret_now, r < 0 ? NULL : why);
	if (r == 0)
		r = read;
	if (r == 0 && *ret_now != w->n)
		r = other_number(h, w->pf, *ret_now, w->n, why);
	return err_at(r < 0 ? why : NULL, r, NULL, "numvfs");
}

int numvfs_set(const struct host *h, const struct pf *pf, unsigned n, unsigned *ret_now,
	       struct err *e)
{
	struct numvfs_write w;

	numvfs_start(h, pf, n, &w);
	return numvfs_finish(h, &w, ret_now, e);
}

int autoprobe_set(const struct host *h, const struct pf *pf, bool on, struct err *e)
{
	char bdf[BDF_STRLEN];
	uint64_t now = 0;
	int r;

	bdf_str(bdf, pf->bdf);
	if (root_read_u64(&h->root, &now, DEVICES "%s/sriov_drivers_autoprobe", bdf) == 0 &&
	    now == on)
		return 0;
	r = root_write(&h->root, on ? "1" : "0", h->timeout_ms, e,
		       DEVICES "%s/sriov_drivers_autoprobe", bdf);
	if (r == -ENOENT)
		err_fix(e, r, "kernels before 4.12 have no such file: remove autoprobe=");
	else if (r == -EACCES || r == -EPERM)
		err_fix(e, r, "run as root");
	else if (r == -ETIMEDOUT)
		err_status(e, r, EXIT_LEFT);
	if (r < 0)
		return err_at(e, err_fix(e, r, "see what the kernel says, run: dmesg | tail"), NULL,
			      "autoprobe");
	r = root_read_u64(&h->root, &now, DEVICES "%s/sriov_drivers_autoprobe", bdf);
	if (r < 0)
		err_set(e, -r, "read sriov_drivers_autoprobe: %s", strerror(-r));
	else if (now != on)
		r = err_set(e, EIO, "wrote %d, the kernel kept %d", on, (int)now);
	return r < 0 ? err_at(e, err_fix(e, r, "see what the kernel says, run: dmesg | tail"), NULL,
			      "autoprobe")
		     : 0;
}
