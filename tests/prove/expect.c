// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What must come of a case, said without the planner, according to the manual: one function for
 * each rule, about the host as it is and the lines of the topology.
 */
#include <string.h>

#include "look.h"

static bool is_remade(const struct prove_case *c, const struct prove_host *h, unsigned p)
{
	return case_numvfs(c, p) >= 0 && case_numvfs(c, p) != h->pfs[p].numvfs;
}

/* What is remembered of this VF, and not of one of another card. */
static const struct vf_saved *memory(const struct state *saved, unsigned p, unsigned i)
{
	const struct vf_saved *o = state_find(saved, look_pf_bdf(p), i);

	return o && o->device == LOOK_VF_DEVICE && !strcmp(o->card, look_card(p)) ? o : NULL;
}

/* vfyard made it assignable, and knows the way back. */
static bool is_ours(const struct prove_host *h, const struct state *saved, unsigned p, unsigned i)
{
	const struct vf_saved *o = memory(saved, p, i);

	return h->pfs[p].vfs[i].state == VF_ASSIGNABLE && o && o->assigned == 1 && !o->is_name_only;
}

static const char *refuse_number(const struct prove_case *c, const struct prove_host *h,
				 const struct state *saved, unsigned p)
{
	const struct prove_pf *pf = &h->pfs[p];

	if (!is_remade(c, h, p))
		return NULL;
	if (pf->kind == PF_WITHOUT_DRIVER || pf->kind == PF_PASSED)
		return "the PF's driver makes no VFs";
	if (pf->kind == PF_ONLY_UP && pf->down && !c->v[at_pf(p, P_WANT_UP)])
		return "the PF's driver makes VFs only while it is up";
	if (pf->guarded)
		return "the host lives on the PF";
	for (unsigned i = 0; i < pf->numvfs; i++) {
		if (pf->vfs[i].used)
			return "a VF that would be unmade is in use";
		if (pf->vfs[i].state != VF_HOST && !is_ours(h, saved, p, i))
			return "a VF that would be unmade is held";
	}
	return NULL;
}

static const char *refuse_up(const struct prove_case *c, const struct prove_host *h, unsigned p)
{
	unsigned kind = h->pfs[p].kind;

	if (!c->v[at_pf(p, P_WANT_UP)] || kind_has_netdev(kind) || kind == PF_WITHOUT_DRIVER)
		return NULL;
	return "up=1 without a network device";
}

/* The address that it is to have. */
static uint8_t wanted_mac(const struct prove_case *c, const struct prove_host *h, unsigned p,
			  unsigned i, uint8_t otherwise)
{
	unsigned want = want_set_bits(c->v[at_vf(p, i, V_WANT_SET)]);

	if (want & WANT_MAC)
		return MAC_WANTED;
	if (!(want & WANT_AUTO))
		return otherwise;
	return h->taken && !p && !i ? MAC_NEXT : MAC_AUTO;
}

static const char *refuse_settings(const struct prove_case *c, const struct prove_host *h,
				   unsigned p, unsigned i)
{
	const struct prove_vf *vf = &h->pfs[p].vfs[i];
	unsigned want = want_set_bits(c->v[at_vf(p, i, V_WANT_SET)]);
	bool differs =
		wanted_mac(c, h, p, i, vf->mac) != vf->mac || ((want & WANT_VLAN) && vf->vlan != 1);

	if (!want)
		return NULL;
	if (!kind_has_netdev(h->pfs[p].kind))
		return "settings without a network device";
	if (is_remade(c, h, p) || i >= h->pfs[p].numvfs || !differs)
		return NULL;
	if (vf->state == VF_ATTACHED && !(c->v[F_LIBVIRT] && vf->domain == 1))
		return "settings of a running guest";
	if (vf->used)
		return "settings of what the host lives on";
	if (vf->state == VF_BROKEN)
		return "settings of what nobody knows whose it is";
	return NULL;
}

static bool knows_driver(const struct state *saved, unsigned p, unsigned i)
{
	const struct vf_saved *o = memory(saved, p, i);

	return o && o->driver[0];
}

/* This is about the VF as it is, even if it would be made anew. */
static const char *refuse_driver(const struct prove_case *c, const struct prove_host *h,
				 const struct state *saved, unsigned p, unsigned i)
{
	const struct prove_vf *vf = &h->pfs[p].vfs[i];
	struct prove_line l = case_line(c, p, i);
	bool is_taken = l.driver == VF_DRIVER_ASSIGN || l.driver == VF_DRIVER_NONE ||
			(l.domain && l.driver != VF_DRIVER_KEEP);
	bool runs = l.domain && h->runs[l.domain - 1] && !c->v[F_NO_ATTACH];

	if (l.driver < 0 && !l.domain)
		return NULL;
	if (i >= h->pfs[p].numvfs)
		return NULL;
	if (is_taken && vf->used)
		return "in use";
	if (vf->state == VF_STALE || vf->state == VF_BROKEN)
		return l.driver == VF_DRIVER_KEEP && !l.domain ? NULL : "stale or broken";
	if (vf->state == VF_ATTACHED && (l.driver == VF_DRIVER_HOST || l.driver == VF_DRIVER_NONE))
		return "a domain has what the host is to have";
	if (vf->state == VF_ATTACHED && l.domain && l.domain != vf->domain)
		return "another domain has it";
	if (l.driver == VF_DRIVER_HOST && h->pfs[p].autoprobe == 0 && case_numvfs(c, p) < 0 &&
	    !vf->driver == (vf->state == VF_HOST) && !knows_driver(saved, p, i))
		return "no driver takes it while autoprobe is off";
	if (runs && l.driver == VF_DRIVER_KEEP && vf->state == VF_HOST && !is_remade(c, h, p))
		return "kept, and not assignable";
	return NULL;
}

static const char *refuse_range(const struct prove_case *c, const struct prove_host *h, unsigned p,
				unsigned i)
{
	bool is_said = c->v[at_vf(p, i, V_LINE)] || c->v[at_vf(p, i, V_WANT_SET)];

	if (is_said && case_numvfs(c, p) < 0 && i >= h->pfs[p].numvfs)
		return "a VF beyond the last";
	return NULL;
}

/* Of what is made assignable; all else keeps the name it has. */
static const char *refuse_name(const struct prove_case *c, const struct prove_host *h)
{
	struct prove_line l = case_line(c, 0, 0);
	bool comes = is_remade(c, h, 0) ? case_numvfs(c, 0) > 0 : h->pfs[0].vfs[0].state == VF_HOST;

	return c->v[F_NAMED] == 2 && comes && l.domain && l.driver != VF_DRIVER_KEEP
		       ? "another VF has the name"
		       : NULL;
}

/* What the topology gives the domain, and what it has besides; of one that does not run, or is left
 * alone, only the former. */
static const char *refuse_limit(const struct prove_case *c, const struct prove_host *h, unsigned d)
{
	bool runs = h->runs[d - 1] && !c->v[F_NO_ATTACH], any = false;
	unsigned n = 0;

	for (unsigned p = 0; p < PROVE_PFS; p++)
		for (unsigned i = 0; i < PROVE_VFS; i++) {
			bool has = h->pfs[p].vfs[i].domain == d;

			any |= case_line(c, p, i).domain == d && !(runs && has);
			n += case_line(c, p, i).domain == d || (runs && has);
		}
	return h->limit && any && n > h->limit ? "more than the domain has room for" : NULL;
}

/* A memory that no run of vfyard leaves: of a PF whose number of VFs is another one, but not of its
 * VFs. */
bool expect_back(const struct prove_case *c, const struct prove_host *h, const struct state *saved)
{
	static const uint8_t numvfs[] = { 0, 0, 1, 3, 2, 0 };

	for (unsigned p = 0; p < PROVE_PFS && !c->v[F_CARDS]; p++) {
		unsigned memory = c->v[at_pf(p, P_MEMORY)];

		for (unsigned i = 0; memory && i < numvfs[memory]; i++) {
			unsigned level = c->v[at_vf(p, i, V_MEMORY)];

			if (h->pfs[p].numvfs != numvfs[memory] &&
			    (level == MEM_NONE || level == MEM_CARD || level == MEM_NAME))
				return false;
		}
	}
	for (unsigned k = 0; k < PROVE_PFS * PROVE_VFS; k++) {
		struct prove_line l = case_line(c, k / PROVE_VFS, k % PROVE_VFS);
		bool is_again = c->v[at_vf(k / PROVE_VFS, k % PROVE_VFS, V_MEMORY)] == MEM_AGAIN;

		if (h->pfs[k / PROVE_VFS].vfs[k % PROVE_VFS].state == VF_ASSIGNABLE &&
		    (is_again || !is_ours(h, saved, k / PROVE_VFS, k % PROVE_VFS)) &&
		    (l.driver == VF_DRIVER_HOST || l.driver == VF_DRIVER_NONE) &&
		    !expect_group_back(c, h, k))
			return false;
	}
	return true;
}

/*
 * With driver=keep, in a domain that runs, and made anew: the VF's own driver may make it
 * assignable, and whether that happens shows only when the VF exists.
 */
bool expect_kept(const struct prove_case *c, const struct prove_host *h)
{
	for (unsigned p = 0; p < PROVE_PFS; p++)
		for (unsigned i = 0; is_remade(c, h, p) && i < PROVE_VFS; i++) {
			struct prove_line l = case_line(c, p, i);

			if (l.driver == VF_DRIVER_KEEP && l.domain && h->runs[l.domain - 1])
				return true;
		}
	return false;
}

const char *expect_refusal(const struct prove_case *c, const struct prove_host *h,
			   const struct state *saved)
{
	const char *why = NULL;

	for (unsigned p = 0; !why && p < PROVE_PFS; p++) {
		if (c->v[at_pf(p, P_WANT)] == WANT_ABSENT)
			continue;
		why = refuse_number(c, h, saved, p);
		if (!why)
			why = refuse_up(c, h, p);
		for (unsigned i = 0; !why && i < PROVE_VFS; i++) {
			why = refuse_range(c, h, p, i);
			if (!why)
				why = refuse_settings(c, h, p, i);
			if (!why)
				why = refuse_driver(c, h, saved, p, i);
		}
	}
	for (unsigned d = 1; !why && d <= 2; d++)
		why = refuse_limit(c, h, d);
	if (!why)
		why = refuse_name(c, h);
	return why ? why : expect_group_refusal(c, h);
}

bool expect_ours(const struct prove_host *was, const struct prove_host *now,
		 const struct state *saved)
{
	for (unsigned p = 0; p < PROVE_PFS; p++)
		for (unsigned i = 0; i < now->pfs[p].numvfs; i++) {
			uint8_t state = was->pfs[p].vfs[i].state;
			bool was_free = state == VF_HOST || state == VF_ABSENT ||
					was->pfs[p].numvfs != now->pfs[p].numvfs;

			if (was_free && now->pfs[p].vfs[i].state == VF_ASSIGNABLE &&
			    !is_ours(now, saved, p, i))
				return false;
		}
	return true;
}

static const char *driver_reached(const struct prove_case *c, const struct prove_host *was,
				  const struct prove_host *now, unsigned p, unsigned i)
{
	const struct prove_vf *vf = &now->pfs[p].vfs[i], *old = &was->pfs[p].vfs[i];
	struct prove_line l = case_line(c, p, i);
	bool runs = l.domain && now->runs[l.domain - 1] && !c->v[F_NO_ATTACH];
	bool remade = is_remade(c, was, p);

	if (l.domain && l.driver != VF_DRIVER_KEEP) {
		if (vf->state == VF_ATTACHED && vf->domain == l.domain)
			return NULL;
		return vf->state == VF_ASSIGNABLE && !runs ? NULL : "the domain has it not";
	}
	if (l.domain) {
		if (vf->state == VF_ASSIGNABLE && runs && !remade)
			return "the domain has not what others made assignable";
		return remade || vf->driver == old->driver ? NULL : "driver=keep is another one";
	}
	switch (l.driver) {
	case VF_DRIVER_HOST:
		return vf->state == VF_HOST && vf->driver ? NULL : "the host has no driver for it";
	case VF_DRIVER_NONE:
		return vf->state == VF_HOST && !vf->driver ? NULL : "it has a driver";
	case VF_DRIVER_ASSIGN:
		return vf->driver == DRIVER_PASS && vf->state != VF_HOST ? NULL : "not assignable";
	default:
		break;
	}
	return remade || (vf->state == old->state && vf->driver == old->driver &&
			  vf->domain == old->domain)
		       ? NULL
		       : "nobody asked for another driver";
}

static const char *settings_reached(const struct prove_case *c, const struct prove_host *was,
				    const struct prove_host *now, unsigned p, unsigned i)
{
	const struct prove_vf *vf = &now->pfs[p].vfs[i], *old = &was->pfs[p].vfs[i];
	unsigned want = want_set_bits(c->v[at_vf(p, i, V_WANT_SET)]);
	bool libvirts = !is_remade(c, was, p) && old->state == VF_ATTACHED && old->domain == 1 &&
			c->v[F_LIBVIRT];
	bool remade = is_remade(c, was, p);
	uint8_t mac = remade ? MAC_NONE : old->mac;
	uint8_t vlan = remade ? 0 : old->vlan;

	if (!libvirts)
		mac = wanted_mac(c, was, p, i, mac);
	if (!libvirts && (want & WANT_VLAN))
		vlan = 1;

	if (vf->mac != mac)
		return "another MAC";
	return vf->vlan == vlan ? NULL : "another VLAN";
}

static const char *permissive_reached(const struct prove_case *c, const struct prove_host *was,
				      const struct prove_host *now, unsigned p, unsigned i)
{
	const struct prove_vf *vf = &now->pfs[p].vfs[i], *old = &was->pfs[p].vfs[i];
	bool is_wanted = c->v[at_vf(p, i, V_WANT_PERMISSIVE)] && !c->v[F_NO_ATTACH];

	if (vf->state != VF_ATTACHED)
		return vf->permissive ? "permissive without a guest" : NULL;
	if (is_wanted)
		return vf->permissive ? NULL : "not permissive";
	return vf->permissive == old->permissive ? NULL : "nobody asked for permissive";
}

/* Without a word of the topology: what is remembered, for a run may have been killed while it was
 * another one; without numvfs= nothing of a PF is written. */
static int8_t kept_autoprobe(const struct prove_case *c, const struct prove_host *was, unsigned p)
{
	unsigned memory = c->v[at_pf(p, P_MEMORY)];

	if (!memory || c->v[F_CARDS] || was->pfs[p].autoprobe == UNKNOWN || case_numvfs(c, p) < 0)
		return was->pfs[p].autoprobe;
	return memory != PF_MEM_ONE;
}

static const char *pf_reached(const struct prove_case *c, const struct prove_host *was,
			      const struct prove_host *now, unsigned p)
{
	unsigned autoprobe = c->v[at_pf(p, P_WANT_AUTO)];
	const struct prove_pf *pf = &now->pfs[p];
	const char *why = NULL;

	if (c->v[at_pf(p, P_WANT)] == WANT_ABSENT)
		return memcmp(pf, &was->pfs[p], sizeof(*pf)) ? "a PF that nobody named" : NULL;
	if (case_numvfs(c, p) >= 0 ? pf->numvfs != case_numvfs(c, p)
				   : pf->numvfs != was->pfs[p].numvfs)
		return "another number of VFs";
	if (autoprobe && pf->autoprobe != UNKNOWN && pf->autoprobe != (autoprobe == 1))
		return "another autoprobe";
	if (!autoprobe && pf->autoprobe != kept_autoprobe(c, was, p))
		return "nobody asked for another autoprobe";
	if (c->v[at_pf(p, P_WANT_UP)] && kind_has_netdev(pf->kind) ? pf->down
								   : pf->down != was->pfs[p].down)
		return "the network device is not as it shall be";
	for (unsigned i = 0; !why && i < pf->numvfs; i++) {
		why = driver_reached(c, was, now, p, i);
		if (!why)
			why = permissive_reached(c, was, now, p, i);
		if (!why)
			why = settings_reached(c, was, now, p, i);
	}
	return why;
}

const char *expect_reached(const struct prove_case *c, const struct prove_host *was,
			   const struct prove_host *now)
{
	const char *why = NULL;

	for (unsigned p = 0; !why && p < PROVE_PFS; p++)
		why = pf_reached(c, was, now, p);
	return why;
}
