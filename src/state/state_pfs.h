/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The physical functions in the memory: few, in order of address, with their JSON. */
#ifndef VFY_STATE_STATE_PFS_H
#define VFY_STATE_STATE_PFS_H

#include <jansson.h>

#include "state/state.h"

struct store_pf {
	struct original_pf o;
	json_t *json; /* what it was read from, which may hold more than we know */
};

struct store_pfs {
	struct store_pf *v;
	size_t n;
};

/* The member "pfs" of @doc, which may be missing. -EPROTO with what is wrong. */
int store_pfs_read(struct store_pfs *l, const json_t *doc, struct err *e);
/* Sets the member. -ENOMEM. */
int store_pfs_write(const struct store_pfs *l, json_t *doc);
void store_pfs_done(struct store_pfs *l);

struct store_pf *store_pfs_find(const struct store_pfs *l, struct bdf pf);
int store_pfs_put(struct store_pfs *l, const struct original_pf *o, struct err *e);
void store_pfs_forget(struct store_pfs *l, struct bdf pf);

#endif
