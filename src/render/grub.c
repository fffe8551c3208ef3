// SPDX-License-Identifier: GPL-2.0-or-later
/* A file for /etc/default/grub.d, with which xen-pciback holds VFs from boot on. */
#include <string.h>

#include "host/boot/guest_irqs.h"
#include "render/hide.h"
#include "render/hide_kept.h"

/* Xen cuts a PV dom0's command line at this length. Source: Xen xen/include/public/xen.h,
 * MAX_GUEST_CMDLINE 1024 with the final zero; xen/arch/x86/pv/dom0_build.c. */
#define DOM0_LINE_MAX 1023

/* Xen keeps and shows no more than this of its own command line. Source: Xen
 * xen/include/public/version.h, xen_commandline_t. */
#define XEN_LINE_MAX 1023

#define HIDE_WORD "xen-pciback.hide="

/* The domain that needs the most interrupts, and how many all domains need together. */
struct need {
	const struct topo_domain *domain;
	unsigned vectors;
	bool is_assumed;
	unsigned long all;
};

static unsigned vectors_of(const struct render_in *in, size_t pf, bool *is_assumed)
{
	if (in->vectors && in->vectors[pf] != UNKNOWN)
		return (unsigned)in->vectors[pf];
	*is_assumed = true;
	return in->vectors_per_vf;
}

static int find_need(const struct render_in *in, struct need *ret, struct err *e)
{
	unsigned long all = 0;

	for (size_t i = 0; i < in->topo->n_domains; i++) {
		_cleanup_(wanted_done) struct wanted w = { 0 };
		struct need n = { .domain = &in->topo->domains[i] };
		int r = wanted_of(in->topo, in->pfs, n.domain, &w, e);

		if (r < 0)
			return r;
		for (size_t k = 0; k < w.n; k++)
			n.vectors += vectors_of(in, w.v[k].pf, &n.is_assumed);
		all += n.vectors;
		if (n.vectors > ret->vectors)
			*ret = n;
	}
	ret->all = all;
	return 0;
}

/* Returns the length of the running line without the word that our file put there, because the file
 * is replaced. A word from elsewhere stays, and ours comes behind it. */
static size_t line_as_it_stays(const char *cmdline, bool own_hide)
{
	size_t total = 0, len;

	for (const char *s = cmdline; *s; s += len) {
		s += strspn(s, " \t\n");
		len = strcspn(s, " \t\n");
		if (!len || (own_hide && (!strncmp(s, HIDE_WORD, strlen(HIDE_WORD)) ||
					  !strncmp(s, "xen_pciback.hide=", strlen(HIDE_WORD)))))
			continue;
		total += len + (total ? 1 : 0);
	}
	return total;
}

static size_t line_length(const struct render_in *in, const struct hide *h)
{
	size_t rest = in->cmdline ? line_as_it_stays(in->cmdline, in->own_hide) : 0;

	return rest + (rest ? 1 : 0) + strlen(HIDE_WORD) + h->len;
}

static int check_line(const struct render_in *in, const struct hide *h, struct err *e)
{
	size_t len = line_length(in, h);

	if (len <= DOM0_LINE_MAX)
		return 0;
	err_refuse(e, E2BIG, "dom0's command line becomes %zu bytes, but Xen cuts it at %d", len,
		   DOM0_LINE_MAX);
	err_fix(e, 0, "use vfyard render modprobe, %sor the boot service: systemctl enable vfyard",
		in->compact ? "" : "--compact, ");
	return err_at(e, -E2BIG, "hide=", NULL);
}

static void print_head(const struct render_in *in, const struct hide *h, FILE *out)
{
	fputs("# /etc/default/grub.d/vfyard.cfg, by vfyard render grub from ", out);
	render_text(in->topo->file, out);
	fputs("\n# Put this output there, run update-grub and reboot. Set hide= in one place only.\n"
	      "# ",
	      out);
	hide_print_summary(h, in->topo, out);
	if (in->cmdline)
		fprintf(out, "; dom0's command line becomes %zu of %d bytes.\n", line_length(in, h),
			DOM0_LINE_MAX);
	else
		fprintf(out, "; keep dom0's whole command line within %d bytes.\n", DOM0_LINE_MAX);
	hide_print_kept(h, out);
	hide_print_computed(h, in, out);
	if (h->n_wildcards)
		fputs("# The wildcards match nothing else: every function of this host and every "
		      "address its\n# VFs can have was compared. Make this file again when "
		      "hardware or numvfs changes.\n",
		      out);
	if (h->is_unproved)
		fputs("# Not everything is compact: some PFs do not tell yet where their VFs will "
		      "be.\n",
		      out);
}

/* Says which VFs hide= does not reach, and what does. */
static void print_limits(const struct render_in *in, const struct hide *h, FILE *out)
{
	fputs("# hide= works where xen-pciback is loaded before the driver of the VFs (the softdep "
	      "lines\n# of vfyard render modprobe see to it; put it into the initramfs when the PF "
	      "driver is there)\n# and where VFs are probed as they appear.\n",
	      out);
	for (size_t i = 0; i < in->topo->n_pfs; i++) {
		const struct topo_pf *pf = &in->topo->pfs[i];

		if (!pf->has_autoprobe || pf->autoprobe || !hide_has_pf(h, i))
			continue;
		fputs("# ", out);
		render_text(pf->name, out);
		fputs(" has autoprobe=0: nothing probes its VFs as they appear, so hide= cannot "
		      "work for them.\n",
		      out);
	}
	fputs("# Elsewhere the boot service makes them assignable, run: systemctl enable vfyard\n",
	      out);
}

/* REPLACE_DEFAULT replaces the line, so this keeps what an earlier file put there, or else the
 * variable that it stands for.
 * Source: Debian /etc/grub.d/20_linux_xen. */
static void print_dom0_line(const struct hide *h, FILE *out)
{
	fprintf(out,
		"GRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT=\"${GRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT:-"
		"$GRUB_CMDLINE_LINUX_DEFAULT} " HIDE_WORD "%s\"\n",
		h->value);
}

static void print_cpus(const struct render_in *in, unsigned nr, FILE *out)
{
	if (in->cpus)
		fprintf(out, "# nr_irqs= is enough for its %u CPUs", in->cpus);
	else
		fprintf(out,
			"# nr_irqs= is enough for %u CPUs: write %u for each where there are more",
			guest_irqs_cpus(nr), IRQS_PER_CPU);
}

/* Always prints both words; host/boot/guest_irqs.h says why. */
static int print_xen_line(const struct render_in *in, const struct need *need, FILE *out,
			  struct err *e)
{
	struct irq_words w;
	char words[64];

	if (need->vectors <= GUEST_IRQS_DEFAULT)
		return 0;
	if (!guest_irqs_words(need->vectors, need->all, in->cpus, &w)) {
		err_refuse(e, ERANGE, "its VFs need %u interrupts, Xen has %u", need->vectors,
			   GUEST_IRQS_MAX);
		return err_at(e, -ERANGE, need->domain->name, "extra_guest_irqs=");
	}
	snprintf(words, sizeof(words), "extra_guest_irqs=%u nr_irqs=%u", w.extra, w.nr);
	fputs("# Xen's own line: the VFs of domain ", out);
	render_text(need->domain->name, out);
	fprintf(out, " have %u MSI-X vectors%s,\n# a domain gets %u interrupts by default.\n",
		need->vectors, need->is_assumed ? " (assumed where not readable)" : "",
		GUEST_IRQS_DEFAULT);
	fputs("# From Xen 4.19 on extra_guest_irqs= alone leaves every domain without any; nr_irqs= is "
	      "the\n# host's whole number. Where your line has them already, keep the greater.\n",
	      out);
	print_cpus(in, w.nr, out);
	fprintf(out, ".\n# These words take %zu bytes of the %d that Xen keeps of its line.\n",
		strlen(words) + 1, XEN_LINE_MAX);
	fprintf(out, "GRUB_CMDLINE_XEN=\"$GRUB_CMDLINE_XEN %s\"\n", words);
	return 0;
}

static int refuse_kvm(struct err *e)
{
	err_usage(e, "hide= is for a Xen dom0, but the topology says hypervisor=kvm");
	return err_fix(e, -EINVAL, "use vfyard render modprobe");
}

static int grub(const struct render_in *in, FILE *out, struct problems *notes, struct err *e)
{
	_cleanup_(hide_done) struct hide h = { 0 };
	struct need need = { 0 };
	int r;

	if (in->topo->hypervisor == TOPO_KVM)
		return refuse_kvm(e);
	r = hide_make(in, &h, e);
	if (r == 0)
		r = hide_check(in, &h, e);
	if (r == 0)
		r = check_line(in, &h, e);
	if (r == 0)
		r = find_need(in, &need, e);
	if (r < 0)
		return r;
	if (!h.n_vfs) {
		fputs("# No VF is given to a domain or has driver=assign: nothing to hide.\n", out);
		return 0;
	}
	hide_note_places(in, true, notes);
	print_head(in, &h, out);
	print_dom0_line(&h, out);
	r = print_xen_line(in, &need, out, e);
	if (r == 0)
		print_limits(in, &h, out);
	return r;
}

const struct renderer render_grub = {
	.name = "grub",
	.help = "dom0 and Xen command lines, for /etc/default/grub.d",
	.takes = RENDER_TAKES_COMPACT,
	.fn = grub,
};
