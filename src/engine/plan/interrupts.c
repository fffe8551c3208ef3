// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/interrupts.h"

#include <net/if.h>
#include <string.h>

#include "base/text.h"

#define NAMED 4u /* how many of the devices a line names */

/* Collects "a, b and 3 more", one by one. */
struct names {
	FILE *out;
	unsigned n;
};

static void name_one(struct names *names, const char *name)
{
	if (names->n < NAMED) {
		fputs(names->n ? ", " : "", names->out);
		text_put(names->out, name);
	}
	names->n++;
}

static void name_end(const struct names *names)
{
	if (names->n > NAMED)
		fprintf(names->out, " and %u more", names->n - NAMED);
}

static bool takes_from(const struct step *s, const struct domain *d)
{
	return s->kind == STEP_DETACH && s->domain == d;
}

/* The steps of one domain share a line: the first of them reports all. */
static bool domain_line(const struct plan *p, size_t i, FILE *out)
{
	const struct domain *d = p->v[i].domain;
	struct names names = { out, 0 };
	char label[VF_LABEL_MAX];

	for (size_t k = 0; k < i; k++)
		if (takes_from(&p->v[k], d))
			return false;
	fputs("running domain ", out);
	text_put(out, d->name);
	fputs(" loses ", out);
	for (size_t k = i; k < p->n; k++)
		if (takes_from(&p->v[k], d)) {
			step_object(label, &p->v[k]);
			label[strcspn(label, " ")] = '\0';
			name_one(&names, label);
		}
	name_end(&names);
	fputc('\n', out);
	return true;
}

static bool is_up(const struct host *h, const char *netdev)
{
	uint64_t flags;

	return h && netdev &&
	       root_read_u64(&h->root, &flags, "sys/class/net/%s/flags", netdev) >= 0 &&
	       (flags & IFF_UP);
}

/* Network devices that are up leave the host with their VFs, even when the VFs are made anew. */
static bool pf_line(const struct host *h, const struct pf *pf, FILE *out)
{
	struct names names = { out, 0 };
	char name[BDF_STRLEN];

	for (unsigned i = 0; i < pf->n_vfs; i++)
		if (is_up(h, pf->vfs[i].netdev)) {
			if (!names.n) {
				text_put(out, pf_label(name, pf));
				fputs(" removes its VFs, and the host loses ", out);
			}
			name_one(&names, pf->vfs[i].netdev);
		}
	name_end(&names);
	if (names.n)
		fputs(names.n == 1 ? ", which is up\n" : ", which are up\n", out);
	return names.n;
}

size_t confirm_text(const struct host *h, const struct plan *p, FILE *out)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct step *s = &p->v[i];

		if (s->kind == STEP_DETACH)
			n += domain_line(p, i, out);
		else if (s->kind == STEP_NUMVFS && s->from)
			n += pf_line(h, s->vf.pf, out);
	}
	return n;
}

static bool takes_netdev(const struct host *h, const struct step *s)
{
	return (s->kind == STEP_ASSIGN || s->kind == STEP_UNBIND) && !s->is_new &&
	       is_up(h, vf_of(s->vf)->netdev);
}

static bool sets_in_domain(const struct step *s)
{
	const struct vf *vf = s->kind == STEP_SET && !s->is_new ? vf_of(s->vf) : NULL;

	return vf && vf->state == VF_ATTACHED && vf->domain;
}

static bool takes_vfs_up(const struct host *h, const struct pf *pf)
{
	for (unsigned i = 0; i < pf->n_vfs; i++)
		if (is_up(h, pf->vfs[i].netdev))
			return true;
	return false;
}

bool step_interrupts(const struct host *h, const struct step *s)
{
	if (s->kind == STEP_NUMVFS && s->from)
		return takes_vfs_up(h, s->vf.pf);
	return s->kind == STEP_DETACH || (s->kind == STEP_UP && !s->to) || takes_netdev(h, s) ||
	       sets_in_domain(s);
}

/* One line for all settings of one domain's VFs. */
static bool settings_line(const struct plan *p, size_t i, FILE *out)
{
	const char *domain = vf_of(p->v[i].vf)->domain;
	struct names names = { out, 0 };
	char label[VF_LABEL_MAX], last[VF_LABEL_MAX] = "";

	for (size_t k = 0; k < i; k++)
		if (sets_in_domain(&p->v[k]) && !strcmp(vf_of(p->v[k].vf)->domain, domain))
			return false;
	fputs("running domain ", out);
	text_put(out, domain);
	fputs(" has other settings under it: ", out);
	for (size_t k = i; k < p->n; k++) {
		if (!sets_in_domain(&p->v[k]) || strcmp(vf_of(p->v[k].vf)->domain, domain) != 0)
			continue;
		step_object(label, &p->v[k]);
		label[strcspn(label, " ")] = '\0';
		if (strcmp(label, last) != 0)
			name_one(&names, label);
		memcpy(last, label, sizeof(last));
	}
	name_end(&names);
	fputc('\n', out);
	return true;
}

/* One line for all network devices of one PF's VFs that leave the host. */
static bool netdevs_line(const struct host *h, const struct plan *p, size_t i, FILE *out)
{
	const struct pf *pf = p->v[i].vf.pf;
	struct names names = { out, 0 };

	for (size_t k = 0; k < i; k++)
		if (p->v[k].vf.pf == pf && takes_netdev(h, &p->v[k]))
			return false;
	fputs("the host loses ", out);
	for (size_t k = i; k < p->n; k++)
		if (p->v[k].vf.pf == pf && takes_netdev(h, &p->v[k]))
			name_one(&names, vf_of(p->v[k].vf)->netdev);
	name_end(&names);
	fputs(names.n == 1 ? ", which is up\n" : ", which are up\n", out);
	return true;
}

size_t plan_interrupts_text(const struct host *h, const struct plan *p, FILE *out)
{
	char name[BDF_STRLEN];
	size_t n = confirm_text(h, p, out);

	for (size_t i = 0; i < p->n; i++) {
		const struct step *s = &p->v[i];

		if (takes_netdev(h, s)) {
			n += netdevs_line(h, p, i, out);
		} else if (sets_in_domain(s)) {
			n += settings_line(p, i, out);
		} else if (s->kind == STEP_UP && !s->to) {
			text_put(out, pf_label(name, s->vf.pf));
			fputs(" goes down\n", out);
			n++;
		}
	}
	return n;
}

int interrupts_text(const struct host *h, const struct plan *p, char **ret, size_t *ret_n,
		    struct err *e)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return err_set(e, ENOMEM, "out of memory");
	*ret_n = confirm_text(h, p, out);
	if (memstream_close(out, &text) < 0)
		return err_set(e, ENOMEM, "out of memory");
	*ret = STEAL(text);
	return 0;
}

int interrupts_decide(const struct host *h, const char *text, size_t n, bool is_meant,
		      struct err *e)
{
	int first = (int)strcspn(text, "\n");

	if (is_meant) {
		for (const char *s = text; *s; s += strcspn(s, "\n") + 1)
			log_note(&h->log, "%.*s", (int)strcspn(s, "\n"), s);
		return 0;
	}
	if (n > 1)
		err_refuse(e, ECANCELED, "%.*s, and %zu more are interrupted", first, text, n - 1);
	else
		err_refuse(e, ECANCELED, "%.*s", first, text);
	err_fix(e, -ECANCELED, "if you mean that, add --yes");
	return err_at(e, -ECANCELED, "host", "interrupt what runs");
}
