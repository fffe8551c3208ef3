// SPDX-License-Identifier: GPL-2.0-or-later
/* Arguments for QEMU, for $(vfyard render qemu DOMAIN): no quotes, no comments. */
#include <string.h>

#include "render/guest.h"

/* What a machine type needs besides its ports. */
static const struct {
	const char *name, *options;
} machines[] = {
	/* interrupts through the kernel, the I/O APIC in QEMU: interrupt remapping needs that */
	{ "q35", "q35,kernel-irqchip=split" },
	/* the ITS, because GICv2m has only 64 MSI vectors */
	{ "virt", "virt,gic-version=3" },
};

/* The shell splits the output into words and expands patterns in them, so these must not occur. */
static int check_word(const char *object, const char *what, const char *word, struct err *e)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "_-+=.,:/@%";

	if (*word && strspn(word, safe) == strlen(word))
		return 0;
	err_usage(e, "%s '%s' is not one word for a shell", what, word);
	err_fix(e, 0, "write letters, digits and %s", safe + 62);
	return err_at(e, -EINVAL, object, NULL);
}

static int check_words(const struct render_in *in, const struct guest *g, struct err *e)
{
	int r = in->cpu ? check_word("render qemu", "--cpu", in->cpu, e) : 0;

	if (r == 0 && in->with_machine && g->domain->qmp)
		r = check_word(g->domain->name, "qmp", g->domain->qmp, e);
	return r;
}

/* A comma in a value is doubled (QEMU util/keyval.c, qemu-option.c get_opt_value()). */
static void print_value(const char *s, FILE *out)
{
	for (; *s; s++) {
		if (*s == ',')
			fputc(',', out);
		fputc(*s, out);
	}
}

static void print_machine(const struct render_in *in, const struct guest *g, FILE *out)
{
	fprintf(out, "-name %s\n", g->domain->name);
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (!strcmp(machines[i].name, g->plan.machine->name))
			fprintf(out, "-machine %s\n", machines[i].options);
	fputs("-accel kvm\n-accel tcg\n", out);
	if (!in->cpu)
		fputs("-cpu max\n", out);
	fputs("-m 1G\n-nodefaults\n-display none\n", out);
	if (g->domain->qmp) {
		fputs("-qmp unix:", out);
		print_value(g->domain->qmp, out);
		fputs(",server=on,wait=off\n", out);
	}
}

/* Comments would become words, so the numbers go into a note. */
static void note_ledger(const struct guest *g, struct problems *notes)
{
	char ledger[PORTS_LEDGER_MAX];

	problem_note(notes, g->domain->loc, "%s: %s", g->domain->name,
		     ports_ledger(ledger, &g->plan));
}

/* Only formats with comments say which ones these are. */
static void note_computed(const struct guest *g, struct problems *notes)
{
	char text[BDF_STRLEN];
	size_t first = 0;

	if (!g->n_computed)
		return;
	while (!g->computed[first])
		first++;
	problem_note(notes, g->domain->loc,
		     "%s: %zu address%s " RENDER_COMPUTED ", %s%s: VFs that are "
		     "not made yet may get other addresses",
		     g->domain->name, g->n_computed, g->n_computed == 1 ? " is" : "es are",
		     bdf_str(text, g->vfs[first]), g->n_computed == 1 ? "" : " and others");
}

static void note_monitor(const struct guest *g, struct problems *notes)
{
	if (!g->domain->qmp)
		err_fix(problem_note(notes, g->domain->loc,
				     "%s: it starts without a monitor, and nothing can be plugged "
				     "into it while it runs",
				     g->domain->name),
			0, "write \"kvm: qmp=/run/%s.qmp\" for it in the topology",
			g->domain->name);
}

static int qemu(const struct render_in *in, FILE *out, struct problems *notes, struct err *e)
{
	_cleanup_(guest_done) struct guest g = { 0 };
	struct qdev d;
	int r = guest_make(in, &g, notes, e);

	if (r == 0)
		r = check_words(in, &g, e);
	if (r < 0)
		return r;
	note_ledger(&g, notes);
	note_computed(&g, notes);
	if (in->with_machine) {
		print_machine(in, &g, out);
		note_monitor(&g, notes);
	}
	if (in->cpu)
		fprintf(out, "-cpu %s\n", in->cpu);
	for (size_t i = 0; guest_qdev(&g, i, &d); i++) {
		fprintf(out, "-device %s,id=%s", d.driver, d.id);
		for (size_t p = 0; p < d.n; p++)
			fprintf(out, ",%s=%s", d.props[p].key, d.props[p].value);
		fputc('\n', out);
	}
	return 0;
}

const struct renderer render_qemu = {
	.name = "qemu",
	.help = "-device arguments of one machine: ports and VFs",
	.takes_domain = true,
	.takes = RENDER_TAKES_CPU | RENDER_TAKES_MACHINE | RENDER_TAKES_RESERVE,
	.fn = qemu,
};
