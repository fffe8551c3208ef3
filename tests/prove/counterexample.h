/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes what did not hold into files that others can read. */
#ifndef VFY_TESTS_PROVE_COUNTEREXAMPLE_H
#define VFY_TESTS_PROVE_COUNTEREXAMPLE_H

#include "prove.h"

/* Prints the case in the words of tests/plans: topology, host, who runs. */
void counterexample_print(const struct prove_case *c, FILE *out);

/* Makes the case small: every fact becomes as usual as long as the same thing does not hold. Then
 * writes DIR/SET-NUMBER.plan (tests/plans/README), .tree (tests/untree.sh) and .txt, what was
 * planned. */
void counterexample_write(const char *dir, const char *set, uint64_t i, const struct prove_case *c,
			  const char *why);

#endif
