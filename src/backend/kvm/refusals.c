// SPDX-License-Identifier: GPL-2.0-or-later
/* What keeps a function from going to VFIO. */
#include "backend/kvm/group.h"
#include "backend/kvm/kvm.h"

/* In a group with what is given away beside it. What VFIO has already was asked when it got it. */
static int ask_group(const struct refusal_ask *a, struct err *e)
{
	return group_check(a->host, a->vf, a->with, a->n_with, e);
}

/* A guest that has a neighbour open: the kernel would not bind, nor let go. */
static int ask_used(const struct refusal_ask *a, struct err *e)
{
	return kvm_refuse_used(a->backend, vf_of(a->vf)->bdf, NULL, e);
}

const struct refusal kvm_refusals[] = {
	{ "group", REFUSAL_OF_DEVICE, false, ask_group },
	{ "used", REFUSAL_OF_DEVICE, true, ask_used },
	{ 0 },
};
