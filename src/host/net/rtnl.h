/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request to rtnetlink and its answer, under a deadline. */
#ifndef VFY_HOST_NET_RTNL_H
#define VFY_HOST_NET_RTNL_H

#include <netlink/msg.h>

#include "host/host.h"

/* One datagram from the kernel: messages, of which the first is the answer. Free it with
 * rtnl_free_answer(). */
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

/* Sends a request and receives its answer. Returns 0, or -errno when no answer came. */
typedef int (*rtnl_ask_fn)(void *arg, struct nl_msg *msg, unsigned timeout_ms,
			   struct rtnl_answer *ret);

/* Asks the running kernel; @host is the const struct host. Returns -ETIMEDOUT when the request does
 * not come back; a worker then stays in the kernel. */
int rtnl_ask(void *host, struct nl_msg *msg, unsigned timeout_ms, struct rtnl_answer *ret);

/* Returns what the kernel itself answered: 0, its -errno, or -EPROTO when it is not a netlink
 * message. This is not one of libnl's error numbers, which tell less (libnl lib/error.c,
 * nl_syserr2nlerr()). */
int rtnl_answer_error(const struct rtnl_answer *a);

#endif
