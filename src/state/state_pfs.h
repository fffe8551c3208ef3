/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The physical functions in the memory: few, in order of address, with their JSON. */
#ifndef VFY_STATE_STATE_PFS_H
#define VFY_STATE_STATE_PFS_H

#include <jansson.h>

#include "state/state.h"

struct state_pf {
	struct pf_saved o;
	json_t *json; /* the object that it was read from, which may hold more than we know */
};

struct state_pfs {
	struct state_pf *v;
	size_t n;
};

/* Reads the member "pfs" of @doc, which may be missing. Returns -EPROTO with what is wrong. */
int state_pfs_read(struct state_pfs *l, const json_t *doc, struct err *e);
/* Sets the member. Returns -ENOMEM. */
int state_pfs_write(const struct state_pfs *l, json_t *doc);
void state_pfs_done(struct state_pfs *l);

struct state_pf *state_pfs_find(const struct state_pfs *l, struct bdf pf);
int state_pfs_put(struct state_pfs *l, const struct pf_saved *o, struct err *e);
void state_pfs_forget(struct state_pfs *l, struct bdf pf);

#endif
