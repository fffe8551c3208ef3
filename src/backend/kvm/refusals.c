// SPDX-License-Identifier: GPL-2.0-or-later
/* Reasons not to give a function to VFIO. */
#include "backend/kvm/group.h"
#include "backend/kvm/kvm.h"

/* Checks its group, together with what else the run takes. What VFIO has already was checked when
 * VFIO got it. */
static int ask_group(const struct refusal_ask *a, struct err *e)
{
	return group_check(a->host, a->vf, a->with, a->n_with, e);
}

/* While a guest has a neighbour open, the kernel would neither bind the function nor let it go. */
static int ask_used(const struct refusal_ask *a, struct err *e)
{
	return kvm_refuse_used(a->backend, vf_of(a->vf)->bdf, NULL, e);
}

static int ask_reserved(const struct refusal_ask *a, struct err *e)
{
	return kvm_refuse_reserved(a->host, a->vf, e);
}

const struct refusal kvm_refusals[] = {
	{ "group", REFUSAL_OF_DEVICE, false, ask_group },
	{ "reserved", REFUSAL_OF_DEVICE, false, ask_reserved },
	{ "used", REFUSAL_OF_DEVICE, true, ask_used },
	{ 0 },
};
