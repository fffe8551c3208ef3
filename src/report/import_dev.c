// SPDX-License-Identifier: GPL-2.0-or-later
/* The dev list: what it has is no longer in the list of PFs. */
#include <stdlib.h>
#include <string.h>

#include "report/import_parts.h"

static int no_memory(struct err *e)
{
	return err_set(e, ENOMEM, "out of memory");
}

static void move_ranges(struct topology *t, size_t p)
{
	for (size_t i = 0; i < t->n_vfs; i++)
		t->vfs[i].range.pf -= t->vfs[i].range.pf > p;
	for (size_t d = 0; d < t->n_domains; d++)
		for (size_t i = 0; i < t->domains[d].n_devs; i++)
			t->domains[d].devs[i].range.pf -= t->domains[d].devs[i].range.pf > p;
}

/* Nothing names its VFs, because it has none. */
static void drop_pf(struct importing *im, size_t p)
{
	struct topology *t = im->topo;

	topo_pf_done(&t->pfs[p]);
	memmove(&t->pfs[p], &t->pfs[p + 1], (t->n_pfs - p - 1) * sizeof(*t->pfs));
	t->n_pfs--;
	move_ranges(t, p);
	topo_notes_drop(im->notes, NOTE_PF, p);
}

static void drop_pfs(struct importing *im)
{
	for (size_t p = im->inv->n_pfs; p-- > 0;)
		if (import_whole_find(im, &im->inv->pfs[p]))
			drop_pf(im, p);
}

/* All functions that an entry of dev could mean, in the order of addresses. */
static int read_choice(const struct importing *im, struct import_choice *ret)
{
	const struct inventory *inv = im->inv;
	size_t p = 0, o = 0;
	int r = 0;

	while (r == 0 && (p < inv->n_pfs || o < inv->n_others)) {
		bool is_pf = o == inv->n_others ||
			     (p < inv->n_pfs && bdf_cmp(inv->pfs[p].bdf, inv->others[o].bdf) < 0);

		r = import_choice_add(ret, im, is_pf ? &inv->pfs[p++] : &inv->others[o++]);
	}
	return r;
}

static bool is_in_slot(const struct pf *a, const struct pf *b)
{
	struct bdf x = a->bdf, y = b->bdf;

	x.fn = y.fn = 0;
	return !bdf_cmp(x, y);
}

static size_t count_slot(const struct import_choice *all, const struct pf *f)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		n += is_in_slot(all->v[i], f);
	return n;
}

static size_t place_of(const struct import_choice *all, const struct pf *f)
{
	size_t i = 0;

	while (all->v[i] != f)
		i++;
	return i;
}

/* How many from @w on are one entry: all of their slot, for one domain and in one way, or one. */
static size_t count_entry(const struct importing *im, const struct import_choice *all,
			  const struct import_whole *w)
{
	size_t n = 0, left = im->n_wholes - (size_t)(w - im->wholes);

	while (n < left && is_in_slot(w[n].f, w->f) && w[n].domain == w->domain &&
	       import_same_options(&w[n].options, &w->options))
		n++;
	return n > 1 && n == count_slot(all, w->f) ? n : 1;
}

/* Source: PCI Code and ID Assignment Specification 1.7: base class, or that and subclass. */
static const char *kind_of(const struct importing *im, struct bdf bdf)
{
	static const struct {
		unsigned class;
		const char *name;
	} kinds[] = {
		{ 0x0108, "nvme" }, { 0x01, "hba" },   { 0x02, "nic" },	  { 0x03, "gpu" },
		{ 0x04, "audio" },  { 0x0c03, "usb" }, { 0x12, "accel" },
	};
	char text[BDF_STRLEN];
	uint64_t class;

	if (root_read_u64(&im->s->host.root, &class, "sys/bus/pci/devices/%s/class",
			  bdf_str(text, bdf)) < 0)
		return "dev";
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].class == class >> 8 || kinds[i].class == class >> 16)
			return kinds[i].name;
	return "dev";
}

/* The name that a topology, or pci-assignable-add -n, gave it. */
static const char *name_there(const struct importing *im, const struct import_whole *w)
{
	const struct inventory *inv = im->inv;
	const struct vf_saved *saved =
		im->s->saved ? state_find(im->s->saved, w->f->bdf, WHOLE) : NULL;

	for (size_t i = 0; i < inv->n_devices; i++)
		if (inv->devices[i]->of[0] == w->f)
			return inv->devices[i]->name;
	if (w->f->name)
		return w->f->name;
	return saved && saved->name[0] ? saved->name : NULL;
}

/* "0000:0b:00.0 and 0000:0b:00.1, vfio-pci; no domain has it" */
static int describe(struct importing *im, size_t dev, const struct import_whole *w, size_t n)
{
	char first[BDF_STRLEN], last[BDF_STRLEN];

	bdf_str(first, w->f->bdf);
	bdf_str(last, w[n - 1].f->bdf);
	return topo_note(im->notes, NOTE_PF, dev, "%s%s%s, %s%s", first,
			 n == 1	  ? ""
			 : n == 2 ? " and "
				  : " to ",
			 n == 1 ? "" : last, w->f->driver ? w->f->driver : "no driver",
			 w->domain == NO_IMPORT ? "; no domain has it: to give it to one, name it "
						  "there"
						: "");
}

static int add_entry(struct importing *im, const struct import_choice *all,
		     const struct import_whole *w, size_t n, struct err *e)
{
	struct topology *t = im->topo;
	size_t dev = t->n_pfs;
	struct topo_pf *to;
	char *name;
	int r;

	if (import_dev_name(im, name_there(im, w), kind_of(im, w->f->bdf), &name) < 0)
		return no_memory(e);
	to = &t->pfs[t->n_pfs++];
	*to = (struct topo_pf){ .name = name, .is_dev = true, .all_functions = n > 1 };
	r = describe(im, dev, w, n);
	if (r == 0 && w->domain != NO_IMPORT)
		r = import_guest_give_dev(im, w->domain, dev, &w->options);
	if (r < 0)
		return no_memory(e);
	return import_select(im, all, place_of(all, w->f), to, e);
}

static int by_address(const void *a, const void *b)
{
	return bdf_cmp(((const struct import_whole *)a)->f->bdf,
		       ((const struct import_whole *)b)->f->bdf);
}

/* Room for an entry for each. */
static int make_room(struct importing *im)
{
	struct topology *t = im->topo;
	struct topo_pf *v = reallocarray(t->pfs, t->n_pfs + im->n_wholes + 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	t->pfs = v;
	return 0;
}

int import_devs(struct importing *im, struct err *e)
{
	_cleanup_(import_choice_done) struct import_choice all = { 0 };
	int r = 0;

	if (!im->n_wholes)
		return 0;
	drop_pfs(im);
	if (make_room(im) < 0)
		return no_memory(e);
	qsort(im->wholes, im->n_wholes, sizeof(*im->wholes), by_address);
	if (read_choice(im, &all) < 0)
		return no_memory(e);
	for (size_t i = 0, n; r == 0 && i < im->n_wholes; i += n) {
		n = count_entry(im, &all, &im->wholes[i]);
		r = add_entry(im, &all, &im->wholes[i], n, e);
	}
	return r;
}
