// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/libvirt_hostdev.h"

#include "render/guest.h"

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

static int print_vfs(const struct render_in *in, FILE *out, struct problems *notes, struct err *e)
{
	char text[BDF_STRLEN];

	for (size_t i = 0; i < in->n_vfs; i++) {
		int r = libvirt_check_segment(vf_of(in->vfs[i])->bdf, e);

		if (r < 0)
			return r;
		print_hostdev(vf_of(in->vfs[i])->bdf, pf_label(text, in->vfs[i].pf),
			      in->vfs[i].index, false, out);
	}
	note_several(in, (struct loc){ 0, 0 }, in->n_vfs, bdf_str(text, vf_of(in->vfs[0])->bdf),
		     notes);
	return 0;
}

int libvirt_hostdevs(const struct render_in *in, FILE *out, struct problems *notes, struct err *e)
{
	_cleanup_(wanted_done) struct wanted w = { 0 };
	char label[WANTED_LABEL_MAX];
	struct render_in one = *in;
	int r;

	if (in->n_vfs)
		return print_vfs(in, out, notes, e);
	r = guest_domain(in, &one.domain, e);
	if (r == 0)
		r = render_wanted(in, one.domain, &w, e);
	for (size_t i = 0; i < w.n && r == 0; i++) {
		struct bdf vf;

		r = render_vf_bdf(in, w.v[i].pf, w.v[i].index, &vf, e);
		if (r == 0)
			r = libvirt_check_segment(vf, e);
		if (r == 0)
			print_hostdev(vf, in->topo->pfs[w.v[i].pf].name, w.v[i].index,
				      render_is_computed(in, w.v[i].pf, w.v[i].index), out);
	}
	if (r == 0 && w.n)
		note_several(&one, one.domain->loc, w.n,
			     wanted_label(label, in->topo, w.v[0].pf, w.v[0].index), notes);
	return r;
}
