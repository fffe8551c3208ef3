// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/interrupts.h"

#include <string.h>

#include "backend/xen/ask.h"
#include "backend/xen/limits_irqs.h"
#include "base/deadline.h"
#include "host/boot/guest_irqs.h"
#include "host/pci/msix.h"

void interrupts_listen(struct backend *b, const struct domain *d, struct said_log *ret)
{
	said_open(ret, b->host, d->type == DOMAIN_HVM ? d->name : NULL, false);
}

/* Returns slot and function in an HVM guest, 0 when not known. */
static unsigned devfn_of(struct backend *b, const struct domain *d, struct bdf dev)
{
	const struct pci_backend *pb;
	const struct backend_dev *entry = view_find_in(&b->view, d->id, dev, &pb);
	_cleanup_free_ char *text =
		entry ? xstore_read(b->xs, BACKEND_PATH "/vdevfn-%u", pb->path_domid, entry->n)
		      : NULL;

	return text ? (unsigned)strtoul(text, NULL, 16) : 0;
}

/* Reads all that was said since the last look; the first reason stays. */
static void hear(struct said_log *log, struct bdf dev, uint32_t domid, unsigned devfn,
		 struct said *said)
{
	char text[SAID_MAX];

	while (said_next(log, text, sizeof(text)))
		if (!said->is_failure)
			*said = log->is_kernel ? said_by_kernel(text, dev, domid)
					       : said_by_qemu(text, devfn);
}

/* Counts the vectors that the domain's devices may use. The view must be fresh. */
static unsigned vectors_in(struct backend *b, const struct domain *d)
{
	const struct pci_backend *pb = view_backend(&b->view, d->id);
	unsigned sum = 0, n;

	for (size_t i = 0; pb && i < pb->n_devs; i++)
		if (msix_vectors(b->host, pb->devs[i].bdf, &n) == 0)
			sum += n;
	return sum;
}

/* The domain did not have enough PIRQs, whatever was counted. */
static int too_few(struct backend *b, const struct domain *d, struct err *e)
{
	const libxl_version_info *info = ask_version(b);
	unsigned have = xen_irqs_in_force(info ? info->commandline : NULL, xen_version_of(b));
	unsigned need = vectors_in(b, d);

	return xen_fix_irqs(b, need > have ? need : 2 * have, "", -EIO, e);
}

static int failed(struct backend *b, const struct domain *d, struct bdf dev, bool by_kernel,
		  struct said said, struct err *e)
{
	const char *who = by_kernel ? "Dom0's kernel" : "its device model";
	const char *why = said.code ? strerror(said.code) : "no reason";
	char buf[BDF_STRLEN];

	if (host_is_forced(b->host, d->name, NULL)) {
		log_note(&b->host->log,
			 "%s: it gets no interrupts in domain %s (%s); overridden by --force",
			 bdf_str(buf, dev), d->name, why);
		return 0;
	}
	err_set(e, EIO, "the driver in domain %s got no interrupts for it, and %s says: %s",
		d->name, who, why);
	if (said.code == ENOSPC)
		return too_few(b, d, e);
	if (by_kernel)
		return err_fix(e, -EIO, "see the reason, run: dmesg | grep %s; xl dmesg | tail",
			       bdf_str(buf, dev));
	return err_fix(e, -EIO,
		       "see the reason, run: tail /var/log/xen/qemu-dm-%s.log; xl dmesg | tail",
		       d->name);
}

/* Waits until there is a sign, or no time is left. Returns false when there was none. */
static bool await_sign(struct backend *b, const struct domain *d, struct bdf dev,
		       struct said_log *log, bool *on, struct said *said)
{
	unsigned devfn = d->type == DOMAIN_HVM ? devfn_of(b, d, dev) : 0;
	unsigned wait =
		b->host->timeout_ms < INTERRUPTS_WAIT_MS ? b->host->timeout_ms : INTERRUPTS_WAIT_MS;
	struct deadline until = deadline_in(b->silent_domid == d->id ? 0 : wait);

	for (;;) {
		bool was_on = *on;

		if (msix_enabled(b->host, dev, on) < 0)
			return true;
		hear(log, dev, d->id, devfn, said);
		/* A device model switches MSIs on first and maps them afterwards, so look once
		 * more. */
		if (d->type == DOMAIN_HVM ? said->is_failure || was_on : *on)
			return true;
		if (!deadline_pause(&until))
			return *on || said->is_failure;
	}
}

int interrupts_verify(struct backend *b, const struct domain *d, struct bdf dev,
		      struct said_log *log, struct err *e)
{
	struct said said = { 0 };
	bool on = false;

	if (log->fd < 0)
		return 0;
	if (!await_sign(b, d, dev, log, &on, &said))
		b->silent_domid = d->id;
	if (!said.is_failure || (on && log->is_kernel))
		return 0;
	return failed(b, d, dev, log->is_kernel, said, e);
}

/* Tells whether its MSIs are off, so that a failure may be the reason. */
static bool may_lack(struct backend *b, const struct attachment *a)
{
	bool on;

	return a->is_ready && msix_enabled(b->host, a->bdf, &on) == 0 && !on;
}

void interrupts_mark(struct backend *b, struct attachment *v, const uint32_t *domids, size_t n)
{
	_cleanup_free_ bool *lacks = calloc(n + 1, sizeof(*lacks));
	struct said_log log;
	char text[SAID_MAX];
	bool any = false;

	for (size_t i = 0; lacks && i < n; i++)
		any |= lacks[i] = may_lack(b, &v[i]);
	if (!any)
		return;
	said_open(&log, b->host, NULL, true);
	while (said_next(&log, text, sizeof(text)))
		for (size_t i = 0; i < n; i++)
			if (lacks[i] && said_by_kernel(text, v[i].bdf, domids[i]).is_failure) {
				v[i].is_ready = false;
				v[i].why = "the guest's driver got no interrupts for it";
			}
	said_close(&log);
}
