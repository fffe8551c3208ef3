// SPDX-License-Identifier: GPL-2.0-or-later
/* Physical functions: whether they can have these VFs, and whether they may be changed. */
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>

#include "host/guard/guard.h"
#include "host/inventory/pf_driver.h"
#include "engine/check/check_parts.h"
#include "engine/plan/refuse_numvfs.h"

static void check_count(struct check *c, const struct topo_pf *want, const struct pf *have)
{
	struct err *e;

	if (want->numvfs <= have->totalvfs)
		return;
	e = check_error(c, want->loc, want->name, "numvfs=%u, but the device can have %u",
			want->numvfs, have->totalvfs);
	pf_driver_fix_limit(have, 0, e);
}

static void check_driver(struct check *c, const struct topo_pf *want, const struct pf *have)
{
	const struct refuse ask = check_asks(c);
	struct err why = { 0 };

	if (refuse_numvfs(&ask, have, want->numvfs, want->up, &why) < 0)
		check_refusal(c, want->loc, want->name, &why);
}

#define MAX_NAMED 3

/* Returns the first VF that is in a domain, NULL when none is. */
static const struct vf *first_attached(const struct pf *pf)
{
	for (unsigned i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].state == VF_ATTACHED && pf->vfs[i].domain)
			return &pf->vfs[i];
	return NULL;
}

/* A VF that vfyard made assignable, and can take back, is free, because the plan unassigns it. */
static bool is_free(const struct check *c, struct vf_ref ref)
{
	const struct vf *vf = vf_of(ref);

	if (vf->state == VF_HOST || vf->state == VF_ABSENT)
		return true;
	return state_made_assignable(c->saved, ref) &&
	       !(c->backend && c->ops->may_unassign &&
		 c->ops->may_unassign(c->backend, ref, NULL) < 0);
}

/* Writes "net0/0 (domain web1), net0/2 (assignable) and 5 more". Returns how many there are. */
static unsigned name_holders(const struct check *c, struct pf *pf, const char *name, char *buf,
			     size_t size)
{
	unsigned n = 0;
	size_t len = 0;

	buf[0] = '\0';
	for (unsigned i = 0; i < pf->n_vfs; i++) {
		const struct vf *vf = &pf->vfs[i];
		bool named = vf->state == VF_ATTACHED && vf->domain;

		if (is_free(c, (struct vf_ref){ pf, i }) || n++ >= MAX_NAMED || len >= size)
			continue;
		len += (size_t)snprintf(buf + len, size - len, "%s%s/%u (%s%s)", len ? ", " : "",
					name, i, named ? "domain " : "",
					named ? vf->domain : vf_state_name(vf->state));
	}
	if (n > MAX_NAMED && len < size)
		snprintf(buf + len, size - len, " and %u more", n - MAX_NAMED);
	return n;
}

static void check_holders(struct check *c, const struct topo_pf *want, struct pf *have)
{
	char holders[384];
	const struct vf *attached = first_attached(have);
	struct err *e;

	if (!name_holders(c, have, want->name, holders, sizeof(holders)))
		return;
	e = check_error(
		c, want->loc, want->name,
		"numvfs is %u and changes only while every VF is free, but these are held: %s",
		have->numvfs, holders);
	if (attached)
		err_fix(e, 0,
			"run: vfyard pci-detach %s %s/%u, then pci-assignable-remove -r for each "
			"VF",
			attached->domain, want->name, (unsigned)(attached - have->vfs));
	else
		err_fix(e, 0, "run: vfyard pci-assignable-remove -r '%s/*'", want->name);
}

/* Making VFs resets many NICs, and unmaking VFs takes their netdevs away. */
static void check_guard(struct check *c, const struct topo_pf *want, struct pf *have)
{
	char label[VF_LABEL_MAX];
	struct err why = { 0 };

	snprintf(label, sizeof(label), "%.*s", VF_LABEL_MAX - 1, want->name);
	if (guard_pf(c->host, have->bdf, label, &why) < 0)
		check_refusal(c, want->loc, want->name, &why);
	for (unsigned i = 0; i < have->n_vfs; i++) {
		struct vf_ref ref = { have, i };

		why = (struct err){ 0 };
		if (have->vfs[i].state == VF_HOST && have->vfs[i].driver &&
		    guard_function(c->host, have->vfs[i].bdf, vf_label(label, ref), &why) < 0)
			check_refusal(c, want->loc, label, &why);
	}
}

/* The kernel makes VFs even when the PF is down, and their driver finds the PF "still in reset".
 * Source: Linux drivers/net/ethernet/intel/igbvf/netdev.c, igbvf_probe(). */
static void check_link(struct check *c, const struct topo_pf *want, const struct pf *have)
{
	uint64_t flags, type = ARPHRD_ETHER;

	if (!have->netdev || !want->numvfs || want->up ||
	    root_read_u64(&c->host->root, &flags, "sys/class/net/%s/flags", have->netdev) < 0 ||
	    (flags & IFF_UP))
		return;
	/* An IPoIB device is only a user of the port, and mgmtpfN,M of cxgb4 is not a port at
	 * all. */
	root_read_u64(&c->host->root, &type, "sys/class/net/%s/type", have->netdev);
	if (type != ARPHRD_ETHER)
		return;
	check_note(
		c, want->loc, want->name,
		"network device %s is down, and many VFs have no link until you run: ip link set "
		"%s up",
		have->netdev, have->netdev);
}

/* During boot the device may be down when the VFs are made. */
static void check_up(struct check *c, const struct topo_pf *want, const struct pf *have)
{
	if (want->up && !have->netdev && have->driver && !pf_driver_has(have, PF_LATE_NETDEV))
		err_fix(check_error(c, want->loc, want->name,
				    "up=1, but the PF has no network device (driver %s)",
				    have->driver),
			0, "remove up=");
	else if (!want->up && want->numvfs && pf_driver_has(have, PF_NEEDS_UP) &&
		 pf_is_up(c->host, have) == 1)
		err_fix(check_note(c, want->loc, want->name,
				   "driver %s makes VFs only while %s is up, and at boot it may be "
				   "down",
				   have->driver, have->netdev),
			0, "write up=1");
}

static void check_pf(struct check *c, const struct topo_pf *want, struct pf *have)
{
	if (want->has_autoprobe && have->autoprobe == UNKNOWN)
		check_note(c, want->loc, want->name,
			   "autoprobe has no effect because the kernel (before 4.12) has no "
			   "sriov_drivers_autoprobe");
	if (!want->has_numvfs)
		return;
	check_count(c, want, have);
	check_driver(c, want, have);
	check_link(c, want, have);
	check_up(c, want, have);
	if (want->numvfs == have->numvfs)
		return;
	check_guard(c, want, have);
	if (have->numvfs)
		check_holders(c, want, have);
}

int check_pfs(struct check *c, struct err *e UNUSED)
{
	for (size_t i = 0; i < c->topo->n_pfs; i++)
		if (c->pfs[i])
			check_pf(c, &c->topo->pfs[i], c->pfs[i]);
	return 0;
}
