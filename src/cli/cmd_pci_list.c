// SPDX-License-Identifier: GPL-2.0-or-later
/* What is attached, and where the guest really sees it. */
#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "report/json_text.h"
#include "report/problem_json.h"

struct listing {
	struct attachment *v;
	size_t n;
};

static void listing_done(struct listing *l)
{
	free(l->v);
}

static int read_listing(struct cli *cli, const char *domain, struct listing *l, struct err *e)
{
	const struct backend_ops *ops;
	struct domain d = { 0 };
	int r = session_backend(&cli->s, true, e);

	if (r == 0)
		r = session_inventory(&cli->s, 0, e);
	if (r < 0)
		return r;
	ops = cli->s.ops;
	if (domain) {
		r = ops->domain_find(cli->s.backend, domain, &d, e);
		if (r < 0)
			return err_at(e, r, domain, "find the domain");
	}
	r = ops->list(cli->s.backend, domain ? &d : NULL, &l->v, &l->n, e);
	if (domain && ops->domain_done)
		ops->domain_done(&d);
	return err_at(r < 0 ? e : NULL, r, domain ? domain : "host", "list attached devices");
}

/* "permissive=1,vslot=5", "-" for none. free() it. */
static char *options_text(const struct dev_options *o)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	dev_options_print(o, out);
	fputs(ftell(out) > 0 ? "" : ",-", out);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	memmove(text, text + 1, strlen(text));
	return text;
}

/* "net0/3"; "-" for a function that is no VF of this host. */
static void vf_word(const struct cli *cli, struct bdf bdf, char buf[VF_LABEL_MAX])
{
	struct vf_ref vf;

	snprintf(buf, VF_LABEL_MAX, "-");
	if (inventory_find_vf(cli->s.inv, bdf, &vf))
		vf_label(buf, vf);
	buf[strcspn(buf, " ")] = '\0';
}

/* The last column has no end. */
static void print_row(FILE *out, const size_t width[4], const char *const cells[4],
		      const char *domain)
{
	for (size_t c = 0; c < 4; c++)
		text_cell(out, width[c] + 1, cells[c]);
	text_put(out, domain);
	putc('\n', out);
}

/* Column widths grow with what is in them; @out NULL measures. */
static int print_rows(const struct cli *cli, const struct listing *l, size_t width[4], FILE *out)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct attachment *a = &l->v[i];
		_cleanup_free_ char *options = options_text(&a->options);
		char bdf[BDF_STRLEN], vf[VF_LABEL_MAX];
		const char *cells[4] = { a->guest_addr[0] ? a->guest_addr : "-",
					 bdf_str(bdf, a->bdf), vf, options };

		if (!options)
			return -ENOMEM;
		vf_word(cli, a->bdf, vf);
		for (size_t c = 0; !out && c < ARRAY_SIZE(cells); c++)
			if (text_width(cells[c]) > width[c])
				width[c] = text_width(cells[c]);
		if (out)
			print_row(out, width, cells, a->domain);
	}
	return 0;
}

static int print_table(const struct cli *cli, const struct listing *l)
{
	static const char *const titles[4] = { "Vdev", "Device", "VF", "Options" };
	size_t width[4] = { 4, 6, 2, 7 };
	int r = print_rows(cli, l, width, NULL);

	if (r < 0 || !l->n)
		return r;
	print_row(stdout, width, titles, "Domain");
	return print_rows(cli, l, width, stdout);
}

static json_t *yes_no(int8_t v)
{
	return v == OPTION_NOT_GIVEN ? json_null() : json_boolean(v);
}

static json_t *as_json(const struct cli *cli, const struct attachment *a)
{
	static const char *const policies[] = {
		[RDM_STRICT] = "strict", [RDM_RELAXED] = "relaxed"
	};
	char bdf[BDF_STRLEN], buf[BDF_STRLEN], pf_bdf[BDF_STRLEN];
	struct vf_ref vf = { 0 };
	bool is_vf = inventory_find_vf(cli->s.inv, a->bdf, &vf);

	return json_pack(
		"{s:s, s:o, s:s?, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:s?, s:o}", "bdf",
		bdf_str(bdf, a->bdf), "pf", json_text(is_vf ? pf_label(buf, vf.pf) : NULL),
		"pf_bdf", is_vf ? bdf_str(pf_bdf, vf.pf->bdf) : NULL, "index",
		is_vf ? json_integer(vf.index) : json_null(), "domain", json_text(a->domain),
		"guest_addr", json_text(a->guest_addr[0] ? a->guest_addr : NULL), "ready",
		(int)a->is_ready, "why", json_text(a->why), "permissive",
		yes_no(a->options.permissive), "msitranslate", yes_no(a->options.msitranslate),
		"power_mgmt", yes_no(a->options.power_mgmt), "rdm_policy",
		policies[a->options.rdm_policy], "vslot",
		a->options.vslot < 0 ? json_null() : json_integer(a->options.vslot));
}

static int print_json(const struct cli *cli, const struct listing *l, struct err *e)
{
	json_t *list = json_array();
	json_t *doc = json_pack("{s:i, s:s, s:o}", "version", 1, "hypervisor", cli->s.ops->name,
				"attached", list);
	int r = doc ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < l->n; i++)
		r = json_array_append_new(list, as_json(cli, &l->v[i])) < 0 ? -ENOMEM : 0;
	if (r == 0)
		return json_print(doc, e);
	json_decref(doc);
	return err_set(e, -r, "print: %s", strerror(-r));
}

static int list_attached(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(listing_done) struct listing l = { 0 };
	char bdf[BDF_STRLEN];
	int r = read_listing(cli, cli_domain(cli, argc ? argv[0] : NULL), &l, e);

	if (r < 0)
		return r;
	if (cli->json)
		return print_json(cli, &l, e);
	r = print_table(cli, &l);
	for (size_t i = 0; i < l.n; i++)
		if (l.v[i].why)
			log_note(&cli->s.host.log, "%s in domain %s: %s", bdf_str(bdf, l.v[i].bdf),
				 l.v[i].domain, l.v[i].why);
	return r < 0 ? err_set(e, -r, "print: %s", strerror(-r)) : 0;
}

extern const struct cmd cmd_pci_list;
const struct cmd cmd_pci_list = {
	.name = "pci-list",
	.args = "[DOMAIN]",
	.help = "what is attached, with the address the guest sees",
	.optstring = "",
	.max_args = 1,
	.run = list_attached,
};
