/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be given to a domain now, as `vfyard pci-assignable-list` shows it. */
#ifndef VFY_REPORT_ASSIGNABLE_H
#define VFY_REPORT_ASSIGNABLE_H

#include <jansson.h>

#include "engine/session/session.h"

/**
 * assignable_look - read the inventory, with states that are known
 * @wants_names: names given with pci-assignable-add -n, which only root may read: anybody else gets
 *               a note
 *
 * Unlike xl it fails when the pass-through driver is not loaded, or the domains cannot be seen.
 */
int assignable_look(struct session *s, bool wants_names, struct err *e);

/* Prints one address per line, as xl does, with the name behind it if @with_names. */
void assignable_text(const struct session *s, bool with_names, FILE *out);

/* Makes {"version":1,"hypervisor":"kvm","assignable":[...]}; for a capture without domains
 * "unseen":["domain"] comes last. Returns NULL when out of memory. */
json_t *assignable_json(const struct session *s);

#endif
