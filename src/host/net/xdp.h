/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether an XDP program is on a network device, so that packets bypass the kernel. */
#ifndef VFY_HOST_NET_XDP_H
#define VFY_HOST_NET_XDP_H

#include "host/host.h"

/**
 * netxdp_program - find the XDP program on a network device of the running host
 *
 * A program that receives through AF_XDP sockets, or handles packets before the kernel does, has an
 * XDP program there. AF_XDP sockets themselves are not listed, because that needs a module that few
 * kernels have. A worker asks, under the host's deadline. Returns 1 with the program's number; 0
 * when there is none, when the device does not exist, and in a tree; or -ETIMEDOUT.
 * Source: Linux net/core/rtnetlink.c, rtnl_xdp_fill() (IFLA_XDP_PROG_ID).
 */
int netxdp_program(const struct host *h, const char *netdev, uint32_t *ret);

#endif
