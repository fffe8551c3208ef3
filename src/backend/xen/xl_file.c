// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * xl's domain files: which functions a domain has, and how. Read with the topology's own reader of
 * that syntax, on every host; libxlutil judges it in tests/test_xen_import.c.
 * Source: Xen docs/man/xl.cfg.5.pod; tools/xl/xl_parse.c, parse_config_data() (pci_permissive and
 * the others are what each device has that says nothing of its own; builder= is the old type=).
 */
#include <stdlib.h>
#include <string.h>

#include "topology/definition.h"
#include "topology/dev_spec.h"
#include "topology/read/lex.h"
#include "topology/read/text.h"

extern const struct definition_reader xl_reader;

struct reading {
	struct definition *d;
	const char *text;
	struct topo_node root;
	struct problems problems;
};

/* The keys that say something of a topology. */
static const char *const keys[] = {
	"name",	     "type",	       "builder",	   "pci",
	"pci_seize", "pci_permissive", "pci_msitranslate", "pci_power_mgmt",
};

static bool is_key(const char *word, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strlen(keys[i]) == n && !strncmp(keys[i], word, n))
			return true;
	return false;
}

/* Does an assignment begin in this line? *ret_len: of its key. */
static bool is_assignment(const char *line, size_t *ret_len)
{
	const char *p = line;

	*ret_len = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789._");
	p += *ret_len;
	p += strspn(p, " \t+");
	return *ret_len && *p == '=';
}

/* A mistake in what is not read here is nobody's loss: most of the file is about the machine. */
static bool matters(const char *text, unsigned line)
{
	const char *key = NULL;
	size_t n, len = 0;

	for (unsigned i = 1; *text && i <= line; i++) {
		const char *start = text + strspn(text, " \t");

		if (is_assignment(start, &n)) {
			key = start;
			len = n;
		}
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return !key || is_key(key, len);
}

/* xl takes the last of several values, and the tree has it. What was not understood is missing. */
static int note_faults(const struct reading *x)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < x->problems.n; i++) {
		const struct problem *p = &x->problems.v[i];

		if (!matters(x->text, p->loc.line))
			continue;
		r = definition_note(x->d, p->loc.line, !strstr(p->err.cause, "already"), "%s",
				    p->err.cause);
	}
	return r;
}

static const char *word_of(const struct reading *x, const char *key)
{
	const struct topo_node *n = topo_node_get(&x->root, key);

	return n && (n->kind == NODE_STRING || n->kind == NODE_NUMBER) ? n->text : NULL;
}

static enum domain_type type_of(const struct reading *x)
{
	const char *type = word_of(x, "type"), *builder = word_of(x, "builder");

	if (type && !strcmp(type, "pv"))
		return DOMAIN_PV;
	if (type && !strcmp(type, "pvh"))
		return DOMAIN_PVH;
	if (type && !strcmp(type, "hvm"))
		return DOMAIN_HVM;
	if (!type && builder && !strcmp(builder, "hvm"))
		return DOMAIN_HVM;
	return type ? DOMAIN_UNKNOWN : DOMAIN_PV;
}

static bool is_on(const struct reading *x, const char *key)
{
	const char *word = word_of(x, key);

	return word && strtol(word, NULL, 0) != 0;
}

static void read_defaults(const struct reading *x, struct dev_options *o)
{
	if (is_on(x, "pci_permissive"))
		o->permissive = 1;
	if (is_on(x, "pci_msitranslate"))
		o->msitranslate = 1;
	if (is_on(x, "pci_power_mgmt"))
		o->power_mgmt = 1;
	if (is_on(x, "pci_seize"))
		o->seize = 1;
}

/* "0b:00.*" is the functions of a slot. Source: Xen docs/man/xl-pci-configuration.5.pod. */
static int read_address(const struct dev_spec *spec, struct bdf *ret, bool *ret_all, struct err *e)
{
	size_t n = strlen(spec->word);
	char word[BDF_STRLEN];

	*ret_all = n > 2 && n < sizeof(word) && !strcmp(spec->word + n - 2, ".*");
	if (!*ret_all)
		return bdf_parse(ret, spec->word, e);
	snprintf(word, sizeof(word), "%.*s0", (int)n - 1, spec->word);
	return bdf_parse(ret, word, e);
}

/* One entry of pci=. Which function has a name the host remembers. */
static int read_device(const struct reading *x, const struct topo_node *item)
{
	_cleanup_(dev_spec_done) struct dev_spec spec = { 0 };
	struct definition_dev *dev;
	struct err why = { 0 };
	struct bdf bdf = { 0 };
	bool all = false;
	int r = item->kind == NODE_STRING ? dev_spec_parse(&spec, item->text, &why)
					  : err_usage(&why, "not a string");

	if (r == 0 && spec.is_name && strlen(spec.word) >= sizeof(dev->name))
		r = err_usage(&why, "its name is too long");
	if (r == 0 && !spec.is_name)
		r = read_address(&spec, &bdf, &all, &why);
	if (r < 0)
		return definition_note(x->d, item->loc.line, true, "a device of pci=: %s",
				       why.cause);
	dev = definition_add(x->d, item->loc.line, bdf);
	if (!dev)
		return -ENOMEM;
	dev->options = spec.options;
	dev->all_functions = all;
	if (spec.is_name)
		snprintf(dev->name, sizeof(dev->name), "%s", spec.word);
	return 0;
}

static int read_devices(const struct reading *x)
{
	const struct topo_node *list = topo_node_get(&x->root, "pci");
	int r = 0;

	if (list && list->kind != NODE_LIST)
		return definition_note(x->d, list->loc.line, true, "pci= is no list");
	/* One that was not read to its end has its fault told already. */
	for (size_t i = 0; list && r == 0 && i < list->n; i++)
		if (list->kids[i].text || list->kids[i].kind != NODE_STRING)
			r = read_device(x, &list->kids[i]);
	return r;
}

static void add_word(char *buf, size_t size, bool is_used, const char *word)
{
	size_t n = strlen(buf);

	if (is_used)
		snprintf(buf + n, size - n, "%s%s", n ? ", " : "", word);
}

/* What has a meaning for this hypervisor only, for whoever goes to another one. */
static int note_own_words(const struct reading *x)
{
	struct dev_options any = x->d->domain.defaults;
	char words[128] = "";

	for (size_t i = 0; i < x->d->n_devs; i++)
		dev_options_default(&any, &x->d->devs[i].options);
	add_word(words, sizeof(words), any.permissive == 1, "permissive");
	add_word(words, sizeof(words), any.msitranslate == 1, "msitranslate");
	add_word(words, sizeof(words), any.power_mgmt == 1, "power_mgmt");
	add_word(words, sizeof(words), any.seize == 1, "seize");
	add_word(words, sizeof(words), any.rdm_policy != RDM_DEFAULT, "rdm_policy");
	return words[0] ? definition_note(x->d, 0, false, "on KVM without a meaning: %s", words)
			: 0;
}

static int build(struct reading *x, struct err *e)
{
	struct topo_domain *to = &x->d->domain;
	const char *name = word_of(x, "name");
	int r;

	if (!name || !*name)
		return err_usage(e, "it has no name=, and so is no domain file of xl");
	to->name = strdup(name);
	to->xen_vm = strdup(name);
	to->has_xen = true;
	to->xen_type = type_of(x);
	to->defaults = (struct dev_options)DEV_OPTIONS_INIT;
	read_defaults(x, &to->defaults);
	r = to->name && to->xen_vm ? note_faults(x) : -ENOMEM;
	if (r == 0)
		r = read_devices(x);
	return r == 0 ? note_own_words(x) : r;
}

static int read_text(struct definition *ret, const char *text, size_t len, struct err *e)
{
	struct reading x = { .d = ret };
	struct topo_ctx c = { .problems = &x.problems };
	_cleanup_free_ char *clean = NULL;
	int r = topo_text_clean(&clean, &c, text, len);

	if (r == -EINVAL)
		r = err_usage(e, "it is no text: %s",
			      x.problems.n ? x.problems.v[0].err.cause : "unreadable");
	x.text = clean;
	if (r == 0 && topo_lex(&x.root, &c, clean) == -ENOMEM)
		r = -ENOMEM;
	if (r == 0)
		r = build(&x, e);
	topo_node_done(&x.root);
	problems_done(&x.problems);
	return r == -ENOMEM ? err_set(e, ENOMEM, "out of memory") : r;
}

const struct definition_reader xl_reader = { "xl", "a domain file of xl", read_text };
