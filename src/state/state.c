// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory of this host: one tree in order of identity, and another one by name. */
#include "state/state.h"

#include <search.h>
#include <string.h>

#include "state/state_file.h"
#include "state/state_pfs.h"

struct state {
	const struct host *host;
	const char *file;	  /* its name in the directory; static */
	void *by_vf, *by_name;	  /* tsearch() trees of struct state_entry; by_vf owns */
	struct state_entry *gone; /* forgotten entries, which steps that have run still refer to */
	struct state_pfs pfs;
	json_t *doc; /* the file as it was read */
	bool is_dirty;
};

static int cmp_vf(const void *pa, const void *pb)
{
	const struct state_entry *a = pa, *b = pb;
	int c = bdf_cmp(a->o.pf, b->o.pf);

	return c ? c : (a->o.index > b->o.index) - (a->o.index < b->o.index);
}

static int cmp_name(const void *pa, const void *pb)
{
	const struct state_entry *a = pa, *b = pb;

	return strcmp(a->o.name, b->o.name);
}

static void entry_free(void *p)
{
	struct state_entry *entry = p;

	json_decref(entry->json);
	free(entry);
}

static void entry_unused(void *p UNUSED)
{
}

static struct state_entry *find_entry(const struct state *s, struct bdf pf, unsigned index)
{
	struct state_entry key = { .o = { .pf = pf, .index = index } };
	struct state_entry **at = tfind(&key, &s->by_vf, cmp_vf);

	return at ? *at : NULL;
}

static struct state_entry *find_name(const struct state *s, const char *name)
{
	struct state_entry key = { 0 }, **at;

	if (strlen(name) >= sizeof(key.o.name))
		return NULL;
	snprintf(key.o.name, sizeof(key.o.name), "%s", name);
	at = tfind(&key, &s->by_name, cmp_name);
	return at ? *at : NULL;
}

const struct vf_saved *state_find(const struct state *s, struct bdf pf, unsigned index)
{
	const struct state_entry *entry = find_entry(s, pf, index);

	return entry ? &entry->o : NULL;
}

const struct vf_saved *state_find_vf(const struct state *s, struct vf_ref vf)
{
	const struct vf_ref id = vf_identity(vf);

	return state_find(s, id.pf->bdf, id.index);
}

const struct vf_saved *state_find_name(const struct state *s, const char *name)
{
	const struct state_entry *entry = *name ? find_name(s, name) : NULL;

	return entry ? &entry->o : NULL;
}

static int add_entry(struct state *s, struct state_entry *entry, struct err *e)
{
	if (!tsearch(entry, &s->by_vf, cmp_vf))
		return err_set(e, ENOMEM, "out of memory");
	if (entry->o.name[0] && !tsearch(entry, &s->by_name, cmp_name)) {
		tdelete(entry, &s->by_vf, cmp_vf);
		return err_set(e, ENOMEM, "out of memory");
	}
	return 0;
}

void state_forget(struct state *s, struct bdf pf, unsigned index)
{
	struct state_entry *entry = find_entry(s, pf, index);

	if (!entry)
		return;
	tdelete(entry, &s->by_vf, cmp_vf);
	if (entry->o.name[0])
		tdelete(entry, &s->by_name, cmp_name);
	entry->next_gone = s->gone;
	s->gone = entry;
	s->is_dirty = true;
}

/* Keeps what the file says about the same card in members that this program does not know. */
static json_t *known_json(const struct state *s, const struct vf_saved *o)
{
	const struct state_entry *old = find_entry(s, o->pf, o->index);

	if (old && old->o.vendor == o->vendor && old->o.device == o->device)
		return json_incref(old->json);
	return json_object();
}

int state_put(struct state *s, const struct vf_saved *o, struct err *e)
{
	const struct vf_saved *named = state_find_name(s, o->name);
	struct state_entry *entry;
	char buf[VF_SAVED_TEXT];
	int r;

	if (named && (bdf_cmp(named->pf, o->pf) || named->index != o->index))
		return err_set(e, EEXIST, "name '%s' belongs to %s", o->name,
			       vf_saved_text(buf, named));
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return err_set(e, ENOMEM, "out of memory");
	entry->o = *o;
	entry->json = known_json(s, o);
	state_forget(s, entry->o.pf, entry->o.index);
	r = add_entry(s, entry, e);
	if (r < 0)
		entry_free(entry);
	s->is_dirty = true;
	return r;
}

const char *vf_saved_text(char buf[VF_SAVED_TEXT], const struct vf_saved *o)
{
	char bdf[BDF_STRLEN];

	bdf_str(bdf, o->pf);
	if (o->index == WHOLE)
		snprintf(buf, VF_SAVED_TEXT, "%s", bdf);
	else
		snprintf(buf, VF_SAVED_TEXT, "VF %u of %s", o->index, bdf);
	return buf;
}

bool state_is_about(const struct vf_saved *o, const struct pf *pf)
{
	uint16_t device = o->index == WHOLE ? pf->device : pf->vf_device;

	return o->vendor == pf->vendor && o->device == device && !card_is_other(o->card, pf);
}

struct other {
	const struct pf *pf;
	const char *card;
};

static void look_for_other(void *arg, const struct vf_saved *o)
{
	struct other *x = arg;

	if (!bdf_cmp(o->pf, x->pf->bdf) && card_is_other(o->card, x->pf))
		x->card = o->card;
}

const char *state_other_card(const struct state *s, const struct pf *pf)
{
	const struct state_pf *p = state_pfs_find(&s->pfs, pf->bdf);
	struct other x = { pf, NULL };

	if (p && card_is_other(p->o.card, pf))
		return p->o.card;
	state_each(s, look_for_other, &x);
	return x.card;
}

bool state_made_assignable(const struct state *s, struct vf_ref vf)
{
	const struct vf *v = vf_of(vf);
	const struct vf_saved *o = s ? state_find_vf(s, vf) : NULL;

	if (!o || v->state != VF_ASSIGNABLE || o->is_name_only ||
	    !state_is_about(o, vf_identity(vf).pf))
		return false;
	/* It has the driver that it had when it was first seen, so this was not vfyard's work. */
	return o->assigned && !(v->driver && !strcmp(v->driver, o->driver));
}

/* Reads the entries of a document that state_file_read() has checked. */
static int take_entries(struct state *s, struct err *e)
{
	json_t *list = json_object_get(s->doc, "vfs"), *item;
	size_t i;
	int r = 0;

	json_array_foreach(list, i, item)
	{
		struct state_entry *entry = calloc(1, sizeof(*entry));

		if (!entry)
			return err_set(e, ENOMEM, "out of memory");
		entry->json = json_incref(item);
		r = state_entry_read(entry, e);
		if (r == 0 && find_entry(s, entry->o.pf, entry->o.index))
			r = err_set(e, EPROTO, "entry %zu is there twice", i);
		if (r == 0 && state_find_name(s, entry->o.name))
			r = err_set(e, EPROTO, "name '%s' is there twice", entry->o.name);
		if (r == 0)
			r = add_entry(s, entry, e);
		if (r < 0) {
			entry_free(entry);
			return r;
		}
	}
	return 0;
}

int state_open_at(struct state **ret, const struct host *h, const char *file, struct err *e)
{
	struct state *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return err_set(e, ENOMEM, "out of memory");
	s->host = h;
	s->file = file;
	r = state_file_read(&s->doc, h, file, e);
	if (r == 0)
		r = take_entries(s, e);
	if (r == 0)
		r = state_pfs_read(&s->pfs, s->doc, e);
	if (r < 0) {
		state_close(s);
		return state_file_explain(h, file, r, e);
	}
	*ret = s;
	return 0;
}

int state_open(struct state **ret, const struct host *h, struct err *e)
{
	return state_open_at(ret, h, STATE_NAME, e);
}

const json_t *state_member(const struct state *s, const char *key)
{
	return json_object_get(s->doc, key);
}

int state_set_member(struct state *s, const char *key, json_t *value, struct err *e)
{
	s->is_dirty = true;
	if (!value)
		json_object_del(s->doc, key);
	else if (json_object_set_new(s->doc, key, value) < 0)
		return err_set(e, ENOMEM, "out of memory");
	return 0;
}

json_t *state_document(const struct state *s)
{
	return json_deep_copy(s->doc);
}

void state_close(struct state *s)
{
	if (!s)
		return;
	tdestroy(s->by_name, entry_unused);
	tdestroy(s->by_vf, entry_free);
	while (s->gone) {
		struct state_entry *entry = s->gone;

		s->gone = entry->next_gone;
		entry_free(entry);
	}
	state_pfs_done(&s->pfs);
	json_decref(s->doc);
	free(s);
}

const struct pf_saved *state_find_pf(const struct state *s, const struct pf *pf)
{
	const struct state_pf *p = state_pfs_find(&s->pfs, pf->bdf);

	return p && p->o.vendor == pf->vendor && p->o.device == pf->device &&
			       !card_is_other(p->o.card, pf)
		       ? &p->o
		       : NULL;
}

int state_put_pf(struct state *s, const struct pf_saved *o, struct err *e)
{
	s->is_dirty = true;
	return state_pfs_put(&s->pfs, o, e);
}

void state_forget_pf(struct state *s, struct bdf pf)
{
	s->is_dirty = true;
	state_pfs_forget(&s->pfs, pf);
}

size_t state_n_pfs(const struct state *s)
{
	return s->pfs.n;
}

const struct pf_saved *state_nth_pf(const struct state *s, size_t i)
{
	return &s->pfs.v[i].o;
}

struct each {
	void (*fn)(void *arg, const struct vf_saved *o);
	void *arg;
};

static void visit_original(const void *node, VISIT when, void *arg)
{
	struct state_entry *const *entry = node;
	struct each *each = arg;

	if (when == postorder || when == leaf)
		each->fn(each->arg, &(*entry)->o);
}

void state_each(const struct state *s, void (*fn)(void *arg, const struct vf_saved *o), void *arg)
{
	struct each each = { fn, arg };

	twalk_r(s->by_vf, visit_original, &each);
}

/* @arg points to the list under construction, NULL after a failure. */
static void visit_write(const void *node, VISIT when, void *arg)
{
	struct state_entry *const *entry = node;
	json_t **list = arg;

	if ((when != postorder && when != leaf) || !*list)
		return;
	if (state_entry_write(*entry) < 0 || json_array_append(*list, (*entry)->json) < 0) {
		json_decref(*list);
		*list = NULL;
	}
}

int state_commit(struct state *s, struct err *e)
{
	json_t *list;
	int r;

	if (!s->is_dirty)
		return 0;
	list = json_array();
	twalk_r(s->by_vf, visit_write, &list);
	if (!list || json_object_set_new(s->doc, "vfs", list) < 0 ||
	    state_pfs_write(&s->pfs, s->doc) < 0)
		return err_set(e, ENOMEM, "out of memory");
	r = state_file_write(s->doc, s->host, s->file, e);
	if (r < 0)
		return r;
	s->is_dirty = false;
	return 0;
}
