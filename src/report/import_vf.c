// SPDX-License-Identifier: GPL-2.0-or-later
/* Settings and drivers of VFs: what is not as a fresh VF has it. */
#include <string.h>
#include <linux/if_ether.h>

#include "engine/plan/desired_read.h"
#include "engine/plan/mac_auto.h"
#include "host/inventory/pf_driver.h"
#include "report/import_parts.h"

/* The VFs of one PF on their way. */
struct one_pf {
	struct importing *im;
	const struct import_macs *macs;
	size_t p;
	const struct pf *pf;
	unsigned n;	 /* VFs that are there, or will be */
	bool has_guests; /* VFs that are made for domains: the others get no driver then */
	bool has_auto;	 /* mac=auto can be made */
	uint8_t address[MAC_LEN];
	struct vf_attrs *want; /* by VF */
};

static int no_memory(struct err *e)
{
	return err_set(e, ENOMEM, "out of memory");
}

/* libvirt sets it where there was none. Source: libvirt src/util/virnetdev.c,
 * virNetDevSetVfMac(). */
static bool is_marker(const uint8_t mac[MAC_LEN])
{
	static const uint8_t none[MAC_LEN] = { 2 };

	return !mac_cmp(mac, none);
}

/* An address that the VF alone has; of one that mac=auto gives it that is said. */
static int take_mac(struct one_pf *o, unsigned i, const struct vf_attrs *is)
{
	struct vf_attrs *want = &o->want[i];
	uint8_t made[MAC_LEN];
	char mac[MAC_STRLEN];

	if (mac_is_zero(is->mac) || mac_is_multicast(is->mac) || is_marker(is->mac))
		return 0;
	if (!import_mac_is_own(o->macs, is->mac, o->pf->vfs[i].bdf))
		return topo_note_missing(o->im->notes, NOTE_END, 0,
					 "mac of %s/%u: others have %s too",
					 o->im->topo->pfs[o->p].name, i, mac_str(mac, is->mac));
	want->given |= VF_ATTR_MAC;
	mac_auto(o->address, i, 0, made);
	want->mac_auto = o->has_auto && !mac_cmp(made, is->mac);
	if (!want->mac_auto)
		memcpy(want->mac, is->mac, MAC_LEN);
	return 0;
}

/* A priority alone, and a number that is none (mlx4 says 4095 for no VLAN), a topology does not
 * have. */
static void take_vlan(struct vf_attrs *want, const struct vf_attrs *is)
{
	if (!(is->given & VF_ATTR_VLAN) || !is->vlan || is->vlan > 4094)
		return;
	vf_attrs_take(want, is, VF_ATTR_VLAN);
	if (is->qos && is->qos <= 7)
		vf_attrs_take(want, is, VF_ATTR_QOS);
	if (is->proto == ETH_P_8021AD)
		vf_attrs_take(want, is, VF_ATTR_PROTO);
}

/* Of these drivers a fresh VF is known to have it on. What others give it is not known: there it is
 * written down whatever it is. Source: Linux drivers/net/ethernet/intel/igb/igb_main.c,
 * igb_probe_vfs(); ixgbe/ixgbe_sriov.c, __ixgbe_enable_sriov(); wangxun/libwx/wx_sriov.c,
 * wx_alloc_vf_data(). */
static bool has_fresh_spoofchk(const struct pf *pf)
{
	static const char *const drivers[] = { "igb", "ixgbe", "ngbe", "txgbe" };

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		if (pf->driver && !strcmp(pf->driver, drivers[i]))
			return true;
	return false;
}

static void take_rates(struct vf_attrs *want, const struct vf_attrs *is)
{
	if (is->max_tx_rate)
		vf_attrs_take(want, is, VF_ATTR_MAX_TX_RATE);
	if (is->min_tx_rate && (!is->max_tx_rate || is->min_tx_rate <= is->max_tx_rate))
		vf_attrs_take(want, is, VF_ATTR_MIN_TX_RATE);
}

static int take_settings(struct one_pf *o, unsigned i)
{
	struct vf_attrs is = { 0 }, *want = &o->want[i];

	vf_attrs_take(&is, &o->pf->attrs[i], pf_settable(&o->im->s->host, o->pf));
	take_vlan(want, &is);
	if ((is.given & VF_ATTR_SPOOFCHK) && !(is.spoofchk && has_fresh_spoofchk(o->pf)))
		vf_attrs_take(want, &is, VF_ATTR_SPOOFCHK);
	if (is.trust)
		vf_attrs_take(want, &is, VF_ATTR_TRUST);
	if (is.link != VF_LINK_AUTO)
		vf_attrs_take(want, &is, VF_ATTR_LINK);
	take_rates(want, &is);
	if (is.node_guid)
		vf_attrs_take(want, &is, VF_ATTR_NODE_GUID);
	if (is.port_guid)
		vf_attrs_take(want, &is, VF_ATTR_PORT_GUID);
	return is.given & VF_ATTR_MAC ? take_mac(o, i, &is) : 0;
}

static void set_driver(struct one_pf *o, unsigned i, enum vf_driver driver)
{
	o->want[i].given |= VF_ATTR_DRIVER;
	o->want[i].driver = (uint8_t)driver;
}

/* What holds it for domains, when that is not the driver that assign would take, was chosen by
 * somebody, and stays. */
static bool has_other_holder(const struct one_pf *o, const struct vf *vf)
{
	const struct backend_ops *ops = o->im->s->ops;

	return vf->driver && ops && strcmp(vf->driver, ops->driver) != 0;
}

/* A driver of the host is said where it would not come by itself: after VFs were made without
 * drivers, because some are for domains, or because the PF says so. */
static int take_driver(struct one_pf *o, unsigned i)
{
	const struct vf *vf = &o->pf->vfs[i];
	const struct import_holder *h = &o->im->holders[o->p][i];
	const char *name = o->im->topo->pfs[o->p].name;

	switch ((enum vf_state)vf->state) {
	case VF_ATTACHED:
	case VF_ASSIGNABLE:
		if (h->is_managed)
			return 0;
		if (has_other_holder(o, vf))
			set_driver(o, i, VF_DRIVER_KEEP);
		else if (h->domain == NO_IMPORT)
			set_driver(o, i, VF_DRIVER_ASSIGN);
		return 0;
	case VF_HOST:
		if (vf->driver && h->domain == NO_IMPORT && (o->has_guests || !o->pf->autoprobe))
			set_driver(o, i, VF_DRIVER_HOST);
		return 0;
	case VF_STALE:
	case VF_BROKEN:
		return topo_note_missing(o->im->notes, NOTE_END, 0, "driver of %s/%u: it is %s: %s",
					 name, i, vf_state_name((enum vf_state)vf->state),
					 vf->why ? vf->why : "its views disagree");
	case VF_ABSENT:
		return 0;
	}
	return 0;
}

static bool is_for_guests(const struct one_pf *o, unsigned i)
{
	const struct vf *vf = i < o->pf->numvfs ? &o->pf->vfs[i] : NULL;

	return o->im->holders[o->p][i].domain != NO_IMPORT ||
	       (vf && (vf->state == VF_ATTACHED || vf->state == VF_ASSIGNABLE));
}

/* What a file wants, whatever it is now. */
static int take_wanted(struct one_pf *o, unsigned i)
{
	const struct vf_attrs *a = &o->im->holders[o->p][i].attrs;
	const char *name = o->im->topo->pfs[o->p].name;
	char mac[MAC_STRLEN];

	if (!a->given)
		return 0;
	if (!o->pf->netdev || o->pf->is_switchdev)
		return topo_note_missing(o->im->notes, NOTE_END, 0,
					 "settings of %s/%u: they do not go through its PF", name,
					 i);
	if ((a->given & VF_ATTR_MAC) &&
	    !import_mac_is_own(o->macs, a->mac,
			       i < o->pf->numvfs ? o->pf->vfs[i].bdf : (struct bdf){ 0 }))
		return topo_note_missing(o->im->notes, NOTE_END, 0,
					 "mac of %s/%u: others have %s too", name, i,
					 mac_str(mac, a->mac));
	if (a->given & VF_ATTR_MAC)
		o->want[i].mac_auto = false;
	if (a->given & VF_ATTR_VLAN)
		o->want[i].given &= ~(unsigned)(VF_ATTR_QOS | VF_ATTR_PROTO);
	vf_attrs_take(&o->want[i], a, a->given);
	return 0;
}

/* What one note says for all VFs of a PF. */
static int add_notes(struct one_pf *o, size_t first)
{
	const struct topology *t = o->im->topo;
	bool has_spoofchk = false;
	int r = 0;

	for (size_t i = first; i < t->n_vfs; i++)
		has_spoofchk |= (t->vfs[i].attrs.given & VF_ATTR_SPOOFCHK) != 0;
	if (has_spoofchk && !has_fresh_spoofchk(o->pf))
		r = topo_note(o->im->notes, NOTE_VF, first,
			      "%s: spoofchk is written down because what driver %s gives a new VF "
			      "is not known",
			      t->pfs[o->p].name, o->pf->driver ? o->pf->driver : "-");
	if (r == 0 && o->pf->is_switchdev)
		r = topo_note(o->im->notes, NOTE_PF, o->p,
			      "eswitch mode switchdev: settings of its VFs are those of their "
			      "representors, and not in here");
	return r;
}

/* Settings come through the PF's network device; those that others set up anew are theirs. */
static int want_all(struct one_pf *o)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < o->n; i++) {
		bool is_there = i < o->pf->numvfs, is_managed = o->im->holders[o->p][i].is_managed;

		if (is_there && o->pf->attrs && !o->pf->is_switchdev && !is_managed)
			r = take_settings(o, i);
		if (r == 0)
			r = take_wanted(o, i);
		if (r == 0 && is_there)
			r = take_driver(o, i);
	}
	return r;
}

static int import_pf(struct importing *im, const struct import_macs *macs, size_t p)
{
	struct one_pf o = {
		.im = im, .macs = macs, .p = p, .pf = &im->inv->pfs[p], .n = import_n_vfs(im, p)
	};
	size_t first = im->topo->n_vfs;
	int r;

	if (!o.n)
		return 0;
	o.want = calloc(o.n, sizeof(*o.want));
	if (!o.want)
		return -ENOMEM;
	for (unsigned i = 0; i < o.n; i++)
		o.has_guests |= is_for_guests(&o, i);
	o.has_auto = (pf_settable(&im->s->host, o.pf) & VF_ATTR_MAC) &&
		     desired_pf_address(&im->s->host, o.pf, o.address, NULL) == 0;
	r = want_all(&o);
	if (r == 0)
		r = import_lines(im, p, o.want, o.n);
	free(o.want);
	return r == 0 ? add_notes(&o, first) : r;
}

int import_vfs(struct importing *im, struct err *e)
{
	struct import_macs *macs = NULL;
	char name[BDF_STRLEN];
	int r = 0;

	for (size_t p = 0; r == 0 && p < im->inv->n_pfs; p++) {
		r = inventory_read_attrs(im->inv, &im->s->host, &im->inv->pfs[p], e);
		err_at(r < 0 ? e : NULL, r, pf_label(name, &im->inv->pfs[p]), "read attributes");
	}
	if (r == 0)
		r = import_macs_read(&macs, im, e);
	if (r < 0)
		return r;
	for (size_t p = 0; r == 0 && p < im->inv->n_pfs; p++)
		r = import_pf(im, macs, p);
	import_macs_free(macs);
	return r < 0 ? no_memory(e) : 0;
}
