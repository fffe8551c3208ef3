// SPDX-License-Identifier: GPL-2.0-or-later
/* An address where the topology wants a name: says what to write instead. */
#include "topology/build/build.h"

#include <string.h>

#include "host/net/netdev_kind.h"

/* Finds the VF's PF and its index there, when there is a host to look at. */
static bool vf_at(const struct host *h, struct bdf vf, struct bdf *ret_pf, unsigned *ret_index)
{
	char bdf[BDF_STRLEN], name[BDF_STRLEN + 1], link[BDF_STRLEN + 1];

	bdf_str(bdf, vf);
	if (!h ||
	    root_link_name(&h->root, name, sizeof(name), "sys/bus/pci/devices/%s/physfn", bdf) <
		    0 ||
	    !bdf_scan(ret_pf, name))
		return false;
	for (unsigned i = 0; i <= UINT16_MAX; i++) {
		if (root_link_name(&h->root, link, sizeof(link), "sys/bus/pci/devices/%s/virtfn%u",
				   name, i) < 0)
			return false;
		if (!strcmp(link, bdf)) {
			*ret_index = i;
			return true;
		}
	}
	return false;
}

/* Returns the topology's name for the PF at @bdf, NULL when that cannot be told here. */
static const char *name_of(const struct topo_build *b, struct bdf bdf)
{
	for (size_t i = 0; i < b->t->n_pfs; i++) {
		const struct topo_pf *pf = &b->t->pfs[i];
		struct bdf at;

		if ((pf->has_bdf && !bdf_cmp(pf->bdf, bdf)) ||
		    (pf->netdev && b->host && netdev_function(b->host, pf->netdev, &at) &&
		     !bdf_cmp(at, bdf)))
			return pf->name;
	}
	return NULL;
}

static void fix_vf(const struct topo_build *b, struct bdf pf, unsigned index, struct err *e)
{
	const char *name = name_of(b, pf);
	char bdf[BDF_STRLEN];

	if (name)
		err_fix(e, 0, "write %s/%u", name, index);
	else
		err_fix(e, 0,
			"name its PF in the pf list, \"NAME: bdf=%s\", and write NAME/%u here",
			bdf_str(bdf, pf), index);
}

static void fix_pf(const struct topo_build *b, struct bdf pf, const char *index, struct err *e)
{
	const char *name = name_of(b, pf);
	char bdf[BDF_STRLEN];

	if (!index)
		index = "INDEX";
	if (name)
		err_fix(e, 0, "write %s/%s", name, index);
	else
		err_fix(e, 0,
			"name the PF in the pf list, \"NAME: bdf=%s\", and write NAME/%s here",
			bdf_str(bdf, pf), index);
}

static bool is_pf(const struct topo_build *b, struct bdf bdf)
{
	char buf[BDF_STRLEN];

	return name_of(b, bdf) ||
	       (b->host && root_exists(&b->host->root, "sys/bus/pci/devices/%s/sriov_totalvfs",
				       bdf_str(buf, bdf)));
}

void topo_build_address(struct topo_build *b, const struct topo_word *word, const char *index)
{
	struct bdf bdf, pf;
	char buf[BDF_STRLEN];
	unsigned n;
	struct err *e;

	if (!bdf_scan(&bdf, word->s)) {
		err_fix(topo_error(
				&b->c, word->loc,
				"%s matches whatever is in that slot, and VFs of several PFs may "
				"be there",
				word->s),
			0, "write PF/A-B or PF/*");
		return;
	}
	if (vf_at(b->host, bdf, &pf, &n)) {
		e = topo_error(&b->c, word->loc,
			       "%s is the address of a VF, but PF/INDEX is expected", word->s);
		fix_vf(b, pf, n, e);
		return;
	}
	e = topo_error(&b->c, word->loc, "%s is a PCI address, but PF/INDEX is expected", word->s);
	if (index || is_pf(b, bdf))
		fix_pf(b, bdf, index, e);
	else if (b->host &&
		 root_exists(&b->host->root, "sys/bus/pci/devices/%s", bdf_str(buf, bdf)))
		err_fix(e, 0,
			"to give that function as a whole, write dev = [ \"NAME: bdf=%s\" ], and "
			"NAME here",
			buf);
	else
		err_fix(e, 0,
			"write the name of its PF in the pf list and the number of the VF, see: "
			"vfyard list");
}
