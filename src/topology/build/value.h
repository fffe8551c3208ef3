/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Converts words of a topology to values; every failure names the word and says what is allowed. */
#ifndef VFY_TOPOLOGY_BUILD_VALUE_H
#define VFY_TOPOLOGY_BUILD_VALUE_H

#include <stdint.h>
#include "base/mac.h"
#include "topology/build/entry.h"

#define TOPO_NAME_MAX 63

/* All return 0, or -EINVAL with cause ("KEY: 'WORD' is not ...") and fix; *ret only on success. */

/* Accepts only decimal digits, from @min to @max. */
int value_number(const struct topo_word *key, const struct topo_word *v, unsigned long min,
		 unsigned long max, unsigned long *ret, struct err *e);

/* Finds the index of the word in @choices (NULL-terminated). */
int value_choice(const struct topo_word *key, const struct topo_word *v, const char *const *choices,
		 unsigned *ret, struct err *e);

/* Accept 0 and 1, on and off, yes and no, true and false, and JSON's; they differ in what they
 * advise. */
int value_yes_no(const struct topo_word *key, const struct topo_word *v, bool *ret, struct err *e);

int value_on_off(const struct topo_word *key, const struct topo_word *v, bool *ret, struct err *e);

/* Accepts a rate in Mbit/s, or with a unit: 500, 500Mbit, 2.5Gbit. */
int value_rate(const struct topo_word *key, const struct topo_word *v, unsigned long *ret,
	       struct err *e);

/* Accepts aa:bb:cc:dd:ee:ff, neither zero nor multicast. */
int value_mac(const struct topo_word *key, const struct topo_word *v, uint8_t ret[MAC_LEN],
	      struct err *e);

/* Accepts a text that is not empty, has at most @max characters and no control characters; *ret is
 * a copy that the caller frees. */
int value_text(const struct topo_word *key, const struct topo_word *v, size_t max, char **ret,
	       struct err *e);

/**
 * value_name - check a word that is to be the name of a PF or a domain
 *
 * A name has letters, digits, '-', '_' and '.', begins with a letter, digit or '_', and is at most
 * TOPO_NAME_MAX long.
 */
int value_name(const char *what, const char *word, struct err *e);

#endif
