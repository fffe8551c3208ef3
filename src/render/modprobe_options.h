/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drivers that make VFs with a parameter of their module. */
#ifndef VFY_RENDER_MODPROBE_OPTIONS_H
#define VFY_RENDER_MODPROBE_OPTIONS_H

#include "render/render.h"

/* render_numvfs() of every PF: an impossible number is not for a module's parameter either. */
int modprobe_check_options(const struct render_in *in, struct err *e);

/*
 * For each driver of the topology's PFs: the "options" line where the driver makes VFs only when it
 * is loaded; the same in a comment where only builds from outside the kernel's tree may need it.
 * Nothing for others.
 */
void modprobe_print_options(const struct render_in *in, FILE *out);

#endif
