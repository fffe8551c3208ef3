/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * XML, element by element.
 *
 * Read by expat: a parser that stands alone, is on nearly every host because others need it, and
 * looks at nothing but the text. libxml2 would bring ICU, thirty megabytes of it, to a host that
 * needs three attributes of an element; libvirt itself a daemon that runs.
 */
#ifndef VFY_BACKEND_KVM_LIBVIRT_XML_H
#define VFY_BACKEND_KVM_LIBVIRT_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct xml; /* the reading of one text */

/* What is told of the element @root and those in it, wherever it stands. */
struct xml_handler {
	const char *root;
	/* @path: from below the root, "devices/hostdev"; <actual> is left out of it; NULL: it is
	 * the root itself. @attrs: names and values in turn, ended by NULL. */
	void (*start)(void *arg, const char *path, const char *name, const char **attrs);
	/* @text: what stands in it, when nothing else does; cut at some length. */
	void (*end)(void *arg, const char *path, const char *name, const char *text);
	void *arg;
};

/**
 * xml_read - tell every element of a text
 * @ret: set before the first call, for the functions below; valid during calls
 *
 * A document type is refused, for what one defines has no end. Returns 0; -EINVAL with
 * EXIT_USAGE for a text that is no XML, or has no @root; what xml_stop() was told.
 */
int xml_read(const char *text, size_t len, const struct xml_handler *h, struct xml **ret,
	     struct err *e);

/* Ends the reading with -errno @r. The first one counts. */
void xml_stop(struct xml *x, int r, const char *why);

/* Where it is. */
unsigned xml_line(const struct xml *x);

/* NULL when there is none. */
const char *xml_attr(const char **attrs, const char *name);
bool xml_attr_is(const char **attrs, const char *name, const char *value);

#endif
