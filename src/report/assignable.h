/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be given to a domain now: what `vfyard pci-assignable-list` tells. */
#ifndef VFY_REPORT_ASSIGNABLE_H
#define VFY_REPORT_ASSIGNABLE_H

#include <jansson.h>

#include "engine/session/session.h"

/**
 * assignable_look - the inventory, with states that are known
 * @wants_names: of pci-assignable-add -n, which only root may read: else that is a note
 *
 * Fails, unlike xl, where the pass-through driver is not loaded, or the domains cannot be seen.
 */
int assignable_look(struct session *s, bool wants_names, struct err *e);

/* One address a line as with xl, the name behind it @with_names. */
void assignable_text(const struct session *s, bool with_names, FILE *out);

/* {"version":1,"hypervisor":"kvm","assignable":[...]}; "unseen":["domain"] comes last for a capture
 * without domains. NULL when out of memory. */
json_t *assignable_json(const struct session *s);

#endif
