// SPDX-License-Identifier: GPL-2.0-or-later
#include "counterexample.h"

#include <stdlib.h>
#include <string.h>

#include "look.h"
#include "tree.h"

static void print_vf(const struct prove_host *h, unsigned p, unsigned i, FILE *out)
{
	const struct prove_vf *vf = &h->pfs[p].vfs[i];
	struct vf_attrs attrs;
	char mac[MAC_STRLEN];

	if (kind_has_netdev(h->pfs[p].kind))
		fprintf(out, "vf eth%u/%u", p, i);
	else
		fprintf(out, "vf 0000:%02x:00.0/%u", p + 5, i);
	if (vf->domain)
		fprintf(out, " domain=%s", vf->domain == 1 ? "web1" : "db1");
	else if (vf->state != VF_HOST)
		fprintf(out, " state=%s", vf_state_name((enum vf_state)vf->state));
	else
		fprintf(out, " driver=%s", vf->driver ? look_driver(vf->driver) : "-");
	look_attrs(&attrs, vf, p, i);
	if (vf->mac)
		fprintf(out, " mac=%s", mac_str(mac, attrs.mac));
	if (vf->vlan)
		fprintf(out, " vlan=%u", attrs.vlan);
	if (h->groups)
		fprintf(out, "\n# IOMMU group %u", prove_group(h, p, i));
	fprintf(out, "\n%s%s", vf->permissive ? "# permissive\n" : "",
		vf->used ? "# in use: end that, or --force\n" : "");
}

static void print_host(const struct prove_host *h, FILE *out)
{
	static const char *const drivers[] = { "igb", "-", PROVE_PASS, "igb", "bnxt_en" };

	for (unsigned p = 0; p < PROVE_PFS; p++) {
		const struct prove_pf *pf = &h->pfs[p];
		const char *const netdevs[] = { kind_has_netdev(pf->kind) ? "eth0" : "-",
						kind_has_netdev(pf->kind) ? "eth1" : "-" };

		fprintf(out, "pf %s %02x:00.0 %s %u/%u igbvf", netdevs[p], p + 5, drivers[pf->kind],
			pf->numvfs, PROVE_VFS);
		fprintf(out, "%s%s\n", pf->autoprobe == 0 ? " autoprobe=0" : "",
			pf->down ? " up=0" : "");
		if (pf->autoprobe == UNKNOWN)
			fputs("# without sriov_drivers_autoprobe\n", out);
		if (pf->guarded)
			fputs("# the host lives on it\n", out);
		for (unsigned i = 0; i < pf->numvfs; i++)
			print_vf(h, p, i, out);
	}
	if (h->limit)
		fprintf(out, "# %u VFs fit into a domain\n", h->limit);
	if (h->taken)
		fputs("# a card of the host has the address that mac=auto makes for net0/0\n", out);
}

void counterexample_print(const struct prove_case *c, FILE *out)
{
	struct prove_host h = case_host(c);
	char *json = case_topology(c);

	fputs(json, out);
	fputs("@host\n#", out);
	case_print(c, out);
	print_host(&h, out);
	if (h.runs[0] || h.runs[1])
		fprintf(out, "@runs%s%s\n", h.runs[0] ? " web1" : "", h.runs[1] ? " db1" : "");
	if (c->v[F_NO_ATTACH])
		fputs("@options --no-attach\n", out);
	fputs("@expect\n", out);
	free(json);
}

/* Sets one fact after the other to the usual one, and again while that helps. */
static struct prove_case make_small(const struct prove_case *c, const char *why)
{
	struct prove_case best = *c;
	struct prove_count ignored = { 0 };
	bool helped;

	do {
		helped = false;
		for (unsigned f = N_FACTORS; f-- > 0;) {
			struct prove_case x = best;
			const char *now;

			if (!x.v[f])
				continue;
			x.v[f] = 0;
			if (!case_is_canonical(&x))
				continue;
			now = prove_case(&x, &ignored, NULL);
			if (!now || strcmp(now, why) != 0)
				continue;
			best = x;
			helped = true;
		}
	} while (helped);
	return best;
}

/* Writes the host of the plan file as a tree, with topology and memory in their places. The plan
 * file says who a domain is, and who uses what. */
static void write_tree(const struct prove_case *c, FILE *to)
{
	struct prove_host h = case_host(c);
	char *json = case_topology(c), *lines, *at, *line;
	size_t size;
	FILE *out = open_memstream(&lines, &size);

	print_host(&h, out);
	fclose(out);
	tree_begin();
	for (at = lines; (line = strsep(&at, "\n"));)
		if (*line && *line != '#')
			tree_add(line);
	tree_end(json, c, to);
	free(lines);
	free(json);
}

static FILE *create(const char *dir, const char *set, uint64_t i, const char *ending)
{
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s-%llu.%s", dir, set, (unsigned long long)i, ending);
	f = fopen(path, "we");
	if (!f)
		fprintf(stderr, "prove: %s: %s\n", path, strerror(errno));
	return f;
}

void counterexample_write(const char *dir, const char *set, uint64_t i, const struct prove_case *c,
			  const char *why)
{
	struct prove_case small = make_small(c, why);
	struct prove_count ignored = { 0 };
	FILE *f = create(dir, set, i, "plan");

	if (f)
		counterexample_print(&small, f);
	if (f)
		fclose(f);
	f = create(dir, set, i, "tree");
	if (f)
		write_tree(&small, f);
	if (f)
		fclose(f);
	f = create(dir, set, i, "txt");
	if (f)
		prove_case(&small, &ignored, f);
	if (f)
		fclose(f);
	printf(" ");
	case_print(&small, stdout);
}
