// SPDX-License-Identifier: GPL-2.0-or-later
/* A domain: what it has, and what it could not get. */
#include <stdlib.h>
#include <string.h>

#include "engine/doctor/doctor_parts.h"

static void say_attachment(struct doctor *d, const struct attachment *a)
{
	char label[VF_LABEL_MAX], bdf[BDF_STRLEN];
	const char *object = bdf_str(bdf, a->bdf);
	struct finding *x;
	struct vf_ref vf;

	if (inventory_find_vf(d->inv, a->bdf, &vf))
		object = vf_label(label, vf);
	if ((a->is_ready || a->is_unasked) && !a->why && !a->is_broken) {
		finding_add(d->found, FINDING_OK, object, "the guest has it%s%s",
			    a->guest_addr[0] ? " at " : "", a->guest_addr);
		return;
	}
	x = finding_add(d->found, a->is_broken ? FINDING_PROBLEM : FINDING_NOTE, object, "%s",
			a->why ? a->why : "the guest's side is not connected");
	finding_fix(x, "see whether the guest has a driver for it, in the guest: lspci -k; or take "
		       "it out and put it in again: vfyard pci-detach, vfyard pci-attach");
}

static void diagnose(struct doctor *d, const struct domain *domain, const struct attachment *v,
		     size_t n)
{
	if (d->ops->diagnose_domain)
		d->ops->diagnose_domain(d->backend, domain, v, n, d->found);
}

static int say_devices(struct doctor *d, const struct domain *domain, struct err *e)
{
	_cleanup_free_ struct attachment *v = NULL;
	size_t n = 0;
	int r = d->ops->list(d->backend, domain, &v, &n, e);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		say_attachment(d, &v[i]);
	if (!n)
		finding_add(d->found, FINDING_OK, "devices", "it has no PCI device of the host");
	diagnose(d, domain, v, n);
	return 0;
}

/* The first that could be given, to ask with: most rows count devices. */
static size_t any_vf(struct doctor *d, struct vf_ref *ret)
{
	for (size_t i = 0; i < d->inv->n_vfs; i++) {
		*ret = d->inv->by_bdf[i];
		if (vf_of(*ret)->state == VF_ASSIGNABLE || vf_of(*ret)->state == VF_HOST)
			return 1;
	}
	return 0;
}

static void say_limits(struct doctor *d, const struct domain *domain, const struct vf_ref *vfs,
		       const struct dev_options *options, size_t n)
{
	const struct dev_options plain = DEV_OPTIONS_INIT;
	const struct refuse ask = doctor_asks(d);
	struct doctor_row row = { .doctor = d };
	struct refuse_gets gets = { domain, vfs, options, n, true };
	struct vf_ref any = { 0 };

	if (!n) {
		gets.vfs = &any;
		gets.options = &plain;
		gets.n = any_vf(d, &any);
	}
	refuse_attach_walk(&ask, &gets, doctor_say_row, &row);
}

int doctor_domain(struct doctor *d, const struct domain *domain, const struct vf_ref *vfs,
		  const struct dev_options *options, size_t n, struct err *e)
{
	char area[sizeof(domain->name) + 16];
	struct err why = { 0 };
	const char *text;
	int r = 0;

	snprintf(area, sizeof(area), "domain %s", domain->name);
	text = inventory_intern(d->inv, area);
	d->found->area = text ? text : "domain";
	if (domain->id) {
		r = say_devices(d, domain, &why);
	} else {
		finding_add(d->found, FINDING_NOTE, "state", "it does not run");
		if (domain->cookie)
			diagnose(d, domain, NULL, 0);
	}
	if (r == -ENOMEM)
		return err_copy(e, &why);
	if (r < 0)
		finding_of_err(d->found, FINDING_NOTE, "devices", &why);
	say_limits(d, domain, vfs, options, n);
	return 0;
}
