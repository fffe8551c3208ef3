// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/doctor_report.h"

#include <string.h>

#include "engine/doctor/doctor.h"

#define UNITS "etc/systemd/system"
#define UNIT  "multi-user.target.wants/vfyard.service"

/* What the operands name, by kind. */
struct patients {
	struct pf **pfs;
	size_t n_pfs;
	struct devlist vfs;
	const char *domain; /* NULL: none */
};

static void patients_done(struct patients *p)
{
	free(p->pfs);
	devlist_done(&p->vfs);
}

/*
 * The inventory, the backend and what it sees, as far as each is to be had: what is missing is what
 * doctor is asked for. @no_hypervisor: why there is none. A wrong word of the user's stays an
 * error.
 */
static int look(struct session *s, struct err *no_hypervisor, struct err *e)
{
	struct err ignored = { 0 };
	int r = session_inventory(s, INVENTORY_ALL, no_hypervisor);

	if (r < 0 && (s->ops || !s->inv || no_hypervisor->status == EXIT_USAGE ||
		      no_hypervisor->code == ENOMEM))
		return err_copy(e, no_hypervisor);
	if (r == 0 && !s->ops)
		backend_why_none(&s->host, no_hypervisor);
	session_state(s, &ignored);
	if (s->saved)
		session_cards(s);
	return 0;
}

static struct doctor doctor_of(struct session *s, struct findings *found)
{
	return (struct doctor){ .host = &s->host,
				.inv = s->inv,
				.topo = s->topo,
				.pfs = s->bound.pfs,
				.saved = s->saved,
				.ops = s->ops,
				.backend = s->backend,
				.unseen = &s->unseen,
				.found = found };
}

/* What apply at boot needs. */
static void say_topology(struct session *s, struct findings *f)
{
	const char *path = s->topo_path ? s->topo_path : "/" HOST_TOPOLOGY;
	struct err why = { 0 };
	char link[256];

	f->area = "Topology";
	if (!s->topo && !root_exists(&s->host.root, HOST_TOPOLOGY) && !s->config) {
		finding_fix(
			finding_add(f, FINDING_NOTE, "file", "there is none at /" HOST_TOPOLOGY),
			"make one of what this host has, run: vfyard import > /" HOST_TOPOLOGY
			"; single steps, as vfyard pci-assignable-add, need none");
		return;
	}
	if (!s->topo && session_load_topology(s, &why) < 0) {
		finding_fix(finding_add(f, FINDING_PROBLEM, "file", "%s", why.cause),
			    "run: vfyard check");
		return;
	}
	finding_fix(finding_add(f, FINDING_OK, "file", "%s", path),
		    "see what stands against it on this host, run: vfyard check");
	if (!s->config && root_exists(&s->host.root, UNITS) &&
	    root_link_name(&s->host.root, link, sizeof(link), UNITS "/" UNIT) < 0)
		finding_fix(finding_add(f, FINDING_NOTE, "boot",
					"vfyard.service is not enabled: nothing is done at boot"),
			    "run: systemctl enable vfyard");
}

static int look_at_host(struct session *s, struct doctor *d, const struct err *no_hypervisor,
			struct err *e)
{
	int r;

	doctor_host(d, no_hypervisor);
	doctor_cards(d);
	r = doctor_owners(d, NULL, e);
	say_topology(s, d->found);
	return r;
}

static bool is_running(struct session *s, const char *word)
{
	struct domain found;

	if (!s->backend || s->ops->domain_find(s->backend, word, &found, NULL) < 0)
		return false;
	if (s->ops->domain_done)
		s->ops->domain_done(&found);
	return true;
}

static int add_pf(struct patients *p, struct pf *pf, struct err *e)
{
	struct pf **v = realloc(p->pfs, (p->n_pfs + 1) * sizeof(struct pf *));

	if (!v)
		return err_set(e, ENOMEM, "out of memory");
	v[p->n_pfs++] = pf;
	p->pfs = v;
	return 0;
}

/* A PF, then a VF, then a domain: whatever has that name. What is none is said as a device. */
static int sort_word(struct session *s, const char *word, struct patients *p, struct err *e)
{
	struct err no_pf = { 0 };
	struct pf *pf = NULL;
	int r;

	if (operand_find_pf(&s->host, s->inv, s->saved, word, &pf, &no_pf) == 0)
		return add_pf(p, pf, e);
	r = devlist_add(&p->vfs, &s->host, s->inv, s->saved, word, e);
	if (r == 0 || r == -ENOMEM)
		return r;
	if (!is_running(s, word) && !(s->topo && topology_find_domain(s->topo, word)))
		return r;
	if (p->domain)
		return err_fix(e, err_usage(e, "'%s' and '%s' are both domains", p->domain, word),
			       "name one of them");
	p->domain = word;
	*e = (struct err){ 0 };
	return 0;
}

/* The VF that would have this address. False when no PF could make it. */
static bool is_to_come(const struct inventory *inv, struct bdf dev, struct vf_ref *ret)
{
	for (size_t p = 0; p < inv->n_pfs; p++) {
		struct pf *pf = &inv->pfs[p];

		for (unsigned i = pf->numvfs; pf->offset && i < pf->totalvfs; i++)
			if (bdf_cmp(bdf_vf(pf->bdf, pf->offset, pf->stride, i), dev) == 0) {
				*ret = (struct vf_ref){ pf, i };
				return true;
			}
	}
	return false;
}

/* An address or a VF that is not there is an answer, too: the first link of the chain is missing. A
 * name that nothing has is a mistake. */
static bool say_missing(const struct inventory *inv, const char *word, const struct err *why,
			struct findings *f)
{
	char name[BDF_STRLEN];
	struct vf_ref vf;
	struct bdf dev;

	if (why->status == EXIT_USAGE || (why->code != ENODEV && why->code != EINVAL) ||
	    !strpbrk(word, ":/"))
		return false;
	f->area = "Devices";
	if (!bdf_scan(&dev, word) || why->code != ENODEV || !is_to_come(inv, dev, &vf)) {
		finding_of_err(f, FINDING_PROBLEM, word, why);
		return true;
	}
	finding_fix(finding_add(f, FINDING_PROBLEM, word,
				"it would be VF %u of %s, which has %u now", vf.index,
				pf_label(name, vf.pf), vf.pf->numvfs),
		    "write numvfs=%u or more for this PF into the topology, and run: vfyard apply",
		    vf.index + 1);
	return true;
}

static int look_at_domain(struct session *s, struct doctor *d, const struct patients *p,
			  struct err *e)
{
	const struct topo_domain *t = s->topo ? topology_find_domain(s->topo, p->domain) : NULL;
	struct domain domain = { .type = t ? t->xen_type : DOMAIN_UNKNOWN }, found;
	bool runs = s->backend && s->ops->domain_find(s->backend, p->domain, &found, NULL) == 0;
	int r;

	snprintf(domain.name, sizeof(domain.name), "%s", p->domain);
	r = doctor_domain(d, runs ? &found : &domain, p->vfs.vfs, p->vfs.options, p->vfs.n, e);
	if (runs && s->ops->domain_done)
		s->ops->domain_done(&found);
	return r;
}

static int look_at_each(struct session *s, struct doctor *d, const struct patients *p,
			struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < p->n_pfs && r == 0; i++) {
		d->found->area = "Cards";
		doctor_pf(d, p->pfs[i]);
		r = doctor_owners(d, p->pfs[i], e);
	}
	for (size_t i = 0; i < p->vfs.n; i++)
		doctor_vf(d, p->vfs.vfs[i]);
	return r == 0 && p->domain ? look_at_domain(s, d, p, e) : r;
}

static int look_at_words(struct session *s, struct doctor *d, int n, const char *const *words,
			 const struct err *no_hypervisor, struct err *e)
{
	_cleanup_(patients_done) struct patients p = { 0 };

	if (!d->ops) {
		d->found->area = "Host";
		finding_of_err(d->found, FINDING_PROBLEM, "hypervisor", no_hypervisor);
	}
	for (int i = 0; i < n; i++) {
		int r = sort_word(s, words[i], &p, e);

		if (r < 0 && !say_missing(s->inv, words[i], e, d->found))
			return err_at(e, r, words[i], NULL);
	}
	*e = (struct err){ 0 };
	return look_at_each(s, d, &p, e);
}

static int verdict(const struct findings *f, struct err *e)
{
	if (f->is_cut)
		return err_set(e, ENOMEM, "out of memory");
	if (!f->n_problems)
		return 0;
	return err_refuse(e, EBUSY, "%zu problem%s", f->n_problems, f->n_problems == 1 ? "" : "s");
}

int doctor_report_make(struct session *s, int n, const char *const *words,
		       struct doctor_report *ret, struct err *e)
{
	struct err no_hypervisor = { 0 };
	struct doctor d;
	int r = look(s, &no_hypervisor, e);

	if (r < 0)
		return r;
	ret->is_of_host = !n;
	ret->hypervisor = s->ops ? s->ops->name : "none";
	d = doctor_of(s, &ret->found);
	if (n)
		r = look_at_words(s, &d, n, words, &no_hypervisor, e);
	else
		r = look_at_host(s, &d, &no_hypervisor, e);
	if (r == 0)
		return verdict(&ret->found, e);
	doctor_report_done(ret);
	return r;
}

void doctor_report_done(struct doctor_report *d)
{
	findings_done(&d->found);
}
