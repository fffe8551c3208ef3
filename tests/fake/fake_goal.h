/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is desired, in memory: a topology beside two PFs, without any host; and what a plan makes of
 * it. */
#ifndef VFY_TESTS_FAKE_GOAL_H
#define VFY_TESTS_FAKE_GOAL_H

#include "engine/plan/desired.h"

#define FAKE_GOAL_VFS 16

/* net0 has no VFs; net1 has three VFs with igbvf. Both have a netdev, autoprobe on, and drivers
 * with default settings. */
struct fake_goal {
	struct topology *topo;
	struct pf pfs[2];
	struct pf *bound[2];
	struct binding binding;
	struct desired_domain domains[4];
	struct desired_vf *vfs[2];
	struct desired g;
	struct plan plan;
	char *text; /* the last plan, one line per step */
};

/* @json is a topology with at most net0 and net1, in this order, and four domains. */
void fake_goal_init(struct fake_goal *f, const char *json);
void fake_goal_done(struct fake_goal *f);

/* Makes domain @d of the topology run, under its name. */
void fake_goal_runs(struct fake_goal *f, size_t d);

/* Plans anew. Returns "kind object: detail (why)" lines. */
const char *fake_goal_plan(struct fake_goal *f);

/* Applies the plan's steps to the data, as a host would. Ends the test on a step that a host would
 * refuse: binding a driver to a VF that has one, a probe with autoprobe off, numvfs from N to M. */
void fake_goal_do(struct fake_goal *f);

#endif
