// SPDX-License-Identifier: GPL-2.0-or-later
/* Names that a topology takes, of names that others gave. */
#include <stdlib.h>
#include <string.h>

#include "report/import_parts.h"
#include "topology/build/value.h"

#define NAME_CHARS                                                                                 \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"                                     \
	"0123456789_-."

/* Source: topology/build/value.c, value_name(). A number is none for a domain, which xl would take
 * for its number. */
static void fit(char ret[TOPO_NAME_MAX + 1], const char *wanted)
{
	size_t n = 0;
	bool is_number = *wanted && strspn(wanted, "0123456789") == strlen(wanted);

	if (is_number || *wanted == '-' || *wanted == '.' || !*wanted)
		n = (size_t)snprintf(ret, TOPO_NAME_MAX + 1, "vm");
	for (; *wanted && n < TOPO_NAME_MAX; wanted++)
		ret[n++] = strchr(NAME_CHARS, *wanted) ? *wanted : '_';
	ret[n] = '\0';
}

static bool has_pf(const struct importing *im, const char *name)
{
	for (size_t i = 0; i < im->topo->n_pfs; i++)
		if (im->topo->pfs[i].name && !strcmp(im->topo->pfs[i].name, name))
			return true;
	return false;
}

static bool has_domain(const struct importing *im, const char *name)
{
	for (size_t i = 0; i < im->topo->n_domains; i++)
		if (im->topo->domains[i].name && !strcmp(im->topo->domains[i].name, name))
			return true;
	return false;
}

typedef bool has_fn(const struct importing *im, const char *name);

/* @first, or the first of "@stem2", "@stem3" that is free. */
static int take(const struct importing *im, const char *first, const char *stem, unsigned next,
		has_fn *has, char **ret)
{
	char name[TOPO_NAME_MAX + 1];

	snprintf(name, sizeof(name), "%s", first);
	while (has(im, name))
		snprintf(name, sizeof(name), "%.*s%u", TOPO_NAME_MAX - 10, stem, next++);
	*ret = strdup(name);
	return *ret ? 0 : -ENOMEM;
}

int import_dev_name(const struct importing *im, const char *wanted, const char *stem, char **ret)
{
	char first[TOPO_NAME_MAX + 1], again[TOPO_NAME_MAX + 2];

	if (!wanted || value_name("device", wanted, NULL) < 0) {
		snprintf(first, sizeof(first), "%s0", stem);
		return take(im, first, stem, 1, has_pf, ret);
	}
	snprintf(again, sizeof(again), "%s-", wanted);
	return take(im, wanted, again, 2, has_pf, ret);
}

int import_pf_name(const struct importing *im, const char *wanted, char **ret)
{
	return import_dev_name(im, wanted, "pf", ret);
}

int import_domain_name(const struct importing *im, const char *wanted, char **ret)
{
	char name[TOPO_NAME_MAX + 1], stem[TOPO_NAME_MAX + 2];

	fit(name, wanted);
	snprintf(stem, sizeof(stem), "%s-", name);
	return take(im, name, stem, 2, has_domain, ret);
}
