/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of QEMU's options: "socket,id=m0,path=/run/a,,b,server=on". Pure. */
#ifndef VFY_BACKEND_KVM_QEMU_OPTS_H
#define VFY_BACKEND_KVM_QEMU_OPTS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * qemu_opt - value of @key in "a,key=value,b=c"
 * @first: name of a leading word without '=', or NULL
 *
 * A word alone further behind is a switch: "b" is b=on, "nob" is b=off. A value with a comma is
 * written with two; of two values of one key the last counts. A value longer than @buf is cut.
 * False when it is not there. Source: QEMU util/qemu-option.c, get_opt_value(),
 * get_opt_name_value(); the same in 7.2 and 10.0.
 */
bool qemu_opt(const char *text, const char *first, const char *key, char *buf, size_t size);

/* Is @key on? As QEMU reads it: on, yes, true, y. */
bool qemu_opt_is_on(const char *text, const char *first, const char *key);

#endif
