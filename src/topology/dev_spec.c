// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/dev_spec.h"

#include <stdlib.h>
#include <string.h>

#include "base/bdf.h"

/* What is known of a specification while it is read; the pointers go into one copy of it. */
struct parts {
	char *device, *index; /* NULL: not given */
	char *slot;	      /* what stands behind the @ */
	char *rest;	      /* what stands behind the first comma; NULL without one */
	bool is_name;
	char *options; /* what is left for dev_options_parse(), with a comma before each */
};

/* An address, or what was meant to be one, ends at the first comma, whatever follows. */
static bool is_address_like(const char *s, size_t n)
{
	return memchr(s, ':', n) && strspn(s, "0123456789abcdefABCDEF:.*@") >= n;
}

/* Finds the comma that ends the device. It is behind the last slash before the first "=", because
 * names may have commas, and options have no slash. */
static char *end_of_device(char *s)
{
	size_t first = strcspn(s, ","), region = strcspn(s, "=");
	char *slash = memrchr(s, '/', region);

	if (!slash || is_address_like(s, first))
		return strchr(s, ',');
	return strchr(slash, ',');
}

/* Takes "'NAME'" or "'NAME'/INDEX"; what follows goes to p->rest. */
static int take_quoted(struct parts *p, char *s, struct err *e)
{
	char *end = strchr(s + 1, *s);

	if (!end)
		return err_fix(e, err_usage(e, "the quote in %s is not closed", s),
			       "write %c at the end of the name", *s);
	p->device = s + 1;
	*end++ = '\0';
	if (*end == '/') {
		p->index = end + 1;
		end += strcspn(end, ",");
	}
	if (*end && *end != ',')
		return err_fix(e, err_usage(e, "'%s' stands after the quoted name", end),
			       "write /INDEX or a comma there");
	p->rest = *end ? end + 1 : NULL;
	*end = '\0';
	return 0;
}

static int take_device(struct parts *p, char *s, struct err *e)
{
	char *comma, *slash;

	if (*s == '\'' || *s == '"')
		return take_quoted(p, s, e);
	if (memchr(s, '=', strcspn(s, ","))) {
		p->rest = s;
		return 0;
	}
	comma = end_of_device(s);
	if (comma) {
		*comma = '\0';
		p->rest = comma + 1;
	}
	p->device = s;
	slash = strrchr(s, '/');
	if (slash) {
		*slash = '\0';
		p->index = slash + 1;
	}
	return 0;
}

/* Takes the slot. A name may contain an @; an address and an index do not. */
static void take_slot(struct parts *p)
{
	char *in = p->index ? p->index : p->device, *at = in ? strchr(in, '@') : NULL;

	if (!at || (!p->index && !is_address_like(in, (size_t)(at - in))))
		return;
	*at = '\0';
	p->slot = at + 1;
}

static int set_device(struct parts *p, char *value, bool is_name, struct err *e)
{
	struct bdf b;

	if (!*value)
		return 0;
	if (p->device) {
		err_usage(e, "%s=%s: the device is already given as %s%s%s%s",
			  is_name ? "name" : "bdf", value, p->is_name ? "name=" : "", p->device,
			  p->index ? "/" : "", p->index ? p->index : "");
		return err_fix(e, -EINVAL, "remove one%s",
			       is_name ? "; a name is given with: vfyard pci-assignable-add -n "
					 "NAME DEV"
				       : "");
	}
	if (!is_name && !strchr(value, '*') && bdf_parse(&b, value, e) < 0)
		return -EINVAL;
	p->device = value;
	p->is_name = is_name;
	return 0;
}

/* Takes bdf= and name= out of the list; the rest goes to p->options. */
static int sort_options(struct parts *p, struct err *e)
{
	char *item, *to = p->options;
	int r = 0;

	if (p->slot)
		to += sprintf(to, ",vslot=%s", p->slot);
	while (r == 0 && (item = strsep(&p->rest, ","))) {
		if (!strncmp(item, "bdf=", 4))
			r = set_device(p, item + 4, false, e);
		else if (!strncmp(item, "name=", 5))
			r = set_device(p, item + 5, true, e);
		else if (*item || p->rest) /* xl accepts a comma at the end, too */
			to += sprintf(to, ",%s", item);
	}
	return r;
}

static int no_device(const char *text, struct err *e)
{
	err_usage(e, "nothing says which device is meant");
	if (strchr(text, '='))
		return err_fix(
			e, -EINVAL,
			"join it to the device with a comma: net0/3,%s, or name the device with "
			"bdf= or name=",
			text);
	return err_fix(e, -EINVAL, "write an address, PF/INDEX or a name");
}

static int finish(struct dev_spec *ret, const struct parts *p, struct err *e)
{
	size_t n = strlen(p->device) + 1;

	ret->is_name = p->is_name;
	ret->word = malloc(n + (p->index ? strlen(p->index) + 1 : 0));
	if (!ret->word)
		return err_set(e, ENOMEM, "out of memory");
	memcpy(ret->word, p->device, n);
	if (p->index) {
		ret->index = ret->word + n;
		memcpy(ret->index, p->index, strlen(p->index) + 1);
	}
	return *p->options ? dev_options_parse(&ret->options, p->options + 1, e) : 0;
}

int dev_spec_parse(struct dev_spec *ret, const char *text, struct err *e)
{
	_cleanup_free_ char *copy = strdup(text);
	/* ",vslot=" may be longer than the "@" that it stands for */
	_cleanup_free_ char *options = calloc(1, strlen(text) + sizeof(",vslot="));
	struct parts p = { .options = options };
	int r;

	*ret = (struct dev_spec){ .options = DEV_OPTIONS_INIT };
	if (!copy || !options)
		return err_set(e, ENOMEM, "out of memory");
	r = take_device(&p, copy, e);
	if (r == 0) {
		take_slot(&p);
		r = sort_options(&p, e);
	}
	if (r < 0)
		return r;
	if (!p.device || !*p.device)
		return no_device(text, e);
	return finish(ret, &p, e);
}

void dev_spec_done(struct dev_spec *s)
{
	free(s->word);
	*s = (struct dev_spec){ 0 };
}
