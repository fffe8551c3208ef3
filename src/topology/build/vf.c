// SPDX-License-Identifier: GPL-2.0-or-later
/* The vf list. */
#include "topology/build/build.h"

#include <string.h>
#include <strings.h>
#include <linux/if_ether.h>

#include "topology/build/value.h"

static int set_mac(void *object, const struct topo_word *key, const struct topo_word *v,
		   struct err *e)
{
	struct vf_attrs *a = object;

	a->mac_auto = !strcmp(v->s, "auto");
	return a->mac_auto ? 0 : value_mac(key, v, a->mac, e);
}

static int set_number(const struct topo_word *key, const struct topo_word *v, unsigned long max,
		      uint32_t *ret, struct err *e)
{
	unsigned long n;
	int r = value_number(key, v, 0, max, &n, e);

	if (r == 0)
		*ret = (uint32_t)n;
	return r;
}

static int set_vlan(void *object, const struct topo_word *key, const struct topo_word *v,
		    struct err *e)
{
	struct vf_attrs *a = object;
	uint32_t n = 0;
	int r = set_number(key, v, 4094, &n, e);

	a->vlan = (uint16_t)n;
	return r;
}

static int set_qos(void *object, const struct topo_word *key, const struct topo_word *v,
		   struct err *e)
{
	struct vf_attrs *a = object;
	uint32_t n = 0;
	int r = set_number(key, v, 7, &n, e);

	a->qos = (uint8_t)n;
	return r;
}

static int set_proto(void *object, const struct topo_word *key, const struct topo_word *v,
		     struct err *e)
{
	struct vf_attrs *a = object;

	if (!strcasecmp(v->s, "802.1q"))
		a->proto = ETH_P_8021Q;
	else if (!strcasecmp(v->s, "802.1ad"))
		a->proto = ETH_P_8021AD;
	else
		return err_fix(e, err_usage(e, "%s: '%s' is not 802.1q or 802.1ad", key->s, v->s),
			       "write 802.1q or 802.1ad");
	return 0;
}

static int set_spoofchk(void *object, const struct topo_word *key, const struct topo_word *v,
			struct err *e)
{
	return value_on_off(key, v, &((struct vf_attrs *)object)->spoofchk, e);
}

static int set_trust(void *object, const struct topo_word *key, const struct topo_word *v,
		     struct err *e)
{
	return value_on_off(key, v, &((struct vf_attrs *)object)->trust, e);
}

/* ip link says auto, enable, disable. */
static int set_link(void *object, const struct topo_word *key, const struct topo_word *v,
		    struct err *e)
{
	static const char *const choices[] = { "auto", "on", "off", "enable", "disable", NULL };
	static const enum vf_link links[] = { VF_LINK_AUTO, VF_LINK_ON, VF_LINK_OFF, VF_LINK_ON,
					      VF_LINK_OFF };
	struct vf_attrs *a = object;
	unsigned i = v->s[0] == '1' ? 1 : 2;
	int r = v->is_bool ? 0 : value_choice(key, v, choices, &i, e);

	if (r == 0)
		a->link = (uint8_t)links[i];
	return r;
}

static int set_min_tx_rate(void *object, const struct topo_word *key, const struct topo_word *v,
			   struct err *e)
{
	return set_number(key, v, UINT32_MAX, &((struct vf_attrs *)object)->min_tx_rate, e);
}

static int set_max_tx_rate(void *object, const struct topo_word *key, const struct topo_word *v,
			   struct err *e)
{
	return set_number(key, v, UINT32_MAX, &((struct vf_attrs *)object)->max_tx_rate, e);
}

static const char *const drivers[] = { [VF_DRIVER_ASSIGN] = "assign",
				       [VF_DRIVER_HOST] = "host",
				       [VF_DRIVER_NONE] = "none",
				       [VF_DRIVER_KEEP] = "keep",
				       NULL };

static int set_driver(void *object, const struct topo_word *key, const struct topo_word *v,
		      struct err *e)
{
	struct vf_attrs *a = object;
	unsigned i;
	int r = value_choice(key, v, drivers, &i, e);

	if (r == 0)
		a->driver = (uint8_t)i;
	return r;
}

static int set_guid(const struct topo_word *key, const struct topo_word *v, uint64_t *ret,
		    struct err *e)
{
	uint64_t guid;

	if (!vf_guid_scan(&guid, v->s) || !guid)
		return err_fix(e, err_usage(e, "%s: '%s' is not a GUID", key->s, v->s),
			       "write it as 00:11:22:33:44:55:66:77");
	*ret = guid;
	return 0;
}

static int set_node_guid(void *object, const struct topo_word *key, const struct topo_word *v,
			 struct err *e)
{
	return set_guid(key, v, &((struct vf_attrs *)object)->node_guid, e);
}

static int set_port_guid(void *object, const struct topo_word *key, const struct topo_word *v,
			 struct err *e)
{
	return set_guid(key, v, &((struct vf_attrs *)object)->port_guid, e);
}

/* By bit number. */
static const struct topo_field fields[VF_ATTR_N] = {
	{ "mac", false, set_mac },
	{ "vlan", false, set_vlan },
	{ "qos", false, set_qos },
	{ "proto", false, set_proto },
	{ "spoofchk", true, set_spoofchk },
	{ "trust", true, set_trust },
	{ "link", true, set_link },
	{ "min_tx_rate", false, set_min_tx_rate },
	{ "max_tx_rate", false, set_max_tx_rate },
	{ "driver", false, set_driver },
	{ "node_guid", false, set_node_guid },
	{ "port_guid", false, set_port_guid },
};

/* Which attributes have a value, and where; one whose value was refused is not given, its error is
 * enough. */
static void mark_given(struct topo_vf *vf, const struct topo_entry *spec)
{
	for (size_t i = 0; i < spec->n; i++)
		for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
			if (!strcmp(spec->keys[i].s, fields[bit].name)) {
				vf->attrs.given |= 1u << bit;
				vf->attr_loc[bit] = spec->keys[i].loc;
			}
}

static void build_vf(struct topo_build *b, struct topo_node *node)
{
	struct topo_vf vf = { 0 };
	size_t before = b->c.problems->n_errors + b->c.n_hidden;
	struct topo_entry spec;
	int r = topo_build_entry(b, node, "pf", "index", &spec);

	vf.loc = spec.loc;
	if (spec.address.s) {
		topo_build_address(b, &spec.address, spec.index.s);
		return;
	}
	if (r == 0 || (spec.head.s && spec.index.s))
		r = topo_build_range(b, &spec, &vf.range) < 0 ? -EINVAL : r;
	topo_entry_apply(&spec, fields, VF_ATTR_N, &vf.attrs, &b->c);
	if (r < 0 || before != b->c.problems->n_errors + b->c.n_hidden)
		return;
	mark_given(&vf, &spec);
	if (!vf.attrs.given) {
		err_fix(topo_error(&b->c, vf.loc, "this entry sets nothing"), 0,
			"add key=value, or remove it");
		return;
	}
	b->t->vfs[b->t->n_vfs++] = vf;
}

int topo_build_vfs(struct topo_build *b, struct topo_node *value)
{
	if (!topo_build_is_list(b, value))
		return 0;
	b->t->vfs = calloc(value->n + 1, sizeof(*b->t->vfs));
	if (!b->t->vfs)
		return -ENOMEM;
	for (size_t i = 0; i < value->n; i++)
		build_vf(b, &value->kids[i]);
	return 0;
}
