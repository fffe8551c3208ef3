/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host of a plan in tests/plans, made from the lines that the README there explains. */
#ifndef VFY_TESTS_FAKE_PLAN_HOST_H
#define VFY_TESTS_FAKE_PLAN_HOST_H

#include "fake_backend.h"
#include "fake_kernel.h"
#include "fake_netvf.h"

#define FAKE_PLAN_PFS 8

/* Lines of several kinds; a line may say more about what an earlier line has made. */
struct fake_plan_host {
	struct fake_root root;
	struct fake_kernel kernel;
	struct fake_netvf netvf;
	struct backend backend;
	bool is_capture; /* nobody answers, and the hypervisor is the captured one */
	struct {
		char name[32]; /* its network device, or its address */
		struct bdf bdf;
	} pfs[FAKE_PLAN_PFS];
	unsigned n_pfs;
};

/* @capture is a file of tests/capture.sh, NULL for a host without any device. */
void fake_plan_host_init(struct fake_plan_host *f, const char *capture);
void fake_plan_host_done(struct fake_plan_host *f);

/* Takes "pf eth0 05:00.0 igb 3/7 igbvf", "vf eth0/1 domain=web1", or a line as fake_root_add()
 * does. Any other line ends the test. */
void fake_plan_host_add(struct fake_plan_host *f, const char *line);

#endif
