// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines for a domain's file in /etc/xen: xl.cfg(5), xl-pci-configuration(5). */
#include <stdlib.h>
#include <string.h>

#include "topology/domain_slots.h"
#include "render/render.h"

struct job {
	const struct render_in *in;
	FILE *out;
	struct problems *notes;
	bool is_first;
};

/* xl makes a domain that has neither type= nor builder= a PV domain (tools/xl/xl_parse.c,
 * parse_config_data()). */
static bool is_pv(const struct topo_domain *d)
{
	return d->xen_type == DOMAIN_PV || d->xen_type == DOMAIN_UNKNOWN;
}

static int refuse_pvh(const struct topo_domain *d, struct err *e)
{
	err_refuse(e, ENOTSUP, "PVH domains take no PCI devices");
	err_fix(e, 0, "write type=pv or type=hvm in its xen: block");
	return err_at(e, -ENOTSUP, d->name, "type=pvh");
}

/*
 * libxl reads four digits of the segment, and QEMU's device id has no segment at all (libxl_pci.c,
 * PCI_PT_QDEV_ID), so an HVM domain cannot have the same BB:DD.F from two segments.
 */
static int check_segments(const struct topo_domain *d, const struct bdf *v, size_t n, struct err *e)
{
	_cleanup_free_ uint32_t *segment = calloc(0x10000, sizeof(*segment));
	char text[BDF_STRLEN];

	if (!segment)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < n; i++) {
		uint32_t *seen = &segment[bdf_key(v[i]) & 0xffff];

		bdf_str(text, v[i]);
		if (v[i].domain > 0xffff) {
			err_refuse(e, ENOTSUP, "libxl takes PCI segments of four digits");
			return err_at(e, -ENOTSUP, d->name, text);
		}
		if (*seen && *seen != v[i].domain + 1 && !is_pv(d)) {
			err_refuse(e, ENOTSUP,
				   "the domain has %s in segment %04x too, and QEMU "
				   "cannot tell them apart",
				   text + 5, *seen - 1);
			err_fix(e, 0, "give one of them to another domain");
			return err_at(e, -ENOTSUP, d->name, text);
		}
		*seen = v[i].domain + 1;
	}
	return 0;
}

/* Several VFs cannot have one fixed slot in the guest. */
static int check_vslot(const struct wanted *w, const struct topo_domain *d, struct err *e)
{
	for (size_t i = 1; i < w->n; i++)
		if (w->v[i].dev == w->v[i - 1].dev && w->v[i].options.vslot > 0 && !is_pv(d)) {
			err_usage(e, "vslot=%x for several VFs", (unsigned)w->v[i].options.vslot);
			err_fix(e, 0, "write one entry for each VF");
			return err_at(e, -EINVAL, d->name, NULL);
		}
	return 0;
}

static bool is_whole(const struct job *j, const struct wanted_vf *vf)
{
	return j->in->topo->pfs[vf->pf].is_dev;
}

static int check_pv_slots(const struct job *j, const char *name, const struct wanted *w,
			  const struct bdf *v, struct err *e)
{
	_cleanup_free_ struct slot_dev *devs = calloc(w->n + 1, sizeof(*devs));

	if (!devs)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < w->n; i++)
		devs[i] = (struct slot_dev){ v[i], !is_whole(j, &w->v[i]) };
	return j->in->real_buses ? 0 : pv_slots_check(name, devs, w->n, 0, e);
}

static int check_hvm_slots(const struct job *j, const struct topo_domain *d, const struct wanted *w,
			   const char *name, struct err *e)
{
	struct hvm_slots map;
	int r = hvm_slots_check(name, w->n, e);

	hvm_slots_init(&map);
	for (size_t i = 0; i < w->n && r == 0; i++)
		r = hvm_slots_take(&map, name, &w->v[i].options, 1, e);
	if (r == 0 && hvm_slots_are_scarce(w->n))
		problem_note(j->notes, d->loc,
			     "%s: its device model may have too few free slots for %zu devices",
			     name, w->n);
	return r;
}

/* xl would create the domain, but its devices would be missing, or all of them useless. */
static int check_slots(const struct job *j, const struct topo_domain *d, const struct wanted *w,
		       const struct bdf *v, struct err *e)
{
	const char *name = d->xen_vm ? d->xen_vm : d->name;
	int r = is_pv(d) ? check_pv_slots(j, name, w, v, e) : check_hvm_slots(j, d, w, name, e);

	return r < 0 ? err_at(e, r, d->name, "pci=") : 0;
}

/* Source: Xen tools/libs/light/libxl_pci.c, pci_add_qmp_device_add() (no multifunction=, so that
 * QEMU refuses function 0 of a slot that has others, hw/pci/pci.c, pci_init_multifunction()). */
static void note_apart(struct job *j, const struct topo_domain *d, const struct wanted *w,
		       const struct bdf *v)
{
	char a[BDF_STRLEN], b[BDF_STRLEN];

	for (size_t i = 1; i < w->n && !is_pv(d); i++)
		if (is_whole(j, &w->v[i]) && is_whole(j, &w->v[i - 1]) &&
		    bdf_key(v[i]) >> 3 == bdf_key(v[i - 1]) >> 3) {
			problem_note(
				j->notes, w->v[i].dev->loc,
				"%s: %s and %s are of one slot, but devices of their own in an "
				"HVM domain because libxl has no word for QEMU that makes them "
				"one",
				d->name, bdf_str(a, v[i - 1]), bdf_str(b, v[i]));
			return;
		}
}

/* Notes them once for each entry of the topology, not for each VF. */
static void note_options(struct job *j, const struct topo_domain *d, const struct wanted *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct dev_options *o = &w->v[i].options;
		struct loc loc = w->v[i].dev->loc;

		if (i && w->v[i].dev == w->v[i - 1].dev)
			continue;
		if (o->vslot > 0 && is_pv(d))
			problem_note(
				j->notes, loc,
				"%s: vslot has no effect in a PV domain because pciback places "
				"VFs itself",
				d->name);
		if (o->msitranslate == 1 || o->power_mgmt == 1)
			problem_note(j->notes, loc,
				     "%s: msitranslate and power_mgmt have no effect because "
				     "qemu-traditional is gone",
				     d->name);
	}
}

/* In a specification a name stands for an address, so it cannot stand beside one. */
static void print_spec(const struct wanted_vf *vf, struct bdf bdf, FILE *out)
{
	struct dev_options o = vf->options;
	char text[BDF_STRLEN];

	o.name[0] = '\0';
	fprintf(out, "'%s", bdf_str(text, bdf));
	dev_options_print(&o, out);
	fputc('\'', out);
}

static void print_label(const struct job *j, const struct wanted_vf *vf)
{
	char label[WANTED_LABEL_MAX];

	render_text(wanted_label(label, j->in->topo, vf->pf, vf->index), j->out);
	if (vf->options.name[0])
		fprintf(j->out, ", name %s", vf->options.name);
	if (render_is_computed(j->in, vf->pf, vf->index))
		fputs(", " RENDER_COMPUTED, j->out);
}

/* When there are more than these, each gets a line. */
#define MAX_ON_ONE_LINE 2

static void print_long_list(const struct job *j, const struct wanted *w, const struct bdf *v)
{
	fputs("pci = [\n", j->out);
	for (size_t i = 0; i < w->n; i++) {
		fputc('\t', j->out);
		print_spec(&w->v[i], v[i], j->out);
		fputs(",\t# ", j->out);
		print_label(j, &w->v[i]);
		fputc('\n', j->out);
	}
	fputs("]\n", j->out);
}

static void print_short_list(const struct job *j, const struct wanted *w, const struct bdf *v)
{
	fputs("pci = [ ", j->out);
	for (size_t i = 0; i < w->n; i++) {
		fputs(i ? ", " : "", j->out);
		print_spec(&w->v[i], v[i], j->out);
	}
	fputs(w->n ? " ]\t# " : "]", j->out);
	for (size_t i = 0; i < w->n; i++) {
		fputs(i ? "; " : "", j->out);
		print_label(j, &w->v[i]);
	}
	fputc('\n', j->out);
}

static void print_computed(const struct job *j, const struct wanted *w)
{
	bool any = false;

	for (size_t i = 0; i < w->n; i++)
		any |= render_is_computed(j->in, w->v[i].pf, w->v[i].index);
	if (any)
		fputs("# " RENDER_COMPUTED ": " RENDER_COMPUTED_MEANS
		      ".\n# Write these lines anew then.\n",
		      j->out);
}

static void print_pci(const struct job *j, const struct wanted *w, const struct bdf *v)
{
	print_computed(j, w);
	if (w->n > MAX_ON_ONE_LINE)
		print_long_list(j, w, v);
	else
		print_short_list(j, w, v);
}

static bool has_whole(const struct job *j, const struct wanted *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (is_whole(j, &w->v[i]))
			return true;
	return false;
}

static void print_head(const struct job *j, const struct topo_domain *d, const struct wanted *w)
{
	static const char *const types[] = {
		[DOMAIN_UNKNOWN] = "taken as PV because no type= is given",
		[DOMAIN_PV] = "PV",
		[DOMAIN_HVM] = "HVM",
		[DOMAIN_PVH] = "PVH",
	};

	fputs("# ", j->out);
	render_text(d->xen_vm ? d->xen_vm : d->name, j->out);
	fprintf(j->out, " (%s): %zu %s%s, by vfyard render xl from ", types[d->xen_type], w->n,
		has_whole(j, w) ? "device" : "VF", w->n == 1 ? "" : "s");
	render_text(j->in->topo->file, j->out);
	fputc('\n', j->out);
}

/*
 * Both are fixed when the domain is created: libxl derives passthrough from the presence of pci=
 * (libxl_create.c), and a PV guest without the host's memory map has no hole in which pcifront
 * could place BARs. xl itself sets e820_host only together with pci=.
 */
static void print_companions(const struct topo_domain *d, FILE *out)
{
	fputs("# Without it no VF can be attached to a domain that was started without any.\n"
	      "passthrough = \"enabled\"\n",
	      out);
	if (is_pv(d))
		fputs("# Without it pcifront has no room for the BARs of VFs that are attached "
		      "later.\n"
		      "e820_host = 1\n",
		      out);
}

static int print_domain(void *arg, const struct topo_domain *d, struct err *e)
{
	_cleanup_(wanted_done) struct wanted w = { 0 };
	_cleanup_free_ struct bdf *v = NULL;
	struct job *j = arg;
	int r;

	if (d->xen_type == DOMAIN_PVH)
		return refuse_pvh(d, e);
	r = render_wanted(j->in, d, &w, e);
	if (r < 0)
		return r;
	v = calloc(w.n ? w.n : 1, sizeof(*v));
	if (!v)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < w.n && r == 0; i++)
		r = render_vf_bdf(j->in, w.v[i].pf, w.v[i].index, &v[i], e);
	if (r == 0)
		r = check_segments(d, v, w.n, e);
	if (r == 0)
		r = check_vslot(&w, d, e);
	if (r == 0)
		r = check_slots(j, d, &w, v, e);
	if (r < 0)
		return r;
	note_options(j, d, &w);
	note_apart(j, d, &w, v);
	if (!j->is_first)
		fputc('\n', j->out);
	j->is_first = false;
	print_head(j, d, &w);
	print_pci(j, &w, v);
	print_companions(d, j->out);
	return 0;
}

static int xl(const struct render_in *in, FILE *out, struct problems *notes, struct err *e)
{
	struct job j = { in, out, notes, true };

	return render_each_domain(in, print_domain, &j, e);
}

const struct renderer render_xl = {
	.name = "xl",
	.help = "pci = [...] and its companions, for a domain's file in /etc/xen",
	.takes_domain = true,
	.fn = xl,
};
