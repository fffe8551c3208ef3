/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a file to the model, with every error that can be seen without a host. */
#ifndef VFY_TOPOLOGY_BUILD_LOAD_H
#define VFY_TOPOLOGY_BUILD_LOAD_H

#include "topology/topology.h"

/**
 * topology_load - read and validate a topology file
 * @path:     opened as it is, because a file given with -C is the user's, even with --root
 * @problems: every error found, each with file:line:column, in file order; cleared first; its file
 *	      is borrowed from @path. Errors beyond a hundred are only counted.
 *
 * The file has xl.cfg syntax, or JSON when its first character is '{'. All rules that need no host
 * are checked: unknown and duplicate keys, bad values, names that are not defined, indexes >=
 * numvfs, a VF in two domains, equally specific values that differ.
 *
 * Returns 0 and *ret (free it with topology_free()), or -EINVAL with problems. Only a failure to
 * read the file is in @e, too.
 */
int topology_load(struct topology **ret, const char *path, struct problems *problems,
		  struct err *e);

/* Loads a topology for a known host, about which messages can say more. @h may be NULL. */
int topology_load_on(struct topology **ret, const char *path, const struct host *h,
		     struct problems *problems, struct err *e);

/* Loads the host's own file, HOST_TOPOLOGY below its root, which messages call @shown. */
int topology_load_below(struct topology **ret, const char *shown, const struct host *h,
			struct problems *problems, struct err *e);

/* Loads a topology from text in memory; @file is what messages call it. */
int topology_parse(struct topology **ret, const char *text, size_t len, const char *file,
		   struct problems *problems, struct err *e);

#endif
