/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Xen backend on the fake Xen, for tests of its operations. */
#ifndef VFY_TESTS_FAKE_LIBXL_ENV_H
#define VFY_TESTS_FAKE_LIBXL_ENV_H

#include <string.h>
#include "test.h"

#include "backend/xen/xen.h"
#include "fake_libxl.h"
#include "asked.h"

struct xen_env {
	struct backend *backend;
	struct inventory *inv; /* surveyed by env_state() */
	struct err e;	       /* of the last operation; cleared by each env_ function */
};

/* The environment of the running test; setup and teardown are for cmocka. */
extern struct xen_env env;
int env_setup(void **state);
int env_teardown(void **state);

/* Returns the address of VF @i of the only PF: 0000:05:10.0, 10.2, 10.4, 10.6, 11.0, 11.2, 11.4. */
struct bdf env_bdf(unsigned i);
struct vf_ref env_vf(unsigned i);

/* Returns its state from a fresh inventory and survey; its VF is env_vf(i) until the next call. */
enum vf_state env_state(unsigned i);

/* Operations; env.e has their failure. */
int env_assign(unsigned i);
int env_release(unsigned i);
int env_attach(const char *domain, unsigned i);
int env_attach_with(const char *domain, unsigned i, const struct dev_options *options);
int env_detach(const char *domain, unsigned i, bool force);

/* Do the same as xl would with libxl: without checks, and without looking at the result. Return
 * libxl's code. */
int naive_assignable_add(unsigned i);
int naive_assignable_remove(unsigned i);
int naive_attach(uint32_t domid, unsigned i);
int naive_detach(uint32_t domid, unsigned i, bool force);

/* Returns the driver of VF @i, "" for none; a static buffer until the next call. */
const char *env_driver(unsigned i);
const char *env_override(unsigned i);

/* Returns the value of /libxl/pci/BDF/NODE, NULL when there is none. */
const char *env_node(unsigned i, const char *node);

#define assert_says(text) assert_non_null(strstr(env.e.cause, (text)))
#define assert_fix(text)  assert_non_null(strstr(env.e.fix, (text)))

#endif
