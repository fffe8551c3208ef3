// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/libvirt_hostdev.h"

#include "render/guest.h"
#include "topology/slot_mates.h"

int libvirt_check_segment(struct bdf vf, struct err *e)
{
	char text[BDF_STRLEN];

	if (vf.domain <= 0xffff)
		return 0;
	err_refuse(e, ENOTSUP, "QEMU takes PCI segments of four digits from libvirt");
	err_fix(e, 0, "start the machine without libvirt: vfyard render qemu names it by its path");
	return err_at(e, -ENOTSUP, bdf_str(text, vf), "render libvirt");
}

/* The alias names the VF in events and for virsh detach-device-alias. */
static void print_hostdev(struct bdf vf, const char *pf, unsigned index, bool is_computed,
			  FILE *out)
{
	char alias[PORTS_ALIAS_MAX];

	if (is_computed)
		fputs("<!-- " RENDER_COMPUTED ": " RENDER_COMPUTED_MEANS " -->\n", out);
	fprintf(out,
		"<hostdev mode='subsystem' type='pci' managed='no'>\n"
		"  <driver name='vfio'/>\n"
		"  <source>\n"
		"    <address domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/>\n"
		"  </source>\n"
		"  <alias name='%s'/>\n"
		"</hostdev>\n",
		vf.domain, vf.bus, vf.dev, vf.fn, ports_alias(alias, pf, index));
}

static void note_several(const struct render_in *in, struct loc loc, size_t n, const char *first,
			 struct problems *notes)
{
	const struct topo_domain *d = in->domain;
	const char *name = d && d->libvirt ? d->libvirt : d ? d->name : "DOMAIN";

	if (n < 2)
		return;
	err_fix(problem_note(notes, loc, "virsh attach-device takes one element, but these are %zu",
			     n),
		0,
		"run for each: vfyard render libvirt --hostdev %s | virsh attach-device %s "
		"/dev/stdin --live --config",
		first, name);
}

/* What attach-device makes of functions that render libvirt puts into one port. */
static void note_apart(struct loc loc, const struct slot_function *last,
		       const struct slot_function *f, struct problems *notes)
{
	char a[BDF_STRLEN], b[BDF_STRLEN];

	if (!slot_mates(last, f))
		return;
	err_fix(problem_note(
			notes, loc,
			"%s and %s are of one slot, and attach-device gives each a port of its "
			"own",
			bdf_str(a, last->bdf), bdf_str(b, f->bdf)),
		0,
		"to keep them one device, write the addresses of vfyard render libvirt into its "
		"definition");
}

static int print_vfs(const struct render_in *in, FILE *out, struct problems *notes, struct err *e)
{
	static const struct dev_options plain = DEV_OPTIONS_INIT;
	struct slot_function last = { .is_whole = false }, now;
	char text[BDF_STRLEN];

	for (size_t i = 0; i < in->n_vfs; i++) {
		int r = libvirt_check_segment(vf_of(in->vfs[i])->bdf, e);

		if (r < 0)
			return r;
		print_hostdev(vf_of(in->vfs[i])->bdf, pf_label(text, in->vfs[i].pf),
			      in->vfs[i].index, false, out);
		now = slot_function_of(in->vfs[i], &plain);
		if (i)
			note_apart((struct loc){ 0, 0 }, &last, &now, notes);
		last = now;
	}
	note_several(in, (struct loc){ 0, 0 }, in->n_vfs, bdf_str(text, vf_of(in->vfs[0])->bdf),
		     notes);
	return 0;
}

/* *ret: what it is, beside the next one. */
static int print_wanted(const struct render_in *in, const struct wanted_vf *vf, FILE *out,
			struct slot_function *ret, struct err *e)
{
	const struct topo_pf *pf = &in->topo->pfs[vf->pf];
	int r;

	*ret = (struct slot_function){ .is_whole = pf->is_dev, .vslot = vf->options.vslot };
	r = render_vf_bdf(in, vf->pf, vf->index, &ret->bdf, e);
	if (r == 0)
		r = libvirt_check_segment(ret->bdf, e);
	if (r == 0)
		print_hostdev(ret->bdf, pf->name, vf->index,
			      render_is_computed(in, vf->pf, vf->index), out);
	return r;
}

int libvirt_hostdevs(const struct render_in *in, FILE *out, struct problems *notes, struct err *e)
{
	_cleanup_(wanted_done) struct wanted w = { 0 };
	char label[WANTED_LABEL_MAX];
	struct slot_function last = { .is_whole = false }, now;
	struct render_in one = *in;
	int r;

	if (in->n_vfs)
		return print_vfs(in, out, notes, e);
	r = guest_domain(in, &one.domain, e);
	if (r == 0)
		r = render_wanted(in, one.domain, &w, e);
	for (size_t i = 0; i < w.n && r == 0; i++) {
		r = print_wanted(in, &w.v[i], out, &now, e);
		if (r == 0 && i)
			note_apart(w.v[i].dev->loc, &last, &now, notes);
		last = now;
	}
	if (r == 0 && w.n)
		note_several(&one, one.domain->loc, w.n,
			     wanted_label(label, in->topo, w.v[0].pf, w.v[0].index), notes);
	return r;
}
