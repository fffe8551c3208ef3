/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads of a host what renderers need, and runs one. */
#ifndef VFY_REPORT_RENDER_HOST_H
#define VFY_REPORT_RENDER_HOST_H

#include "engine/session/session.h"

struct render_options {
	bool compact; /* wildcards in hide=, where they match nothing else */
	/* Only some formats take these (struct renderer); with another they are a usage error. */
	const char *cpu;   /* model of the machine's CPU, NULL when not given */
	bool hostdev;	   /* what an existing domain takes; @domain may be a DEV then */
	bool with_machine; /* not the devices alone */
	bool has_reserve;
	unsigned reserve; /* slots of the root bus kept free; not given: PORTS_RESERVE */
};

/**
 * render_host - text for another tool out of the topology and this host
 * @format: a renderer's name
 * @domain: NULL for all; with hostdev a DEV (engine/operands.h) is fine, too
 * @ret:    free()d by the caller; nothing on failure
 *
 * Needs a topology and a PCI tree, no hypervisor. Notes go to the session's log.
 */
int render_host(struct session *s, const char *format, const char *domain,
		const struct render_options *o, char **ret, struct err *e);

#endif
