/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What doctor looks at in a Dom0: backend_ops.diagnose, .diagnose_domain and .words. */
#ifndef VFY_BACKEND_XEN_DIAGNOSE_H
#define VFY_BACKEND_XEN_DIAGNOSE_H

#include "backend/xen/xen.h"

/* Version and its traps, whether interrupts are remapped, other toolstacks. */
void xen_diagnose(struct backend *b, const struct inventory *inv, struct findings *ret);

/* Of a PV domain what Dom0 can see of DMA and config space that does not work in it. */
void xen_diagnose_domain(struct backend *b, const struct domain *d, const struct attachment *v,
			 size_t n, struct findings *ret);

extern const struct refusal_word xen_words[];

#endif
