// SPDX-License-Identifier: GPL-2.0-or-later
/* Combines three views of every VF, sysfs, xenstore and the hypervisor's list of domains, into one
 * state. */
#include "backend/xen/survey.h"

#include <stdlib.h>
#include <string.h>

#include "backend/xen/ask.h"
#include "backend/xen/permissive.h"

enum vf_state xen_vf_state(const struct vf_view *v, const char **why)
{
	bool claim_lives = v->is_claimed && v->claim_exists;

	*why = NULL;
	if (!v->is_claimed && !v->n_backends)
		return v->on_pciback ? VF_ASSIGNABLE : VF_HOST;
	if (v->n_backends > 1) {
		*why = "several domains have it in their PCI backend";
		return VF_BROKEN;
	}
	if (!v->n_backends) {
		*why = claim_lives ? "claimed by a domain that does not have it"
				   : "claimed by a domain that is gone";
		return claim_lives ? VF_BROKEN : VF_STALE;
	}
	if (!v->backend_exists && !claim_lives) {
		*why = "left in the PCI backend of a domain that is gone";
		return VF_STALE;
	}
	if (v->is_claimed && v->claim != v->backend) {
		*why = "claimed by one domain, in the PCI backend of another";
		return VF_BROKEN;
	}
	if (!v->on_pciback) {
		*why = "a domain has it, but driver pciback does not hold it";
		return VF_BROKEN;
	}
	if (!v->is_claimed) {
		*why = "a domain has it, but libxl's claim is missing: xl would give it away again";
		return VF_BROKEN;
	}
	return VF_ATTACHED;
}

/* The domains that this run sees: those that the hypervisor lists, and the name asked for last. */
struct domains {
	libxl_dominfo *list;
	int n;
	uint32_t named; /* the domain whose name @name is; VFs of one domain come together */
	const char *name;
};

static int domains_read(struct backend *b, struct domains *ret, struct err *e)
{
	xlog_start(&b->xlog);
	ret->list = ask_domains(b, &ret->n);
	if (!ret->list)
		return xen_failed(b, ERROR_FAIL, "list domains", e);
	return 0;
}

static int by_domid(const void *key, const void *elem)
{
	uint32_t a = *(const uint32_t *)key, b = ((const libxl_dominfo *)elem)->domid;

	return (a > b) - (a < b);
}

/* The hypervisor lists domains in ascending order (XEN_SYSCTL_getdomaininfolist). */
static bool exists(const struct domains *d, uint32_t domid)
{
	return bsearch(&domid, d->list, (size_t)d->n, sizeof(*d->list), by_domid) != NULL;
}

static const char *name_of(struct backend *b, struct domains *d, struct inventory *inv,
			   uint32_t domid)
{
	char name[128];

	if (!d->name || d->named != domid) {
		xen_domain_name(b, domid, name, sizeof(name));
		d->name = inventory_intern(inv, name);
		d->named = domid;
	}
	return d->name;
}

/* Names a domain that is gone while another one has its number. */
static const char *number_of(struct inventory *inv, uint32_t domid)
{
	char name[32];

	snprintf(name, sizeof(name), "domain %u", domid);
	return inventory_intern(inv, name);
}

/* Everything that was read for one survey. */
struct seen {
	struct domains domains;
	struct holder *claims, *holders;
	size_t n_claims, n_holders;
	struct permissive permissive;
};

static void seen_done(struct seen *s)
{
	free(s->claims);
	free(s->holders);
	libxl_dominfo_list_free(s->domains.list, s->domains.n);
	permissive_done(&s->permissive);
}

static int seen_read(struct backend *b, struct seen *s, struct err *e)
{
	int r = domains_read(b, &s->domains, e);

	if (r == 0)
		r = view_refresh(&b->view, b->xs, e);
	if (r == 0)
		r = view_claims(b->xs, &s->claims, &s->n_claims, e);
	if (r == 0)
		r = view_holders(&b->view, &s->holders, &s->n_holders, e);
	if (r == 0)
		r = permissive_read(&s->permissive, b->host, e);
	return r;
}

static struct vf_view look(const struct seen *s, const struct vf *vf)
{
	const struct holder *claim = view_bsearch(s->claims, s->n_claims, vf->bdf);
	const struct holder *h = view_bsearch(s->holders, s->n_holders, vf->bdf);
	struct vf_view v = { .on_pciback = vf->driver && !strcmp(vf->driver, PCIBACK) };

	if (claim) {
		v.is_claimed = true;
		v.claim = claim->domid;
		v.claim_exists = exists(&s->domains, claim->domid);
	}
	for (; h && h < s->holders + s->n_holders && bdf_cmp(h->bdf, vf->bdf) == 0; h++) {
		v.n_backends++;
		v.backend = h->domid;
		v.backend_exists = exists(&s->domains, h->domid) && !h->is_left;
		v.claim_exists &= !h->is_left || v.claim != h->domid;
	}
	return v;
}

static bool is_left(const struct seen *s, const struct vf *vf)
{
	const struct holder *h = view_bsearch(s->holders, s->n_holders, vf->bdf);

	return h && h->is_left;
}

static void mark(struct inventory *inv, struct vf *vf, const struct permissive *p)
{
	vf->permissive = permissive_has(p, vf->bdf);
	inv->permissive_unseen |= vf->permissive == UNKNOWN;
}

/* A VF whose link dangles stays broken, whatever the toolstack remembers about it. */
static void survey_vf(struct backend *b, struct seen *s, struct inventory *inv, struct vf *vf)
{
	struct vf_view v = look(s, vf);
	const char *why;
	enum vf_state state = xen_vf_state(&v, &why);

	if (state == VF_HOST || (vf->state != VF_HOST && !v.is_claimed && !v.n_backends))
		return;
	vf->state = (uint8_t)state;
	vf->why = why;
	if (is_left(s, vf))
		vf->domain = number_of(inv, v.backend);
	else if (v.n_backends)
		vf->domain = name_of(b, &s->domains, inv, v.backend);
	else if (v.is_claimed)
		vf->domain = name_of(b, &s->domains, inv, v.claim);
	if (v.on_pciback)
		mark(inv, vf, &s->permissive);
}

void xen_glance(const struct host *h, struct inventory *inv)
{
	struct permissive p = { .is_cut = false };
	struct err ignored = { 0 };
	struct vf_ref at = { 0 };

	if (permissive_read(&p, h, &ignored) < 0)
		p.is_cut = true;
	while (inventory_next(inv, &at))
		if (vf_of(at)->driver && !strcmp(vf_of(at)->driver, PCIBACK))
			mark(inv, vf_of(at), &p);
	permissive_done(&p);
}

int xen_survey(struct backend *b, struct inventory *inv, struct err *e)
{
	struct vf_ref at = { 0 };
	struct seen s = { 0 };
	int r = xen_connect(b, e);

	if (r == 0)
		r = seen_read(b, &s, e);
	if (r == 0) {
		inv->hypervisor = "xen";
		while (inventory_next(inv, &at))
			survey_vf(b, &s, inv, vf_of(at));
	}
	seen_done(&s);
	return r;
}
