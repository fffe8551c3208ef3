/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the text of QEMU's options: "socket,id=m0,path=/run/a,,b,server=on". Pure. */
#ifndef VFY_BACKEND_KVM_QEMU_OPTS_H
#define VFY_BACKEND_KVM_QEMU_OPTS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * qemu_opt - find the value of @key in "a,key=value,b=c"
 * @first: the key of a leading word without '=', or NULL
 *
 * A later word without '=' is a switch: "b" means b=on, "nob" means b=off. A comma in a value is
 * doubled; when a key has two values, the last one counts. A value longer than @buf is cut. Returns
 * false when the key does not occur. Source: QEMU util/qemu-option.c, get_opt_value(),
 * get_opt_name_value(); 7.2 and 10.0 are the same.
 */
bool qemu_opt(const char *text, const char *first, const char *key, char *buf, size_t size);

/* Tells whether @key is on, as QEMU reads it: on, yes, true, y. */
bool qemu_opt_is_on(const char *text, const char *first, const char *key);

#endif
