/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is a program of XDP on a network device: does somebody take its packets past the kernel? */
#ifndef VFY_HOST_NET_XDP_H
#define VFY_HOST_NET_XDP_H

#include "host/host.h"

/**
 * netxdp_program - the XDP program on a network device of the running host
 *
 * What receives through AF_XDP sockets, or handles packets before the kernel does, has one there,
 * whatever socket it uses: the list of those sockets needs a module that few kernels have. A child
 * asks under the host's deadline. Returns 1 with the program's number, 0 for none, for a device
 * that is not there and in a tree, or -ETIMEDOUT.
 * Source: Linux net/core/rtnetlink.c, rtnl_xdp_fill() (IFLA_XDP_PROG_ID).
 */
int netxdp_program(const struct host *h, const char *netdev, uint32_t *ret);

#endif
