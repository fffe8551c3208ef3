/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What domains have, and where the guest really sees it, as `vfyard pci-list` shows it. */
#ifndef VFY_REPORT_ATTACHED_H
#define VFY_REPORT_ATTACHED_H

#include <jansson.h>

#include "engine/session/session.h"

struct attached {
	const char *hypervisor;	     /* "xen", "kvm" */
	const struct inventory *inv; /* borrowed from the session */
	struct attachment *v;
	size_t n;
};

/* Reads what one domain has, or all (NULL). @ret must be zeroed before; call attached_done() also
 * after a failure. */
int attached_read(struct session *s, const char *domain, struct attached *ret, struct err *e);
void attached_done(struct attached *l);

/* Prints a table; prints nothing when there is nothing. Returns 0 or -ENOMEM. */
int attached_text(const struct attached *l, FILE *out);

/* Writes a note for each device that is not as its guest should see it. */
void attached_notes(const struct attached *l, const struct log *log);

/* Makes {"version":1,"hypervisor":"kvm","attached":[...]}; returns NULL when out of memory. */
json_t *attached_json(const struct attached *l);

#endif
