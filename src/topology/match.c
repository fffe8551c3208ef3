// SPDX-License-Identifier: GPL-2.0-or-later
/* Selectors of the topology against the PFs, and other functions, of a host. */
#include "topology/match.h"

#include <stdbool.h>
#include <string.h>

#include "base/array.h"

/* One topology PF, and the owner of the network device that its netdev= names. */
struct wanted_pf {
	const struct topo_pf *pf;
	bool has_owner;
	struct netdev_owner owner;
};

static bool is_port_of(const struct wanted_pf *w, const struct pf *pf)
{
	if (!pf->totalvfs)
		return pf->whole.netdev && !strcmp(pf->whole.netdev, w->pf->netdev);
	return w->has_owner && w->owner.pf == pf && w->owner.vf < 0 && !w->owner.is_representor;
}

static bool has_mac(const struct pf_identity *f, const uint8_t mac[MAC_LEN])
{
	for (size_t i = 0; i < f->n_macs; i++)
		if (!mac_cmp(f->macs[i].mac, mac))
			return true;
	return false;
}

/* Returns the name of the first selector that does not match, NULL when all do; *ret_held is how
 * many do. */
static const char *misfit(const struct wanted_pf *w, const struct pf *pf,
			  const struct pf_identity *f, unsigned *ret_held)
{
	const struct topo_pf *want = w->pf;
	const struct {
		const char *name;
		bool is_given, holds;
	} selectors[] = {
		{ "bdf", want->has_bdf, bdf_cmp(want->bdf, pf->bdf) == 0 },
		{ "netdev", want->netdev, want->netdev && is_port_of(w, pf) },
		{ "mac", want->has_mac, has_mac(f, want->mac) },
		{ "path", want->path, want->path && f->path && !strcmp(f->path, want->path) },
		{ "serial", want->serial, want->serial && !strcmp(f->serial, want->serial) },
		{ "id", want->has_id, want->vendor == pf->vendor && want->device == pf->device },
	};
	const char *name = NULL;

	*ret_held = 0;
	for (size_t i = 0; i < ARRAY_SIZE(selectors); i++) {
		if (selectors[i].is_given && selectors[i].holds)
			++*ret_held;
		else if (selectors[i].is_given && !name)
			name = selectors[i].name;
	}
	return name;
}

/* Writes "net1 0000:05:00.1 (enp5s0f1)". */
static void print_pf(FILE *out, const struct pf *pf)
{
	char bdf[BDF_STRLEN];

	fprintf(out, "%s%s%s", pf->name ? pf->name : "", pf->name ? " " : "",
		bdf_str(bdf, pf->bdf));
	if (pf->netdev)
		fprintf(out, " (%s)", pf->netdev);
}

/* At most eight, because a sentence must end. */
static void print_pfs(FILE *out, const struct match_set *set, const bool *only)
{
	unsigned n = 0;

	for (size_t i = 0; i < set->n; i++) {
		if (only && !only[i])
			continue;
		if (n < 8) {
			fprintf(out, "%s", n ? ", " : "");
			print_pf(out, set->v[i]);
		}
		n++;
	}
	if (n > 8)
		fprintf(out, " and %u more", n - 8);
}

void match_complain(struct binder *b, const struct topo_pf *pf, const char *cause, const char *fix)
{
	struct err *e = problem_error(b->problems, pf->loc, "%s '%s': %s",
				      pf->is_dev ? "device" : "PF", pf->name, cause);

	err_fix(e, 0, "%s", fix);
	err_status(e, 0, EXIT_FAILED);
}

/* The PF that agrees with most of the selectors is probably the one that was meant. */
static void print_closest(FILE *out, const struct match_set *set, const struct wanted_pf *w)
{
	const char *but = NULL;
	const struct pf *closest = NULL;
	unsigned most = 0, held;

	for (size_t i = 0; i < set->n; i++) {
		const char *name = misfit(w, set->v[i], &set->facts[i], &held);

		if (held > most) {
			most = held;
			closest = set->v[i];
			but = name;
		}
	}
	if (closest) {
		fputs(", ", out);
		print_pf(out, closest);
		fprintf(out, " has another %s", but);
	}
}

/* The selector names a VF or a representor, and should be written PF/INDEX. Returns 1 when it said
 * so. */
static int names_vf(struct binder *b, const struct wanted_pf *w)
{
	struct netdev_owner o = { .vf = -1 };
	char bdf[BDF_STRLEN], pf[BDF_STRLEN], what[OWNER_TEXT_MAX], cause[256], fix[256];
	const char *word = NULL;
	struct vf_ref vf;

	if (w->pf->has_bdf && inventory_find_vf(b->inv, w->pf->bdf, &vf)) {
		o = (struct netdev_owner){ vf.pf, (int)vf.index, false };
		word = bdf_str(bdf, w->pf->bdf);
	} else if (w->has_owner && (w->owner.vf >= 0 || w->owner.is_representor)) {
		o = w->owner;
		word = w->pf->netdev;
	}
	if (!word)
		return 0;
	bdf_str(pf, o.pf->bdf);
	snprintf(cause, sizeof(cause), w->pf->is_dev ? "%s is %s" : "%s is not a PF but %s", word,
		 netdev_owner_text(what, &o));
	if (o.vf >= 0 && w->pf->is_dev)
		snprintf(
			fix, sizeof(fix),
			"name its PF in the pf list, \"NAME: bdf=%s\", and write NAME/%d in the domain",
			pf, o.vf);
	else if (o.vf >= 0)
		snprintf(fix, sizeof(fix), "write bdf=%s here, and %s/%d where that VF is meant",
			 pf, w->pf->name, o.vf);
	else
		snprintf(fix, sizeof(fix), "write bdf=%s", pf);
	match_complain(b, w->pf, cause, fix);
	return 1;
}

/* What a user can do about it. */
static void print_choice(FILE *f, const struct match_set *set, const struct wanted_pf *w)
{
	if (w->pf->is_dev) {
		fputs("see all functions, run: vfyard list --all", f);
	} else if (set->n) {
		fputs("choose one of ", f);
		print_pfs(f, set, NULL);
	} else {
		fputs("enable SR-IOV in the firmware of the machine and of the device, or "
		      "check that the device is there, run: lspci -D",
		      f);
	}
}

static int none_matches(struct binder *b, const struct match_set *set, const struct wanted_pf *w)
{
	_cleanup_free_ char *cause = NULL, *fix = NULL;
	size_t cause_size, fix_size, n_hidden = 0;
	FILE *c = open_memstream(&cause, &cause_size), *f = open_memstream(&fix, &fix_size);

	for (size_t i = 0; w->pf->serial && i < set->n; i++)
		n_hidden += set->facts[i].serial_hidden;
	if (c) {
		if (w->pf->is_dev)
			fputs("no function of this host matches", c);
		else
			fputs(set->n ? "no PF of this host matches" : "this host has no SR-IOV PF",
			      c);
		if (n_hidden)
			fprintf(c, ", and the serial numbers of %zu cannot be read", n_hidden);
		else
			print_closest(c, set, w);
		fclose(c);
	}
	if (f) {
		if (n_hidden)
			fputs("run as root", f);
		else
			print_choice(f, set, w);
		fclose(f);
	}
	if (!cause || !fix)
		return -ENOMEM;
	match_complain(b, w->pf, cause, fix);
	return 0;
}

static int several_match(struct binder *b, const struct match_set *set, const struct wanted_pf *w,
			 const bool *matches, unsigned n)
{
	_cleanup_free_ char *cause = NULL;
	char fix[64] = "add a selector that tells them apart, such as bdf=";
	size_t size;
	FILE *c = open_memstream(&cause, &size);

	if (!c)
		return -ENOMEM;
	fprintf(c, "%u %ss match: ", n, w->pf->is_dev ? "function" : "PF");
	print_pfs(c, set, matches);
	if (w->pf->has_nth) {
		fprintf(c, ", so there is no nth=%u", w->pf->nth);
		snprintf(fix, sizeof(fix), "write nth=0 to %u", n - 1);
	}
	fclose(c);
	if (!cause)
		return -ENOMEM;
	match_complain(b, w->pf, cause, fix);
	return 0;
}

int match_one(struct binder *b, const struct match_set *set, const struct topo_pf *pf,
	      struct pf **ret)
{
	_cleanup_free_ bool *matches = calloc(set->n + 1, sizeof(*matches));
	struct wanted_pf w = { .pf = pf };
	struct pf *found = NULL;
	unsigned n = 0, held;

	if (!matches)
		return -ENOMEM;
	if (pf->netdev)
		w.has_owner = inventory_find_netdev(b->inv, b->h, pf->netdev, &w.owner);
	for (size_t i = 0; i < set->n; i++) {
		matches[i] = !misfit(&w, set->v[i], &set->facts[i], &held);
		if (matches[i] && n++ == (pf->has_nth ? pf->nth : 0))
			found = set->v[i];
	}
	*ret = NULL;
	if (n == 0)
		return names_vf(b, &w) ? 0 : none_matches(b, set, &w);
	if (!found || (n > 1 && !pf->has_nth))
		return several_match(b, set, &w, matches, n);
	*ret = found;
	return 0;
}

/* Only what some selector of this list asks for. */
static unsigned wanted_facts(const struct topology *t, bool is_dev)
{
	unsigned flags = 0;

	for (size_t i = 0; i < t->n_pfs; i++) {
		const struct topo_pf *pf = &t->pfs[i];

		if (pf->is_dev == is_dev)
			flags |= (pf->has_mac ? PF_IDENTITY_MACS : 0) |
				 (pf->path ? PF_IDENTITY_PATH : 0) |
				 (pf->serial ? PF_IDENTITY_SERIAL : 0);
	}
	return flags;
}

int match_set_add(struct binder *b, struct match_set *set, struct pf *pf, bool is_dev)
{
	unsigned flags = wanted_facts(b->t, is_dev);

	if (ARRAY_GROW(set->v, set->n) < 0 || ARRAY_GROW(set->facts, set->n) < 0)
		return -ENOMEM;
	set->v[set->n] = pf;
	set->facts[set->n] = (struct pf_identity){ 0 };
	return pf_identity_read(&set->facts[set->n++], b->h, b->inv, pf, flags);
}

void match_set_done(struct match_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		pf_identity_done(&set->facts[i]);
	free(set->v);
	free(set->facts);
	*set = (struct match_set){ 0 };
}

/* Gives the host's PF its name, unless another entry did. */
static bool take_pf(struct binder *b, size_t i, struct pf *pf)
{
	size_t *owner = &b->owners[pf - b->inv->pfs];
	const struct topo_pf *other;
	char cause[256], bdf[BDF_STRLEN];

	if (*owner) {
		other = &b->t->pfs[*owner - 1];
		snprintf(cause, sizeof(cause), "%s is already PF '%s' of %s:%u:%u",
			 bdf_str(bdf, pf->bdf), other->name, b->t->file, other->loc.line,
			 other->loc.col);
		match_complain(b, &b->t->pfs[i], cause,
			       "give each its own selectors, or join them");
		return false;
	}
	*owner = i + 1;
	pf->name = inventory_intern(b->inv, b->t->pfs[i].name);
	return true;
}

static int bind_pfs(struct binder *b, struct pf **ret_pfs)
{
	_cleanup_(match_set_done) struct match_set set = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < b->inv->n_pfs; i++)
		r = match_set_add(b, &set, &b->inv->pfs[i], false);
	for (size_t i = 0; i < b->t->n_pfs && r == 0; i++) {
		if (b->t->pfs[i].is_dev)
			continue;
		r = match_one(b, &set, &b->t->pfs[i], &ret_pfs[i]);
		if (r == 0 && ret_pfs[i] && !take_pf(b, i, ret_pfs[i]))
			ret_pfs[i] = NULL;
	}
	return r;
}

int topology_match(const struct topology *t, const struct host *h, struct inventory *inv,
		   struct pf **ret_pfs, struct problems *problems)
{
	_cleanup_free_ size_t *owners = calloc(inv->n_pfs + 1, sizeof(*owners));
	struct binder b = { .t = t, .h = h, .inv = inv, .owners = owners, .problems = problems };
	size_t before = problems->n_errors;
	int r;

	if (!owners)
		return -ENOMEM;
	for (size_t i = 0; i < t->n_pfs; i++)
		ret_pfs[i] = NULL;
	r = bind_pfs(&b, ret_pfs);
	if (r == 0)
		r = match_devices(&b, ret_pfs);
	if (r < 0)
		return r;
	return problems->n_errors == before ? 0 : -ENODEV;
}
