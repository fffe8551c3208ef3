/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole host for engine tests: PF net0 with 7 VFs of igbvf, a kernel, a hypervisor with the
 * domains web1 and db1, and a memory on disk. */
#ifndef VFY_TESTS_FAKE_SITE_H
#define VFY_TESTS_FAKE_SITE_H

#include "engine/operands.h"
#include "engine/run/run.h"
#include "fake_backend.h"
#include "fake_kernel.h"

struct fake_site {
	struct fake_root root;
	struct fake_kernel kernel;
	struct backend backend;
	struct inventory *inv;
	struct state *saved;
	struct engine en;
	struct err e;
	char *notes; /* what went to the log; fake_site_notes() */
	size_t notes_size;
};

/* cmocka setup and teardown; *state is the site. */
int fake_site_setup(void **state);
int fake_site_teardown(void **state);

/* Starts afresh, as the next run of the program would: inventory, survey and memory. */
void fake_site_reload(struct fake_site *s);

struct vf_ref fake_site_vf(struct fake_site *s, unsigned index);
struct bdf fake_site_bdf(struct fake_site *s, unsigned index);

/* Returns as text the driver and override of every VF, what the hypervisor has about it, and what
 * is remembered on disk; free() it. */
char *fake_site_snapshot(struct fake_site *s);

const char *fake_site_notes(struct fake_site *s);

extern struct domain fake_web1;

/* Adds one step for each of VFs 0..n-1; attach and detach use web1. */
void fake_site_plan(struct fake_site *s, struct plan *p, enum step_kind kind, unsigned n);
/* Plans to unassign and restore each VF in turn, as the command does. */
void fake_site_plan_returns(struct fake_site *s, struct plan *p, unsigned n);
void fake_plan_done(struct plan *p);

/* Calls engine_run() with s->e. */
int fake_site_run(struct fake_site *s, struct plan *p);
/* Brings VFs 0..n-1 to where @kind leads, and begins a new run. */
void fake_site_reach(struct fake_site *s, enum step_kind kind, unsigned n);

/* Writes the driver of VF @i into @buf and returns it. */
const char *fake_site_driver(struct fake_site *s, unsigned i, char buf[64]);

/* Makes a devlist of one operand; release it with devlist_done(). */
struct devlist fake_site_devs(struct fake_site *s, const char *arg);

#endif
