/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of the VFs of a topology, for pictures: runs of VFs that share it. */
#ifndef VFY_RENDER_FATES_H
#define VFY_RENDER_FATES_H

#include "render/render.h"

/* What becomes of a VF: the index of its domain, or one of these. */
enum fate {
	FATE_FREE = -1,
	FATE_HOST = -2,
	FATE_NONE = -3,
	FATE_ASSIGN = -4,
	FATE_KEEP = -5,
};

/* The fates of one PF's VFs, by index. */
struct fates {
	long *v;
	const struct topo_dev **dev; /* the entry that gives it to its domain */
	unsigned n;
};

/* Fills in what becomes of the VFs of the topology's PF @pf, also of those that are to be made;
 * release with fates_done(). Returns 0 or -ENOMEM. */
int fates_of(const struct render_in *in, size_t pf, struct fates *f, struct err *e);
void fates_done(struct fates *f);

/* VFs first..last of a PF, which share a fate. */
struct run {
	size_t pf;
	unsigned first, last;
	long fate;
	const struct topo_dev *dev;
};

/* Finds the run that begins at @first, which is below f->n. */
struct run fates_run(const struct fates *f, size_t pf, unsigned first);

/* Whether the picture has VFs with this fate: all of them, or those of the one domain. */
bool fate_is_shown(const struct render_in *in, long fate);

/* "net0/0-3" */
void fates_print_name(const struct render_in *in, const struct run *r, FILE *out);

/* What a VF is that no domain gets: "host driver". */
const char *fate_words(long fate);

#endif
