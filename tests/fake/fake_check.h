/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A topology checked against a fake host with two network cards and a drive. */
#ifndef VFY_TESTS_FAKE_CHECK_H
#define VFY_TESTS_FAKE_CHECK_H

#include "engine/check/check.h"
#include "fake_backend.h"
#include "fake_root.h"

struct fake_check {
	struct fake_root root;
	struct backend backend;
	struct backend_ops ops;
	struct topology *topo;
	struct problems problems;
};

int fake_check_setup(void **state);
int fake_check_teardown(void **state);
void fake_check_load(struct fake_check *t, const char *text);
void fake_check_run_with(struct fake_check *t, const struct backend_ops *ops, struct backend *b);
void fake_check_run(struct fake_check *t);
void fake_check_only(const struct fake_check *t, bool is_note, const char *want);
void fake_check_none(const struct fake_check *t);
struct fake_device *fake_check_give(struct fake_check *t, const char *bdf, const char *domain);
void fake_check_add_vf_netdev(struct fake_check *t, const char *bdf, const char *netdev,
			      const char *mac);

#define NET0 "{'name':'net0','bdf':'0000:05:00.0','numvfs':3}"
#define NET1 "{'name':'net1','bdf':'0000:05:00.1','numvfs':3}"
#define STOR "{'name':'stor','bdf':'0000:81:00.0','numvfs':4}"

#endif
