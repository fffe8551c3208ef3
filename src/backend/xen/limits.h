/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a domain has and is to get, and the slots that this takes. */
#ifndef VFY_BACKEND_XEN_LIMITS_H
#define VFY_BACKEND_XEN_LIMITS_H

#include "backend/xen/xen.h"
#include "topology/domain_slots.h"

/* The devices that a domain has, @now of them, then those that it is to get; @n altogether. */
struct domain_devs {
	struct slot_dev *v;
	size_t now, n;
};

/* Reads those of the domain and functions in question, with a fresh view; a domain that does not
 * run has none. Release with domain_devs_done(). Returns 0 or -errno. */
int domain_devs_read(struct domain_devs *ret, const struct refusal_ask *a, struct err *e);
void domain_devs_done(struct domain_devs *d);

/* Returns the type; xl makes a domain without a type a PV one (tools/xl/xl_parse.c,
 * parse_config_data()). */
enum domain_type xen_type_of(const struct domain *d);

/* Refuses a domain whose number belonged to one that is gone, because libxl would take that one's
 * devices for this one's. The view must be fresh. */
int xen_check_left(struct backend *b, const struct domain *d, struct err *e);

/* Checks that a PV domain's virtual slots are enough. Sorts the devices. */
int xen_check_virtual_slots(const struct host *h, const struct domain *d, struct domain_devs *devs,
			    struct err *e);

#endif
