/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What domains have, and where the guest really sees it: what `vfyard pci-list` tells. */
#ifndef VFY_REPORT_ATTACHED_H
#define VFY_REPORT_ATTACHED_H

#include <jansson.h>

#include "engine/session/session.h"

struct attached {
	const char *hypervisor;	     /* "xen", "kvm" */
	const struct inventory *inv; /* borrowed of the session */
	struct attachment *v;
	size_t n;
};

/* Of one domain, or of all (NULL). Zeroed before; attached_done() also after a failure. */
int attached_read(struct session *s, const char *domain, struct attached *ret, struct err *e);
void attached_done(struct attached *l);

/* A table, nothing for nothing. 0, or -ENOMEM. */
int attached_text(const struct attached *l, FILE *out);

/* A note for each that is not as its guest should see it. */
void attached_notes(const struct attached *l, const struct log *log);

/* {"version":1,"hypervisor":"kvm","attached":[...]}; NULL when out of memory. */
json_t *attached_json(const struct attached *l);

#endif
