// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/topology_print.h"

#include <string.h>

#include "base/text.h"

struct printing {
	const struct topology *t;
	const struct topo_notes *notes;
	FILE *out;
};

/* Without quotes of its own the reader would cut it. */
static bool needs_quotes(const char *value)
{
	size_t n = strlen(value);

	return !n || strchr(value, ',') || strchr(" \t", value[0]) || strchr(" \t", value[n - 1]);
}

bool topology_can_say(const char *value)
{
	bool has_single = strchr(value, '\''), has_double = strchr(value, '"');

	for (size_t n, i = 0; value[i]; i += n) {
		n = text_char(value + i, strlen(value + i));
		if (!n || value[i] == '\\' || text_is_control(value + i, n))
			return false;
	}
	if (needs_quotes(value))
		return !has_single && !has_double;
	return !(has_single && has_double) && value[0] != '\'' && value[0] != '"';
}

/* A string that has @value, or NULL, in it cannot be in quotes that are in that. */
static char quote_for(const char *value)
{
	return value && strchr(value, '"') ? '\'' : '"';
}

static void put_value(const struct printing *p, const char *key, const char *value)
{
	const char *quote = needs_quotes(value) ? "'" : "";

	fprintf(p->out, "%s=%s%s%s", key, quote, value, quote);
}

/* "KEY=VALUE" behind a colon, or a comma. */
static const char *separator(unsigned *n)
{
	return (*n)++ ? ", " : ": ";
}

static void put_notes(const struct printing *p, enum note_place place, size_t index)
{
	for (size_t i = 0; p->notes && i < p->notes->n; i++) {
		const struct topo_note *note = &p->notes->v[i];

		if (note->place == place && note->index == index)
			fprintf(p->out, "%s# %s\n",
				place == NOTE_HEAD || place == NOTE_END ? "" : "\t", note->text);
	}
}

static void put_pf_selectors(const struct printing *p, const struct topo_pf *pf, unsigned *n)
{
	char bdf[BDF_STRLEN], mac[MAC_STRLEN];

	if (pf->has_bdf)
		fprintf(p->out, "%sbdf=%s", separator(n), bdf_str(bdf, pf->bdf));
	if (pf->netdev) {
		fputs(separator(n), p->out);
		put_value(p, "netdev", pf->netdev);
	}
	if (pf->has_mac)
		fprintf(p->out, "%smac=%s", separator(n), mac_str(mac, pf->mac));
	if (pf->path)
		fprintf(p->out, "%spath=%s", separator(n), pf->path);
	if (pf->serial)
		fprintf(p->out, "%sserial=%s", separator(n), pf->serial);
	if (pf->has_id)
		fprintf(p->out, "%sid=%04x:%04x", separator(n), pf->vendor, pf->device);
	if (pf->has_nth)
		fprintf(p->out, "%snth=%u", separator(n), pf->nth);
}

static void put_pf(const struct printing *p, const struct topo_pf *pf)
{
	char quote = quote_for(pf->netdev);
	unsigned n = 0;

	fprintf(p->out, "\t%c%s", quote, pf->name);
	put_pf_selectors(p, pf, &n);
	if (pf->has_numvfs)
		fprintf(p->out, "%snumvfs=%u", separator(&n), pf->numvfs);
	if (pf->has_autoprobe)
		fprintf(p->out, "%sautoprobe=%d", separator(&n), pf->autoprobe);
	if (pf->up)
		fprintf(p->out, "%sup=1", separator(&n));
	if (pf->all_functions)
		fprintf(p->out, "%sfunctions=all", separator(&n));
	fprintf(p->out, "%c,\n", quote);
}

static void put_range(const struct printing *p, const struct topo_range *r)
{
	fputs(p->t->pfs[r->pf].name, p->out);
	if (p->t->pfs[r->pf].is_dev)
		return;
	if (r->all)
		fputs("/*", p->out);
	else if (r->first == r->last)
		fprintf(p->out, "/%u", r->first);
	else
		fprintf(p->out, "/%u-%u", r->first, r->last);
}

static void put_vf(const struct printing *p, const struct topo_vf *vf)
{
	char text[VF_ATTR_TEXT];
	unsigned n = 0;

	fputs("\t\"", p->out);
	put_range(p, &vf->range);
	for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
		if (vf->attrs.given & 1u << bit)
			fprintf(p->out, "%s%s", separator(&n),
				vf_attr_text(text, &vf->attrs, (enum vf_attr)(1u << bit)));
	fputs("\",\n", p->out);
}

/* "permissive=1,name=a" as the line has them. */
static void put_options(const struct printing *p, const struct dev_options *o, unsigned *n)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	char *rest, *item;

	if (!to)
		return;
	dev_options_print(o, to);
	if (memstream_close(to, &text) < 0)
		return;
	rest = text + (*text == ',');
	while ((item = strsep(&rest, ",")))
		if (*item)
			fprintf(p->out, "%s%s", separator(n), item);
}

static void put_xen(const struct printing *p, const struct topo_domain *d)
{
	static const char *const types[] = {
		[DOMAIN_PV] = "pv", [DOMAIN_HVM] = "hvm", [DOMAIN_PVH] = "pvh"
	};
	char quote = quote_for(d->xen_vm);
	unsigned n = 0;

	if (!d->has_xen)
		return;
	fprintf(p->out, ", %cxen", quote);
	if (d->xen_vm) {
		fputs(separator(&n), p->out);
		put_value(p, "vm", d->xen_vm);
	}
	if (d->xen_type != DOMAIN_UNKNOWN)
		fprintf(p->out, "%stype=%s", separator(&n), types[d->xen_type]);
	put_options(p, &d->defaults, &n);
	fprintf(p->out, "%s%c", n ? "" : ":", quote);
}

static void put_kvm(const struct printing *p, const struct topo_domain *d)
{
	const struct {
		const char *key, *value;
	} words[] = {
		{ "qmp", d->qmp },	   { "libvirt", d->libvirt }, { "uri", d->uri },
		{ "machine", d->machine }, { "ports", d->ports },
	};
	char quote = quote_for(d->qmp ? d->qmp : d->libvirt);
	unsigned n = 0;

	if (!d->has_kvm)
		return;
	fprintf(p->out, ", %ckvm", quote);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!words[i].value)
			continue;
		fputs(separator(&n), p->out);
		put_value(p, words[i].key, words[i].value);
	}
	if (d->spare)
		fprintf(p->out, "%sspare=%u", separator(&n), d->spare);
	fprintf(p->out, "%s%c", n ? "" : ":", quote);
}

static void put_domain(const struct printing *p, const struct topo_domain *d)
{
	fprintf(p->out, "\t[ \"%s\"", d->name);
	put_xen(p, d);
	put_kvm(p, d);
	for (size_t i = 0; i < d->n_devs; i++) {
		unsigned n = 0;

		fputs(", \"", p->out);
		put_range(p, &d->devs[i].range);
		put_options(p, &d->devs[i].options, &n);
		fputc('"', p->out);
	}
	fputs(" ],\n", p->out);
}

/* "pf", or "dev" */
static void put_pfs(const struct printing *p, const char *list, size_t first, size_t end)
{
	if (first == end)
		return;
	fprintf(p->out, "\n%s = [\n", list);
	for (size_t i = first; i < end; i++) {
		put_notes(p, NOTE_PF, i);
		put_pf(p, &p->t->pfs[i]);
	}
	fputs("]\n", p->out);
}

static void put_vfs(const struct printing *p)
{
	fputs("\nvf = [\n", p->out);
	for (size_t i = 0; i < p->t->n_vfs; i++) {
		put_notes(p, NOTE_VF, i);
		put_vf(p, &p->t->vfs[i]);
	}
	fputs("]\n", p->out);
}

static void put_domains(const struct printing *p)
{
	fputs("\ndomain = [\n", p->out);
	for (size_t i = 0; i < p->t->n_domains; i++) {
		put_notes(p, NOTE_DOMAIN, i);
		put_domain(p, &p->t->domains[i]);
	}
	fputs("]\n", p->out);
}

static bool has_end(const struct topo_notes *notes)
{
	for (size_t i = 0; notes && i < notes->n; i++)
		if (notes->v[i].place == NOTE_END)
			return true;
	return false;
}

void topology_print_text(const struct topology *t, const struct topo_notes *notes, FILE *out)
{
	const struct printing p = { t, notes, out };
	const char *hypervisor = topology_hypervisor_name(t);
	size_t n_pfs = 0;

	put_notes(&p, NOTE_HEAD, 0);
	fputs("version = 1\n", out);
	if (hypervisor)
		fprintf(out, "hypervisor = \"%s\"\n", hypervisor);
	if (t->on_error == TOPO_STOP)
		fputs("on_error = \"stop\"\n", out);
	while (n_pfs < t->n_pfs && !t->pfs[n_pfs].is_dev)
		n_pfs++;
	put_pfs(&p, "pf", 0, n_pfs);
	put_pfs(&p, "dev", n_pfs, t->n_pfs);
	if (t->n_vfs)
		put_vfs(&p);
	if (t->n_domains)
		put_domains(&p);
	if (has_end(notes))
		fputc('\n', out);
	put_notes(&p, NOTE_END, 0);
}
