// SPDX-License-Identifier: GPL-2.0-or-later
/* Virtual functions: lines of the topology that this host cannot follow. */
#include <string.h>

#include "host/guard/guard.h"
#include "host/inventory/pf_driver.h"
#include "engine/check/check_parts.h"
#include "engine/plan/desired_read.h"

/* Returns where the value stands; a model without places has only the place of the line. */
static struct loc loc_of(const struct topo_vf *line, unsigned bit)
{
	return line->attr_loc[bit].line ? line->attr_loc[bit] : line->loc;
}

/* Reports attributes that the PF's network device does not have. */
static void check_settable(struct check *c, const struct topo_vf *line, const struct pf *have,
			   unsigned given)
{
	unsigned settable = pf_settable(c->host, have);
	bool is_ib = settable & VF_ATTR_GUIDS;

	for (unsigned bit = 0; bit < VF_ATTR_N; bit++) {
		const char *attr = vf_attr_name((enum vf_attr)(1u << bit));
		struct err *e;

		if (!(given & ~settable & 1u << bit))
			continue;
		e = check_error(
			c, loc_of(line, bit), c->topo->pfs[line->range.pf].name,
			is_ib ? "%s, but network device %s is InfiniBand, whose VFs have "
				"neither a MAC address nor a VLAN"
			      : "%s is for InfiniBand, but network device %s is not InfiniBand",
			attr, have->netdev);
		err_fix(e, 0,
			is_ib ? "remove %s=; InfiniBand VFs have node_guid=, port_guid= and link="
			      : "remove %s=",
			attr);
	}
}

/* mac=auto is derived from the PF's own address. */
static void check_auto(struct check *c, const struct topo_vf *line, const struct pf *have)
{
	uint8_t mac[MAC_LEN];
	struct err why = { 0 };

	if (!(line->attrs.given & VF_ATTR_MAC) || !line->attrs.mac_auto ||
	    !(pf_settable(c->host, have) & VF_ATTR_MAC) ||
	    desired_pf_address(c->host, have, mac, &why) == 0)
		return;
	check_refusal(c, loc_of(line, 0), c->topo->pfs[line->range.pf].name, &why);
}

/* All attributes except driver= are set through the PF's netdev. Source: Linux
 * net/core/rtnetlink.c, do_setvfinfo(). */
static void check_attributes(struct check *c, const struct topo_vf *line)
{
	const struct topo_pf *want = &c->topo->pfs[line->range.pf];
	const struct pf *have = c->pfs[line->range.pf];
	unsigned given = line->attrs.given & ~(unsigned)VF_ATTR_DRIVER;

	if (!have)
		return;
	if (have->netdev ||
	    (pf_driver_has(have, PF_LATE_NETDEV) && check_numvfs(c, line->range.pf))) {
		check_settable(c, line, have, given);
		check_auto(c, line, have);
		return;
	}
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++) {
		const char *attr;
		struct err *e;

		if (!(given & 1u << bit))
			continue;
		attr = vf_attr_name((enum vf_attr)(1u << bit));
		e = check_error(
			c, loc_of(line, bit), want->name,
			"%s is set through the PF's network device, but the PF has none (%s%s)",
			attr, have->driver ? "driver " : "no driver",
			have->driver ? have->driver : "");
		if (have->driver)
			err_fix(e, 0, "remove %s=", attr);
		else
			err_fix(e, 0, "load the PF's driver");
	}
}

/*
 * Where there are representors, they are the ones that have filters or are in a VLAN of a bridge,
 * and the driver may refuse such settings for the VF itself. Source: Linux
 * Documentation/networking/switchdev.rst; drivers/net/ethernet/mellanox/mlx5/core/eswitch.c,
 * mlx5_eswitch_set_vport_vlan(), _spoofchk(), _trust(); drivers/net/ethernet/intel/ice/ice_sriov.c,
 * ice_set_vf_trust().
 */
static void check_switchdev(struct check *c, const struct topo_vf *line)
{
	const unsigned switched =
		VF_ATTR_VLAN | VF_ATTR_QOS | VF_ATTR_PROTO | VF_ATTR_SPOOFCHK | VF_ATTR_TRUST;
	const struct pf *have = c->pfs[line->range.pf];
	char names[96] = "";
	struct err *e;

	if (!have || !have->is_switchdev)
		return;
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
		if (line->attrs.given & switched & 1u << bit)
			snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
				 names[0] ? ", " : "", vf_attr_name((enum vf_attr)(1u << bit)));
	if (!names[0])
		return;
	e = check_note(c, line->loc, c->topo->pfs[line->range.pf].name,
		       "the PF is in switchdev mode, and its driver may then refuse %s of a VF",
		       names);
	err_fix(e, 0,
		"set it on the VFs' representors, or set the PF to legacy mode, see "
		"devlink-dev(8)");
}

/* This is only about PFs without numvfs= in the topology; the reader checks the others. */
static void check_range(struct check *c, struct loc loc, const struct topo_range *range,
			bool must_have)
{
	const struct topo_pf *want = &c->topo->pfs[range->pf];
	unsigned n = check_numvfs(c, range->pf);
	struct err *e;

	if (!c->pfs[range->pf] || want->has_numvfs)
		return;
	if (range->all && n == 0 && must_have) {
		e = check_error(c, loc, want->name, "the PF has no VFs, so %s/* matches none",
				want->name);
		err_fix(e, 0, "write numvfs= for %s", want->name);
	} else if (!range->all && range->last >= n) {
		e = check_error(c, loc, want->name,
				"there is no VF %u, because the PF has %u VF%s now", range->last, n,
				n == 1 ? "" : "s");
		err_fix(e, 0, "write numvfs=%u or more for %s", range->last + 1, want->name);
	}
}

static const char *says(const struct check *c)
{
	return topology_word(c->topo, "the topology says", "this run asks for");
}

/* A VF that goes to the host's driver, or to none, cannot be in a domain. */
static void check_host_drivers(struct check *c, const struct topo_vf *line)
{
	unsigned end = wanted_end(c->topo, c->pfs, &line->range);

	if (!vf_attrs_driver_is(&line->attrs, VF_DRIVER_HOST) &&
	    !vf_attrs_driver_is(&line->attrs, VF_DRIVER_NONE))
		return;
	for (unsigned i = line->range.all ? 0 : line->range.first; i < end; i++) {
		const struct vf *vf = check_vf_now(c, line->range.pf, i);
		struct vf_attrs a;
		char label[VF_LABEL_MAX];
		struct err *e;

		if (!vf || vf->state != VF_ATTACHED)
			continue;
		a = topology_attrs(c->topo, line->range.pf, i);
		if (!(a.given & VF_ATTR_DRIVER) || a.driver != line->attrs.driver)
			continue;
		vf_label(label, (struct vf_ref){ c->pfs[line->range.pf], i });
		e = check_error(c, line->loc, label, "%s driver=%s, but it is in domain %s",
				says(c), vf_driver_name((enum vf_driver)a.driver),
				vf->domain ? vf->domain : "?");
		err_fix(e, 0, "run: vfyard pci-detach %s %s/%u", vf->domain ? vf->domain : "DOMAIN",
			c->topo->pfs[line->range.pf].name, i);
	}
}

/*
 * A VF that is to be held for domains, or to have no driver, is taken from the host now; one that a
 * domain gets is checked with its domain. A VF that goes to the host, or to no driver, is taken off
 * the pass-through driver. No plan knows whose a stale or broken VF is.
 */
static void check_change(struct check *c, const struct topo_vf *line, struct vf_ref ref,
			 enum vf_driver want)
{
	const struct vf *vf = vf_of(ref);
	char label[VF_LABEL_MAX];
	struct err why = { 0 };
	int r = 0;

	vf_label(label, ref);
	if (vf->state == VF_HOST && want == VF_DRIVER_NONE)
		r = guard_take(c->host, vf->bdf, label, &why);
	else if ((vf->state == VF_HOST || vf->state == VF_ABSENT) && want == VF_DRIVER_ASSIGN)
		check_take(c, line->loc, label, ref);
	else if (vf->state == VF_STALE || vf->state == VF_BROKEN)
		check_unsure(c, line->loc, label, line->range.pf, ref.index);
	else if (vf->state == VF_ASSIGNABLE && want != VF_DRIVER_ASSIGN && c->backend &&
		 c->ops->may_unassign)
		r = c->ops->may_unassign(c->backend, ref, &why);
	if (r < 0)
		check_refusal(c, line->loc, label, &why);
}

/* The kernel asks a driver only if the PF allows it (Linux drivers/pci/pci-driver.c,
 * pci_device_can_probe()), and without numvfs= a PF is never written to. A VF whose driver is
 * remembered gets that driver by name. */
static void check_probe(struct check *c, const struct topo_vf *line, struct vf_ref ref)
{
	const struct topo_pf *want = &c->topo->pfs[line->range.pf];
	const struct vf *vf = vf_of(ref);
	const struct vf_saved *o = c->saved ? state_find_vf(c->saved, ref) : NULL;
	char label[VF_LABEL_MAX], bdf[BDF_STRLEN];
	struct err *e;

	if (want->has_numvfs || ref.pf->autoprobe != 0 ||
	    (vf->state != VF_ASSIGNABLE && (vf->state != VF_HOST || vf->driver)) ||
	    (o && o->driver[0] && state_is_about(o, ref.pf)))
		return;
	e = check_error(
		c, line->loc, vf_label(label, ref),
		"%s driver=host, but its PF has sriov_drivers_autoprobe 0, so no driver takes it, "
		"and vfyard changes that only with numvfs=",
		says(c));
	err_fix(e, 0,
		"write numvfs=%u for %s, or run: echo 1 > "
		"/sys/bus/pci/devices/%s/sriov_drivers_autoprobe",
		ref.pf->numvfs, want->name, bdf_str(bdf, ref.pf->bdf));
}

static void check_taken(struct check *c, const struct topo_vf *line)
{
	const struct pf *pf = c->pfs[line->range.pf];
	unsigned end = wanted_end(c->topo, c->pfs, &line->range);

	if (!(line->attrs.given & VF_ATTR_DRIVER) || line->attrs.driver == VF_DRIVER_KEEP || !pf)
		return;
	for (unsigned i = line->range.all ? 0 : line->range.first; i < end && i < pf->n_vfs; i++) {
		struct vf_attrs a = topology_attrs(c->topo, line->range.pf, i);

		if (a.driver != line->attrs.driver)
			continue;
		check_change(c, line, (struct vf_ref){ c->pfs[line->range.pf], i },
			     (enum vf_driver)a.driver);
		if (a.driver == VF_DRIVER_HOST)
			check_probe(c, line, (struct vf_ref){ c->pfs[line->range.pf], i });
	}
}

int check_vfs(struct check *c, struct err *e UNUSED)
{
	for (size_t i = 0; i < c->topo->n_vfs; i++) {
		const struct topo_vf *line = &c->topo->vfs[i];

		check_attributes(c, line);
		check_switchdev(c, line);
		check_range(c, line->loc, &line->range, false);
		check_host_drivers(c, line);
		check_taken(c, line);
	}
	for (size_t i = 0; i < c->topo->n_domains; i++)
		for (size_t k = 0; k < c->topo->domains[i].n_devs; k++) {
			const struct topo_dev *dev = &c->topo->domains[i].devs[k];

			check_range(c, dev->loc, &dev->range, true);
		}
	return 0;
}
