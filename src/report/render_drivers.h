/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What renderers need to know about the host's drivers. */
#ifndef VFY_REPORT_RENDER_DRIVERS_H
#define VFY_REPORT_RENDER_DRIVERS_H

#include "render/render.h"

/* Reads the drivers of all PFs and VFs, those that the PFs' drivers have for VFs to come, and those
 * that the functions of the dev list have or would have. Names are borrowed from the inventory.
 * Returns 0 or -ENOMEM; release with render_drivers_done(). */
int render_drivers_read(const struct host *h, struct inventory *inv, struct render_driver **ret,
			size_t *ret_n);
void render_drivers_done(struct render_driver *v, size_t n);

#endif
