/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes of a VF as members of a JSON object: only those that are known. */
#ifndef VFY_STATE_STATE_ATTRS_H
#define VFY_STATE_STATE_ATTRS_H

#include <jansson.h>

#include "base/err.h"
#include "host/vf_attrs.h"

/* @j may be NULL: then nothing is known. Returns 0, or -EPROTO with the name of the member. */
int state_attrs_read(const json_t *j, struct vf_attrs *ret, struct err *e);

/* Sets member @key of @j; members in it that we do not know stay. Writes no member when nothing is
 * known. */
int state_attrs_write(json_t *j, const char *key, const struct vf_attrs *a);

#endif
