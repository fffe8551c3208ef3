// SPDX-License-Identifier: GPL-2.0-or-later
/* Settings whose change would reach into a running guest. */
#include <string.h>

#include "host/guard/guard.h"
#include "engine/check/check.h"

/* What becomes of the settings of one VF that a plan changes. */
enum fate {
	FATE_SET,     /* no guest has it, or --force */
	FATE_REFUSED, /* a guest has it */
	FATE_LIBVIRT, /* libvirt sets them when it starts that guest */
	FATE_UNSURE,  /* it is broken, so a guest may have it */
	FATE_BLIND,   /* the PF's driver does not report this one; as far as is known, it was set
		       * before */
};

static bool is_called(const struct topo_domain *d, const char *name)
{
	return !strcmp(d->name, name) || !strcmp(d->libvirt, name);
}

/* The kvm: block of a topology counts only on a KVM host. */
static bool is_libvirts(const struct desired *g, const char *domain)
{
	for (size_t i = 0; domain && i < g->topo->n_domains; i++)
		if (g->topo->domains[i].libvirt && is_called(&g->topo->domains[i], domain))
			return g->inv->hypervisor && !strcmp(g->inv->hypervisor, "kvm");
	return false;
}

/* What the manager of its domain says of it; 0 where nobody says anything. */
static unsigned defined_of(const struct desired *g, struct vf_ref vf)
{
	for (size_t i = 0; i < g->topo->n_pfs; i++)
		if (g->pfs[i] == vf.pf)
			return g->vfs[i][vf.index].defined;
	return 0;
}

/* Does somebody else set it when the guest starts? Where that is not known, what the topology says
 * of the guest counts. */
static bool is_set_by_others(const struct desired *g, struct vf_ref vf)
{
	unsigned defined = defined_of(g, vf);

	if (defined & (DEFINED_INTERFACE | DEFINED_DEVICE))
		return defined & DEFINED_INTERFACE;
	return is_libvirts(g, vf_of(vf)->domain);
}

/* All that is known is as it shall be. A driver that reports other values of this VF, and not this
 * one, never will; who sets it again each time has no end. */
static bool is_blind(const struct step *s)
{
	const struct vf_attrs *now = s->vf.pf->attrs ? &s->vf.pf->attrs[s->vf.index] : NULL;

	return now && now->given && vf_attrs_agree(&s->want, now, vf_setting_bits(s->setting));
}

static enum fate fate_of(const struct desired *g, const struct host *h, const struct step *s)
{
	const struct vf *vf = s->kind == STEP_SET ? vf_of(s->vf) : NULL;
	char label[VF_LABEL_MAX];

	if (!vf || (vf->state != VF_ATTACHED && vf->state != VF_BROKEN) ||
	    guard_is_forced(h, vf->bdf, vf_label(label, s->vf)))
		return FATE_SET;
	if (vf->state == VF_BROKEN)
		return FATE_UNSURE;
	if (is_set_by_others(g, s->vf))
		return FATE_LIBVIRT;
	return is_blind(s) ? FATE_BLIND : FATE_REFUSED;
}

static bool is_same_vf(const struct step *a, const struct step *b)
{
	return b->kind == STEP_SET && a->vf.pf == b->vf.pf && a->vf.index == b->vf.index;
}

static void add_word(char *buf, size_t size, const char *word)
{
	size_t n = strlen(buf);

	snprintf(buf + n, size - n, "%s%s", n ? ", " : "", word);
}

/* Settings of one VF are neighbours in the plan; those with the same fate make one problem. */
static void report(const struct plan *p, size_t first, size_t end, const enum fate *fates,
		   enum fate fate, struct problems *problems)
{
	const struct step *s = &p->v[first];
	const char *domain = vf_of(s->vf)->domain ? vf_of(s->vf)->domain : "?";
	char words[96] = "", label[VF_LABEL_MAX];
	const struct loc nowhere = { 0, 0 };
	struct err *e;
	bool is_error;

	for (size_t i = first; i < end; i++)
		if (fates[i] == fate)
			add_word(words, sizeof(words), vf_setting_name(p->v[i].setting));
	if (!words[0])
		return;
	if (fate == FATE_LIBVIRT)
		e = problem_note(problems, nowhere,
				 "%s is left to libvirt while domain %s, which has the VF, runs",
				 words, domain);
	else if (fate == FATE_BLIND)
		e = problem_note(
			problems, nowhere,
			"%s is not reported by the PF's driver, and is left alone while domain %s "
			"has the VF",
			words, domain);
	else if (fate == FATE_UNSURE)
		e = problem_error(problems, nowhere,
				  "it is broken: %s; a change of its %s may reach into a guest",
				  vf_of(s->vf)->why
					  ? vf_of(s->vf)->why
					  : "the kernel and the hypervisor disagree about it",
				  words);
	else
		e = problem_error(
			problems, nowhere,
			"domain %s has it, and a change of its %s would reach into the running "
			"guest",
			domain, words);
	vf_label(label, s->vf);
	is_error = fate == FATE_REFUSED || fate == FATE_UNSURE;
	err_step(e, "%s%s", is_error ? "" : "note: ", label);
	if (!is_error)
		return;
	err_status(e, 0, EXIT_REFUSED);
	label[strcspn(label, " ")] = '\0';
	if (fate == FATE_UNSURE)
		err_fix(e, 0, "repair it first, or add --force %s", label);
	else
		err_fix(e, 0, "take it out first, run: vfyard pci-detach %s %s, or add --force %s",
			domain, label, label);
}

/* Removes from the plan what is left alone. */
static void drop_left(struct plan *p, const enum fate *fates)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (fates[i] != FATE_LIBVIRT && fates[i] != FATE_BLIND)
			p->v[n++] = p->v[i];
	p->n = n;
}

int check_guests(struct plan *p, const struct desired *g, const struct host *h,
		 struct problems *problems, struct err *e)
{
	static const enum fate said[] = { FATE_REFUSED, FATE_UNSURE, FATE_LIBVIRT, FATE_BLIND };
	_cleanup_free_ enum fate *fates = calloc(p->n + 1, sizeof(*fates));

	if (!fates)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < p->n; i++)
		fates[i] = fate_of(g, h, &p->v[i]);
	for (size_t i = 0, end; i < p->n; i = end) {
		end = i + 1;
		if (p->v[i].kind != STEP_SET)
			continue;
		while (end < p->n && is_same_vf(&p->v[i], &p->v[end]))
			end++;
		for (size_t k = 0; k < ARRAY_SIZE(said); k++)
			report(p, i, end, fates, said[k], problems);
	}
	drop_left(p, fates);
	return 0;
}
