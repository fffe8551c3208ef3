// SPDX-License-Identifier: GPL-2.0-or-later
/* A file for /etc/modprobe.d that decides which driver is loaded first. */
#include <string.h>

#include "base/array.h"
#include "host/inventory/pf_driver.h"
#include "render/hide.h"
#include "render/hide_kept.h"
#include "render/modprobe_options.h"

static bool is_holder(const char *driver)
{
	return !strcmp(driver, "pciback") || !strcmp(driver, "vfio-pci");
}

/* Returns the driver seen on a VF, or else known from the PF's driver; NULL when there is
 * neither. */
static const char *vf_driver_of(const struct pf *pf)
{
	for (unsigned i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].driver && !is_holder(pf->vfs[i].driver))
			return pf->vfs[i].driver;
	return pf_driver_find(pf->driver)->vf_driver;
}

/* Drivers and modules may have different names: c6xxvf is in qat_c62xvf. */
static const char *vf_module_of(const struct render_in *in, const struct pf *pf)
{
	const char *name = vf_driver_of(pf);
	const struct render_driver *d = name ? render_find_driver(in, name) : NULL;
	const struct pf_driver *known = pf_driver_find(pf->driver);

	if (d && d->module[0])
		return d->module;
	return name && known->vf_driver && known->vf_module && !strcmp(name, known->vf_driver)
		       ? known->vf_module
		       : name;
}

/* What the table of modules has for it. */
static const struct render_driver *find_meant(const struct render_in *in, struct bdf bdf)
{
	for (size_t i = 0; i < in->n_drivers; i++)
		for (size_t k = 0; k < in->drivers[i].n_meant; k++)
			if (!bdf_cmp(in->drivers[i].meant[k], bdf))
				return &in->drivers[i];
	return NULL;
}

/* Of a function as a whole: what has it now, or would, where a pass-through driver has it. */
static const char *module_of(const struct render_in *in, const struct pf *device, unsigned i)
{
	const char *name = device->vfs[i].driver;
	const struct render_driver *d = NULL;

	if (!name || is_holder(name)) {
		d = find_meant(in, device->vfs[i].bdf);
		name = d ? d->name : NULL;
	} else {
		d = render_find_driver(in, name);
	}
	if (!name)
		return NULL;
	return d && d->module[0] ? d->module : name;
}

/* modprobe takes one softdep line a module; the first of them counts. */
struct softdeps {
	const char **v;
	size_t n;
	const char *holders;
	FILE *out;
};

static int print_softdep(struct softdeps *s, const char *module)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->v[i], module))
			return 0;
	if (ARRAY_GROW(s->v, s->n) < 0)
		return -ENOMEM;
	s->v[s->n++] = module;
	fprintf(s->out, "softdep %s pre: %s\n", module, s->holders);
	return 0;
}

static void print_unknown(const struct softdeps *s, const char *what, const char *name)
{
	fprintf(s->out, "# The driver of %s", what);
	render_text(name, s->out);
	fprintf(s->out, " is not known here; write: softdep MODULE pre: %s\n", s->holders);
}

static int print_device(const struct render_in *in, size_t pf, struct softdeps *s)
{
	const struct pf *device = in->pfs[pf];
	bool any = false;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < device->n_vfs; i++) {
		const char *module = module_of(in, device, i);

		any |= module != NULL;
		r = module ? print_softdep(s, module) : 0;
	}
	if (!any)
		print_unknown(s, "", in->topo->pfs[pf].name);
	return r;
}

static int print_softdeps(const struct render_in *in, const struct hide *h, const char *holders,
			  FILE *out)
{
	struct softdeps s = { .holders = holders, .out = out };
	int r = 0;

	for (size_t i = 0; r == 0 && i < in->topo->n_pfs; i++) {
		const char *module;

		if (!hide_has_pf(h, i))
			continue;
		if (in->topo->pfs[i].is_dev) {
			r = print_device(in, i, &s);
			continue;
		}
		module = vf_module_of(in, in->pfs[i]);
		if (module)
			r = print_softdep(&s, module);
		else
			print_unknown(&s, "the VFs of ", in->topo->pfs[i].name);
	}
	free(s.v);
	return r;
}

/* How many functions of this host, VFs apart, have this ID? */
static size_t count_id(const struct render_in *in, const struct pf *like)
{
	struct vf_ref f = { 0 };
	size_t n = 0;

	while (inventory_next(in->inv, &f)) {
		const struct pf *pf = vf_identity(f).pf;

		n += vf_is_whole(f) && pf->vendor == like->vendor && pf->device == like->device;
	}
	return n;
}

/* With ids= vfio-pci takes every function of that ID as soon as it is loaded, those that the host
 * keeps too. Source: Linux drivers/vfio/pci/vfio_pci.c, vfio_pci_fill_ids(). */
static void print_ids(const struct render_in *in, const struct hide *h, FILE *out)
{
	const char *comma = "options vfio-pci ids=";
	struct vf_ref f = { 0 };

	for (size_t i = 0; i < h->n_vfs; i++) {
		const struct pf *device = in->pfs[h->vfs[i].pf], *pf;

		if (!device || !device->of)
			continue;
		f = (struct vf_ref){ (struct pf *)device, h->vfs[i].index };
		pf = vf_identity(f).pf;
		if (count_id(in, pf) > 1)
			continue;
		fprintf(out, "%s%04x:%04x", comma, pf->vendor, pf->device);
		comma = ",";
	}
	if (*comma == ',')
		fputc('\n', out);
	for (size_t i = 0; i < h->n_vfs; i++) {
		const struct pf *device = in->pfs[h->vfs[i].pf], *pf;
		char label[WANTED_LABEL_MAX];
		size_t n;

		if (!device || !device->of)
			continue;
		pf = device->of[h->vfs[i].index];
		n = count_id(in, pf);
		if (n < 2)
			continue;
		fputs("# No ids= for ", out);
		render_text(wanted_label(label, in->topo, h->vfs[i].pf, h->vfs[i].index), out);
		fprintf(out,
			": %zu functions of this host have %04x:%04x, and vfio-pci would take\n"
			"# all of them. The boot service takes this one alone, run: systemctl "
			"enable vfyard\n",
			n, pf->vendor, pf->device);
	}
}

static void print_head(const struct render_in *in, FILE *out)
{
	fputs("# /etc/modprobe.d/vfyard.conf, by vfyard render modprobe from ", out);
	render_text(in->topo->file, out);
	fputs("\n# Put this output there and run update-initramfs -u.\n", out);
}

static int modprobe(const struct render_in *in, FILE *out, struct problems *notes, struct err *e)
{
	_cleanup_(hide_done) struct hide h = { 0 };
	bool xen = render_is_for(in, TOPO_XEN), kvm = render_is_for(in, TOPO_KVM);
	int r = modprobe_check_options(in, e);

	if (r == 0)
		r = hide_make(in, &h, e);
	if (r == 0 && xen)
		r = hide_check(in, &h, e);
	if (r < 0)
		return r;
	print_head(in, out);
	if (!h.n_vfs) {
		fputs("# No VF is given to a domain or has driver=assign: nothing to hold.\n", out);
		modprobe_print_options(in, out);
		return 0;
	}
	if (xen) {
		hide_note_places(in, false, notes);
		fputs("# Xen: ", out);
		hide_print_summary(&h, in->topo, out);
		fprintf(out,
			". Set hide= in one place only: here or on the command line.\n"
			"options xen-pciback hide=%s\n",
			h.value);
		hide_print_kept(&h, out);
		hide_print_computed(&h, in, out);
	}
	fputs("# The pass-through driver first, so that it is there when VFs appear.\n", out);
	r = print_softdeps(in, &h,
			   xen && kvm ? "xen-pciback vfio-pci"
			   : xen      ? "xen-pciback"
				      : "vfio-pci",
			   out);
	if (r < 0)
		return err_set(e, ENOMEM, "out of memory");
	if (kvm)
		print_ids(in, &h, out);
	modprobe_print_options(in, out);
	return 0;
}

const struct renderer render_modprobe = {
	.name = "modprobe",
	.help = "which driver comes first, for /etc/modprobe.d",
	.takes = RENDER_TAKES_COMPACT,
	.fn = modprobe,
};
