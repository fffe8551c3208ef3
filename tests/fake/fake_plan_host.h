/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host of a plan in tests/plans, made of the lines that the page there explains. */
#ifndef VFY_TESTS_FAKE_PLAN_HOST_H
#define VFY_TESTS_FAKE_PLAN_HOST_H

#include "fake_backend.h"
#include "fake_kernel.h"
#include "fake_netvf.h"

#define FAKE_PLAN_PFS 8

/* Lines of several kinds; each may say more of what a line before it has made. */
struct fake_plan_host {
	struct fake_root root;
	struct fake_kernel kernel;
	struct fake_netvf netvf;
	struct backend backend;
	bool is_capture; /* nobody answers, and the hypervisor is the one captured */
	struct {
		char name[32]; /* its network device, or its address */
		struct bdf bdf;
	} pfs[FAKE_PLAN_PFS];
	unsigned n_pfs;
};

/* @capture: a file of tests/capture.sh, NULL for a host without any device. */
void fake_plan_host_init(struct fake_plan_host *f, const char *capture);
void fake_plan_host_done(struct fake_plan_host *f);

/* "pf eth0 05:00.0 igb 3/7 igbvf", "vf eth0/1 domain=web1", or a line as fake_root_add() takes it.
 * A line that is none of them ends the test. */
void fake_plan_host_add(struct fake_plan_host *f, const char *line);

#endif
