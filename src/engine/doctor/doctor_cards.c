// SPDX-License-Identifier: GPL-2.0-or-later
/* PFs, and who else sets them. */
#include <string.h>

#include "engine/doctor/doctor_parts.h"
#include "host/boot/iommu_facts.h"
#include "host/boot/owners.h"
#include "host/pci/functions.h"

void doctor_pf(struct doctor *d, struct pf *pf)
{
	struct pf_facts f;

	pf_facts_read(d, pf, &f);
	pf_facts_say(&f, d->found);
}

/* Why is there no PF? A card whose firmware has SR-IOV switched off looks as one without it. */
static void say_none(struct doctor *d)
{
	_cleanup_free_ struct bdf *functions = NULL;
	struct iommu_facts f;
	struct finding *x;
	size_t n = 0;

	if (functions_read(d->host, &functions, &n, NULL) < 0)
		n = 0;
	iommu_facts_read(d->host, &f);
	x = finding_add(d->found, FINDING_PROBLEM, "cards",
			"no function of %zu has SR-IOV, as the kernel sees them", n);
	if (f.is_virtual)
		finding_fix(x, "this is a virtual machine: its host has to give it such a card");
	else
		finding_fix(x, "switch SR-IOV on in the machine's firmware, and in the card's own "
			       "(ConnectX: mstconfig -d ADDRESS set SRIOV_EN=1 NUM_OF_VFS=8, then "
			       "a power cycle); what cards can: lspci -vv | grep -i 'Single Root'");
}

void doctor_cards(struct doctor *d)
{
	d->found->area = "Cards";
	for (size_t i = 0; i < d->inv->n_pfs; i++)
		doctor_pf(d, &d->inv->pfs[i]);
	if (!d->inv->n_pfs)
		say_none(d);
}

/* The short form of an address, as lspci and others write it for segment 0. */
static bool mentions_address(const struct owner *o, struct bdf dev)
{
	char bdf[BDF_STRLEN];

	bdf_str(bdf, dev);
	return owner_mentions(o, bdf) || (!dev.domain && owner_mentions(o, strchr(bdf, ':') + 1));
}

static bool mentions_ids(const struct owner *o, const struct pf *pf)
{
	char ids[16];

	snprintf(ids, sizeof(ids), "%04x:%04x", pf->vendor, pf->vf_device);
	return owner_mentions(o, ids) || (pf->driver && owner_mentions(o, pf->driver));
}

/* By a network device, its address, its address on the bus, or that of one of its VFs. */
static bool is_about(const struct doctor *d, const struct owner *o, const struct pf *pf)
{
	char mac[32];

	if (o->is_driver_named)
		return mentions_ids(o, pf);
	for (size_t i = 0; i < d->inv->n_netdevs; i++) {
		const struct pf_netdev *n = &d->inv->netdevs[i];

		if (&d->inv->pfs[n->pf] == pf &&
		    (owner_mentions(o, n->name) ||
		     (root_read(&d->host->root, mac, sizeof(mac), "sys/class/net/%s/address",
				n->name) > 0 &&
		      owner_mentions(o, mac))))
			return true;
	}
	for (unsigned i = 0; i < pf->n_vfs; i++)
		if (mentions_address(o, pf->vfs[i].bdf))
			return true;
	return mentions_address(o, pf->bdf);
}

static void say_owner(struct doctor *d, const struct owner *o, const char *object)
{
	struct finding *x = finding_add(d->found, FINDING_NOTE, object, "%s %s: /%s:%u: %s", o->who,
					o->does, o->path, o->line, o->said);

	finding_fix(x, "%s", o->cure);
}

/* Returns whether it was told. */
static bool say_one(struct doctor *d, const struct owner *o, const struct pf *only)
{
	bool is_told = false;
	char buf[BDF_STRLEN];

	for (size_t i = 0; i < d->inv->n_pfs; i++) {
		const struct pf *pf = &d->inv->pfs[i];

		if (!is_about(d, o, pf))
			continue;
		is_told = true;
		if (!only || only == pf)
			say_owner(d, o, pf_label(buf, pf));
	}
	/* A file that names none of them may mean any, by a pattern. One about a driver means
	 * others. */
	if (is_told || only || o->is_driver_named)
		return is_told;
	say_owner(d, o, "any card");
	return true;
}

int doctor_owners(struct doctor *d, const struct pf *only, struct err *e)
{
	struct owners found;
	bool is_told = false;

	if (owners_read(d->host, &found) < 0)
		return err_set(e, ENOMEM, "out of memory");
	if (!only)
		d->found->area = "Who else sets VFs";
	for (size_t i = 0; i < found.n; i++)
		is_told |= say_one(d, &found.v[i], only);
	if (!is_told && !only)
		finding_add(d->found, FINDING_OK, "files", "no file of another program sets VFs%s",
			    geteuid() != 0 && !root_is_tree(&d->host->root)
				    ? ", as far as this user may read them"
				    : "");
	owners_done(&found);
	return 0;
}
