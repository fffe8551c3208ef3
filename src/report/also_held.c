// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/also_held.h"

#include <stdlib.h>
#include <string.h>

#include "report/json_text.h"

#define NAMED 6u

/* Returns which PF of the topology it is; the number of PFs when it is none. */
static size_t place_of(const struct session *s, const struct pf *pf)
{
	size_t i = 0;

	while (i < s->topo->n_pfs && s->bound.pfs[i] != pf)
		i++;
	return i;
}

static bool is_wanted(const struct apply *a, size_t nth, unsigned index)
{
	const struct desired_vf *v;

	if (nth >= a->s->topo->n_pfs)
		return false;
	v = &a->desired.vfs[nth][index];
	/* A VF with driver= is in the plan, whatever it is now. */
	return v->domain != NO_DOMAIN || (v->want.given & VF_ATTR_DRIVER);
}

static bool is_held(uint8_t state)
{
	return state == VF_ASSIGNABLE || state == VF_ATTACHED || state == VF_STALE;
}

/* Calls @fn for each of them; stops at what is not 0. */
static int walk(const struct apply *a, int (*fn)(void *arg, struct vf_ref vf), void *arg)
{
	const struct inventory *inv = a->s->inv;
	struct vf_ref f = { 0 };
	int r = 0;

	for (size_t p = 0; a->has_desired && p < inv->n_pfs; p++) {
		struct pf *pf = &inv->pfs[p];
		size_t nth = place_of(a->s, pf);

		for (unsigned i = 0; r == 0 && i < pf->numvfs && i < pf->n_vfs; i++) {
			if (is_held(pf->vfs[i].state) && !is_wanted(a, nth, i))
				r = fn(arg, (struct vf_ref){ pf, i });
		}
	}
	while (r == 0 && a->has_desired && inventory_next(inv, &f))
		if (vf_is_whole(f) && is_held(vf_of(f)->state) &&
		    (!f.pf->of || !is_wanted(a, place_of(a->s, f.pf), f.index)))
			r = fn(arg, f);
	return r;
}

struct listed {
	FILE *out;
	size_t n;
};

static int print_one(void *arg, struct vf_ref ref)
{
	struct listed *l = arg;
	const struct vf *vf = vf_of(ref);
	bool is_in = vf->state == VF_ATTACHED && vf->domain;
	char label[VF_LABEL_MAX];

	if (l->n++ >= NAMED)
		return 0;
	vf_label(label, ref);
	fprintf(l->out, "%s%.*s (%s%s)", l->n == 1 ? "" : ", ", (int)strcspn(label, " "), label,
		is_in ? "domain " : "", is_in ? vf->domain : vf_state_name(vf->state));
	return 0;
}

size_t also_held(const struct apply *a, FILE *out)
{
	struct listed l = { out, 0 };

	walk(a, print_one, &l);
	if (l.n > NAMED)
		fprintf(out, " and %zu more", l.n - NAMED);
	return l.n;
}

void also_held_note(const struct apply *a)
{
	_cleanup_free_ char *text = NULL;
	size_t size, n;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	n = also_held(a, out);
	if (memstream_close(out, &text) == 0 && n)
		log_note(&a->s->host.log, "also held, and not in the topology: %s", text);
}

static int add_one(void *list, struct vf_ref ref)
{
	const struct vf *vf = vf_of(ref);
	char name[BDF_STRLEN], bdf[BDF_STRLEN];

	bool is_vf = !vf_is_whole(ref);

	return json_array_append_new(
		list, json_pack("{s:o, s:o, s:s, s:s, s:o}", "pf",
				json_text(is_vf ? pf_label(name, ref.pf) : NULL), "index",
				is_vf ? json_integer(ref.index) : json_null(), "bdf",
				bdf_str(bdf, vf->bdf), "state", vf_state_name(vf->state), "domain",
				json_text(vf->domain)));
}

json_t *also_held_json(const struct apply *a)
{
	json_t *list = json_array();

	if (!list || walk(a, add_one, list) == 0)
		return list;
	json_decref(list);
	return NULL;
}
