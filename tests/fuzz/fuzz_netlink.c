// SPDX-License-Identifier: GPL-2.0-or-later
/* rtnetlink's answers, settings of VFs and routes, in memory of exactly their size. */
#include <stdlib.h>
#include <string.h>
#include <linux/netlink.h>

#include "fuzz.h"
#include "host/net/routes.h"
#include "host/net/rtnl.h"
#include "host/net/vf_link_parts.h"

#define VFS 5u

static void check_vfs(unsigned char *bytes, size_t size)
{
	struct vf_attrs v[VFS] = { 0 };

	vf_link_parse(&(struct rtnl_answer){ bytes, size }, v, VFS);
	for (unsigned i = 0; i < VFS; i++)
		require(v[i].given < 1u << VF_ATTR_N);
	rtnl_answer_error(&(struct rtnl_answer){ bytes, size });
}

static void check_route(unsigned char *bytes, size_t size)
{
	struct nlmsghdr *hdr = (struct nlmsghdr *)bytes;
	struct netroute n = { 0 };

	if (size < sizeof(*hdr))
		return;
	/* libnl has checked this before */
	hdr->nlmsg_len = (uint32_t)size;
	require(netroute_add(&n, hdr) <= 0 && n.n <= NETROUTE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *copy = malloc(size ? size : 1);

	require(copy != NULL);
	memcpy(copy, data, size);
	check_vfs(copy, size);
	check_route(copy, size);
	free(copy);
	return 0;
}
