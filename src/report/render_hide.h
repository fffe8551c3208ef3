/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a Dom0 hides already, for the renderers of hide=. */
#ifndef VFY_REPORT_RENDER_HIDE_H
#define VFY_REPORT_RENDER_HIDE_H

#include "host/boot/hide_sources.h"
#include "engine/session/session.h"
#include "render/render.h"

/* Reads *ret; in->hidden and in->hide_sources then point into it. Returns 0 or -ENOMEM. */
int render_hide_read(const struct host *h, struct hide_sources *ret, struct render_in *in,
		     struct err *e);

/* Adds notes on what is hidden and kept: what the host depends on, and a PF behind a hidden
 * bridge. */
int render_hide_notes(const struct session *s, const struct render_in *in, struct problems *notes,
		      struct err *e);

#endif
