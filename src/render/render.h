/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for other tools, out of a topology and an inventory. Pure: same input, same bytes. */
#ifndef VFY_RENDER_RENDER_H
#define VFY_RENDER_RENDER_H

#include "core/topology.h"

/* What is rendered. */
struct render_in {
	const struct topology *topo;
	const struct inventory *inv;
	struct pf *const *pfs; /* of topology_bind(); NULL entries where the host lacks the PF */
	const struct topo_domain *domain; /* NULL: all */
	const char *cmdline;		  /* the running kernel's command line, NULL when unknown */
	bool compact;			  /* --compact: wildcards where provably exact */
	unsigned vectors_per_vf; /* MSI-X vectors assumed for a VF whose table cannot be read */
};

struct renderer {
	const char *name;
	const char *help;
	/* Writes to @out; what the reader must know and cannot be a comment there goes to @notes.
	 * Returns 0 or -errno with a sentence (nothing useful was written then). */
	int (*fn)(const struct render_in *in, FILE *out, struct problems *notes, struct err *e);
};

extern const struct renderer render_xl, render_grub, render_modprobe, render_dot;

/* NULL-terminated, in the order help shows them (src/render/render.c). */
extern const struct renderer *const renderers[];
const struct renderer *renderer_find(const char *name);

/**
 * render_vf_bdf - address of a VF that may not exist yet
 *
 * The VF's own when it is there, else computed from the PF's offset and stride as they are now
 * (both may change with numvfs). False when the PF is not on this host.
 */
bool render_vf_bdf(const struct render_in *in, size_t pf, unsigned index, struct bdf *ret);

#endif
