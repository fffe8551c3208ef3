// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/session/set.h"
#include "engine/session/trial.h"

#include <stdlib.h>
#include <string.h>

#include "topology/build/made.h"

/* The objects of one command line, with room for what they borrow. */
struct objects {
	struct topo_made *v;
	struct operand_target *targets;
	char (*names)[BDF_STRLEN];
	size_t n;
};

static void objects_done(struct objects *o)
{
	free(o->v);
	free(o->targets);
	free(o->names);
}

/* "vlan=100": the key of a setting has no character that a device needs. */
static bool is_setting(const char *word)
{
	size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");

	return n && word[n] == '=';
}

static int begins_with_setting(const char *word, struct err *e)
{
	return err_fix(e, err_usage(e, "'%s' has no device before it", word),
		       "write the PF or VF first: vfyard set net0/3 %s", word);
}

/* "net0/3,vlan=100", as the options of pci-attach are written. */
static int is_joined(const char *word, struct err *e)
{
	return err_fix(e, err_usage(e, "'%s' is neither a device nor KEY=VALUE", word),
		       "write a blank between device and settings: %.*s %s",
		       (int)strcspn(word, ","), word,
		       word[strcspn(word, ",")] ? word + strcspn(word, ",") + 1 : "KEY=VALUE");
}

static int add_object(struct session *s, struct objects *o, const char *word, struct err *e)
{
	struct operand_target *t = &o->targets[o->n];
	char buf[BDF_STRLEN];
	int r;

	if (strchr(word, '='))
		return is_joined(word, e);
	r = operand_find_target(&s->host, s->inv, s->saved, word, t, e);
	if (r < 0)
		return r;
	/* The name is a topology's, or a network device's: both outlive the inventory only as
	 * copies. */
	snprintf(o->names[o->n], BDF_STRLEN, "%s", pf_label(buf, t->pf));
	o->v[o->n] = (struct topo_made){ .object = word,
					 .name = pf_label(buf, t->pf) == buf ? o->names[o->n]
									     : pf_label(buf, t->pf),
					 .pf = t->pf->bdf,
					 .numvfs = t->pf->numvfs,
					 .index = t->has_index ? t->index : NULL };
	o->n++;
	return 0;
}

static int read_words(struct session *s, struct objects *o, size_t n, const char *const *words,
		      struct err *e)
{
	int r = 0;

	o->v = calloc(n + 1, sizeof(*o->v));
	o->targets = calloc(n + 1, sizeof(*o->targets));
	o->names = calloc(n + 1, sizeof(*o->names));
	if (!o->v || !o->targets || !o->names)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; r == 0 && i < n; i++) {
		struct topo_made *last = o->n ? &o->v[o->n - 1] : NULL;

		if (!is_setting(words[i])) {
			r = add_object(s, o, words[i], e);
			continue;
		}
		if (!last)
			return begins_with_setting(words[i], e);
		if (!last->n)
			last->words = &words[i];
		last->n++;
	}
	return r;
}

/* The entry of the made topology that is about this PF. */
static bool find_made(const struct topology *made, const struct pf *pf, size_t *ret)
{
	for (size_t i = 0; i < made->n_pfs; i++)
		if (!bdf_cmp(made->pfs[i].bdf, pf->bdf)) {
			*ret = i;
			return true;
		}
	return false;
}

/* Of a range the first VF is named that the file wants otherwise. */
static void note_vfs(const struct session *s, size_t in_file, const struct topo_vf *vf)
{
	const struct pf *pf = s->bound.pfs[in_file];
	unsigned last = vf->range.all ? pf->numvfs : vf->range.last + 1u;
	char text[VF_ATTR_TEXT], name[BDF_STRLEN];

	for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
		for (unsigned i = vf->range.all ? 0 : vf->range.first; i < last; i++) {
			const struct vf_attrs file = topology_attrs(s->topo, in_file, i);

			if (vf_attrs_agree(&file, &vf->attrs, 1u << bit))
				continue;
			log_note(&s->host.log,
				 "%s says %s for %s/%u, so the next vfyard apply sets it back",
				 s->topo_path, vf_attr_text(text, &file, (enum vf_attr)(1u << bit)),
				 pf_label(name, pf), i);
			break;
		}
}

/* Says where the file's topology wants something else. */
static void note_file(const struct session *s, const struct topology *made)
{
	char name[BDF_STRLEN];
	size_t at;

	for (size_t i = 0; s->topo && i < s->topo->n_pfs; i++) {
		const struct topo_pf *says = &s->topo->pfs[i];
		const struct pf *pf = s->bound.pfs[i];

		if (!pf || says->is_dev || !find_made(made, pf, &at))
			continue;
		if (says->has_numvfs && made->pfs[at].has_numvfs &&
		    says->numvfs != made->pfs[at].numvfs)
			log_note(&s->host.log,
				 "%s says numvfs=%u for %s, so the next vfyard apply sets it back",
				 s->topo_path, says->numvfs, pf_label(name, pf));
		for (size_t k = 0; k < made->n_vfs; k++)
			if (made->vfs[k].range.pf == at)
				note_vfs(s, i, &made->vfs[k]);
	}
}

/* What is wrong with the words is reported as errors of a file are. */
static int wrong_words(struct session *s, struct err *e)
{
	const struct problem *first = problems_first_error(&s->faults);

	problems_log(&s->faults, &s->host.log, LOG_QUIET);
	if (first)
		err_copy(e, &first->err);
	return err_status(e, -EINVAL, EXIT_USAGE);
}

/* The words' topology takes the place of the file's. */
static int make(struct session *s, size_t n, const char *const *words, struct err *e)
{
	_cleanup_(objects_done) struct objects o = { 0 };
	struct topology *made = NULL;
	int r = read_words(s, &o, n, words, e);

	if (r < 0)
		return r;
	r = topology_made(&made, o.v, o.n, &s->faults, e);
	if (r < 0)
		return r == -EINVAL ? wrong_words(s, e) : r;
	if (s->topo)
		made->hypervisor = s->topo->hypervisor;
	note_file(s, made);
	binding_done(&s->bound);
	s->file_topo = s->topo;
	s->topo = made;
	return 0;
}

int set_open(struct apply *a, struct session *s, size_t n, const char *const *words, struct err *e)
{
	int r = session_backend(s, true, e);

	a->s = s;
	if (r == 0)
		r = session_lock(s, e);
	if (r == 0)
		r = trial_gate(s, e);
	if (r == 0)
		r = session_state(s, e);
	if (r == 0)
		r = session_read_pfs(s, INVENTORY_ALL, e);
	if (r == 0)
		r = make(s, n, words, e);
	return r < 0 ? r : apply_open(a, s, true, false, e);
}

void set_close(struct session *s)
{
	problems_done(&s->faults);
	if (!s->topo || !s->topo->is_made)
		return;
	session_forget_pfs(s);
	topology_free(s->topo);
	s->topo = STEAL(s->file_topo);
}
