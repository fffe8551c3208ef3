/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options that a Xen domain does not notice. */
#ifndef VFY_BACKEND_XEN_MEANING_H
#define VFY_BACKEND_XEN_MEANING_H

#include "topology/topology.h"

/* backend_ops.options. A domain without a type is taken as PV, as xl takes it. */
int xen_meaning(enum domain_type type, const struct dev_options *o, struct err *e);

#endif
