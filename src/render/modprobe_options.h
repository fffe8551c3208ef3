/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drivers that make VFs with a parameter of their module. */
#ifndef VFY_RENDER_MODPROBE_OPTIONS_H
#define VFY_RENDER_MODPROBE_OPTIONS_H

#include "render/render.h"

/* Calls render_numvfs() for every PF, because an impossible number must not become a module's
 * parameter. */
int modprobe_check_options(const struct render_in *in, struct err *e);

/*
 * Prints the "options" line for each driver of the topology's PFs that makes VFs only when it is
 * loaded; prints it in a comment for those of which only builds from outside the kernel's tree may
 * need it. Prints nothing for others.
 */
void modprobe_print_options(const struct render_in *in, FILE *out);

#endif
