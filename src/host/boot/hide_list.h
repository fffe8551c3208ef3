/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of functions that a Dom0's kernel is told to keep for guests: "(0000:05:10.0)(0b:00.*)".
 * Pure. */
#ifndef VFY_HOST_BOOT_HIDE_LIST_H
#define VFY_HOST_BOOT_HIDE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include "base/bdf.h"
#include "base/err.h"

/* One entry. dev and fn count only where the entry has no wildcard for them. */
struct hide_entry {
	struct bdf bdf;
	bool any_fn, any_dev;
	size_t at, len; /* where its text is in the value, without blanks around it */
};

/**
 * hide_list_next - read the entry at or behind @value[*pos]
 *
 * Moves *pos behind it. Returns 1; 0 at the end; -EINVAL where the kernel would give up, with *pos
 * there: the kernel then registers no driver, whatever the other entries are.
 * Source: Linux drivers/xen/xen-pciback/pci_stub.c, pcistub_init(), pcistub_device_id_add().
 */
int hide_list_next(const char *value, size_t *pos, struct hide_entry *ret);

/* Tells whether the entry matches this function. */
bool hide_entry_has(const struct hide_entry *h, struct bdf dev);

/* Checks the whole value. Returns -EINVAL with a sentence that names the faulty entry. */
int hide_list_check(const char *value, struct err *e);

/* Tells whether @word begins with the module's name. To the kernel '-' and '_' are the same. */
bool hide_list_is_module(const char *word, const char *module);

/**
 * hide_list_next_word - read the value of the next MODULE.hide= at or behind @line[*pos]
 * @module: NULL when @line holds the module's own options: "hide=" without a name
 *
 * Moves *pos behind the word. Returns false when there is none; a value longer than @size is cut.
 * Source: Linux lib/cmdline.c, next_arg().
 */
bool hide_list_next_word(const char *line, size_t *pos, const char *module, char *buf, size_t size);

/**
 * hide_list_of_line - read the value of the last MODULE.hide= on a kernel's command line
 * @module: "xen-pciback"; '-' and '_' are the same to the kernel
 *
 * Earlier ones do not count. Returns false when there is none; a value longer than @size is cut.
 */
bool hide_list_of_line(const char *cmdline, const char *module, char *buf, size_t size);

#endif
