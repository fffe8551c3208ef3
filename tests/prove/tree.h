/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a host of words (tests/fake/fake_plan_host.h) as a tree, as tests/capture.sh prints it. */
#ifndef VFY_TESTS_PROVE_TREE_H
#define VFY_TESTS_PROVE_TREE_H

#include "prove.h"

void tree_begin(void);
void tree_add(const char *line);
/* Writes it to @to, with this topology and the memory of the case. */
void tree_end(const char *topology, const struct prove_case *c, FILE *to);

#endif
