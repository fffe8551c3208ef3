// SPDX-License-Identifier: GPL-2.0-or-later
/* Guests as files define them: which VFs, and which other functions, their addresses are, and who
 * has these already. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "report/import_parts.h"
#include "topology/definition.h"
#include "topology/read/text.h"

/* One file, and the domain it is about. */
struct one_file {
	struct importing *im;
	const char *path;
	struct definition def;
	size_t domain;	 /* in topo->domains; NO_IMPORT: not there yet */
	bool is_known;	 /* it runs, or another file was about it */
	bool is_refused; /* a topology cannot say it, which is said */
};

/* A file that was read, by whatever name. */
struct seen_file {
	dev_t dev;
	ino_t ino;
};

struct seen_files {
	struct seen_file *v;
	size_t n;
};

/* "web1.cfg:7: ", or without a line; above the domain where there is one. */
static int say(const struct one_file *o, unsigned line, bool is_missing, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

static int say(const struct one_file *o, unsigned line, bool is_missing, const char *fmt, ...)
{
	enum note_place place = o->domain == NO_IMPORT ? NOTE_END : NOTE_DOMAIN;
	size_t index = o->domain == NO_IMPORT ? 0 : o->domain;
	_cleanup_free_ char *text = NULL;
	char at[32] = "";
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (r < 0) {
		text = NULL;
		return -ENOMEM;
	}
	if (line)
		snprintf(at, sizeof(at), ":%u", line);
	return (is_missing ? topo_note_missing : topo_note)(o->im->notes, place, index, "%s%s: %s",
							    o->path, at, text);
}

static bool same_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* Do the words of both lead to one guest? */
static bool is_same_guest(const struct topo_domain *a, const struct topo_domain *b,
			  const char *b_name)
{
	return same_text(a->qmp, b->qmp) || same_text(a->libvirt, b->libvirt) ||
	       same_text(a->xen_vm ? a->xen_vm : a->name, b_name);
}

static void find_domain(struct one_file *o)
{
	const struct topology *t = o->im->topo;

	for (size_t i = 0; i < t->n_domains; i++)
		if (is_same_guest(&t->domains[i], &o->def.domain, o->def.domain.name)) {
			o->domain = i;
			o->is_known = true;
			return;
		}
}

/* "net0/3 (0000:05:10.6)", or the address alone. */
static const char *label_of(const struct one_file *o, const struct import_place *at, struct bdf bdf,
			    char buf[VF_LABEL_MAX])
{
	char text[BDF_STRLEN];

	bdf_str(text, bdf);
	if (at->whole)
		snprintf(buf, VF_LABEL_MAX, "%s", text);
	else
		snprintf(buf, VF_LABEL_MAX, "%.60s/%u (%s)", o->im->topo->pfs[at->pf].name, at->i,
			 text);
	return buf;
}

/* The domain of topo->domains that has it. */
static size_t holder_of(const struct importing *im, const struct import_place *at)
{
	const struct import_whole *w = at->whole ? import_whole_find(im, at->whole) : NULL;

	if (at->whole)
		return w ? w->domain : NO_IMPORT;
	return im->holders[at->pf][at->i].domain;
}

/* Who has it: what runs is believed. "" for nobody but the guest of the file. */
static const char *other_holder(const struct one_file *o, const struct import_place *at)
{
	size_t domain = holder_of(o->im, at);
	const struct vf *vf = at->now;

	if (domain != NO_IMPORT)
		return domain == o->domain ? "" : o->im->topo->domains[domain].name;
	if (!vf || vf->state != VF_ATTACHED || !vf->domain)
		return "";
	return same_text(vf->domain, o->def.domain.name) ||
			       same_text(vf->domain, o->def.domain.libvirt)
		       ? ""
		       : vf->domain;
}

/* VFs that are not made yet are asked for: only where there is none, because others would go. */
static int make_room(struct one_file *o, const struct definition_dev *dev, size_t p, unsigned i)
{
	struct topo_pf *to = &o->im->topo->pfs[p];

	if (i < import_n_vfs(o->im, p))
		return 0;
	if (o->im->inv->pfs[p].numvfs)
		return 1;
	to->has_numvfs = true;
	to->numvfs = i + 1;
	return topo_note(o->im->notes, NOTE_PF, p,
			 "numvfs=%u for %s:%u; its VFs are not made yet, and their addresses are "
			 "computed",
			 i + 1, o->path, dev->line);
}

static int add_domain(struct one_file *o)
{
	struct err why = { 0 };
	_cleanup_free_ char *name = strdup(o->def.domain.name);
	int r;

	if (o->domain != NO_IMPORT || o->is_refused || !name)
		return name ? 0 : -ENOMEM;
	r = import_guest_add(o->im, name, &o->def.domain, &o->domain, &why);
	if (r == 0)
		o->def.domain.name = STEAL(name);
	o->is_refused = r == -ENOTSUP;
	return o->is_refused ? say(o, 0, true, "%s: %s", name, why.cause) : r;
}

static int add_vf(struct one_file *o, const struct definition_dev *dev,
		  const struct import_place *at)
{
	struct import_holder *h = &o->im->holders[at->pf][at->i];
	int r = add_domain(o);

	if (r < 0 || o->domain == NO_IMPORT)
		return r;
	h->domain = o->domain;
	h->attrs = dev->attrs;
	return import_guest_give(o->im, o->domain, at->pf, at->i, &dev->options);
}

static int add_whole(struct one_file *o, const struct definition_dev *dev, struct pf *f)
{
	int r = add_domain(o);

	if (r < 0 || o->domain == NO_IMPORT)
		return r;
	return import_whole_add(o->im, f, o->domain, &dev->options);
}

/* A PF is given itself, or its VFs are. */
static int refuse_both(const struct one_file *o, const struct definition_dev *dev,
		       const struct import_place *at, const char *label)
{
	const struct importing *im = o->im;
	const struct pf *pf = at->whole ? at->whole : &im->inv->pfs[at->pf];
	size_t p;
	unsigned n;

	if (!at->whole && import_whole_find(im, pf))
		return say(o, dev->line, true, "%s: its PF is given as a whole", label) < 0
			       ? -ENOMEM
			       : 1;
	if (!at->whole || !pf->totalvfs)
		return 0;
	p = (size_t)(pf - im->inv->pfs);
	n = import_n_vfs(im, p);
	if (!n)
		return 0;
	return say(o, dev->line, true, "%s is a PF with %u VF%s, which would vanish", label, n,
		   n == 1 ? "" : "s") < 0
		       ? -ENOMEM
		       : 1;
}

/* At a place that nobody else has. */
static int add_at(struct one_file *o, const struct definition_dev *dev,
		  const struct import_place *at, const char *label)
{
	const struct importing *im = o->im;
	int r;

	if (holder_of(im, at) == o->domain && o->domain != NO_IMPORT)
		return 0;
	if (o->is_known)
		return say(o, dev->line, o->domain >= im->n_running,
			   o->domain < im->n_running ? "%s: the domain runs, and does not have it"
						     : "%s: another file is about this domain, too",
			   label);
	r = refuse_both(o, dev, at, label);
	if (r)
		return r < 0 ? r : 0;
	if (at->whole)
		return add_whole(o, dev, at->whole);
	r = make_room(o, dev, at->pf, at->i);
	if (r == 1)
		return say(o, dev->line, true, "%s is not made: its PF has %u VF%s now", label,
			   im->inv->pfs[at->pf].numvfs,
			   im->inv->pfs[at->pf].numvfs == 1 ? "" : "s");
	return r < 0 ? r : add_vf(o, dev, at);
}

static int add_device(struct one_file *o, const struct definition_dev *dev)
{
	char bdf[BDF_STRLEN], buf[VF_LABEL_MAX];
	const char *other, *label;
	struct import_place place;
	struct bdf at;

	if (!import_find_address(o->im, dev, &at))
		return say(o, dev->line, true,
			   "nothing of this host is remembered by the name '%s'", dev->name);
	bdf_str(bdf, at);
	if (!import_find(o->im, at, &place))
		return say(o, dev->line, true,
			   root_exists(&o->im->s->host.root, "sys/bus/pci/devices/%s", bdf)
				   ? "%s is a bridge, which carries other devices"
				   : "this host has no function %s",
			   bdf);
	label = label_of(o, &place, at, buf);
	other = other_holder(o, &place);
	if (*other)
		return say(o, dev->line, true, "%s is in domain %s", label, other);
	if (place.now && (place.now->state == VF_STALE || place.now->state == VF_BROKEN))
		return say(o, dev->line, true, "%s is %s", label,
			   vf_state_name((enum vf_state)place.now->state));
	return add_at(o, dev, &place, label);
}

/* Which there are the host knows; VFs that are not made yet are not meant. */
static int add_slot(struct one_file *o, const struct definition_dev *dev)
{
	struct definition_dev one = *dev;
	char bdf[BDF_STRLEN];
	struct vf_ref f;
	unsigned n = 0;
	int r = 0;

	for (one.bdf.fn = 0; r == 0 && one.bdf.fn < 8; one.bdf.fn++)
		if (inventory_find_function(o->im->inv, one.bdf, &f)) {
			r = add_device(o, &one);
			n++;
		}
	bdf_str(bdf, dev->bdf);
	return r < 0 || n ? r
			  : say(o, dev->line, true, "this host has no function %.*s*",
				(int)strlen(bdf) - 1, bdf);
}

static int add_notes(const struct one_file *o)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < o->def.n_notes; i++) {
		const struct definition_note *note = &o->def.notes[i];

		r = say(o, note->line, note->is_missing, "%s", note->text);
	}
	return r;
}

/* Arguments of QEMU may have none: then it is called as the file. */
static int name_definition(struct one_file *o)
{
	const char *slash = strrchr(o->path, '/'), *base = slash ? slash + 1 : o->path;
	size_t n = strcspn(base, ".");

	if (!o->def.domain.name)
		o->def.domain.name = strndup(base, n ? n : strlen(base));
	return o->def.domain.name ? 0 : -ENOMEM;
}

static int add_definition(struct one_file *o)
{
	int r = name_definition(o);

	if (r == 0)
		find_domain(o);
	for (size_t i = 0; r == 0 && i < o->def.n_devs; i++)
		r = (o->def.devs[i].all_functions ? add_slot : add_device)(o, &o->def.devs[i]);
	if (r == 0 && !o->def.n_devs)
		r = say(o, 0, false, "%s has no host device", o->def.domain.name);
	return r == 0 ? add_notes(o) : r;
}

/* 1 when it was read before: links lead from one folder to the other. */
static int is_seen(struct seen_files *seen, const struct stat *st)
{
	for (size_t i = 0; i < seen->n; i++)
		if (seen->v[i].dev == st->st_dev && seen->v[i].ino == st->st_ino)
			return 1;
	if (ARRAY_GROW(seen->v, seen->n) < 0)
		return -ENOMEM;
	seen->v[seen->n++] = (struct seen_file){ st->st_dev, st->st_ino };
	return 0;
}

/* What is said of a topology's own file is not all true of these. */
static int cannot_read(const char *path, int r, const struct err *why, struct err *e)
{
	if (r == -ENOMEM)
		return err_set(e, ENOMEM, "out of memory");
	if (r == -EISDIR || r == -EINVAL)
		err_fix(e, err_set(e, -r, "is no file"), "name a file, or a pipe");
	else
		err_copy(e, why);
	if (r == -ENOENT)
		err_refix(e, "name a file that is there");
	err_status(e, r, EXIT_USAGE);
	return err_at(e, r, path, "read");
}

/* One that is none of its kind is said, and the others go on. */
static int read_file(struct importing *im, const struct definition_reader *reader, const char *path,
		     struct seen_files *seen, struct err *e)
{
	struct one_file o = { .im = im, .path = path, .domain = NO_IMPORT };
	_cleanup_free_ char *text = NULL;
	_cleanup_close_ int fd = -1;
	struct err why = { 0 };
	struct stat st;
	size_t len;
	int r;

	fd = topo_text_open(NULL, path, &st, &why);
	r = fd < 0 ? fd : is_seen(seen, &st);
	if (r == 0)
		r = topo_text_read(&text, &len, fd, &why);
	if (r < 0)
		return cannot_read(path, r, &why, e);
	if (r == 1)
		return 0;
	r = reader->read(&o.def, text, len, &why);
	if (r == 0)
		r = add_definition(&o);
	else if (r == -EINVAL)
		r = say(&o, 0, true, "not %s: %s", reader->title, why.cause);
	definition_done(&o.def);
	return r < 0 ? err_set(e, ENOMEM, "out of memory") : 0;
}

int import_files(struct importing *im, struct err *e)
{
	const char *kind = im->o->from ? im->o->from : "xl";
	const struct definition_reader *reader = definition_reader_find(kind);
	struct seen_files seen = { 0 };
	int r = 0;

	if (!reader) {
		err_usage(e, "--from '%s' is no kind of file", kind);
		return err_fix(e, -EINVAL, "write one of %s", definition_reader_names());
	}
	for (size_t i = 0; r == 0 && i < im->o->n_files; i++)
		r = read_file(im, reader, im->o->files[i], &seen, e);
	free(seen.v);
	return r;
}
