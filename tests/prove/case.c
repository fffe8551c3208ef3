// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes the host, the memory and the topology of a case from its small numbers. */
#include "prove.h"

#include <string.h>
#include <linux/if_ether.h>

#include "look.h"

const struct prove_line prove_lines[N_LINES] = {
	{ -1, 0 },
	{ VF_DRIVER_HOST, 0 },
	{ VF_DRIVER_NONE, 0 },
	{ VF_DRIVER_ASSIGN, 0 },
	{ VF_DRIVER_KEEP, 0 },
	{ -1, 1 },
	{ -1, 2 },
	{ VF_DRIVER_KEEP, 1 },
	{ VF_DRIVER_KEEP, 2 },
	{ VF_DRIVER_ASSIGN, 1 },
	{ VF_DRIVER_ASSIGN, 2 },
};

static const struct {
	const char *name;
	uint8_t levels;
} of_host[] = { { "runs", 4 },	   { "limit", 3 },   { "no_attach", 2 },
		{ "on_error", 2 }, { "libvirt", 2 }, { "groups", N_GROUPS },
		{ "cards", 2 },	   { "taken", 2 },   { "named", 3 } },
  of_pf[] = { { "numvfs", 4 },	       { "autoprobe", 3 },     { "guarded", 2 },
	      { "kind", N_PF_KINDS },  { "memory", N_PF_MEM }, { "want", 6 },
	      { "want-autoprobe", 3 }, { "down", 2 },	       { "want-up", 2 } },
  of_vf[] = { { "is", N_IS },	 { "set", 12 },	      { "memory", N_MEM },     { "line", N_LINES },
	      { "want-set", 6 }, { "permissive", 2 }, { "want-permissive", 2 } };

unsigned factor_levels(unsigned f)
{
	if (f < F_PF)
		return of_host[f].levels;
	f = (f - F_PF) % N_PF_FACTORS;
	return f < P_VF ? of_pf[f].levels : of_vf[(f - P_VF) % N_VF_FACTORS].levels;
}

const char *factor_name(char buf[32], unsigned f)
{
	unsigned pf = f < F_PF ? 0 : (f - F_PF) / N_PF_FACTORS;
	unsigned k = f < F_PF ? 0 : (f - F_PF) % N_PF_FACTORS;

	if (f < F_PF)
		snprintf(buf, 32, "%s", of_host[f].name);
	else if (k < P_VF)
		snprintf(buf, 32, "net%u %s", pf, of_pf[k].name);
	else
		snprintf(buf, 32, "net%u/%u %s", pf, (k - P_VF) / N_VF_FACTORS,
			 of_vf[(k - P_VF) % N_VF_FACTORS].name);
	return buf;
}

/* Levels: each of the two alone and together, MAC and VLAN; mac=auto, alone and with the VLAN. */
unsigned want_set_bits(unsigned level)
{
	return level < 4 ? level : WANT_AUTO | (level == 5 ? WANT_VLAN : 0);
}

static bool vf_is_canonical(const struct prove_case *c, unsigned p, unsigned i)
{
	int want = case_numvfs(c, p);
	bool is_there = i < c->v[at_pf(p, P_NUM)];
	bool may_be_said = c->v[at_pf(p, P_WANT)] != WANT_ABSENT && (want < 0 || (int)i < want);
	uint8_t is = c->v[at_vf(p, i, V_IS)];

	if (!is_there && (is || c->v[at_vf(p, i, V_SET)]))
		return false;
	/* A driver that has no network device tells no settings. */
	if (!kind_has_netdev(c->v[at_pf(p, P_KIND)]) && c->v[at_vf(p, i, V_SET)])
		return false;
	if (c->v[at_vf(p, i, V_PERMISSIVE)] && is != IS_IN_1 && is != IS_IN_2)
		return false;
	if (c->v[at_vf(p, i, V_WANT_PERMISSIVE)] && !case_line(c, p, i).domain)
		return false;
	if (!may_be_said && (c->v[at_vf(p, i, V_LINE)] || c->v[at_vf(p, i, V_WANT_SET)]))
		return false;
	return true;
}

bool pf_is_canonical(const struct prove_case *c, unsigned p)
{
	unsigned memory = c->v[at_pf(p, P_MEMORY)];
	bool has_netdev = kind_has_netdev(c->v[at_pf(p, P_KIND)]);

	if (c->v[at_pf(p, P_WANT)] < WANT_NUMBER &&
	    (c->v[at_pf(p, P_WANT_AUTO)] || c->v[at_pf(p, P_WANT_UP)]))
		return false;
	/* What vfyard brought up is up, or somebody else brought it down again. */
	if (!has_netdev && (c->v[at_pf(p, P_DOWN)] || memory == PF_MEM_UP))
		return false;
	for (unsigned i = 0; i < PROVE_VFS; i++)
		if (!vf_is_canonical(c, p, i))
			return false;
	return true;
}

static bool is_in(const struct prove_case *c, unsigned is)
{
	for (unsigned p = 0; p < PROVE_PFS; p++)
		for (unsigned i = 0; i < PROVE_VFS; i++)
			if (c->v[at_vf(p, i, V_IS)] == is)
				return true;
	return false;
}

/* A kernel lets no host's driver, and no other guest, to what shares a group with a guest's. */
static bool groups_can_be(const struct prove_host *h)
{
	for (unsigned a = 0; a < PROVE_PFS * PROVE_VFS; a++)
		for (unsigned b = 0; b < PROVE_PFS * PROVE_VFS; b++) {
			const struct prove_vf *x = &h->pfs[a / PROVE_VFS].vfs[a % PROVE_VFS];
			const struct prove_vf *y = &h->pfs[b / PROVE_VFS].vfs[b % PROVE_VFS];

			if (a == b || !x->domain ||
			    prove_group(h, a / PROVE_VFS, a % PROVE_VFS) !=
				    prove_group(h, b / PROVE_VFS, b % PROVE_VFS))
				continue;
			if (y->driver == DRIVER_OF_HOST || (y->domain && y->domain != x->domain))
				return false;
		}
	return true;
}

/* Which group a VF that is made will have nobody knows before. */
static bool groups_are_canonical(const struct prove_case *c)
{
	struct prove_host h;

	if (!c->v[F_GROUPS])
		return true;
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		int want = case_numvfs(c, p);

		if (p && c->v[F_GROUPS] != GROUPS_BOTH_PFS)
			continue;
		if (c->v[at_pf(p, P_MEMORY)] || (want >= 0 && want != c->v[at_pf(p, P_NUM)]))
			return false;
	}
	h = case_host(c);
	return groups_can_be(&h);
}

bool case_is_canonical(const struct prove_case *c)
{
	bool says_1 = false, has_memory = false;

	for (unsigned p = 0; p < PROVE_PFS; p++) {
		if (!pf_is_canonical(c, p))
			return false;
		has_memory |= c->v[at_pf(p, P_MEMORY)];
		for (unsigned i = 0; i < PROVE_VFS; i++) {
			has_memory |= c->v[at_vf(p, i, V_MEMORY)];
			says_1 |= case_line(c, p, i).domain == 1;
		}
	}
	if ((is_in(c, IS_IN_1) && !(c->v[F_RUNS] & 1)) ||
	    (is_in(c, IS_IN_2) && !(c->v[F_RUNS] & 2)))
		return false;
	if (c->v[F_CARDS] && !has_memory)
		return false;
	if ((c->v[F_NAMED] && !case_line(c, 0, 0).domain) ||
	    (c->v[F_NAMED] == 2 && !c->v[at_vf(1, 2, V_MEMORY)]))
		return false;
	/* A domain without devices is not in the topology. */
	return (says_1 || !c->v[F_LIBVIRT]) && groups_are_canonical(c);
}

unsigned prove_group(const struct prove_host *h, unsigned pf, unsigned vf)
{
	bool shares = (h->groups == GROUPS_FIRST_TWO && !pf && vf < 2) ||
		      (h->groups == GROUPS_BOTH_PFS && !vf) || (h->groups == GROUPS_PF && !pf);

	return shares ? 0 : 1 + pf * PROVE_VFS + vf;
}

static struct prove_vf vf_of_levels(unsigned is, unsigned set, unsigned permissive)
{
	static const struct prove_vf of[N_IS] = {
		[IS_HOST] = { VF_HOST, DRIVER_OF_HOST, 0, 0, 0, 0, 0 },
		[IS_USED] = { VF_HOST, DRIVER_OF_HOST, 1, 0, 0, 0, 0 },
		[IS_FREE] = { VF_HOST, DRIVER_NONE, 0, 0, 0, 0, 0 },
		[IS_OTHER] = { VF_HOST, DRIVER_OTHER, 0, 0, 0, 0, 0 },
		[IS_HELD] = { VF_ASSIGNABLE, DRIVER_PASS, 0, 0, 0, 0, 0 },
		[IS_IN_1] = { VF_ATTACHED, DRIVER_PASS, 0, 1, 0, 0, 0 },
		[IS_IN_2] = { VF_ATTACHED, DRIVER_PASS, 0, 2, 0, 0, 0 },
		[IS_STALE] = { VF_STALE, DRIVER_PASS, 0, 0, 0, 0, 0 },
		[IS_BROKEN] = { VF_BROKEN, DRIVER_PASS, 0, 0, 0, 0, 0 },
	};
	struct prove_vf vf = of[is];

	/* Levels 9, 10, 11: the automatic address, that with the VLAN, the next address. */
	vf.mac = (uint8_t)(set < 9 ? set % 3 : set == 11 ? MAC_NEXT : MAC_AUTO);
	vf.vlan = (uint8_t)(set < 9 ? set / 3 : set == 10);
	vf.permissive = (uint8_t)permissive;
	return vf;
}

struct prove_host case_host(const struct prove_case *c)
{
	static const int8_t autoprobe[] = { 1, 0, UNKNOWN };
	static const uint8_t limits[] = { 0, 1, 2 };
	struct prove_host h;

	memset(&h, 0, sizeof(h));
	h.runs[0] = c->v[F_RUNS] & 1;
	h.runs[1] = c->v[F_RUNS] >> 1;
	h.limit = limits[c->v[F_LIMIT]];
	h.groups = c->v[F_GROUPS];
	h.taken = c->v[F_TAKEN];
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		struct prove_pf *pf = &h.pfs[p];

		pf->numvfs = c->v[at_pf(p, P_NUM)];
		pf->autoprobe = autoprobe[c->v[at_pf(p, P_AUTO)]];
		pf->guarded = c->v[at_pf(p, P_GUARD)];
		pf->kind = c->v[at_pf(p, P_KIND)];
		pf->down = c->v[at_pf(p, P_DOWN)];
		for (unsigned i = 0; i < pf->numvfs && i < PROVE_VFS; i++)
			pf->vfs[i] = vf_of_levels(c->v[at_vf(p, i, V_IS)], c->v[at_vf(p, i, V_SET)],
						  c->v[at_vf(p, i, V_PERMISSIVE)]);
	}
	return h;
}

#define NAMED "disk"

static const char *mac_text(char buf[18], unsigned p, unsigned i)
{
	snprintf(buf, 18, "02:00:00:00:%02x:%02x", p + 1, i + 1);
	return buf;
}

static void print_vf_line(const struct prove_case *c, unsigned p, unsigned i, FILE *out,
			  const char **comma)
{
	struct prove_line l = case_line(c, p, i);
	unsigned set = want_set_bits(c->v[at_vf(p, i, V_WANT_SET)]);
	char mac[18];

	if (l.driver < 0 && !set)
		return;
	fprintf(out, "%s{\"pf\":\"net%u\",\"index\":\"%u\"", *comma, p, i);
	if (l.driver >= 0)
		fprintf(out, ",\"driver\":\"%s\"", vf_driver_name((enum vf_driver)l.driver));
	if (set & WANT_MAC)
		fprintf(out, ",\"mac\":\"%s\"", mac_text(mac, p, i));
	if (set & WANT_AUTO)
		fputs(",\"mac\":\"auto\"", out);
	if (set & WANT_VLAN)
		fputs(",\"vlan\":100", out);
	fputc('}', out);
	*comma = ",\n        ";
}

static void print_domain(const struct prove_case *c, unsigned d, FILE *out, const char **comma)
{
	const char *between = "";
	bool any = false;

	for (unsigned p = 0; p < PROVE_PFS; p++)
		for (unsigned i = 0; i < PROVE_VFS; i++) {
			if (case_line(c, p, i).domain != d)
				continue;
			if (!any)
				fprintf(out, "%s{\"name\":\"%s\",%s\"devices\":[", *comma,
					d == 1 ? "web1" : "db1",
					d == 1 && c->v[F_LIBVIRT]
						? "\"kvm\":{\"libvirt\":\"web1\"},"
						: "");
			any = true;
			fprintf(out, "%s{\"pf\":\"net%u\",\"index\":\"%u\"%s%s}", between, p, i,
				c->v[at_vf(p, i, V_WANT_PERMISSIVE)] ? ",\"permissive\":true" : "",
				c->v[F_NAMED] && !p && !i ? ",\"name\":\"" NAMED "\"" : "");
			between = ",";
		}
	if (any)
		fputs("]}", out);
	if (any)
		*comma = ",\n            ";
}

static void print_pf(const struct prove_case *c, unsigned p, FILE *out, const char **comma)
{
	uint8_t autoprobe = c->v[at_pf(p, P_WANT_AUTO)];

	if (c->v[at_pf(p, P_WANT)] == WANT_ABSENT)
		return;
	fprintf(out, "%s{\"name\":\"net%u\",\"bdf\":\"0000:%02x:00.0\"", *comma, p, p + 5);
	if (case_numvfs(c, p) >= 0)
		fprintf(out, ",\"numvfs\":%d", case_numvfs(c, p));
	if (autoprobe)
		fprintf(out, ",\"autoprobe\":%s", autoprobe == 1 ? "true" : "false");
	if (c->v[at_pf(p, P_WANT_UP)])
		fputs(",\"up\":true", out);
	fputc('}', out);
	*comma = ",\n        ";
}

char *case_topology(const struct prove_case *c)
{
	const char *comma = "";
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "{\"version\":1,%s\n \"pf\":[",
		c->v[F_ON_ERROR] ? "\"on_error\":\"stop\"," : "");
	for (unsigned p = 0; p < PROVE_PFS; p++)
		print_pf(c, p, out, &comma);
	fputs("],\n \"vf\":[", out);
	comma = "";
	for (unsigned p = 0; p < PROVE_PFS; p++)
		for (unsigned i = 0; i < PROVE_VFS; i++)
			print_vf_line(c, p, i, out, &comma);
	fputs("],\n \"domain\":[", out);
	comma = "";
	for (unsigned d = 1; d <= 2; d++)
		print_domain(c, d, out, &comma);
	fputs("]}\n", out);
	fclose(out);
	return text;
}

void case_print(const struct prove_case *c, FILE *out)
{
	char name[32];

	for (unsigned f = 0; f < N_FACTORS; f++)
		if (c->v[f])
			fprintf(out, " %s=%u", factor_name(name, f), c->v[f]);
	fputc('\n', out);
}

static void remember_card(char ret[CARD_MAX], unsigned p, bool is_swapped)
{
	snprintf(ret, CARD_MAX, "%s", look_card(is_swapped ? !p : p));
}

static void remember_vf(struct state *s, unsigned p, unsigned i, const struct prove_case *c)
{
	struct vf_saved o = { .pf = look_pf_bdf(p),
			      .bdf = look_vf_bdf(p, i),
			      .index = i,
			      .vendor = LOOK_VENDOR,
			      .device = LOOK_VF_DEVICE };
	unsigned level = c->v[at_vf(p, i, V_MEMORY)];

	if (level == MEM_NONE)
		return;
	remember_card(o.card, p, c->v[F_CARDS]);
	if (c->v[F_NAMED] == 2 && p == 1 && i == 2)
		snprintf(o.name, sizeof(o.name), NAMED);
	look_attrs(&o.attrs, &(struct prove_vf){ 0 }, p, i);
	o.assigned =
		level == MEM_OURS || level == MEM_FREE || level == MEM_CARD || level == MEM_AGAIN;
	o.is_name_only = level == MEM_NAME || level == MEM_GIVEN;
	o.was_assignable = level == MEM_GIVEN || level == MEM_AGAIN;
	if (level == MEM_CARD)
		o.device++;
	if (level != MEM_FREE && !o.is_name_only)
		snprintf(o.driver, sizeof(o.driver), "%s", look_driver(DRIVER_OF_HOST));
	look_must(state_put(s, &o, NULL), "put");
}

/* Levels: nothing; it had no VFs; one, and autoprobe off; three; two; none, and it was down. */
static void remember_pf(struct state *s, unsigned p, unsigned level, bool is_swapped)
{
	static const uint8_t numvfs[] = { 0, 0, 1, 3, 2, 0 };
	struct pf_saved o = { .pf = look_pf_bdf(p),
			      .vendor = LOOK_VENDOR,
			      .device = LOOK_DEVICE,
			      .numvfs = numvfs[level],
			      .autoprobe = level != PF_MEM_ONE };

	remember_card(o.card, p, is_swapped);
	if (level == PF_MEM_UP)
		snprintf(o.up_boot, sizeof(o.up_boot), LOOK_BOOT);
	if (level)
		look_must(state_put_pf(s, &o, NULL), "put");
}

void case_memory(const struct prove_case *c, struct state *s)
{
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		remember_pf(s, p, c->v[at_pf(p, P_MEMORY)], c->v[F_CARDS]);
		for (unsigned i = 0; i < PROVE_VFS; i++)
			remember_vf(s, p, i, c);
	}
}
