// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_goal.h"
#include "topology/build/load.h"

#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fake goal: %s\n", what);
	abort();
}

static void init_pf(struct pf *pf, unsigned bus, unsigned n, const char *netdev)
{
	static const struct vf_attrs defaults = {
		.given = ~(unsigned)(VF_ATTR_DRIVER | VF_ATTR_GUIDS) & ((1u << VF_ATTR_N) - 1),
		.proto = ETH_P_8021Q,
		.spoofchk = true,
	};

	*pf = (struct pf){ .bdf = { .bus = (uint8_t)bus },
			   .name = bus == 5 ? "net0" : "net1",
			   .netdev = netdev,
			   .driver = "igb",
			   .totalvfs = FAKE_GOAL_VFS,
			   .offset = 128,
			   .stride = 2,
			   .autoprobe = 1,
			   .attrs = calloc(1, sizeof(*pf->attrs)) };
	need(inventory_expect(pf, n, NULL) == 0, "memory");
	pf->numvfs = (uint16_t)n;
	for (unsigned i = 0; i < n; i++) {
		pf->vfs[i].state = VF_HOST;
		pf->vfs[i].driver = "igbvf";
		pf->attrs[i] = defaults;
	}
}

static void place(struct fake_goal *f)
{
	for (size_t d = 0; d < f->topo->n_domains; d++) {
		const struct wanted *w = &f->binding.wanted[d];

		for (size_t i = 0; i < w->n; i++) {
			f->vfs[w->v[i].pf][w->v[i].index].domain = d;
			f->vfs[w->v[i].pf][w->v[i].index].options = w->v[i].options;
		}
	}
}

void fake_goal_init(struct fake_goal *f, const char *json)
{
	struct problems problems = { 0 };
	struct err e = { 0 };

	*f = (struct fake_goal){ .bound = { &f->pfs[0], &f->pfs[1] } };
	if (topology_parse(&f->topo, json, strlen(json), "t.json", &problems, &e) < 0) {
		problems_print(&problems, stderr);
		abort();
	}
	problems_done(&problems);
	init_pf(&f->pfs[0], 5, 0, "eth0");
	init_pf(&f->pfs[1], 6, 3, "eth1");
	for (size_t p = 0; p < f->topo->n_pfs; p++) {
		need(inventory_expect(&f->pfs[p], topology_numvfs(&f->topo->pfs[p], &f->pfs[p]),
				      NULL) == 0,
		     "memory");
		f->vfs[p] = calloc(f->pfs[p].n_vfs + 1, sizeof(*f->vfs[p]));
		for (unsigned i = 0; i < f->pfs[p].n_vfs; i++)
			f->vfs[p][i] = (struct desired_vf){ .want = topology_attrs(f->topo, p, i),
							    .domain = NO_DOMAIN,
							    .options = DEV_OPTIONS_INIT };
	}
	f->binding.topo = f->topo;
	f->binding.pfs = f->bound;
	need(binding_expand(&f->binding, NULL) == 0, "wanted");
	place(f);
	f->g = (struct desired){ .topo = f->topo,
				 .pfs = f->bound,
				 .wanted = f->binding.wanted,
				 .domains = f->domains,
				 .vfs = f->vfs,
				 .has_permissive = true };
}

void fake_goal_done(struct fake_goal *f)
{
	for (size_t p = 0; p < 2; p++) {
		free(f->pfs[p].vfs);
		free(f->pfs[p].attrs);
		free(f->vfs[p]);
	}
	plan_done(&f->plan);
	free(f->text);
	f->binding.pfs = NULL;
	binding_done(&f->binding);
	topology_free(f->topo);
}

void fake_goal_runs(struct fake_goal *f, size_t d)
{
	f->domains[d].runs = true;
	snprintf(f->domains[d].domain.name, sizeof(f->domains[d].domain.name), "%s",
		 f->topo->domains[d].name);
}

const char *fake_goal_plan(struct fake_goal *f)
{
	size_t size;
	FILE *out;

	plan_done(&f->plan);
	free(f->text);
	f->text = NULL;
	need(plan_apply(&f->g, &f->plan, NULL) == 0, "plan");
	out = open_memstream(&f->text, &size);
	need(out != NULL, "memory");
	plan_print(&f->plan, out);
	fclose(out);
	return f->text;
}

static void do_numvfs(const struct step *s)
{
	static const struct vf_attrs defaults = {
		.given = ~(unsigned)(VF_ATTR_DRIVER | VF_ATTR_GUIDS) & ((1u << VF_ATTR_N) - 1),
		.proto = ETH_P_8021Q,
		.spoofchk = true,
	};
	struct pf *pf = s->vf.pf;

	need(pf->numvfs == s->from && (!s->from || !s->to), "numvfs from N to M");
	for (unsigned i = 0; i < pf->n_vfs; i++) {
		need(pf->vfs[i].state == VF_HOST || pf->vfs[i].state == VF_ABSENT,
		     "a VF that is held is unmade");
		pf->vfs[i].state = i < s->to ? VF_HOST : VF_ABSENT;
		pf->vfs[i].driver = i < s->to && pf->autoprobe == 1 ? "igbvf" : NULL;
		pf->attrs[i] = defaults;
	}
	pf->numvfs = (uint16_t)s->to;
}

static void do_vf(const struct step *s)
{
	struct vf *vf = vf_of(s->vf);

	need(vf->state != VF_ABSENT, "a VF that is not there");
	switch (s->kind) {
	case STEP_SET:
		vf_attrs_take(&s->vf.pf->attrs[s->vf.index], &s->want, ~0u);
		break;
	case STEP_ASSIGN:
		need(vf->state == VF_HOST, "assign of what is not the host's");
		vf->state = VF_ASSIGNABLE;
		vf->driver = "vfio-pci";
		break;
	case STEP_UNASSIGN:
		need(vf->state == VF_ASSIGNABLE, "unassign of what is not assignable");
		vf->state = VF_HOST;
		vf->driver = NULL;
		break;
	case STEP_UNBIND:
		need(vf->state == VF_HOST, "unbind of what is not the host's");
		vf->driver = NULL;
		break;
	case STEP_PROBE:
		need(vf->state == VF_HOST, "probe of what is not the host's");
		need(s->vf.pf->autoprobe == 1, "probe with autoprobe off");
		vf->driver = "igbvf";
		break;
	case STEP_ATTACH:
		need(vf->state == VF_ASSIGNABLE, "attach of what is not assignable");
		vf->state = VF_ATTACHED;
		vf->domain = s->domain->name;
		vf->permissive = s->options.permissive == 1;
		break;
	case STEP_PERMISSIVE:
		need(vf->state == VF_ATTACHED, "permissive of what is not attached");
		vf->permissive = 1;
		break;
	default:
		need(false, "a step apply does not have");
	}
}

void fake_goal_do(struct fake_goal *f)
{
	for (size_t i = 0; i < f->plan.n; i++) {
		const struct step *s = &f->plan.v[i];

		if (s->kind == STEP_NUMVFS) {
			do_numvfs(s);
		} else if (s->kind == STEP_AUTOPROBE) {
			need(s->vf.pf->autoprobe == (int)s->from, "autoprobe from another value");
			s->vf.pf->autoprobe = (int8_t)s->to;
		} else {
			do_vf(s);
		}
	}
}
