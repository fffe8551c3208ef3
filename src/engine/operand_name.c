// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/operand_name.h"

#include <string.h>

#include "engine/operand_pasted.h"
#include "engine/operands.h"

/* Adds @text to a list in a sentence that has room for only a few. */
static void mention(char *list, size_t size, const char *text)
{
	size_t n = strlen(list);

	if (n + strlen(text) + 8 > size) {
		if (n < 4 || strcmp(list + n - 3, "...") != 0)
			snprintf(list + n, size - n, ", ...");
		return;
	}
	snprintf(list + n, size - n, "%s%s", n ? ", " : "", text);
}

static void mention_original(void *list, const struct vf_saved *o)
{
	if (o->name[0])
		mention(list, 200, o->name);
}

static int unknown(const struct inventory *inv, const struct state *saved, const char *word,
		   struct err *e)
{
	char pfs[200] = "", names[200] = "", buf[BDF_STRLEN];

	for (size_t i = 0; i < inv->n_pfs; i++)
		mention(pfs, sizeof(pfs), pf_label(buf, &inv->pfs[i]));
	if (saved)
		state_each(saved, mention_original, names);
	err_set(e, ENODEV, "no device is called '%s'", word);
	if (!inv->n_pfs)
		return err_fix(e, -ENODEV, "this host has no SR-IOV function, run: vfyard list");
	return err_fix(e, -ENODEV, "PFs on this host: %s%s%s", pfs,
		       names[0] ? "; named devices: " : "", names);
}

/* Finds a PF by its topology name or by a network device. Returns -EEXIST when these are two
 * PFs. */
static int pf_by_name(struct inventory *inv, const char *word, struct pf **ret, struct err *e)
{
	char a[BDF_STRLEN], b[BDF_STRLEN];
	struct pf *found = inventory_find_pf_netdev(inv, word);

	for (size_t i = 0; i < inv->n_pfs; i++) {
		struct pf *pf = &inv->pfs[i];

		if (!pf->name || strcmp(pf->name, word) != 0 || pf == found)
			continue;
		if (found)
			return err_fix(e,
				       err_usage(e,
						 "'%s' is the topology name of %s and the network "
						 "device of %s",
						 word, bdf_str(a, pf->bdf), bdf_str(b, found->bdf)),
				       "use the address");
		found = pf;
	}
	*ret = found;
	return 0;
}

/* A representor is not a VF: the sentence says which VF it stands for, and the reader decides. */
static int say_representor(const char *word, const struct netdev_owner *o, struct err *e)
{
	char buf[BDF_STRLEN], text[OWNER_TEXT_MAX];
	const char *pf = pf_label(buf, o->pf);

	err_set(e, ENODEV, "'%s' is %s", word, netdev_owner_text(text, o));
	if (o->vf < 0)
		return err_fix(e, -ENODEV, "see the VFs, run: vfyard list %s", pf);
	return err_fix(e, -ENODEV, "write %s/%d", pf, o->vf);
}

/* Lists the VFs in the slot of "05:10.*", as PF/INDEX. */
static void mention_slot(const struct inventory *inv, const char *word, char *list, size_t size)
{
	char first[32], label[VF_LABEL_MAX];
	size_t n = strlen(word);
	struct bdf slot;

	if (n >= sizeof(first) || word[n - 1] != '*')
		return;
	memcpy(first, word, n + 1);
	first[n - 1] = '0';
	for (size_t i = 0; bdf_scan(&slot, first) && i < inv->n_vfs; i++) {
		struct bdf at = vf_of(inv->by_bdf[i])->bdf;

		at.fn = 0;
		if (bdf_cmp(at, slot))
			continue;
		vf_label(label, inv->by_bdf[i]);
		label[strcspn(label, " ")] = '\0';
		mention(list, size, label);
	}
}

static int refuse_wildcard(const struct inventory *inv, const char *word, struct err *e)
{
	char list[200] = "";

	mention_slot(inv, word, list, sizeof(list));
	err_usage(e, "'%s' matches whatever is in that slot, and VFs of several PFs may be there",
		  word);
	return err_fix(e, -EINVAL, "write PF/A-B or PF/*%s%s", list[0] ? "; there are " : "", list);
}

/* A network device means what it carries, and the function is what would be taken. */
static int of_function(const struct inventory *inv, const char *word, struct bdf bdf, struct err *e)
{
	char buf[BDF_STRLEN];
	struct vf_ref f;

	err_set(e, ENODEV, "'%s' is the network device of %s, which is no PF and no VF", word,
		bdf_str(buf, bdf));
	if (!inventory_find_function(inv, bdf, &f))
		return err_fix(e, -ENODEV, "see the PFs and VFs, run: vfyard list");
	return err_fix(e, -ENODEV, "to give the function itself, name its address, %s", buf);
}

/* Nothing has this name: was something else meant? */
static int no_name(const struct host *h, const struct inventory *inv, const struct state *saved,
		   const char *word, struct err *e)
{
	struct bdf bdf;

	if (strchr(word, '*'))
		return refuse_wildcard(inv, word, e);
	if (strchr(word, ':'))
		return bdf_parse(&bdf, word, e);
	if (netdev_function(h, word, &bdf))
		return of_function(inv, word, bdf, e);
	return unknown(inv, saved, word, e);
}

static int not_there(const struct vf_saved *o, struct err *e)
{
	char buf[VF_SAVED_TEXT], pf[BDF_STRLEN];

	err_set(e, ENODEV, "it is %s, which does not exist now", vf_saved_text(buf, o));
	if (o->index == WHOLE)
		return err_fix(e, -ENODEV, "see all functions, run: vfyard list --all");
	return err_fix(e, -ENODEV, "make it, run: vfyard set %s numvfs=%u", bdf_str(pf, o->pf),
		       o->index + 1);
}

/* The memory's name for a VF; @netdev, another VF's network device, may be called so too. */
static int stored_vf(struct inventory *inv, const struct vf_saved *o, const struct vf_ref *netdev,
		     struct operand_name *ret, struct err *e)
{
	char buf[VF_SAVED_TEXT], label[VF_LABEL_MAX];
	struct vf_ref vf;

	if (netdev && (bdf_cmp(netdev->pf->bdf, o->pf) || netdev->index != o->index))
		return err_fix(e,
			       err_usage(e, "'%s' is a name of %s and the network device of %s",
					 o->name, vf_saved_text(buf, o), vf_label(label, *netdev)),
			       "use PF/INDEX or the address");
	if (!inventory_find_index(inv, o->pf, o->index, &vf))
		return not_there(o, e);
	*ret = (struct operand_name){ vf.pf, true, vf.index };
	return 0;
}

int operand_name_find(const struct host *h, struct inventory *inv, const struct state *saved,
		      const char *word, struct operand_name *ret, struct err *e)
{
	const struct vf_saved *o = saved ? state_find_name(saved, word) : NULL;
	char buf[BDF_STRLEN], other[VF_SAVED_TEXT];
	struct netdev_owner owner;
	struct vf_ref vf = { 0 };
	struct pf *pf = NULL;
	struct bdf bdf;
	bool is_netdev;
	int r = pf_by_name(inv, word, &pf, e);

	if (r < 0)
		return r;
	if (o && pf)
		return err_fix(e,
			       err_usage(e, "'%s' is a PF (%s) and the name of %s", word,
					 bdf_str(buf, pf->bdf), vf_saved_text(other, o)),
			       "use PF/INDEX or the address");
	*ret = (struct operand_name){ .pf = pf };
	if (pf)
		return 0;
	is_netdev = netdev_function(h, word, &bdf) && inventory_find_vf(inv, bdf, &vf);
	if (o)
		return stored_vf(inv, o, is_netdev ? &vf : NULL, ret, e);
	if (!inventory_find_netdev(inv, h, word, &owner))
		return no_name(h, inv, saved, word, e);
	if (owner.is_representor)
		return say_representor(word, &owner, e);
	*ret = (struct operand_name){ owner.pf, owner.vf >= 0, (unsigned)(owner.vf & INT16_MAX) };
	return 0;
}

/* A VF where a PF is expected, or a function that is none. */
static int is_a_vf(const char *word, struct vf_ref vf, struct err *e)
{
	char buf[BDF_STRLEN];
	const char *pf = pf_label(buf, vf.pf);

	if (vf_is_whole(vf) && vf.pf->totalvfs)
		return 0;
	if (vf_is_whole(vf))
		return err_fix(e, err_set(e, ENODEV, "'%s' is no PF of this host", word),
			       "see the PFs, run: vfyard list");
	err_set(e, ENODEV, "'%s' is VF %u of %s, but a PF is expected here", word, vf.index, pf);
	return err_fix(e, -ENODEV, "write %s; that VF is %s/%u", pf, pf, vf.index);
}

/* Tells whether the word before the last slash is a PF, as in "net0/3" or "net0/1-3". */
static bool is_of_pf(struct inventory *inv, const char *word, struct pf **ret)
{
	const char *slash = strrchr(word, '/');
	_cleanup_free_ char *name = slash ? strndup(word, (size_t)(slash - word)) : NULL;
	struct bdf bdf;

	*ret = NULL;
	if (name && bdf_scan(&bdf, name))
		*ret = inventory_find_pf(inv, bdf);
	else if (name)
		pf_by_name(inv, name, ret, NULL);
	return *ret;
}

static int names_vfs(const char *word, const struct pf *pf, struct err *e)
{
	char buf[BDF_STRLEN];
	const char *label = pf_label(buf, pf);

	err_set(e, ENODEV, "'%s' names VFs of %s, but a PF is expected here", word, label);
	return err_fix(e, -ENODEV, "write %s", label);
}

int operand_find_pf(const struct host *h, struct inventory *inv, const struct state *saved,
		    const char *word, struct pf **ret, struct err *e)
{
	struct operand_name n = { 0 };
	struct vf_ref vf;
	struct bdf bdf;
	int r;

	if (!bdf_scan(&bdf, word) && !operand_nodedev(word, &bdf)) {
		r = pf_by_name(inv, word, ret, e);
		if (r < 0 || *ret)
			return r;
		if (inventory_find_device(inv, word))
			return err_fix(e,
				       err_set(e, ENODEV,
					       "'%s' is a device of the dev list, and not a PF",
					       word),
				       "see it, run: vfyard list --all");
		if (is_of_pf(inv, word, &n.pf))
			return names_vfs(word, n.pf, e);
		r = operand_name_find(h, inv, saved, word, &n, e);
		*ret = n.pf;
		return r == 0 && n.is_vf ? is_a_vf(word, (struct vf_ref){ n.pf, n.index }, e) : r;
	}
	*ret = inventory_find_pf(inv, bdf);
	if (*ret)
		return 0;
	if (inventory_find_vf(inv, bdf, &vf))
		return is_a_vf(word, vf, e);
	return err_fix(e, err_set(e, ENODEV, "'%s' is not a PF of this host", word),
		       "see the PFs, run: vfyard list");
}
