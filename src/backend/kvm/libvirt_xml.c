// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/libvirt_xml.h"

#include <expat.h>
#include <string.h>

#define DEPTH_MAX 32
#define TEXT_MAX  256

struct xml {
	XML_Parser parser;
	const struct xml_handler *h;
	bool is_inside;		/* of the root */
	size_t ends[DEPTH_MAX]; /* of each element's name in @path */
	unsigned depth;
	char path[DEPTH_MAX * 32];
	char text[TEXT_MAX]; /* of the innermost element */
	int r;		     /* -errno that ended it */
	char why[128];
};

void xml_stop(struct xml *x, int r, const char *why)
{
	if (x->r)
		return;
	x->r = r;
	snprintf(x->why, sizeof(x->why), "%s", why);
	XML_StopParser(x->parser, XML_FALSE);
}

/* The newest releases have another one, which older ones lack. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
unsigned xml_line(const struct xml *x)
{
	return (unsigned)XML_GetCurrentLineNumber(x->parser);
}
#pragma GCC diagnostic pop

const char *xml_attr(const char **attrs, const char *name)
{
	for (; *attrs; attrs += 2)
		if (!strcmp(attrs[0], name))
			return attrs[1];
	return NULL;
}

bool xml_attr_is(const char **attrs, const char *name, const char *value)
{
	const char *is = xml_attr(attrs, name);

	return is && !strcmp(is, value);
}

static bool enter(struct xml *x, const char *name)
{
	size_t at = x->depth ? x->ends[x->depth - 1] : 0;
	int n = 0;

	if (x->depth < DEPTH_MAX && strcmp(name, "actual") != 0)
		n = snprintf(x->path + at, sizeof(x->path) - at, "%s%s", at ? "/" : "", name);
	if (x->depth == DEPTH_MAX || n < 0 || (size_t)n >= sizeof(x->path) - at) {
		xml_stop(x, -EINVAL, "its elements are nested too deep");
		return false;
	}
	x->ends[x->depth++] = at + (size_t)n;
	return true;
}

static void XMLCALL on_start(void *arg, const char *name, const char **attrs)
{
	struct xml *x = arg;

	x->text[0] = '\0';
	if (x->is_inside) {
		if (enter(x, name))
			x->h->start(x->h->arg, x->path, name, attrs);
		return;
	}
	x->is_inside = !strcmp(name, x->h->root);
	if (x->is_inside)
		x->h->start(x->h->arg, NULL, name, attrs);
}

static void XMLCALL on_end(void *arg, const char *name)
{
	struct xml *x = arg;

	if (!x->depth)
		return;
	x->h->end(x->h->arg, x->path, name, x->text);
	x->depth--;
	x->path[x->depth ? x->ends[x->depth - 1] : 0] = '\0';
	x->text[0] = '\0';
}

static void XMLCALL on_text(void *arg, const char *s, int len)
{
	struct xml *x = arg;
	size_t n = strlen(x->text);

	snprintf(x->text + n, sizeof(x->text) - n, "%.*s", len, s);
}

static void XMLCALL on_doctype(void *arg, const char *name UNUSED, const char *system UNUSED,
			       const char *public UNUSED, int has_internal UNUSED)
{
	xml_stop(arg, -EINVAL, "it has a document type, which libvirt never writes");
}

static int outcome(const struct xml *x, enum XML_Status status, struct err *e)
{
	if (x->r == -ENOMEM || XML_GetErrorCode(x->parser) == XML_ERROR_NO_MEMORY)
		return err_set(e, ENOMEM, "out of memory");
	if (x->r)
		return err_usage(e, "%s", x->why);
	if (status != XML_STATUS_OK)
		return err_usage(e, "line %u: %s", xml_line(x),
				 XML_ErrorString(XML_GetErrorCode(x->parser)));
	return x->is_inside ? 0 : err_usage(e, "it has no <%s>", x->h->root);
}

int xml_read(const char *text, size_t len, const struct xml_handler *h, struct xml **ret,
	     struct err *e)
{
	struct xml x = { .h = h, .parser = XML_ParserCreate(NULL) };
	int r;

	if (!x.parser)
		return err_set(e, ENOMEM, "out of memory");
	*ret = &x;
	XML_SetUserData(x.parser, &x);
	XML_SetElementHandler(x.parser, on_start, on_end);
	XML_SetCharacterDataHandler(x.parser, on_text);
	XML_SetStartDoctypeDeclHandler(x.parser, on_doctype);
	r = outcome(&x, XML_Parse(x.parser, text, (int)len, 1), e);
	XML_ParserFree(x.parser);
	*ret = NULL;
	return r;
}
