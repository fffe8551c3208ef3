// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/render.h"

#include <string.h>

#include "host/inventory/pf_driver.h"
#include "base/text.h"

const struct renderer *const renderers[] = {
	&render_xl,	 &render_grub, &render_modprobe, &render_qemu, &render_readconfig,
	&render_libvirt, &render_dot,  &render_svg,	 NULL,
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

int render_numvfs(const struct render_in *in, size_t pf, struct err *e)
{
	const struct topo_pf *want = &in->topo->pfs[pf];
	const struct pf *have = in->pfs[pf];
	int r;

	if (!have || !want->has_numvfs || want->numvfs == have->numvfs)
		return 0;
	r = pf_driver_can_have(have, want->numvfs, e);
	return r < 0 ? err_at(e, r, want->name, NULL) : 0;
}

bool render_is_computed(const struct render_in *in, size_t pf, unsigned index)
{
	return in->pfs[pf] && !wanted_is_made(in->pfs[pf], index);
}

/* Without numvfs= an index may be any number, and an address could be computed for it. */
static int check_index(const struct render_in *in, size_t pf, unsigned index, struct err *e)
{
	const struct pf *have = in->pfs[pf];
	char label[WANTED_LABEL_MAX];

	if (!have || wanted_is_made(have, index) || index < have->totalvfs)
		return 0;
	err_refuse(e, ERANGE, "the device can have %u VF%s, counted from 0", have->totalvfs,
		   text_s(have->totalvfs));
	pf_driver_fix_limit(have, 0, e);
	return err_at(e, -ERANGE, wanted_label(label, in->topo, pf, index), "find its address");
}

/* When the bus does not exist, the kernel makes no VF at all. Source: Linux drivers/pci/iov.c,
 * sriov_enable(). */
static int check_bus(const struct render_in *in, size_t pf, unsigned index, struct err *e)
{
	const struct pf *have = in->pfs[pf];
	char label[WANTED_LABEL_MAX];

	if (!have || wanted_is_made(have, index) ||
	    (bdf_key(have->bdf) & 0xffff) + have->offset + (uint64_t)have->stride * index <= 0xffff)
		return 0;
	err_refuse(e, ERANGE, "it would be beyond bus ff, the last of its PCI segment");
	err_fix(e, 0, "write a smaller numvfs=, or put the device into another slot");
	return err_at(e, -ERANGE, wanted_label(label, in->topo, pf, index), "find its address");
}

int render_vf_bdf(const struct render_in *in, size_t pf, unsigned index, struct bdf *ret,
		  struct err *e)
{
	char label[WANTED_LABEL_MAX];
	int r = render_numvfs(in, pf, e);

	if (r == 0)
		r = check_index(in, pf, index, e);
	if (r == 0)
		r = check_bus(in, pf, index, e);
	if (r < 0)
		return r;
	if (wanted_bdf(in->pfs[pf], index, ret))
		return 0;
	wanted_label(label, in->topo, pf, index);
	if (!in->pfs[pf]) {
		err_set(e, ENODEV, "PF %s is not on this host", in->topo->pfs[pf].name);
		err_fix(e, -ENODEV, "run: vfyard check");
		return err_at(e, -ENODEV, label, "find its address");
	}
	err_set(e, ENODEV, "the addresses of its VFs are known only while the PF has some");
	err_fix(e, -ENODEV, "make them first, run: vfyard apply --no-attach");
	return err_at(e, -ENODEV, label, "find its address");
}

static int no_vfs(const struct render_in *in, const struct topo_domain *d, size_t pf, struct err *e)
{
	const char *name = in->topo->pfs[pf].name;

	err_set(e, ENODEV, "%s/* matches no VF: %s and numvfs= is not given", name,
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
