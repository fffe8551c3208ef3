// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/render.h"

#include <string.h>

const struct renderer *const renderers[] = {
	&render_xl,	    &render_grub,    &render_modprobe, &render_qemu,
	&render_readconfig, &render_libvirt, &render_dot,      NULL,
};

int renderer_find(const struct renderer **ret, const char *name, struct err *e)
{
	char names[128] = "";
	size_t n = 0;

	*ret = NULL;
	for (const struct renderer *const *r = renderers; *r; r++) {
		if (!strcmp((*r)->name, name)) {
			*ret = *r;
			return 0;
		}
		if (n < sizeof(names))
			n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", n ? ", " : "",
					      (*r)->name);
	}
	err_usage(e, "unknown format '%s'", name);
	err_at(e, -EINVAL, "render", NULL);
	return err_fix(e, -EINVAL, "write one of %s", names);
}

int render_vf_bdf(const struct render_in *in, size_t pf, unsigned index, struct bdf *ret,
		  struct err *e)
{
	char label[WANTED_LABEL_MAX];

	if (wanted_bdf(in->pfs[pf], index, ret))
		return 0;
	wanted_label(label, in->topo, pf, index);
	if (!in->pfs[pf]) {
		err_set(e, ENODEV, "PF %s is not on this host", in->topo->pfs[pf].name);
		err_fix(e, -ENODEV, "run: vfyard check");
		return err_at(e, -ENODEV, label, "find its address");
	}
	err_set(e, ENODEV, "the PF tells the addresses of its VFs only while it has some");
	err_fix(e, -ENODEV, "make them first, run: vfyard apply --no-attach");
	return err_at(e, -ENODEV, label, "find its address");
}

static int no_vfs(const struct render_in *in, const struct topo_domain *d, size_t pf, struct err *e)
{
	const char *name = in->topo->pfs[pf].name;

	err_set(e, ENODEV, "%s/* stands for no VF: %s and numvfs= is not given", name,
		in->pfs[pf] ? "the PF has none" : "the PF is not on this host");
	err_fix(e, -ENODEV, "write numvfs= for %s in %s", name, in->topo->file);
	return err_at(e, -ENODEV, d->name, NULL);
}

int render_wanted(const struct render_in *in, const struct topo_domain *d, struct wanted *ret,
		  struct err *e)
{
	for (size_t i = 0; i < d->n_devs; i++) {
		const struct topo_range *range = &d->devs[i].range;

		if (range->all && !wanted_end(in->topo, in->pfs, range))
			return no_vfs(in, d, range->pf, e);
	}
	return wanted_of(in->topo, in->pfs, d, ret, e);
}

int render_each_domain(const struct render_in *in,
		       int (*fn)(void *arg, const struct topo_domain *d, struct err *e), void *arg,
		       struct err *e)
{
	int r;

	if (in->domain)
		return fn(arg, in->domain, e);
	for (size_t i = 0; i < in->topo->n_domains; i++) {
		r = fn(arg, &in->topo->domains[i], e);
		if (r < 0)
			return r;
	}
	return 0;
}

void render_text(const char *s, FILE *out)
{
	for (; *s; s++) {
		char c = *s;

		if ((unsigned char)c < ' ' || c == 0x7f || c == '\\')
			c = '?';
		if (c == '"')
			c = '\'';
		fputc(c, out);
	}
}

bool render_is_for(const struct render_in *in, enum topo_hypervisor which)
{
	const char *running = in->inv->hypervisor;

	if (in->topo->hypervisor != TOPO_AUTO)
		return in->topo->hypervisor == which;
	if (running && !strcmp(running, "xen"))
		return which == TOPO_XEN;
	if (running && !strcmp(running, "kvm"))
		return which == TOPO_KVM;
	return true;
}

const struct render_driver *render_find_driver(const struct render_in *in, const char *name)
{
	for (size_t i = 0; i < in->n_drivers; i++)
		if (!strcmp(in->drivers[i].name, name))
			return &in->drivers[i];
	return NULL;
}
