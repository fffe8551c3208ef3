// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the vf list. */
#include "topology/build/build.h"

#include <string.h>

#include "topology/build/value.h"

static const struct vf_attr_info *find(const char *name)
{
	unsigned bit = 0;

	while (strcmp(vf_attr_info(bit)->name, name) != 0)
		bit++;
	return vf_attr_info(bit);
}

static int set_number(const struct topo_word *key, const struct topo_word *v,
		      const struct vf_attr_info *info, struct vf_attrs *a, struct err *e)
{
	unsigned long n;
	int r = info->setting == VF_SET_RATE ? value_rate(key, v, &n, e)
					     : value_number(key, v, 0, info->max, &n, e);

	if (r == 0)
		vf_attr_set_number(a, info, n);
	return r;
}

static int set_switch(const struct topo_word *key, const struct topo_word *v,
		      const struct vf_attr_info *info, struct vf_attrs *a, struct err *e)
{
	bool on;
	int r = value_on_off(key, v, &on, e);

	if (r == 0)
		vf_attr_set_number(a, info, on);
	return r;
}

#define WORDS_MAX 8

static int set_word(const struct topo_word *key, const struct topo_word *v,
		    const struct vf_attr_info *info, struct vf_attrs *a, struct err *e)
{
	/* JSON's true and false mean on and off */
	const char *word = !v->is_bool ? v->s : v->s[0] == '1' ? "on" : "off";
	const char *choices[WORDS_MAX + 1] = { NULL };
	unsigned ignored;

	if (vf_attr_set_word(a, info, word))
		return 0;
	for (unsigned i = 0; i < WORDS_MAX && info->words[i].name; i++)
		choices[i] = info->words[i].name;
	return value_choice(key, v, choices, &ignored, e);
}

static int set_guid(const struct topo_word *key, const struct topo_word *v,
		    const struct vf_attr_info *info, struct vf_attrs *a, struct err *e)
{
	uint64_t guid;

	if (!vf_guid_scan(&guid, v->s) || !guid)
		return err_fix(e, err_usage(e, "%s: '%s' is not a GUID", key->s, v->s),
			       "write it as 00:11:22:33:44:55:66:77");
	vf_attr_set_number(a, info, guid);
	return 0;
}

static int set_attr(void *object, const struct topo_word *key, const struct topo_word *v,
		    struct err *e)
{
	const struct vf_attr_info *info = find(key->s);
	struct vf_attrs *a = object;

	switch (info->kind) {
	case VF_KIND_MAC:
		a->mac_auto = !strcmp(v->s, "auto");
		return a->mac_auto ? 0 : value_mac(key, v, a->mac, e);
	case VF_KIND_NUMBER:
		return set_number(key, v, info, a, e);
	case VF_KIND_SWITCH:
		return set_switch(key, v, info, a, e);
	case VF_KIND_WORD:
		return set_word(key, v, info, a, e);
	case VF_KIND_GUID:
		return set_guid(key, v, info, a, e);
	}
	return -EINVAL;
}

/* Tells whether it accepts JSON's true and false: it is a switch, or a word that may be on or
 * off. */
static bool is_switch(const struct vf_attr_info *info)
{
	struct vf_attrs a;

	return info->kind == VF_KIND_SWITCH ||
	       (info->kind == VF_KIND_WORD && vf_attr_set_word(&a, info, "on"));
}

/* By bit number. */
static void make_fields(struct topo_field ret[VF_ATTR_N])
{
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++) {
		const struct vf_attr_info *info = vf_attr_info(bit);

		ret[bit] = (struct topo_field){ info->name, is_switch(info), set_attr };
	}
}

/* Records which attributes have a value, and where. One whose value was refused does not count as
 * given, because its error is enough. */
static void mark_given(struct topo_vf *vf, const struct topo_entry *spec)
{
	for (size_t i = 0; i < spec->n; i++)
		for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
			if (!strcmp(spec->keys[i].s, vf_attr_info(bit)->name)) {
				vf->attrs.given |= 1u << bit;
				vf->attr_loc[bit] = spec->keys[i].loc;
			}
}

static size_t n_errors(const struct topo_build *b)
{
	return b->c.problems->n_errors + b->c.n_hidden;
}

/* @before: how many errors there were before the entry; @r: of what was read of it so far. */
static void add_vf(struct topo_build *b, const struct topo_entry *spec, size_t before, int r)
{
	struct topo_vf vf = { .loc = spec->loc };
	struct topo_field fields[VF_ATTR_N];

	if (r == 0 || (spec->head.s && spec->index.s))
		r = topo_build_range(b, spec, &vf.range) < 0 ? -EINVAL : r;
	make_fields(fields);
	topo_entry_apply(spec, fields, VF_ATTR_N, &vf.attrs, &b->c);
	if (r < 0 || before != n_errors(b))
		return;
	mark_given(&vf, spec);
	if (!vf.attrs.given) {
		err_fix(topo_error(&b->c, vf.loc, "this entry sets nothing"), 0,
			"add key=value, or remove it");
		return;
	}
	b->t->vfs[b->t->n_vfs++] = vf;
}

static void build_vf(struct topo_build *b, struct topo_node *node)
{
	size_t before = n_errors(b);
	struct topo_entry spec;
	int r = topo_build_entry(b, node, "pf", "index", &spec);

	if (spec.address.s)
		topo_build_address(b, &spec.address, spec.index.s);
	else
		add_vf(b, &spec, before, r);
}

void topo_build_vf_settings(struct topo_build *b, const struct topo_entry *spec)
{
	add_vf(b, spec, n_errors(b), 0);
}

int topo_build_vfs(struct topo_build *b, struct topo_node *value)
{
	if (!topo_build_is_list(b, value))
		return 0;
	b->t->vfs = calloc(value->n + 1, sizeof(*b->t->vfs));
	if (!b->t->vfs)
		return -ENOMEM;
	for (size_t i = 0; i < value->n; i++)
		build_vf(b, &value->kids[i]);
	return 0;
}
