/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which device nodes processes have open, asked once for many functions. */
#ifndef VFY_HOST_OPEN_NODES_H
#define VFY_HOST_OPEN_NODES_H

#include "host/host.h"

/* A node as sysfs knows it. */
struct device_node {
	char name[64]; /* the last part of its path, as in a tree: "uio0" */
	dev_t number;  /* 0 in a tree */
	bool is_block;
};

/* The process that has a node open. */
struct node_user {
	uint32_t pid;
	char path[64]; /* as that process sees it: "/dev/uio0" */
};

/**
 * open_nodes_find - find the first process that has one of these nodes open
 * @ret_partial: set when the files of some processes may not be seen
 *
 * It compares numbers, because a container may know the node by another name; a tree given with
 * --root has only names. vfyard itself does not count. On the running host the list is kept for a
 * second, so that a run that asks about many VFs reads the processes once. Returns 1 with *ret, 0
 * when nobody has one open, or -errno.
 */
int open_nodes_find(const struct host *h, const struct device_node *v, size_t n,
		    struct node_user *ret, bool *ret_partial);

/* The list that one host keeps; host_open() and host_close() call these. NULL: nothing is kept. */
struct open_nodes *open_nodes_new(void);
void open_nodes_free(struct open_nodes *o);

#endif
