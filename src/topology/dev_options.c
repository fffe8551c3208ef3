// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/dev_options.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bdf.h"

static int set_yes_no(struct dev_options *o, size_t offset, const char *value, struct err *e)
{
	if (strcmp(value, "0") && strcmp(value, "1"))
		return err_fix(e, err_usage(e, "'%s' is not 0 or 1", value), "write 0 or 1");
	*(int8_t *)((char *)o + offset) = (int8_t)(value[0] - '0');
	return 0;
}

static int set_rdm_policy(struct dev_options *o, size_t offset UNUSED, const char *value,
			  struct err *e)
{
	if (!strcmp(value, "strict"))
		o->rdm_policy = RDM_STRICT;
	else if (!strcmp(value, "relaxed"))
		o->rdm_policy = RDM_RELAXED;
	else
		return err_fix(e, err_usage(e, "'%s' is not strict or relaxed", value),
			       "write strict or relaxed");
	return 0;
}

/* Accepts printable characters, except those that end or quote a word in a configuration file or on
 * a command line. */
static int set_name(struct dev_options *o, size_t offset UNUSED, const char *value, struct err *e)
{
	struct bdf b;

	if (strlen(value) >= sizeof(o->name))
		return err_usage(e, "name '%s' is longer than %zu characters", value,
				 sizeof(o->name) - 1);
	for (const char *c = value; *c; c++)
		if (*c <= ' ' || *c > '~' || strchr(",/'\"\\", *c))
			return err_fix(e, err_usage(e, "'%s' is not a device name", value),
				       "write printable characters without blanks , / ' \" \\");
	if (bdf_scan(&b, value))
		return err_usage(e, "name '%s' is a PCI address", value);
	memcpy(o->name, value, strlen(value) + 1);
	return 0;
}

static int set_vslot(struct dev_options *o, size_t offset UNUSED, const char *value, struct err *e)
{
	const char *digits = strncmp(value, "0x", 2) ? value : value + 2;
	size_t n = strlen(digits);
	unsigned long slot = strtoul(digits, NULL, 16);

	if (n < 1 || n > 2 || strspn(digits, "0123456789abcdefABCDEF") != n || slot > 0x1f)
		return err_fix(e, err_usage(e, "'%s' is not a guest slot", value),
			       "write a hexadecimal number 0 to 1f");
	o->vslot = (int8_t)slot;
	return 0;
}

/* In the order in which they are printed. */
static const struct option_key {
	const char *name;
	int (*set)(struct dev_options *o, size_t offset, const char *value, struct err *e);
	size_t offset; /* where a yes/no option is in the struct */
} keys[] = {
	{ "permissive", set_yes_no, offsetof(struct dev_options, permissive) },
	{ "msitranslate", set_yes_no, offsetof(struct dev_options, msitranslate) },
	{ "power_mgmt", set_yes_no, offsetof(struct dev_options, power_mgmt) },
	{ "seize", set_yes_no, offsetof(struct dev_options, seize) },
	{ "rdm_policy", set_rdm_policy, 0 },
	{ "name", set_name, 0 },
	{ "vslot", set_vslot, 0 },
};

const char *dev_option_names(void)
{
	return "permissive, msitranslate, power_mgmt, seize, rdm_policy, name, vslot";
}

static const struct option_key *key_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

static void set_default(struct dev_options *o, const struct option_key *k)
{
	const struct dev_options none = DEV_OPTIONS_INIT;

	if (k->set == set_rdm_policy)
		o->rdm_policy = none.rdm_policy;
	else if (k->set == set_name)
		memcpy(o->name, none.name, sizeof(o->name));
	else if (k->set == set_vslot)
		o->vslot = none.vslot;
	else
		*(int8_t *)((char *)o + k->offset) = OPTION_NOT_GIVEN;
}

int dev_option_set(struct dev_options *o, const char *key, const char *value, struct err *e)
{
	const struct option_key *k = key_find(key);
	struct err why = { 0 };
	int r;

	if (!k)
		return err_fix(e, err_usage(e, "unknown option '%s'", key), "write one of %s",
			       dev_option_names());
	if (!*value) {
		set_default(o, k);
		return 0;
	}
	r = k->set(o, k->offset, value, &why);
	if (r < 0)
		return err_fix(e, err_usage(e, "%s: %s", key, why.cause), "%s", why.fix);
	return 0;
}

/* Parses one "key=value" of a list, and writes into the text. */
static int parse_item(struct dev_options *o, char *item, unsigned *seen, struct err *e)
{
	char *value = strchr(item, '=');
	const struct option_key *k;

	if (!value)
		return err_fix(e, err_usage(e, "'%s' is not an option", item),
			       "write key=value, key is one of %s", dev_option_names());
	*value++ = '\0';
	k = key_find(item);
	if (k && *seen & 1u << (k - keys))
		return err_fix(e, err_usage(e, "option '%s' is given twice", item), "remove one");
	if (k)
		*seen |= 1u << (k - keys);
	return dev_option_set(o, item, value, e);
}

int dev_options_parse(struct dev_options *o, const char *text, struct err *e)
{
	struct dev_options parsed = *o;
	_cleanup_free_ char *copy = strdup(text ? text : "");
	char *rest = copy, *item;
	unsigned seen = 0;
	int r;

	if (!copy)
		return err_set(e, ENOMEM, "out of memory");
	while ((item = strsep(&rest, ","))) {
		/* xl accepts a comma at the end, too */
		if (!*item && !rest)
			break;
		r = parse_item(&parsed, item, &seen, e);
		if (r < 0)
			return r;
	}
	*o = parsed;
	return 0;
}

void dev_options_default(struct dev_options *o, const struct dev_options *defaults)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		int8_t *mine = (int8_t *)((char *)o + keys[i].offset);

		if (keys[i].set == set_yes_no && *mine == OPTION_NOT_GIVEN)
			*mine = *((const int8_t *)defaults + keys[i].offset);
	}
	if (o->rdm_policy == RDM_DEFAULT)
		o->rdm_policy = defaults->rdm_policy;
	if (o->vslot == OPTION_NOT_GIVEN)
		o->vslot = defaults->vslot;
	if (!o->name[0])
		memcpy(o->name, defaults->name, sizeof(o->name));
}

void dev_options_print(const struct dev_options *o, FILE *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		int8_t v = *((const int8_t *)o + keys[i].offset);

		if (keys[i].set == set_yes_no && v != OPTION_NOT_GIVEN)
			fprintf(out, ",%s=%d", keys[i].name, v);
	}
	if (o->rdm_policy != RDM_DEFAULT)
		fprintf(out, ",rdm_policy=%s", o->rdm_policy == RDM_STRICT ? "strict" : "relaxed");
	if (o->name[0])
		fprintf(out, ",name=%s", o->name);
	if (o->vslot != OPTION_NOT_GIVEN)
		fprintf(out, ",vslot=%x", (unsigned)o->vslot);
}
