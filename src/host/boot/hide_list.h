/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions that a Dom0's kernel is told to keep for guests, "(0000:05:10.0)(0b:00.*)". Pure.
 */
#ifndef VFY_HOST_BOOT_HIDE_LIST_H
#define VFY_HOST_BOOT_HIDE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include "base/bdf.h"
#include "base/err.h"

/* One entry; dev and fn count only where the entry is no wildcard for them. */
struct hide_entry {
	struct bdf bdf;
	bool any_fn, any_dev;
	size_t at, len; /* of its text in the value, blanks not counted */
};

/**
 * hide_list_next - the entry at or behind @value[*pos]
 *
 * Moves *pos behind it. Returns 1, 0 at the end, -EINVAL where the kernel gives up (*pos stands
 * there): it registers no driver then, whatever the other entries are.
 * Source: Linux drivers/xen/xen-pciback/pci_stub.c, pcistub_init(), pcistub_device_id_add().
 */
int hide_list_next(const char *value, size_t *pos, struct hide_entry *ret);

/* Does the entry take this function? */
bool hide_entry_has(const struct hide_entry *h, struct bdf dev);

/* The whole value; -EINVAL with the entry at fault named. */
int hide_list_check(const char *value, struct err *e);

/* Does @word begin with the module's name? '-' and '_' are one to the kernel. */
bool hide_list_is_module(const char *word, const char *module);

/**
 * hide_list_next_word - the value of the next MODULE.hide= at or behind @line[*pos]
 * @module: NULL for options of the module itself, "hide=" alone
 *
 * Moves *pos behind the word. False when there is none; a value longer than @size is cut.
 * Source: Linux lib/cmdline.c, next_arg().
 */
bool hide_list_next_word(const char *line, size_t *pos, const char *module, char *buf, size_t size);

/**
 * hide_list_of_line - the value of the last MODULE.hide= of a kernel's command line
 * @module: "xen-pciback"; '-' and '_' are one to the kernel
 *
 * Earlier ones do not count. False when there is none; a longer one than @size is cut.
 */
bool hide_list_of_line(const char *cmdline, const char *module, char *buf, size_t size);

#endif
