// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/limits_irqs.h"

#include "backend/xen/ask.h"
#include "host/boot/guest_irqs.h"
#include "host/pci/msix.h"
#include "base/text.h"

/* Vectors of devices that cannot be asked (gone, config space unreadable) do not count, because a
 * refusal must be certain. */
static unsigned vectors_of(struct backend *b, const struct slot_dev *v, size_t n)
{
	unsigned sum = 0, vectors;

	for (size_t i = 0; i < n; i++)
		if (msix_vectors(b->host, v[i].bdf, &vectors) == 0)
			sum += vectors;
	return sum;
}

/* Returns the number of the host's CPUs, because Dom0 sees others; 0 when Xen does not tell. */
static unsigned host_cpus(struct backend *b)
{
	libxl_physinfo info;
	unsigned n = 0;

	libxl_physinfo_init(&info);
	xlog_start(&b->xlog);
	if (ask_physinfo(b, &info) == 0)
		n = info.nr_cpus;
	libxl_physinfo_dispose(&info);
	return n;
}

int xen_fix_irqs(struct backend *b, unsigned vectors, const char *more, int r, struct err *e)
{
	struct irq_words w;

	if (vectors < GUEST_IRQS_DEFAULT)
		vectors = 2 * GUEST_IRQS_DEFAULT;
	if (!guest_irqs_words(vectors, vectors, host_cpus(b), &w))
		return err_fix(e, r, "give its VFs fewer vectors, or use more domains%s", more);
	return err_fix(e, r,
		       "write extra_guest_irqs=%u nr_irqs=%u on the Xen command line "
		       "(GRUB_CMDLINE_XEN) and reboot%s",
		       w.extra, w.nr, more);
}

static bool is_forced(const struct refusal_ask *a, const char *what)
{
	if (!host_is_forced(a->host, a->domain->name, NULL))
		return false;
	refusal_note(a, "domain %s: %s; overridden by --force", a->domain->name, what);
	return true;
}

/* The command line asks for more, but Xen does not do it. */
static int none_in_force(const struct refusal_ask *a, struct xen_version v, unsigned need,
			 struct err *e)
{
	char more[160];

	if (is_forced(a, "no interrupts at all"))
		return 0;
	err_refuse(e, ENOSPC,
		   "domain %s has 0 interrupts (PIRQs), as every domain has: Xen %u.%u sets "
		   "extra_guest_irqs= to 0 if nr_irqs= is missing or too small",
		   a->domain->name, v.major, v.minor);
	snprintf(more, sizeof(more), "; to see the present line, run: xl info xen_commandline");
	return xen_fix_irqs(a->backend, need, more, -ENOSPC, e);
}

int xen_limits_irqs(const struct refusal_ask *a, struct domain_devs *devs, struct err *e)
{
	const char *name = a->domain->name;
	const libxl_version_info *info = ask_version(a->backend);
	struct xen_version version = xen_version_of(a->backend);
	unsigned have = xen_irqs_in_force(info ? info->commandline : NULL, version);
	unsigned used = vectors_of(a->backend, devs->v, devs->now);
	unsigned need = used + vectors_of(a->backend, devs->v + devs->now, devs->n - devs->now);
	char text[192];

	if (!have)
		return none_in_force(a, version, need, e);
	if (need <= have)
		return 0;
	snprintf(text, sizeof(text), "%u interrupt%s for %u vectors", have, text_s(have), need);
	if (is_forced(a, text))
		return 0;
	err_refuse(
		e, ENOSPC,
		"domain %s has %u interrupt%s (PIRQs), but %zu device%s %s up to %u MSI-X vectors "
		"(%zu device%s %s %u now)",
		name, have, text_s(have), devs->n, text_s(devs->n), devs->n == 1 ? "has" : "have",
		need, devs->now, text_s(devs->now), devs->now == 1 ? "has" : "have", used);
	snprintf(text, sizeof(text), ", or add --force %s if their drivers use fewer", name);
	return xen_fix_irqs(a->backend, need, text, -ENOSPC, e);
}

int xen_limits_segments(const struct refusal_ask *a, struct domain_devs *devs, struct err *e)
{
	struct xen_version version = xen_version_of(a->backend);
	const char *name = a->domain->name;
	char buf[BDF_STRLEN];
	size_t i = devs->now;

	if (xen_type_of(a->domain) != DOMAIN_HVM)
		return 0;
	while (i < devs->n && !devs->v[i].bdf.domain)
		i++;
	if (i == devs->n)
		return 0;
	bdf_str(buf, devs->v[i].bdf);
	if (xen_maps_segments(version)) {
		refusal_note(a,
			     "domain %s: %s is outside PCI segment 0, and its interrupts need QEMU "
			     "10.2 or newer",
			     name, buf);
		return 0;
	}
	if (is_forced(a, "devices outside PCI segment 0"))
		return 0;
	err_refuse(e, ENOTSUP,
		   "%s is outside PCI segment 0, and Xen %u.%u.%u gives an HVM domain no "
		   "interrupts from there",
		   buf, version.major, version.minor, version.point);
	return err_fix(
		e, -ENOTSUP,
		"use Xen 4.19.4, 4.20.3 or newer, or make domain %s type=\"pv\"; if the fix is "
		"backported, add --force %s",
		name, name);
}
