// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "host/net/vf_link_captured.h"
#include "host/net/vf_link_parts.h"

/* The engine must not take silence for the kernel's defaults, and the user should know the
 * reason. */
static void note_missing(const struct host *h, const char *netdev, const struct vf_attrs *ret,
			 unsigned n)
{
	unsigned missing = 0, first = 0;

	for (unsigned i = n; i-- > 0;)
		if (!ret[i].given) {
			missing++;
			first = i;
		}
	if (missing == n)
		log_note(&h->log, "%s: the kernel does not report the settings of its VFs", netdev);
	else if (missing)
		log_note(&h->log,
			 "%s: the settings of %u of %u VFs are not known; the first is VF %u",
			 netdev, missing, n, first);
}

static int not_read(int code, const char *netdev, struct err *e)
{
	err_set(e, code, "read the VFs of %s: %s", netdev,
		code == ETIMEDOUT ? "the kernel did not answer in time" : strerror(code));
	if (code == ENODEV)
		return err_fix(e, -code, "see: ip link");
	return err_fix(e, -code, "see: dmesg | tail");
}

int vf_link_read_by(rtnl_ask_fn ask, void *arg, const struct host *h, const char *netdev,
		    struct vf_attrs *ret, unsigned n, struct err *e)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	_cleanup_(rtnl_free_answer) struct rtnl_answer a = { 0 };
	int r = vf_link_request_read(netdev, &msg);

	if (r == 0)
		r = ask(arg, msg, h->timeout_ms, &a);
	if (r == 0)
		r = rtnl_answer_error(&a);
	/* The list does not fit into a message of this kernel. Source: Linux net/core/rtnetlink.c,
	 * rtnl_getlink(). */
	if (r == -EMSGSIZE || r == -ENOBUFS) {
		log_note(&h->log, "%s: the kernel cannot describe all %u VFs at once: %s", netdev,
			 n, strerror(-r));
		return 0;
	}
	if (r < 0)
		return not_read(-r, netdev, e);
	vf_link_parse(&a, ret, n);
	note_missing(h, netdev, ret, n);
	return 0;
}

int vf_link_read(const struct host *h, const char *netdev, struct vf_attrs *ret, unsigned n,
		 struct err *e)
{
	if (n)
		memset(ret, 0, n * sizeof(*ret));
	if (h->vf_link)
		return h->vf_link->read(h->vf_link_arg, netdev, ret, n, e);
	if (!n)
		return 0;
	if (root_is_tree(&h->root)) {
		vf_link_captured(h, netdev, ret, n);
		return 0;
	}
	return vf_link_read_by(rtnl_ask, (void *)h, h, netdev, ret, n, e);
}
