// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/render_host.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "engine/operands.h"
#include "host/pci/functions.h"
#include "host/pci/msix.h"
#include "topology/ports.h"
#include "engine/session/forced.h"
#include "render/render.h"
#include "report/render_drivers.h"
#include "report/render_hide.h"

/* What is read from the host for renderers, which read nothing themselves. */
struct sources {
	char cmdline[4096];
	struct hide_sources hide;
	int *vectors;
	struct bdf *devices;
	struct render_driver *drivers;
	size_t n_drivers;
	struct devlist vfs;
};

static void sources_done(struct sources *s)
{
	free(s->vectors);
	free(s->devices);
	render_drivers_done(s->drivers, s->n_drivers);
	devlist_done(&s->vfs);
	hide_sources_done(&s->hide);
}

/* Any existing VF will do, because the VFs of one PF are alike. */
static int vectors_of(const struct host *h, const struct pf *pf)
{
	unsigned n;

	if (pf && pf->n_vfs && msix_vectors(h, pf->vfs[0].bdf, &n) == 0)
		return (int)n;
	return UNKNOWN;
}

/* What this host runs decides only what the topology leaves open. */
static void find_hypervisor(struct session *s)
{
	const struct hypervisor *hv = NULL;

	if (hypervisor_find(&hv, &s->host, s->hypervisor, NULL) == 0 && hv)
		s->inv->hypervisor = hv->name;
}

/*
 * Counts the physical CPUs, which Dom0's kernel lists besides its own. Returns 0 when this is not a
 * Dom0.
 * Source: Linux drivers/xen/pcpu.c, xen_pcpu_init(): subsystem "xen_cpu", devices xen_cpuN.
 */
static unsigned xen_cpus(const struct host *h)
{
	DIR *dir = root_opendir(&h->root, "sys/devices/system/xen_cpu");
	const struct dirent *d;
	unsigned n = 0;

	if (!dir)
		return 0;
	while ((d = readdir(dir)))
		n += !strncmp(d->d_name, "xen_cpu", 7);
	closedir(dir);
	return n;
}

/* With pciback's passthrough=1 guests see the real buses, on which slots do not run out. */
static bool shows_buses(const struct host *h)
{
	char text[8];

	return root_read(&h->root, text, sizeof(text),
			 "sys/module/xen_pciback/parameters/passthrough") > 0 &&
	       text[0] == 'Y';
}

static int fill(struct session *s, struct sources *src, struct render_in *in, struct err *e)
{
	int r = functions_read(&s->host, &src->devices, &in->n_devices, e);

	if (r < 0)
		return r;
	src->vectors = calloc(s->topo->n_pfs ? s->topo->n_pfs : 1, sizeof(*src->vectors));
	if (!src->vectors ||
	    render_drivers_read(&s->host, s->inv, &src->drivers, &src->n_drivers) < 0)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < s->topo->n_pfs; i++)
		src->vectors[i] = vectors_of(&s->host, s->bound.pfs[i]);
	if (root_read(&s->host.root, src->cmdline, sizeof(src->cmdline), "proc/cmdline") > 0)
		in->cmdline = src->cmdline;
	r = render_hide_read(&s->host, &src->hide, in, e);
	if (r < 0)
		return r;
	find_hypervisor(s);
	in->real_buses = shows_buses(&s->host);
	in->topo = s->topo;
	in->inv = s->inv;
	in->pfs = s->bound.pfs;
	in->vectors = src->vectors;
	in->vectors_per_vf = RENDER_VECTORS_ASSUMED;
	in->devices = src->devices;
	in->cpus = xen_cpus(&s->host);
	in->drivers = src->drivers;
	in->n_drivers = src->n_drivers;
	return 0;
}

static int find_domain(const struct topology *t, const struct renderer *renderer, const char *name,
		       const struct topo_domain **ret, struct err *e)
{
	if (!renderer->takes_domain) {
		err_usage(e, "is for the whole host and takes no domain");
		err_fix(e, 0, "run: vfyard render %s", renderer->name);
		return err_at(e, -EINVAL, "render", renderer->name);
	}
	*ret = topology_find_domain(t, name);
	if (*ret)
		return 0;
	err_usage(e, "no domain '%s' in %s", name, t->file);
	return err_at(e, -EINVAL, "render", renderer->name);
}

/* Finds a domain of the topology or, with --hostdev, an existing VF. */
static int find_operand(struct session *s, const struct renderer *renderer, const char *name,
			struct sources *src, struct render_in *in, struct err *e)
{
	int r;

	if (!in->hostdev || topology_find_domain(s->topo, name))
		return find_domain(s->topo, renderer, name, &in->domain, e);
	r = devlist_add(&src->vfs, &s->host, s->inv, NULL, name, e);
	if (r < 0)
		return r;
	in->vfs = src->vfs.vfs;
	in->n_vfs = src->vfs.n;
	return 0;
}

/* Gives the text only when all of it could be made, because it may be redirected into a file in
 * /etc. */
static int into_text(const struct renderer *renderer, const struct render_in *in, char **ret,
		     struct problems *notes, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int r;

	if (!out)
		return err_set(e, ENOMEM, "out of memory");
	r = renderer->fn(in, out, notes, e);
	if (memstream_close(out, &text) < 0 && r == 0)
		r = err_set(e, ENOMEM, "out of memory");
	if (r == 0)
		*ret = STEAL(text);
	return r;
}

static int take_options(const struct render_options *o, const struct renderer *renderer,
			struct render_in *in, struct err *e)
{
	const struct {
		bool is_given;
		enum render_takes takes;
		const char *name, *format;
	} some[] = {
		{ o->compact, RENDER_TAKES_COMPACT, "--compact", "grub" },
		{ o->cpu, RENDER_TAKES_CPU, "--cpu", "qemu" },
		{ o->with_machine, RENDER_TAKES_MACHINE, "--with-machine", "qemu" },
		{ o->hostdev, RENDER_TAKES_HOSTDEV, "--hostdev", "libvirt" },
		{ o->ports, RENDER_TAKES_PORTS, "--ports", "libvirt" },
		{ o->has_reserve, RENDER_TAKES_RESERVE, "--reserve", "qemu" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(some); i++)
		if (some[i].is_given && !(renderer->takes & some[i].takes)) {
			err_usage(e, "%s has no meaning here", some[i].name);
			err_fix(e, 0, "leave it out, or use the format %s", some[i].format);
			return err_at(e, -EINVAL, "render", renderer->name);
		}
	in->compact = o->compact;
	in->cpu = o->cpu;
	in->with_machine = o->with_machine;
	in->hostdev = o->hostdev;
	in->ports = o->ports;
	in->reserve = o->has_reserve ? o->reserve : PORTS_RESERVE;
	return 0;
}

int render_host(struct session *s, const char *format, const char *domain,
		const struct render_options *o, char **ret, struct err *e)
{
	_cleanup_(sources_done) struct sources src = { 0 };
	struct render_in in = { 0 };
	struct problems notes = { 0 };
	const struct renderer *renderer;
	int r = renderer_find(&renderer, format, e);

	if (r == 0)
		r = take_options(o, renderer, &in, e);
	if (r == 0)
		r = session_topology(s, true, e);
	if (r == 0)
		r = session_read_pfs(s, o->hostdev ? INVENTORY_NETDEV : 0, e);
	if (r == 0)
		r = forced_check(s, e);
	if (r == 0 && domain)
		r = find_operand(s, renderer, domain, &src, &in, e);
	if (r == 0)
		r = fill(s, &src, &in, e);
	if (r < 0)
		return r;
	notes.file = s->topo->file;
	if (renderer->takes & RENDER_TAKES_COMPACT)
		r = render_hide_notes(s, &in, &notes, e);
	if (r == 0)
		r = into_text(renderer, &in, ret, &notes, e);
	if (r < 0)
		problems_log(&s->bound.problems, &s->host.log, LOG_QUIET);
	else
		problems_log(&notes, &s->host.log, LOG_NOTE);
	problems_done(&notes);
	return r;
}
