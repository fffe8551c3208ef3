/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What netvf is made of: requests, the way to the kernel and back (netdev's, too), the reader of
 * answers. */
#ifndef VFY_HOST_NET_VF_LINK_PARTS_H
#define VFY_HOST_NET_VF_LINK_PARTS_H

#include <netlink/msg.h>

#include "host/net/vf_link.h"

/* One datagram of the kernel: messages, the first is the answer. Freed with netvf_free_answer(). */
struct netvf_answer {
	unsigned char *bytes;
	size_t len;
};

static inline void netvf_free_answer(struct netvf_answer *a)
{
	free(a->bytes);
}

static inline void netvf_free_msg(struct nl_msg **m)
{
	nlmsg_free(*m);
}

/* Sends a request and takes its answer. 0, or -errno when no answer came. */
typedef int (*netvf_ask_fn)(void *arg, struct nl_msg *msg, unsigned timeout_ms,
			    struct netvf_answer *ret);

/* The running kernel; @unused is NULL. -ETIMEDOUT, and a child stays with the kernel, when it does
 * not come back. */
int netvf_ask(void *unused, struct nl_msg *msg, unsigned timeout_ms, struct netvf_answer *ret);

/* What the kernel itself answered: 0, its -errno, or -EPROTO when it is no netlink message. Not
 * one of libnl's numbers, which are fewer (libnl lib/error.c, nl_syserr2nlerr()). */
int netvf_answer_error(const struct netvf_answer *a);

/* The requests. 0 or -errno, -ENODEV for a name that no network device can have. Free @ret with
 * netvf_free_msg(). */
int netvf_request_read(const char *netdev, struct nl_msg **ret);
int netvf_request_set(const char *netdev, unsigned index, enum vf_setting s,
		      const struct vf_attrs *a, struct nl_msg **ret);

/**
 * netvf_parse - the VFs in an answer to netvf_request_read()
 * @ret: @n entries, all zero; given stays 0 where the answer has nothing or makes no sense
 *
 * Looks at nothing but the bytes, and at none beyond them.
 */
void netvf_parse(const struct netvf_answer *a, struct vf_attrs *ret, unsigned n);

/* netvf_read() and netvf_set() through @ask. */
int netvf_read_by(netvf_ask_fn ask, void *arg, const struct host *h, const char *netdev,
		  struct vf_attrs *ret, unsigned n, struct err *e);
int netvf_set_by(netvf_ask_fn ask, void *arg, const struct host *h, const char *netdev,
		 unsigned index, enum vf_setting s, const struct vf_attrs *a, struct err *e);

#endif
