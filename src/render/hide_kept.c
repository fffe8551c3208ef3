// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/hide_kept.h"

#include <string.h>

#include "host/boot/hide_list.h"

/* Tells whether it is a VF of this PF, present or possible. */
static bool is_vf_of(const struct pf *pf, struct bdf dev)
{
	for (unsigned i = 0; i < pf->n_vfs; i++)
		if (bdf_cmp(pf->vfs[i].bdf, dev) == 0)
			return true;
	for (unsigned i = 0; pf->offset && i < pf->totalvfs; i++)
		if (bdf_cmp(bdf_vf(pf->bdf, pf->offset, pf->stride, i), dev) == 0)
			return true;
	return false;
}

static bool is_ours(const struct render_in *in, struct bdf dev)
{
	for (size_t i = 0; i < in->topo->n_pfs; i++)
		if (in->pfs[i] && is_vf_of(in->pfs[i], dev))
			return true;
	return false;
}

static bool has_vf_of(const struct hide_entry *h, const struct pf *pf)
{
	for (unsigned i = 0; i < pf->n_vfs; i++)
		if (hide_entry_has(h, pf->vfs[i].bdf))
			return true;
	for (unsigned i = 0; pf->offset && i < pf->totalvfs; i++)
		if (hide_entry_has(h, bdf_vf(pf->bdf, pf->offset, pf->stride, i)))
			return true;
	return false;
}

/* An entry is kept when it has something else of this host, or nothing of the topology. */
static bool is_kept(const struct render_in *in, const struct hide_entry *h)
{
	bool some_of_ours = false;

	for (size_t i = 0; i < in->n_devices; i++)
		if (hide_entry_has(h, in->devices[i]) && !is_ours(in, in->devices[i]))
			return true;
	for (size_t i = 0; i < in->topo->n_pfs; i++)
		some_of_ours |= in->pfs[i] && has_vf_of(h, in->pfs[i]);
	return !some_of_ours;
}

/* A PF that pciback holds makes no VFs. */
static int check_pfs(const struct render_in *in, const struct hide_entry *h, struct err *e)
{
	char text[BDF_STRLEN];

	for (size_t i = 0; i < in->topo->n_pfs; i++) {
		if (!in->pfs[i] || in->topo->pfs[i].is_dev || !hide_entry_has(h, in->pfs[i]->bdf))
			continue;
		err_refuse(e, EBUSY, "%.*s of %s takes PF %s (%s) itself, so the PF makes no VFs",
			   (int)h->len, in->hidden + h->at,
			   in->hidden_where ? in->hidden_where : HIDE_LINE, in->topo->pfs[i].name,
			   bdf_str(text, in->pfs[i]->bdf));
		err_fix(e, 0,
			"take that entry out of hide=, in GRUB's files or modprobe.d, and reboot");
		return err_at(e, -EBUSY, "hide=", NULL);
	}
	return 0;
}

int hide_kept_print(const struct render_in *in, FILE *out, size_t *n, struct err *e)
{
	struct hide_entry h;
	size_t pos = 0;
	int r = in->hidden ? hide_list_check(in->hidden, e) : 0;

	if (r < 0) {
		err_fix(e, 0, "repair it where it is, in GRUB's files or modprobe.d");
		return err_at(e, r, "hide=", NULL);
	}
	while (r == 0 && in->hidden && hide_list_next(in->hidden, &pos, &h) > 0) {
		r = check_pfs(in, &h, e);
		if (r < 0 || !is_kept(in, &h))
			continue;
		fprintf(out, "%.*s", (int)h.len, in->hidden + h.at);
		++*n;
	}
	return r;
}

/* The file that render modprobe makes; it is replaced, or another one is read after it. */
#define OWN_FILE "vfyard.conf"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Notes a place beside the line that render grub makes. */
static void note_beside_line(const struct hide_source *s, struct problems *notes)
{
	if (!s->on_line)
		err_fix(problem_note(
				notes, (struct loc){ 0, 0 },
				"hide= is set by %s, too, and only that of the command line counts",
				s->where),
			0, "take it out there");
}

static void note_beside_file(const struct hide_source *s, struct problems *notes)
{
	int order = strcmp(base_name(s->where), OWN_FILE);

	if (s->on_line)
		err_fix(problem_note(
				notes, (struct loc){ 0, 0 },
				"hide= is set by %s, too, and only that one counts: this file has "
				"no effect",
				s->where),
			0, "take it out of GRUB's files, or use vfyard render grub");
	else if (order != 0)
		err_fix(problem_note(notes, (struct loc){ 0, 0 },
				     "hide= is set by %s, too, and %s counts", s->where,
				     order > 0 ? "only that one" : "only " OWN_FILE),
			0, "take it out there");
}

void hide_note_places(const struct render_in *in, bool is_line, struct problems *notes)
{
	const struct hide_sources *s = in->hide_sources;

	for (size_t i = 0; s && i < s->n; i++) {
		/* Note it once for the whole line. */
		if (i && s->v[i].on_line && s->v[i - 1].on_line)
			continue;
		(is_line ? note_beside_line : note_beside_file)(&s->v[i], notes);
	}
}
