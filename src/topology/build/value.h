/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of a topology from their words; every failure names the word and what is allowed. */
#ifndef VFY_TOPOLOGY_BUILD_VALUE_H
#define VFY_TOPOLOGY_BUILD_VALUE_H

#include <stdint.h>
#include "base/mac.h"
#include "topology/build/entry.h"

#define TOPO_NAME_MAX 63

/* All return 0, or -EINVAL with cause ("KEY: 'WORD' is not ...") and fix; *ret only on success. */

/* Decimal digits only, @min..@max. */
int value_number(const struct topo_word *key, const struct topo_word *v, unsigned long min,
		 unsigned long max, unsigned long *ret, struct err *e);

/* Index of the word in @choices (NULL-terminated). */
int value_choice(const struct topo_word *key, const struct topo_word *v, const char *const *choices,
		 unsigned *ret, struct err *e);

/* 0 or 1; JSON's true and false. */
int value_yes_no(const struct topo_word *key, const struct topo_word *v, bool *ret, struct err *e);

/* on or off; JSON's true and false. */
int value_on_off(const struct topo_word *key, const struct topo_word *v, bool *ret, struct err *e);

/* aa:bb:cc:dd:ee:ff, neither zero nor multicast. */
int value_mac(const struct topo_word *key, const struct topo_word *v, uint8_t ret[MAC_LEN],
	      struct err *e);

/* Not empty, at most @max characters, no control characters; a copy that the caller frees. */
int value_text(const struct topo_word *key, const struct topo_word *v, size_t max, char **ret,
	       struct err *e);

/**
 * value_name - does this word do as a name of a PF or a domain?
 *
 * Letters, digits, '-', '_', '.', beginning with a letter, digit or '_'; at most TOPO_NAME_MAX.
 */
int value_name(const char *what, const char *word, struct err *e);

#endif
