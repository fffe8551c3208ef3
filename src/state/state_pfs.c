// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/state_pfs.h"

#include <string.h>

#include "base/array.h"
#include "state/state_file.h"

static int read_autoprobe(const json_t *j, int8_t *ret, struct err *e)
{
	const json_t *v = json_object_get(j, "autoprobe");

	if (v && !json_is_null(v) && !json_is_boolean(v))
		return err_set(e, EPROTO, "member 'autoprobe' of a PF is not true or false");
	*ret = (int8_t)(json_is_boolean(v) ? json_is_true(v) : UNKNOWN);
	return 0;
}

static int read_up_boot(const json_t *j, char ret[64], struct err *e)
{
	const json_t *v = json_object_get(j, "up_boot");
	const char *s = json_string_value(v);

	if ((v && !s) || (s && strlen(s) >= 64))
		return err_set(e, EPROTO, "member 'up_boot' of a PF is not the id of a boot");
	snprintf(ret, 64, "%s", s ? s : "");
	return 0;
}

static int read_one(json_t *j, struct pf_saved *ret, struct err *e)
{
	const json_t *numvfs = json_object_get(j, "numvfs");
	struct pf_saved o = { 0 };
	int r;

	if (!json_is_integer(numvfs) || json_integer_value(numvfs) < 0 ||
	    json_integer_value(numvfs) > UINT16_MAX)
		return err_set(e, EPROTO, "member 'numvfs' of a PF is not a number of VFs");
	o.numvfs = (unsigned)json_integer_value(numvfs);
	if ((r = state_get_bdf(j, "pf", &o.pf, e)) < 0 ||
	    (r = state_get_id(j, "vendor", &o.vendor, e)) < 0 ||
	    (r = state_get_id(j, "device", &o.device, e)) < 0 ||
	    (r = state_get_text(j, "card", o.card, sizeof(o.card), true, e)) < 0 ||
	    (r = read_autoprobe(j, &o.autoprobe, e)) < 0 || (r = read_up_boot(j, o.up_boot, e)) < 0)
		return r;
	*ret = o;
	return 0;
}

/* The list takes over @json. */
static int insert(struct state_pfs *l, const struct pf_saved *o, json_t *json, struct err *e)
{
	struct state_pf *v;
	size_t at = 0;

	if (!json || ARRAY_GROW(l->v, l->n) < 0) {
		json_decref(json);
		return err_set(e, ENOMEM, "out of memory");
	}
	v = l->v;
	while (at < l->n && bdf_cmp(v[at].o.pf, o->pf) < 0)
		at++;
	memmove(&v[at + 1], &v[at], (l->n - at) * sizeof(*v));
	v[at] = (struct state_pf){ *o, json };
	l->n++;
	return 0;
}

int state_pfs_read(struct state_pfs *l, const json_t *doc, struct err *e)
{
	json_t *list = json_object_get(doc, "pfs"), *item;
	struct pf_saved o;
	size_t i;
	int r = 0;

	if (list && !json_is_array(list))
		return err_set(e, EPROTO, "member 'pfs' is not a list");
	json_array_foreach(list, i, item)
	{
		r = read_one(item, &o, e);
		if (r == 0 && state_pfs_find(l, o.pf))
			r = err_set(e, EPROTO, "entry %zu of 'pfs' is there twice", i);
		if (r == 0)
			r = insert(l, &o, json_incref(item), e);
		if (r < 0)
			return r;
	}
	return 0;
}

static int write_one(const struct state_pf *p)
{
	char bdf[BDF_STRLEN], id[8];
	int r = json_object_set_new(p->json, "pf", json_string(bdf_str(bdf, p->o.pf)));

	snprintf(id, sizeof(id), "%04x", p->o.vendor);
	r |= json_object_set_new(p->json, "vendor", json_string(id));
	snprintf(id, sizeof(id), "%04x", p->o.device);
	r |= json_object_set_new(p->json, "device", json_string(id));
	r |= state_set_card(p->json, p->o.card);
	r |= json_object_set_new(p->json, "numvfs", json_integer(p->o.numvfs));
	r |= json_object_set_new(p->json, "autoprobe",
				 p->o.autoprobe == UNKNOWN ? json_null()
							   : json_boolean(p->o.autoprobe));
	if (p->o.up_boot[0])
		r |= json_object_set_new(p->json, "up_boot", json_string(p->o.up_boot));
	else
		json_object_del(p->json, "up_boot");
	return r;
}

int state_pfs_write(const struct state_pfs *l, json_t *doc)
{
	json_t *list = json_array();
	int r = list ? 0 : -1;

	for (size_t i = 0; i < l->n && r == 0; i++)
		r = write_one(&l->v[i]) || json_array_append(list, l->v[i].json);
	if (r == 0)
		return json_object_set_new(doc, "pfs", list) ? -ENOMEM : 0;
	json_decref(list);
	return -ENOMEM;
}

void state_pfs_done(struct state_pfs *l)
{
	for (size_t i = 0; i < l->n; i++)
		json_decref(l->v[i].json);
	free(l->v);
	*l = (struct state_pfs){ 0 };
}

struct state_pf *state_pfs_find(const struct state_pfs *l, struct bdf pf)
{
	for (size_t i = 0; i < l->n; i++)
		if (bdf_cmp(l->v[i].o.pf, pf) == 0)
			return &l->v[i];
	return NULL;
}

int state_pfs_put(struct state_pfs *l, const struct pf_saved *o, struct err *e)
{
	struct state_pf *old = state_pfs_find(l, o->pf);
	bool is_same = old && old->o.vendor == o->vendor && old->o.device == o->device;
	json_t *json = is_same ? json_incref(old->json) : json_object();
	struct pf_saved copy = *o;

	state_pfs_forget(l, copy.pf);
	return insert(l, &copy, json, e);
}

void state_pfs_forget(struct state_pfs *l, struct bdf pf)
{
	struct state_pf *p = state_pfs_find(l, pf);

	if (!p)
		return;
	json_decref(p->json);
	l->n--;
	memmove(p, p + 1, (size_t)(&l->v[l->n] - p) * sizeof(*p));
}

bool state_needs(const struct state *s, const struct pf *pf, unsigned index)
{
	const struct pf_saved *o = index == WHOLE ? NULL : state_find_pf(s, pf);

	return o && o->numvfs != pf->numvfs && index < o->numvfs;
}
