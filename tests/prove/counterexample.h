/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What did not hold, as files that others can read. */
#ifndef VFY_TESTS_PROVE_COUNTEREXAMPLE_H
#define VFY_TESTS_PROVE_COUNTEREXAMPLE_H

#include "prove.h"

/* The case in the words of tests/plans: topology, host, who runs. */
void counterexample_print(const struct prove_case *c, FILE *out);

/* Makes it small: as long as the same does not hold, every fact that can be is as usual. Then
 * DIR/SET-NUMBER.plan (tests/plans/README), .tree (tests/untree.sh) and .txt, what was planned. */
void counterexample_write(const char *dir, const char *set, uint64_t i, const struct prove_case *c,
			  const char *why);

#endif
