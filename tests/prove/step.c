// SPDX-License-Identifier: GPL-2.0-or-later
/* What a step does to a host, and what no host would do or no planner may ask for. */
#include <string.h>

#include "look.h"

static const char *do_numvfs(struct prove_pf *pf, const struct step *s)
{
	if (pf->numvfs != s->from || (s->from && s->to))
		return "numvfs from N to M";
	if (pf->kind == PF_WITHOUT_DRIVER || pf->kind == PF_PASSED)
		return "numvfs of a PF whose driver makes no VFs";
	if (pf->kind == PF_ONLY_UP && pf->down)
		return "numvfs of a PF that is down, and whose driver minds";
	if (pf->guarded)
		return "numvfs of a PF that the host lives on";
	if (s->to > PROVE_VFS)
		return "more VFs than there can be";
	for (unsigned i = 0; i < pf->numvfs; i++)
		if (pf->vfs[i].state != VF_HOST || pf->vfs[i].used)
			return "a VF that is held is unmade";
	memset(pf->vfs, 0, sizeof(pf->vfs));
	for (unsigned i = 0; i < s->to; i++)
		pf->vfs[i] = (struct prove_vf){
			VF_HOST, pf->autoprobe ? DRIVER_OF_HOST : DRIVER_NONE, 0, 0, 0, 0, 0
		};
	pf->numvfs = (uint8_t)s->to;
	return NULL;
}

static const char *do_autoprobe(struct prove_pf *pf, const struct step *s)
{
	if (pf->autoprobe == UNKNOWN || (unsigned)pf->autoprobe != s->from)
		return "autoprobe from another value";
	pf->autoprobe = (int8_t)s->to;
	return NULL;
}

static const char *do_set(const struct prove_pf *pf, struct prove_vf *vf, const struct step *s)
{
	int level = look_mac_level(s->want.mac, s->vf.pf->bdf.bus - 5u, s->vf.index);

	if (!kind_has_netdev(pf->kind))
		return "a setting without a network device";
	if (s->setting == VF_SET_MAC && level < 0)
		return "an address that nobody wants";
	if (s->setting == VF_SET_MAC)
		vf->mac = (uint8_t)level;
	else if (s->setting == VF_SET_VLAN)
		vf->vlan = s->want.vlan == 100 ? 1 : s->want.vlan ? 2 : 0;
	else
		return "a setting that nobody wants";
	/* Nobody is asked for what only goes back to what it was. */
	if (!s->is_restore && (vf->state == VF_ATTACHED || vf->used))
		return "a setting of a VF that somebody has";
	return NULL;
}

static const char *do_up(struct prove_pf *pf, const struct step *s)
{
	if (!kind_has_netdev(pf->kind))
		return "up without a network device";
	if (s->from == s->to || pf->down != s->to)
		return "up from another state";
	pf->down = !s->to;
	return NULL;
}

/* Whom a neighbour of its IOMMU group is with: 1 a guest, other than @domain; 2 the host's driver;
 * 0 nobody. */
static unsigned beside(const struct prove_host *h, const struct step *s, unsigned domain)
{
	unsigned pf = s->vf.pf->bdf.bus - 5u;

	for (unsigned k = 0; k < PROVE_PFS * PROVE_VFS; k++) {
		const struct prove_vf *x = &h->pfs[k / PROVE_VFS].vfs[k % PROVE_VFS];

		if (k == pf * PROVE_VFS + s->vf.index ||
		    prove_group(h, k / PROVE_VFS, k % PROVE_VFS) != prove_group(h, pf, s->vf.index))
			continue;
		if (x->domain && x->domain != domain)
			return 1;
		if (x->driver == DRIVER_OF_HOST)
			return 2;
	}
	return 0;
}

static const char *do_permissive(struct prove_vf *vf, const struct step *s)
{
	unsigned domain = strcmp(s->domain->name, "web1") ? 2 : 1;

	if (vf->state != VF_ATTACHED || vf->domain != domain || vf->permissive)
		return "permissive of what that domain has not, or has so";
	vf->permissive = 1;
	return NULL;
}

static const char *do_attach(const struct prove_host *h, struct prove_vf *vf, const struct step *s)
{
	unsigned domain = strcmp(s->domain->name, "web1") ? 2 : 1, n = 1;

	if (vf->state != VF_ASSIGNABLE)
		return "attach of what is not assignable";
	if (!h->runs[domain - 1])
		return "attach to a domain that does not run";
	for (unsigned p = 0; p < PROVE_PFS; p++)
		for (unsigned i = 0; i < PROVE_VFS; i++)
			n += h->pfs[p].vfs[i].domain == domain;
	if (h->limit && n > h->limit)
		return "attach of more than fits";
	if (beside(h, s, domain))
		return "attach beside a neighbour that is not the guest's";
	vf->state = VF_ATTACHED;
	vf->permissive = s->options.permissive == 1;
	vf->domain = (uint8_t)domain;
	return NULL;
}

static uint8_t driver_called(const char *name)
{
	for (uint8_t d = DRIVER_OF_HOST; d <= DRIVER_PASS; d++)
		if (!strcmp(name, look_driver(d)))
			return d;
	return DRIVER_NONE;
}

/* Tells whether it is a driver that the VF has, or gets. */
static const char *do_driver(const struct prove_pf *pf, struct prove_vf *vf, const struct step *s)
{
	if (s->kind == STEP_UNASSIGN) {
		if (vf->state != VF_ASSIGNABLE && vf->state != VF_STALE)
			return "unassign of what is not assignable";
		vf->state = VF_HOST;
		vf->driver = DRIVER_NONE;
		return NULL;
	}
	if (vf->state != VF_HOST)
		return "a driver for what is not the host's";
	if (vf->used && s->kind != STEP_PROBE)
		return "a VF that is in use is taken";
	if (s->kind == STEP_ASSIGN) {
		vf->state = VF_ASSIGNABLE;
		vf->driver = DRIVER_PASS;
	} else if (s->kind == STEP_UNBIND) {
		if (!vf->driver)
			return "unbind of what has no driver";
		vf->driver = DRIVER_NONE;
	} else if (s->kind == STEP_PROBE) {
		if (pf->autoprobe == 0)
			return "probe with autoprobe off";
		/* A VF that was just made may have got its driver already, and gets none that is
		 * not loaded. */
		if (vf->driver && !s->is_new)
			return "probe of what has a driver";
		vf->driver = DRIVER_OF_HOST;
	} else {
		if (vf->driver && vf->driver != driver_called(s->saved->driver))
			return "restore of what has another driver";
		vf->driver = driver_called(s->saved->driver);
	}
	return NULL;
}

const char *prove_step(struct prove_host *h, const struct step *s)
{
	struct prove_pf *pf = &h->pfs[s->vf.pf->bdf.bus - 5];
	struct prove_vf *vf = step_is_about_pf(s) ? NULL : &pf->vfs[s->vf.index];

	if (vf && s->vf.index >= pf->numvfs)
		return "a VF that is not there";
	switch (s->kind) {
	case STEP_NUMVFS:
		return do_numvfs(pf, s);
	case STEP_AUTOPROBE:
		return do_autoprobe(pf, s);
	case STEP_SET:
		return do_set(pf, vf, s);
	case STEP_ATTACH:
		return do_attach(h, vf, s);
	case STEP_DETACH:
		if (vf->state != VF_ATTACHED)
			return "detach of what is not attached";
		vf->state = VF_ASSIGNABLE;
		vf->domain = vf->permissive = 0;
		return NULL;
	case STEP_UP:
		return do_up(pf, s);
	case STEP_PERMISSIVE:
		return do_permissive(vf, s);
	case STEP_UNBIND:
	case STEP_PROBE:
	case STEP_ASSIGN:
	case STEP_UNASSIGN:
	case STEP_RESTORE:
		/* pci-stub and none may be there. */
		if (s->kind != STEP_UNBIND && beside(h, s, 0) == 1 &&
		    !(s->kind == STEP_RESTORE && driver_called(s->saved->driver) != DRIVER_OF_HOST))
			return "another driver beside a neighbour that a guest has";
		return do_driver(pf, vf, s);
	case STEP_LOAD:
	case STEP_DEFINE:
	case STEP_UNDEFINE:
		break;
	}
	return "a step that these hosts have no use for";
}
