// SPDX-License-Identifier: GPL-2.0-or-later
/* A file for /etc/modprobe.d that decides which driver is loaded first. */
#include <string.h>

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

/* modprobe takes one softdep line for each module; only the first one counts. */
static bool was_printed(const struct render_in *in, const struct hide *h, size_t before,
			const char *module)
{
	for (size_t i = 0; i < before; i++) {
		const char *m = hide_has_pf(h, i) ? vf_module_of(in, in->pfs[i]) : NULL;

		if (m && !strcmp(m, module))
			return true;
	}
	return false;
}

static void print_softdeps(const struct render_in *in, const struct hide *h, const char *holders,
			   FILE *out)
{
	for (size_t i = 0; i < in->topo->n_pfs; i++) {
		const char *module;

		if (!hide_has_pf(h, i))
			continue;
		module = vf_module_of(in, in->pfs[i]);
		if (!module) {
			fputs("# The driver of the VFs of ", out);
			render_text(in->topo->pfs[i].name, out);
			fprintf(out, " is not known here; write: softdep MODULE pre: %s\n",
				holders);
		} else if (!was_printed(in, h, i, module)) {
			fprintf(out, "softdep %s pre: %s\n", module, holders);
		}
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
	print_softdeps(in, &h,
		       xen && kvm ? "xen-pciback vfio-pci"
		       : xen	  ? "xen-pciback"
				  : "vfio-pci",
		       out);
	modprobe_print_options(in, out);
	return 0;
}

const struct renderer render_modprobe = {
	.name = "modprobe",
	.help = "which driver comes first, for /etc/modprobe.d",
	.takes = RENDER_TAKES_COMPACT,
	.fn = modprobe,
};
