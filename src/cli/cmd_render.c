// SPDX-License-Identifier: GPL-2.0-or-later
/* vfyard render: text for other tools. Needs a topology and a host's PCI tree, no hypervisor. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "core/functions.h"
#include "core/msix.h"
#include "render/render.h"

/* What is read of the host for renderers, which read nothing themselves. */
struct sources {
	char cmdline[4096];
	int *vectors;
	struct bdf *devices;
	struct problems bind; /* PFs that are not on this host */
};

static void sources_done(struct sources *s)
{
	free(s->vectors);
	free(s->devices);
	problems_done(&s->bind);
}

/* Of any VF that is there: those of one PF are alike. */
static int vectors_of(const struct host *h, const struct pf *pf)
{
	unsigned n;

	if (pf && pf->n_vfs && msix_vectors(h, pf->vfs[0].bdf, &n) == 0)
		return (int)n;
	return UNKNOWN;
}

static int open_inventory(struct session *s, struct sources *src, struct err *e)
{
	int r = session_topology(s, true, e);

	if (r < 0)
		return r;
	r = inventory_read(&s->inv, &s->host, 0, e);
	if (r < 0)
		return r;
	s->topo_pfs = calloc(s->topo->n_pfs ? s->topo->n_pfs : 1, sizeof(struct pf *));
	if (!s->topo_pfs)
		return err_set(e, ENOMEM, "out of memory");
	src->bind.file = s->topo->file;
	topology_bind(s->topo, &s->host, s->inv, s->topo_pfs, &src->bind);
	return 0;
}

/* What this host runs decides only what the topology leaves open. */
static void find_hypervisor(struct session *s)
{
	const struct backend_ops *ops = NULL;

	if (backend_choose(&ops, &s->host, s->hypervisor, NULL) == 0 && ops)
		s->inv->hypervisor = ops->name;
}

static int fill(struct session *s, struct sources *src, struct render_in *in, struct err *e)
{
	int r = functions_read(&s->host, &src->devices, &in->n_devices, e);

	if (r < 0)
		return r;
	src->vectors = calloc(s->topo->n_pfs ? s->topo->n_pfs : 1, sizeof(*src->vectors));
	if (!src->vectors)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < s->topo->n_pfs; i++)
		src->vectors[i] = vectors_of(&s->host, s->topo_pfs[i]);
	if (root_read(&s->host.root, src->cmdline, sizeof(src->cmdline), "proc/cmdline") > 0)
		in->cmdline = src->cmdline;
	find_hypervisor(s);
	in->topo = s->topo;
	in->inv = s->inv;
	in->pfs = s->topo_pfs;
	in->vectors = src->vectors;
	in->vectors_per_vf = RENDER_VECTORS_ASSUMED;
	in->devices = src->devices;
	return 0;
}

static int find_domain(const struct topology *t, const struct renderer *renderer, const char *name,
		       const struct topo_domain **ret, struct err *e)
{
	if (!renderer->takes_domain) {
		err_usage(e, "is for the whole host, it takes no domain");
		err_fix(e, 0, "run: vfyard render %s", renderer->name);
		return err_at(e, -EINVAL, "render", renderer->name);
	}
	*ret = topology_find_domain(t, name);
	if (*ret)
		return 0;
	err_usage(e, "no domain '%s' in %s", name, t->file);
	return err_at(e, -EINVAL, "render", renderer->name);
}

/* Nothing reaches stdout unless all of it does: it may be redirected into a file of /etc. */
static int print(const struct renderer *renderer, const struct render_in *in,
		 struct problems *notes, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int r;

	if (!out)
		return err_set(e, ENOMEM, "out of memory");
	r = renderer->fn(in, out, notes, e);
	if (fclose(out) && r == 0)
		r = err_set(e, ENOMEM, "out of memory");
	if (r == 0)
		fwrite(text, 1, len, stdout);
	return r;
}

static int render_run(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(sources_done) struct sources src = { 0 };
	struct render_in in = { .compact = cli_opt(cli, 'k') != NULL };
	struct problems notes = { 0 };
	const struct renderer *renderer;
	int r = renderer_find(&renderer, argv[0], e);

	if (r == 0)
		r = open_inventory(&cli->s, &src, e);
	if (r == 0 && argc > 1)
		r = find_domain(cli->s.topo, renderer, argv[1], &in.domain, e);
	if (r == 0)
		r = fill(&cli->s, &src, &in, e);
	if (r < 0)
		return r;
	notes.file = cli->s.topo->file;
	r = print(renderer, &in, &notes, e);
	if (r < 0)
		problems_print(&src.bind, stderr);
	else if (cli->s.host.log.level >= LOG_NOTE)
		problems_print(&notes, stderr);
	problems_done(&notes);
	return r;
}

static const struct cmd_long render_longs[] = { { "compact", 'k' }, { NULL, 0 } };

const struct cmd cmd_render = {
	.name = "render",
	.args = "[--compact] FORMAT [DOMAIN]",
	.help = "text for other tools out of the topology: xl, grub, modprobe, dot",
	.optstring = "k",
	.longs = render_longs,
	.opts_help =
		"  -k, --compact            wildcards in hide=, where they match nothing else\n",
	.min_args = 1,
	.max_args = 2,
	.run = render_run,
};
