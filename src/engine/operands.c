// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/operands.h"

#include <search.h>
#include <string.h>

#include "base/array.h"
#include "engine/operand_name.h"
#include "engine/operand_pasted.h"
#include "topology/dev_spec.h"
#include "host/guard/guard.h"

/* What one DEV means, before its VFs are appended. */
struct range {
	struct pf *pf;
	unsigned first, last;
};

/* Reads a decimal number of @len characters; leading zeros are allowed, signs are not. */
static bool parse_index(const char *s, size_t len, unsigned *ret)
{
	unsigned v = 0;

	if (len < 1 || len > 5 || strspn(s, "0123456789") < len)
		return false;
	for (size_t i = 0; i < len; i++)
		v = v * 10 + (unsigned)(s[i] - '0');
	*ret = v;
	return true;
}

/* Reads "*", "3" or "0-3" after the slash. */
static int parse_range(const char *s, struct pf *pf, struct range *ret, struct err *e)
{
	size_t head = strcspn(s, "-");
	char buf[BDF_STRLEN];
	unsigned a, b = 0;

	if (!strcmp(s, "*")) {
		a = 0;
		b = pf->n_vfs ? pf->n_vfs - 1 : 0;
	} else if (!parse_index(s, head, &a) ||
		   (s[head] && !parse_index(s + head + 1, strlen(s + head + 1), &b))) {
		return err_fix(e, err_usage(e, "'%s' is not a VF index", s),
			       "write PF/3, PF/0-3 or PF/*");
	} else if (!s[head]) {
		b = a;
	}
	if (b < a)
		return err_fix(e, err_usage(e, "range '%s' runs backwards", s), "write it as %u-%u",
			       b, a);
	if (!pf->n_vfs)
		return err_fix(e, err_set(e, ENODEV, "PF has no VFs now"),
			       "make them, run: vfyard set %s numvfs=N", pf_label(buf, pf));
	if (b >= pf->n_vfs)
		return err_fix(e, err_set(e, ENODEV, "there is no VF %u", b), "%s has VFs 0-%u now",
			       pf_label(buf, pf), pf->n_vfs - 1);
	*ret = (struct range){ pf, a, b };
	return 0;
}

/* "net0/0 to net0/6". */
static const char *vfs_of(char buf[2 * VF_LABEL_MAX], const struct pf *pf, const char *label)
{
	if (pf->numvfs == 1)
		snprintf(buf, 2 * VF_LABEL_MAX, "%.80s/0", label);
	else
		snprintf(buf, 2 * VF_LABEL_MAX, "%.80s/0 to %.80s/%u", label, label,
			 pf->numvfs - 1u);
	return buf;
}

/* --force cannot help here: the VFs would vanish under whoever has them. */
static int refuse_with_vfs(const struct host *h, const struct pf *pf, struct err *e)
{
	char buf[BDF_STRLEN], bdf[BDF_STRLEN], vfs[2 * VF_LABEL_MAX];
	const char *label = pf_label(buf, pf);
	bool is_forced = host_is_forced(h, label, bdf_str(bdf, pf->bdf)) ||
			 guard_is_forced(h, pf->bdf, label);

	err_refuse(e, EINVAL, "that is a PF, and its VFs depend on it%s",
		   is_forced ? ", also with --force" : "");
	return err_fix(e, -EINVAL,
		       "name a VF, %s/0, or all of them, %s/*; %s would vanish if the PF itself "
		       "were given: for that, write numvfs=0 for it into the topology first, and "
		       "run: vfyard apply",
		       label, label, vfs_of(vfs, pf, label));
}

/* The name of a PF that has no VFs may stand for those that it is to have. */
static int refuse_name_of_pf(const struct host *h, const struct pf *pf, struct err *e)
{
	char buf[BDF_STRLEN], bdf[BDF_STRLEN];

	if (pf->numvfs)
		return refuse_with_vfs(h, pf, e);
	bdf_str(bdf, pf->bdf);
	err_refuse(e, EINVAL, "that is a PF, which has no VFs now");
	return err_fix(e, -EINVAL,
		       "make them, run: vfyard set %s numvfs=N; to give the PF itself, name its "
		       "address, %s",
		       pf_label(buf, pf), bdf);
}

/* A function that exists and that no guest can have. */
static int no_endpoint(const struct host *h, struct bdf bdf, struct err *e)
{
	char buf[BDF_STRLEN], class[16];

	bdf_str(buf, bdf);
	if (root_exists(&h->root, "sys/bus/pci/devices/%s/physfn", buf))
		return err_fix(e,
			       err_refuse(e, ENODEV, "that is a VF, but no PF of this host has it"),
			       "see the VFs, run: vfyard list");
	if (root_read(&h->root, class, sizeof(class), "sys/bus/pci/devices/%s/class", buf) <= 0)
		class[0] = '\0';
	err_refuse(e, EINVAL, "that is a bridge (class %.6s), which carries other devices",
		   strlen(class) > 2 ? class + 2 : "?");
	return err_fix(e, -EINVAL, "name a function behind it; see them, run: vfyard list --all");
}

static int function_by_bdf(const struct host *h, struct inventory *inv, struct bdf bdf,
			   struct range *ret, struct err *e)
{
	const struct pf *pf = inventory_find_pf(inv, bdf);
	char buf[BDF_STRLEN];
	struct vf_ref f;

	if (pf && pf->numvfs)
		return refuse_with_vfs(h, pf, e);
	if (inventory_find_function(inv, bdf, &f)) {
		*ret = (struct range){ f.pf, f.index, f.index };
		return 0;
	}
	if (root_exists(&h->root, "sys/bus/pci/devices/%s", bdf_str(buf, bdf)))
		return no_endpoint(h, bdf, e);
	return err_fix(e, err_set(e, ENODEV, "no function has this address"),
		       "see all functions, run: vfyard list --all");
}

/* Finds a VF by a word that needs no index: a name given with -n, or the VF's own network
 * device. */
static int vf_by_name(const struct host *h, struct inventory *inv, const struct state *saved,
		      const char *word, struct range *ret, struct err *e)
{
	struct operand_name n;
	int r = operand_name_find(h, inv, saved, word, &n, e);

	if (r < 0)
		return r;
	if (!n.is_vf)
		return refuse_name_of_pf(h, n.pf, e);
	*ret = (struct range){ n.pf, n.index, n.index };
	return 0;
}

static int resolve(const struct host *h, struct inventory *inv, const struct state *saved,
		   const struct dev_spec *spec, struct range *ret, struct err *e)
{
	struct bdf bdf;
	struct pf *pf = NULL;
	int r;

	pf = inventory_find_device(inv, spec->word);
	if (pf && !spec->index) {
		*ret = (struct range){ pf, 0, pf->n_vfs - 1 };
		return 0;
	}
	if (spec->index) {
		r = pf ? 0 : operand_find_pf(h, inv, saved, spec->word, &pf, e);
		return r < 0 ? r : parse_range(spec->index, pf, ret, e);
	}
	if (bdf_scan(&bdf, spec->word))
		return function_by_bdf(h, inv, bdf, ret, e);
	return vf_by_name(h, inv, saved, spec->word, ret, e);
}

static int cmp_pointer(const void *a, const void *b)
{
	return (a > b) - (a < b);
}

static int append(struct devlist *l, struct vf_ref vf, const struct dev_options *options,
		  struct err *e)
{
	const struct vf **seen;
	char label[VF_LABEL_MAX];

	if (ARRAY_GROW(l->vfs, l->n) < 0 || ARRAY_GROW(l->options, l->n) < 0)
		return err_set(e, ENOMEM, "out of memory");
	if (tfind(vf_of(vf), &l->seen, cmp_pointer))
		return err_fix(e, err_usage(e, "%s is given twice", vf_label(label, vf)),
			       "name each device once");
	seen = tsearch(vf_of(vf), &l->seen, cmp_pointer);
	if (!seen)
		return err_set(e, ENOMEM, "out of memory");
	l->vfs[l->n] = vf;
	l->options[l->n++] = *options;
	return 0;
}

static int add_range(struct devlist *l, const struct range *at, const struct dev_options *options,
		     struct err *e)
{
	int r = 0;

	if (at->last > at->first && options->vslot >= 0)
		return err_fix(e,
			       err_usage(e, "vslot= is for one device, but %u are named",
					 at->last - at->first + 1),
			       "name the device as PF/INDEX");
	for (unsigned i = at->first; r == 0 && i <= at->last; i++)
		r = append(l, (struct vf_ref){ at->pf, i }, options, e);
	return r;
}

int devlist_add(struct devlist *l, const struct host *h, struct inventory *inv,
		const struct state *saved, const char *arg, struct err *e)
{
	struct range at = { 0 };
	struct dev_spec spec;
	int r = dev_spec_parse(&spec, arg, e);

	if (r == 0) {
		operand_pasted(inv, spec.word, &spec.index);
		r = resolve(h, inv, saved, &spec, &at, e);
	}
	if (r == 0)
		r = add_range(l, &at, &spec.options, e);
	dev_spec_done(&spec);
	return err_at(e, r, arg, NULL);
}

static int no_settings(const char *word, struct err *e)
{
	return err_fix(e,
		       err_set(e, ENODEV, "'%s' is no PF and no VF, so it has no settings", word),
		       "see the PFs and VFs, run: vfyard list");
}

/* A word that needs no index behind it. */
static int find_target(const struct host *h, struct inventory *inv, const struct state *saved,
		       const char *word, struct operand_name *ret, struct err *e)
{
	struct vf_ref vf;
	struct bdf bdf;

	*ret = (struct operand_name){ 0 };
	if (inventory_find_device(inv, word))
		return no_settings(word, e);
	if (!bdf_scan(&bdf, word))
		return operand_name_find(h, inv, saved, word, ret, e);
	ret->pf = inventory_find_pf(inv, bdf);
	if (ret->pf)
		return 0;
	if (!inventory_find_vf(inv, bdf, &vf))
		return no_settings(word, e);
	*ret = (struct operand_name){ vf.pf, true, vf.index };
	return 0;
}

int operand_find_target(const struct host *h, struct inventory *inv, const struct state *saved,
			const char *arg, struct operand_target *ret, struct err *e)
{
	struct operand_name found = { 0 };
	struct dev_spec spec;
	int r = dev_spec_parse(&spec, arg, e);

	*ret = (struct operand_target){ 0 };
	if (r == 0) {
		operand_pasted(inv, spec.word, &spec.index);
		r = spec.index ? operand_find_pf(h, inv, saved, spec.word, &found.pf, e)
			       : find_target(h, inv, saved, spec.word, &found, e);
	}
	if (r == 0 && found.is_vf && found.index == WHOLE)
		r = no_settings(arg, e);
	ret->pf = found.pf;
	ret->has_index = found.is_vf || (r == 0 && spec.index);
	if (r == 0 && spec.index)
		snprintf(ret->index, sizeof(ret->index), "%s", spec.index);
	else if (r == 0 && found.is_vf)
		snprintf(ret->index, sizeof(ret->index), "%u", found.index);
	dev_spec_done(&spec);
	return err_at(e, r, arg, NULL);
}

static void entry_unused(void *p UNUSED)
{
}

void devlist_done(struct devlist *l)
{
	tdestroy(l->seen, entry_unused);
	free(l->vfs);
	free(l->options);
	*l = (struct devlist){ 0 };
}
