/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device nodes that processes have open, asked once for many functions. */
#ifndef VFY_HOST_OPEN_NODES_H
#define VFY_HOST_OPEN_NODES_H

#include "host/host.h"

/* A node as sysfs knows it. */
struct device_node {
	char name[64]; /* the last part of its path, as a tree has it: "uio0" */
	dev_t number;  /* 0 in a tree */
	bool is_block;
};

/* Who has one open. */
struct node_user {
	uint32_t pid;
	char path[64]; /* as that process sees it: "/dev/uio0" */
};

/**
 * open_nodes_find - the first process that has one of these nodes open
 * @ret_partial: set when the files of some processes may not be seen
 *
 * Numbers are compared, because a container may know the node by another name; in a tree given with
 * --root names are all there is. vfyard itself does not count. On the running host the list is kept
 * for a second, so that a run which asks for each of many VFs reads the processes once.
 * Returns 1 with *ret, 0 for nobody, or -errno.
 */
int open_nodes_find(const struct host *h, const struct device_node *v, size_t n,
		    struct node_user *ret, bool *ret_partial);

/* What one host keeps of it; host_open() and host_close() call these. NULL: nothing is kept. */
struct open_nodes *open_nodes_new(void);
void open_nodes_free(struct open_nodes *o);

#endif
