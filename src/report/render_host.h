/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads from a host what renderers need, and runs one. */
#ifndef VFY_REPORT_RENDER_HOST_H
#define VFY_REPORT_RENDER_HOST_H

#include "engine/session/session.h"

struct render_options {
	bool compact; /* wildcards in hide=, where they match nothing else */
	/* Only some formats accept these (struct renderer); with another format they are a usage
	 * error. */
	const char *cpu;   /* model of the machine's CPU, NULL when not given */
	bool hostdev;	   /* what an existing domain takes; @domain may be a DEV then */
	unsigned ports;	   /* ports alone, for a definition; 0: not */
	bool with_machine; /* not the devices alone */
	bool has_reserve;
	unsigned reserve; /* slots of the root bus kept free; PORTS_RESERVE when not given */
};

/**
 * render_host - make text for another tool from the topology and this host
 * @format: a renderer's name
 * @domain: NULL for all; with hostdev it may also be a DEV (engine/operands.h)
 * @ret:    the caller frees it; untouched on failure
 *
 * It needs a topology and a PCI tree, but no hypervisor. Notes go to the session's log.
 */
int render_host(struct session *s, const char *format, const char *domain,
		const struct render_options *o, char **ret, struct err *e);

#endif
