// SPDX-License-Identifier: GPL-2.0-or-later
/* The pf list, and the dev list, which finds functions in the same way. */
#include "topology/build/build.h"

#include <string.h>

#include "topology/build/value.h"

static int set_bdf(void *object, const struct topo_word *key, const struct topo_word *v,
		   struct err *e)
{
	struct topo_pf *pf = object;
	struct err why = { 0 };

	if (bdf_parse(&pf->bdf, v->s, &why) < 0)
		return err_fix(e, err_usage(e, "%s: %s", key->s, why.cause), "%s", why.fix);
	pf->has_bdf = true;
	return 0;
}

static int set_netdev(void *object, const struct topo_word *key, const struct topo_word *v,
		      struct err *e)
{
	struct topo_pf *pf = object;

	/* ALTIFNAMSIZ - 1; the kernel allows a slash in an alternative name */
	if (strpbrk(v->s, ": \t"))
		return err_usage(e, "%s: '%s' is not a name of a network device", key->s, v->s);
	return value_text(key, v, 127, &pf->netdev, e);
}

static int set_mac(void *object, const struct topo_word *key, const struct topo_word *v,
		   struct err *e)
{
	struct topo_pf *pf = object;
	int r = value_mac(key, v, pf->mac, e);

	pf->has_mac = r == 0;
	return r;
}

static size_t hex_digits(const char *s)
{
	return strspn(s, "0123456789abcdefABCDEF");
}

/* Makes "0000:00:01.0", then "/00.1" for each bridge behind it; a full address only where the
 * segment changes. A full address that is not needed is shortened, because a path does not tell bus
 * numbers. */
static bool canonical_path(const char *s, char *ret, size_t size)
{
	char part[BDF_STRLEN], full[BDF_STRLEN + 16];
	uint32_t segment = 0;
	size_t len = 0;

	for (bool first = true; s; first = false) {
		size_t n = strcspn(s, "/");
		struct bdf b;

		if (n >= sizeof(part) || len + BDF_STRLEN + 1 >= size)
			return false;
		memcpy(part, s, n);
		part[n] = '\0';
		snprintf(full, sizeof(full), "%08x:00:%s", segment, part);
		if (!bdf_scan(&b, part) && (first || n != 4 || !bdf_scan(&b, full)))
			return false;
		if (first || b.domain != segment)
			len += (size_t)snprintf(ret + len, size - len, "%s%s", first ? "" : "/",
						bdf_str(full, b));
		else
			len += (size_t)snprintf(ret + len, size - len, "/%02x.%x", b.dev, b.fn);
		segment = b.domain;
		s = s[n] ? s + n + 1 : NULL;
	}
	return true;
}

static void to_lower(char *s)
{
	for (; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
}

static int set_path(void *object, const struct topo_word *key, const struct topo_word *v,
		    struct err *e)
{
	struct topo_pf *pf = object;
	char path[512];
	struct topo_word canonical = { path, v->loc, false };

	if (!canonical_path(v->s, path, sizeof(path)))
		return err_fix(e, err_usage(e, "%s: '%s' is not a bridge path", key->s, v->s),
			       "write it as 0000:00:01.0/00.1");
	return value_text(key, &canonical, sizeof(path), &pf->path, e);
}

static int set_id(void *object, const struct topo_word *key, const struct topo_word *v,
		  struct err *e)
{
	struct topo_pf *pf = object;

	if (strlen(v->s) != 9 || hex_digits(v->s) != 4 || v->s[4] != ':' ||
	    hex_digits(v->s + 5) != 4)
		return err_fix(e, err_usage(e, "%s: '%s' is not vendor:device", key->s, v->s),
			       "write both as four hexadecimal digits, for example 8086:10c9");
	pf->vendor = (uint16_t)strtoul(v->s, NULL, 16);
	pf->device = (uint16_t)strtoul(v->s + 5, NULL, 16);
	pf->has_id = true;
	return 0;
}

static int set_nth(void *object, const struct topo_word *key, const struct topo_word *v,
		   struct err *e)
{
	struct topo_pf *pf = object;
	unsigned long n;
	int r = value_number(key, v, 0, 65535, &n, e);

	if (r < 0)
		return r;
	pf->nth = (unsigned)n;
	pf->has_nth = true;
	return 0;
}

/* Reads a serial number as lspci prints it: eight bytes, most significant first. */
static int set_serial(void *object, const struct topo_word *key, const struct topo_word *v,
		      struct err *e)
{
	struct topo_pf *pf = object;
	bool good = strlen(v->s) == 23;
	int r;

	for (size_t i = 0; good && i < 23; i += 3)
		good = hex_digits(v->s + i) == 2 && v->s[i + 2] == (i < 21 ? '-' : '\0');
	if (!good)
		return err_fix(e, err_usage(e, "%s: '%s' is not a PCI serial number", key->s, v->s),
			       "write it as lspci -v does, 00-25-38-81-21-00-aa-bb");
	r = value_text(key, v, 23, &pf->serial, e);
	if (r == 0)
		to_lower(pf->serial);
	return r;
}

static int set_numvfs(void *object, const struct topo_word *key, const struct topo_word *v,
		      struct err *e)
{
	struct topo_pf *pf = object;
	unsigned long n;
	int r = value_number(key, v, 0, 65535, &n, e);

	if (r < 0)
		return r;
	pf->numvfs = (unsigned)n;
	pf->has_numvfs = true;
	return 0;
}

static int set_autoprobe(void *object, const struct topo_word *key, const struct topo_word *v,
			 struct err *e)
{
	struct topo_pf *pf = object;
	int r = value_yes_no(key, v, &pf->autoprobe, e);

	pf->has_autoprobe = r == 0;
	return r;
}

static int set_up(void *object, const struct topo_word *key, const struct topo_word *v,
		  struct err *e)
{
	return value_yes_no(key, v, &((struct topo_pf *)object)->up, e);
}

/* Selectors first. */
static const struct topo_field fields[] = {
	{ "bdf", false, set_bdf },
	{ "netdev", false, set_netdev },
	{ "mac", false, set_mac },
	{ "path", false, set_path },
	{ "id", false, set_id },
	{ "nth", false, set_nth },
	{ "serial", false, set_serial },
	{ "numvfs", false, set_numvfs },
	{ "autoprobe", true, set_autoprobe },
	{ "up", true, set_up },
};

#define N_SELECTORS 7u

bool topo_build_is_pf_setting(const char *key)
{
	for (size_t i = N_SELECTORS; i < ARRAY_SIZE(fields); i++)
		if (!strcmp(fields[i].name, key))
			return true;
	return false;
}

void topo_build_pf_settings(struct topo_build *b, const struct topo_entry *spec, struct topo_pf *pf)
{
	topo_entry_apply(spec, fields + N_SELECTORS, ARRAY_SIZE(fields) - N_SELECTORS, pf, &b->c);
}

static int set_functions(void *object, const struct topo_word *key, const struct topo_word *v,
			 struct err *e)
{
	static const char *const words[] = { "all", NULL };
	unsigned ignored;
	int r = value_choice(key, v, words, &ignored, e);

	((struct topo_pf *)object)->all_functions = r == 0;
	return r;
}

static const struct topo_field dev_fields[] = {
	{ "bdf", false, set_bdf },	 { "netdev", false, set_netdev },
	{ "mac", false, set_mac },	 { "path", false, set_path },
	{ "id", false, set_id },	 { "nth", false, set_nth },
	{ "serial", false, set_serial }, { "functions", false, set_functions },
};

/* What a list is of, in sentences. */
struct list_kind {
	const char *what; /* "PF" */
	const char *list; /* "net0" */
	const struct topo_field *fields;
	size_t n_fields;
	bool is_dev;
};

static const struct list_kind pf_list = { "PF", "net0", fields, ARRAY_SIZE(fields), false };
static const struct list_kind dev_list = { "device", "gpu0", dev_fields, ARRAY_SIZE(dev_fields),
					   true };

static bool has_field(const struct topo_entry *spec, const char *name)
{
	for (size_t i = 0; i < spec->n; i++)
		if (!strcmp(spec->keys[i].s, name))
			return true;
	return false;
}

/* Asked of the words and not of the model: a selector with a bad value has its own error. */
static void need_selector(struct topo_build *b, const struct topo_entry *spec,
			  const struct list_kind *kind)
{
	static const char *const selectors[] = { "bdf", "netdev", "mac", "path", "id", "serial" };

	for (size_t i = 0; i < ARRAY_SIZE(selectors); i++)
		if (has_field(spec, selectors[i]))
			return;
	err_fix(topo_error(&b->c, spec->loc, "nothing says which %s '%s' is", kind->what,
			   spec->head.s),
		0, "add one of bdf=, netdev=, mac=, path=, id=, serial=");
}

/* Without numvfs= a PF is never written to. */
static void need_numvfs(struct topo_build *b, const struct topo_entry *spec,
			const struct topo_pf *pf)
{
	if (pf->up && !has_field(spec, "numvfs"))
		err_fix(topo_error(
				&b->c, spec->loc,
				"up=1 is only for VFs that are to be made, but '%s' has no numvfs=",
				spec->head.s),
			0, "add numvfs=, or remove up=");
}

/* Why this is no name for one; the entry cannot be referred to. */
static void no_name(struct topo_build *b, const struct topo_entry *spec,
		    const struct list_kind *kind, const struct err *why)
{
	if (spec->index.s)
		err_fix(topo_error(&b->c, spec->loc, "'%s/%s' is not a name for a %s", spec->head.s,
				   spec->index.s, kind->what),
			0, "write letters, digits, '-', '_', '.'");
	else if (spec->head.s)
		err_fix(topo_error(&b->c, spec->loc, "%s", why->cause), 0, "%s", why->fix);
	else
		topo_error(&b->c, spec->loc, "this %s has no \"name\"", kind->what);
}

static int build_pf(struct topo_build *b, struct topo_node *node, const struct list_kind *kind)
{
	struct topo_pf *pf = &b->t->pfs[b->t->n_pfs];
	struct err why = { 0 };
	struct topo_entry spec;
	int r = topo_build_entry(b, node, "name", NULL, &spec);

	if (spec.address.s)
		err_fix(topo_error(&b->c, spec.address.loc,
				   "%s is a PCI address, but a name is expected", spec.address.s),
			0, "name the %s: \"%s: bdf=%s\"", kind->what, kind->list, spec.address.s);
	if (!spec.head.s || spec.index.s || value_name(kind->what, spec.head.s, &why) < 0) {
		if (r == 0)
			no_name(b, &spec, kind, &why);
		b->pf_names_unsure = true;
		return 0;
	}
	pf->loc = spec.loc;
	pf->is_dev = kind->is_dev;
	pf->name = strdup(spec.head.s);
	if (!pf->name)
		return -ENOMEM;
	b->t->n_pfs++;
	topo_entry_apply(&spec, kind->fields, kind->n_fields, pf, &b->c);
	if (r == 0) {
		need_selector(b, &spec, kind);
		need_numvfs(b, &spec, pf);
	}
	return 0;
}

/* Behind those that are there. */
static int build_list(struct topo_build *b, struct topo_node *value, const struct list_kind *kind)
{
	struct topology *t = b->t;
	struct topo_pf *v;
	int r;

	if (!topo_build_is_list(b, value)) {
		b->pf_names_unsure = true;
		return 0;
	}
	v = reallocarray(t->pfs, t->n_pfs + value->n + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	memset(&v[t->n_pfs], 0, (value->n + 1) * sizeof(*v));
	t->pfs = v;
	for (size_t i = 0; i < value->n; i++) {
		r = build_pf(b, &value->kids[i], kind);
		if (r < 0)
			return r;
	}
	return 0;
}

int topo_build_pfs(struct topo_build *b, struct topo_node *value)
{
	return build_list(b, value, &pf_list);
}

int topo_build_devs(struct topo_build *b, struct topo_node *value)
{
	return build_list(b, value, &dev_list);
}
