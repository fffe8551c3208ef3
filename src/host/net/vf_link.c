// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/vf_link.h"

#include <string.h>
#include <linux/if_ether.h>

#include "base/deadline.h"
#include "host/net/carrier.h"
#include "host/net/vf_link_parts.h"

#define LIST_TEXT (VF_ATTR_N * VF_ATTR_TEXT)

struct change {
	const char *netdev;
	unsigned index;
	enum vf_setting setting;
	const struct vf_attrs *a;
	enum netdev_link link; /* the PF's link before the last request; for rates only */
	struct deadline late;  /* until then, a link that looks up may be lost already */
};

/* Writes "vlan=100, qos=2", or "vlan=, qos=", in the words of a topology. */
static const char *list_attrs(char buf[LIST_TEXT], const struct change *c, bool with_values)
{
	unsigned bits = c->a->given & vf_setting_bits(c->setting);
	char one[VF_ATTR_TEXT];
	size_t n = 0;

	buf[0] = '\0';
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++) {
		if (!(bits & 1u << bit))
			continue;
		vf_attr_text(one, c->a, (enum vf_attr)(1u << bit));
		if (!with_values)
			one[strcspn(one, "=") + 1] = '\0';
		n += (size_t)snprintf(buf + n, LIST_TEXT - n, "%s%s", n ? ", " : "", one);
	}
	return buf;
}

/* Linux drivers answer EPROTONOSUPPORT to a VLAN protocol that they do not know (igb_main.c,
 * igb_ndo_set_vf_vlan()); mlx4 answers it to everything that it cannot do. */
static int fix_unsupported(const struct change *c, int code, struct err *e)
{
	bool other_proto = c->setting == VF_SET_VLAN && (c->a->given & VF_ATTR_PROTO) &&
			   c->a->proto == ETH_P_8021AD;
	char names[LIST_TEXT];

	if (code == EPROTONOSUPPORT && other_proto)
		return err_fix(e, -code, "%s knows only 802.1q; leave proto= out", c->netdev);
	return err_fix(e, -code, "the driver of %s has no such setting; leave %s out", c->netdev,
		       list_attrs(names, c, false));
}

/* Drivers that need a link for rates refuse every lower limit, even with a link. */
static bool is_refused_for_ever(const struct change *c)
{
	return (c->a->given & VF_ATTR_MIN_TX_RATE) && c->a->min_tx_rate;
}

/* Without a link igb and ixgbe say EINVAL (host/net/carrier.h), and making VFs takes the link down
 * for seconds. */
static bool may_lack_link(struct change *c)
{
	if (is_refused_for_ever(c))
		return false;
	if (!c->late.end_ms)
		c->late = deadline_in(NETDEV_LINK_LATE_MS);
	return c->link == LINK_COMING || (c->link == LINK_UP && deadline_left_ms(&c->late));
}

/* After a VF was made, i40e says "VF still in reset. Try again" (i40e_virtchnl_pf.c). */
static bool may_work_later(struct change *c, int r)
{
	return r == -EAGAIN || r == -EBUSY ||
	       (r == -EINVAL && c->setting == VF_SET_RATE && may_lack_link(c));
}

static const char *fix_of(int code)
{
	switch (code) {
	case EPERM: /* be2net says this, too, while SR-IOV is off (be_main.c) */
	case EACCES:
		return "run as root; if you are root, see: dmesg | tail";
	case EINVAL:
		return "the driver refuses the value, or has no such VF, see: dmesg | tail";
	case ERANGE:
		return "the driver's range for it is smaller, see: dmesg | tail";
	case ENODEV:
		return "see: ip link";
	case EAGAIN:
	case EBUSY:
		return "the VF may still be in reset; try again, longer with --timeout SEC";
	}
	return "see: dmesg | tail";
}

static int not_set(const struct change *c, int code, struct err *e)
{
	const char *why = code == ETIMEDOUT ? "the driver did not answer in time" : strerror(code);
	char values[LIST_TEXT];

	err_set(e, code, "set %s of VF %u through %s: %s", list_attrs(values, c, true), c->index,
		c->netdev, why);
	/* The kernel may still do it. */
	if (code == ETIMEDOUT)
		err_status(e, -code, EXIT_LEFT);
	if (code == EOPNOTSUPP || code == EPROTONOSUPPORT)
		return fix_unsupported(c, code, e);
	if (code == EINVAL && c->setting == VF_SET_RATE && c->link != LINK_UP &&
	    !is_refused_for_ever(c))
		return err_fix(
			e, -code,
			"%s has no link, without which its driver may refuse rates: check its "
			"cable, or run: ip link set %s up",
			c->netdev, c->netdev);
	return err_fix(e, -code, "%s", fix_of(code));
}

/* Each request may take as long as one slow step may, because one that is cut off in the middle
 * would still be carried out. */
static int set_once(rtnl_ask_fn ask, void *arg, const struct host *h, const struct change *c)
{
	_cleanup_(rtnl_free_msg) struct nl_msg *msg = NULL;
	_cleanup_(rtnl_free_answer) struct rtnl_answer answer = { 0 };
	int r = vf_link_request_set(c->netdev, c->index, c->setting, c->a, &msg);

	if (r == 0)
		r = ask(arg, msg, h->timeout_ms, &answer);
	return r < 0 ? r : rtnl_answer_error(&answer);
}

int vf_link_set_by(rtnl_ask_fn ask, void *arg, const struct host *h, const char *netdev,
		   unsigned index, enum vf_setting s, const struct vf_attrs *a, struct err *e)
{
	struct change c = { netdev, index, s, a, LINK_UP, { 0 } };
	struct deadline d = deadline_in(h->timeout_ms);
	int r;

	if (!(a->given & vf_setting_bits(s)))
		return err_set(e, EINVAL, "set %s of VF %u through %s: no value",
			       vf_setting_name(s), index, netdev);
	do {
		if (s == VF_SET_RATE)
			c.link = netdev_link(h, netdev);
		r = set_once(ask, arg, h, &c);
	} while (may_work_later(&c, r) && deadline_pause(&d));
	return r < 0 ? not_set(&c, -r, e) : 0;
}

static int set_it(const struct host *h, const char *netdev, unsigned index, enum vf_setting s,
		  const struct vf_attrs *a, struct err *e)
{
	if (h->vf_link)
		return h->vf_link->set(h->vf_link_arg, netdev, index, s, a, e);
	/* Only the running host has the driver that would answer; a tree has none. */
	if (root_is_tree(&h->root))
		return err_set(e, EROFS, "set %s of VF %u through %s: a tree has no driver",
			       vf_setting_name(s), index, netdev);
	return vf_link_set_by(rtnl_ask, (void *)h, h, netdev, index, s, a, e);
}

int vf_link_set(const struct host *h, const char *netdev, unsigned index, enum vf_setting s,
		const struct vf_attrs *a, struct err *e)
{
	struct change c = { netdev, index, s, a, LINK_UP, { 0 } };
	int r = set_it(h, netdev, index, s, a, e);
	char values[LIST_TEXT];

	log_effect(&h->log, r, "set %s of VF %u through %s", list_attrs(values, &c, true), index,
		   netdev);
	return r;
}
