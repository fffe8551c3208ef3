/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request to rtnetlink and its answer, under a deadline. */
#ifndef VFY_HOST_NET_RTNL_H
#define VFY_HOST_NET_RTNL_H

#include <netlink/msg.h>

#include "host/host.h"

/* One datagram of the kernel: messages, the first is the answer. Freed with rtnl_free_answer(). */
struct rtnl_answer {
	unsigned char *bytes;
	size_t len;
};

static inline void rtnl_free_answer(struct rtnl_answer *a)
{
	free(a->bytes);
}

static inline void rtnl_free_msg(struct nl_msg **m)
{
	nlmsg_free(*m);
}

/* Sends a request and takes its answer. 0, or -errno when no answer came. */
typedef int (*rtnl_ask_fn)(void *arg, struct nl_msg *msg, unsigned timeout_ms,
			   struct rtnl_answer *ret);

/* The running kernel; @unused is NULL. -ETIMEDOUT, and a child stays with the kernel, when it does
 * not come back. */
int rtnl_ask(void *unused, struct nl_msg *msg, unsigned timeout_ms, struct rtnl_answer *ret);

/* What the kernel itself answered: 0, its -errno, or -EPROTO when it is no netlink message. Not
 * one of libnl's numbers, which are fewer (libnl lib/error.c, nl_syserr2nlerr()). */
int rtnl_answer_error(const struct rtnl_answer *a);

#endif
