// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/list_columns.h"

#include <string.h>
#include <linux/if_ether.h>

#define NONE	  "-"
#define UNSEEN	  "?" /* the driver does not report it */
#define CELL(...) (snprintf(buf, LIST_CELL_MAX, __VA_ARGS__), buf)

#define CELL_OF(name)                                                                              \
	static const char *name(const struct list_view *l UNUSED, const struct list_run *run,      \
				char buf[LIST_CELL_MAX] UNUSED)

static const struct vf *first_of(const struct list_run *run)
{
	return &run->pf->vfs[run->first];
}

static bool is_run(const struct list_run *run)
{
	return run->last != run->first;
}

const struct vf_attrs *list_attrs_of(const struct list_run *run)
{
	return run->pf->attrs ? &run->pf->attrs[run->first] : NULL;
}

static bool has_attr(const struct list_run *run, enum vf_attr bit)
{
	return run->pf->attrs && (list_attrs_of(run)->given & bit);
}

const char *list_domain(const struct list_view *l, const struct vf *vf)
{
	if (vf->domain)
		return vf->domain;
	return l->inv->domains_unseen && vf->state != VF_HOST ? UNSEEN : NONE;
}

/* Without printf(), because a list has two for each VF, and measures them first. */
static const char *number(char buf[LIST_CELL_MAX], uint32_t v)
{
	char *to = buf + LIST_CELL_MAX;

	*--to = '\0';
	do
		*--to = (char)('0' + v % 10);
	while (v /= 10);
	return to;
}

CELL_OF(index_cell)
{
	return is_run(run) ? CELL("%u-%u", run->first, run->last) : number(buf, run->first);
}

CELL_OF(address_cell)
{
	char last[BDF_STRLEN];

	bdf_str(buf, first_of(run)->bdf);
	if (is_run(run))
		sprintf(buf + strlen(buf), "..%s", bdf_str(last, run->pf->vfs[run->last].bdf));
	return buf;
}

CELL_OF(driver_cell)
{
	return first_of(run)->driver ? first_of(run)->driver : NONE;
}

/* "14", "14-21" for one each, in order; else how many there are. */
CELL_OF(group_cell)
{
	int32_t group = first_of(run)->iommu_group;
	bool is_one = true, is_row = group != NO_GROUP;

	for (unsigned i = run->first + 1; i <= run->last; i++) {
		int32_t other = run->pf->vfs[i].iommu_group;

		is_one &= other == group;
		is_row &= other == group + (int32_t)(i - run->first);
	}
	if (is_one)
		return group == NO_GROUP ? NONE : number(buf, (uint32_t)group);
	return is_row ? CELL("%d-%d", group, run->pf->vfs[run->last].iommu_group) : "several";
}

CELL_OF(netdev_cell)
{
	if (!first_of(run)->netdev)
		return NONE;
	return is_run(run) ? CELL("%u devices", run->last - run->first + 1) : first_of(run)->netdev;
}

CELL_OF(state_cell)
{
	return vf_state_name((enum vf_state)first_of(run)->state);
}

CELL_OF(domain_cell)
{
	return list_domain(l, first_of(run));
}

/* A run has an address each, unless none of its VFs has got one yet. */
CELL_OF(mac_cell)
{
	char text[VF_ATTR_TEXT];

	if (!has_attr(run, VF_ATTR_MAC))
		return UNSEEN;
	for (unsigned i = run->first + 1; i <= run->last; i++)
		if (mac_cmp(run->pf->attrs[i].mac, list_attrs_of(run)->mac) != 0)
			return "one each";
	return CELL("%s", strchr(vf_attr_text(text, list_attrs_of(run), VF_ATTR_MAC), '=') + 1);
}

/* "100", and what else there is to its tag: "100 qos 2 802.1ad". */
CELL_OF(vlan_cell)
{
	const struct vf_attrs *a = list_attrs_of(run);
	size_t n;

	if (!has_attr(run, VF_ATTR_VLAN))
		return UNSEEN;
	n = (size_t)snprintf(buf, LIST_CELL_MAX, "%u", a->vlan);
	if ((a->given & VF_ATTR_QOS) && a->qos)
		n += (size_t)snprintf(buf + n, LIST_CELL_MAX - n, " qos %u", a->qos);
	if ((a->given & VF_ATTR_PROTO) && a->proto != ETH_P_8021Q)
		snprintf(buf + n, LIST_CELL_MAX - n, " %s",
			 a->proto == ETH_P_8021AD ? "802.1ad" : UNSEEN);
	return buf;
}

static const char *word(const struct list_run *run, enum vf_attr bit)
{
	const struct vf_attr_info *info = vf_attr_info((unsigned)__builtin_ctz(bit));
	const char *name;

	if (!has_attr(run, bit))
		return UNSEEN;
	if (info->kind == VF_KIND_SWITCH)
		return vf_attr_number(list_attrs_of(run), info) ? "on" : "off";
	name = vf_attr_word(list_attrs_of(run), info);
	return name ? name : UNSEEN;
}

CELL_OF(spoofchk_cell)
{
	return word(run, VF_ATTR_SPOOFCHK);
}

CELL_OF(trust_cell)
{
	return word(run, VF_ATTR_TRUST);
}

CELL_OF(link_cell)
{
	return word(run, VF_ATTR_LINK);
}

/* Mbit/s, "100-1000"; "-" has no limit on either side. */
CELL_OF(rate_cell)
{
	const struct vf_attrs *a = list_attrs_of(run);

	if (!has_attr(run, VF_ATTR_MIN_TX_RATE) && !has_attr(run, VF_ATTR_MAX_TX_RATE))
		return UNSEEN;
	if (!a->min_tx_rate && !a->max_tx_rate)
		return NONE;
	return a->max_tx_rate ? CELL("%u-%u", a->min_tx_rate, a->max_tx_rate)
			      : CELL("%u-", a->min_tx_rate);
}

static const struct list_column index_column = { "VF", true, false, index_cell };
static const struct list_column address_column = { "ADDRESS", false, false, address_cell };
static const struct list_column driver_column = { "DRIVER", false, false, driver_cell };
static const struct list_column group_column = { "GROUP", true, false, group_cell };
static const struct list_column netdev_column = { "NETDEV", false, false, netdev_cell };
static const struct list_column state_column = { "STATE", false, true, state_cell };
static const struct list_column domain_column = { "DOMAIN", false, false, domain_cell };
static const struct list_column mac_column = { "MAC", false, false, mac_cell };
static const struct list_column vlan_column = { "VLAN", false, false, vlan_cell };
static const struct list_column spoofchk_column = { "SPOOFCHK", false, false, spoofchk_cell };
static const struct list_column trust_column = { "TRUST", false, false, trust_cell };
static const struct list_column link_column = { "LINK", false, false, link_cell };
static const struct list_column rate_column = { "RATE", false, false, rate_cell };

static const struct list_column *const plain[] = {
	&index_column,	&address_column, &driver_column, &group_column,
	&netdev_column, &state_column,	 &domain_column, NULL,
};

static const struct list_column *const with_attrs[] = {
	&index_column,	  &address_column, &mac_column,	 &vlan_column,
	&spoofchk_column, &trust_column,   &link_column, &rate_column,
	&state_column,	  &domain_column,  NULL,
};

const struct list_column *const *list_columns(const struct list_view *l)
{
	return l->has_attrs ? with_attrs : plain;
}
