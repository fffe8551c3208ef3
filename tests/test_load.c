// SPDX-License-Identifier: GPL-2.0-or-later
/* The module of the pass-through driver: whether it can be loaded, and whether it is. */
#include "test.h"

#include <string.h>
#include <fcntl.h>
#include <unistd.h>

#include "host/pci/bind.h"
#include "host/module.h"
#include "engine/plan/plan_load.h"
#include "fake_verbs.h"
#include "fake_check.h"
#include "fake_site.h"

#define DEP(release) "lib/modules/" release "/modules.dep="

static void a_file_of_the_kernel_can_be_loaded(void **state)
{
	struct fake_check *t = *state;
	struct err e = { 0 };

	fake_root_add(&t->root, "proc/sys/kernel/osrelease=6.1.0-9-amd64");
	fake_root_add(
		&t->root,
		DEP("6.1.0-9-amd64") "kernel/drivers/xen/xen-pciback/xen-pciback.ko:\\n"
				     "kernel/drivers/vfio/pci/vfio-pci-core.ko.xz: kernel/drivers/vfio/vfio.ko.xz\\n"
				     "kernel/drivers/vfio/pci/vfio-pci.ko.xz: kernel/drivers/vfio/vfio.ko.xz");
	assert_int_equal(module_can_load(&t->root.host, "vfio-pci", &e), 0);
	assert_int_equal(module_can_load(&t->root.host, "vfio_pci", &e), 0);
	assert_int_equal(module_can_load(&t->root.host, "xen-pciback", &e), 0);
	/* Neither a part of a name counts, nor what a line only depends on. */
	assert_int_equal(module_can_load(&t->root.host, "pciback", &e), -ENOENT);
	assert_int_equal(module_can_load(&t->root.host, "vfio", &e), -ENOENT);
	assert_int_equal(e.status, EXIT_REFUSED);
	assert_non_null(strstr(e.cause, "this kernel (6.1.0-9-amd64) has no module vfio"));
}

static void what_is_built_in_and_not_there_did_not_start(void **state)
{
	struct fake_check *t = *state;
	struct err e = { 0 };

	fake_root_add(&t->root, "proc/sys/kernel/osrelease=6.1");
	fake_root_add(&t->root, DEP("6.1") "kernel/a.ko:");
	fake_root_add(&t->root, "lib/modules/6.1/modules.builtin=kernel/xen/xen-pciback.ko");
	assert_int_equal(module_can_load(&t->root.host, "xen-pciback", &e), -EEXIST);
	assert_non_null(strstr(e.cause, "did not start"));
}

static void modules_of_another_kernel_are_no_help(void **state)
{
	struct fake_check *t = *state;
	struct err e = { 0 };

	assert_int_equal(module_can_load(&t->root.host, "vfio-pci", &e), -ENOENT);
	assert_non_null(strstr(e.cause, "does not show"));
	fake_root_add(&t->root, "proc/sys/kernel/osrelease=6.2");
	fake_root_add(&t->root, DEP("6.1") "kernel/vfio-pci.ko:");
	assert_int_equal(module_can_load(&t->root.host, "vfio-pci", &e), -ENOENT);
	assert_non_null(strstr(e.cause, "/lib/modules/6.2/modules.dep"));
	assert_non_null(strstr(e.fix, "reboot"));
}

static void nothing_is_loaded_below_a_root(void **state)
{
	struct err e = { 0 };

	assert_int_equal(module_load(&((struct fake_check *)*state)->root.host, "vfio-pci", &e),
			 -EROFS);
}

static const char wish[] = "{'version':1,'pf':[" NET0 "],'domain':[{'name':'a','devices':["
			   "{'pf':'net0','index':'0'}]}]}";

static void check_says_what_cannot_be_loaded(void **state)
{
	struct fake_check *t = *state;

	t->ops.module = "vfyard-nothing";
	t->ops.driver = "nothing";
	fake_check_load(t, wish);
	fake_check_run(t);
	assert_int_equal(t->problems.n_errors, 1);
	assert_non_null(strstr(t->problems.v[0].err.cause, "driver nothing is not loaded"));
}

static void check_is_content_with_what_can_be_loaded(void **state)
{
	struct fake_check *t = *state;

	fake_root_add(&t->root, "proc/sys/kernel/osrelease=6.1");
	fake_root_add(&t->root, DEP("6.1") "kernel/vfyard-nothing.ko:");
	t->ops.module = "vfyard-nothing";
	t->ops.driver = "nothing";
	fake_check_load(t, wish);
	fake_check_run(t);
	fake_check_none(t);
}

static void without_a_need_nothing_is_said(void **state)
{
	struct fake_check *t = *state;

	t->ops.module = "vfyard-nothing";
	t->ops.driver = "nothing";
	fake_check_load(t, "{'version':1,'pf':[" NET0 "]}");
	fake_check_run(t);
	fake_check_none(t);
}

/* A site whose pass-through driver comes with a module. */
struct loading {
	struct fake_site *s;
	struct backend_ops ops;
	unsigned calls;
	int code;	   /* positive errno that it fails with */
	bool does_nothing; /* reports success, without a driver */
};

static int load(void *arg, const char *module)
{
	struct loading *l = arg;

	assert_string_equal(module, "fake-module");
	l->calls++;
	if (l->code)
		return -l->code;
	if (!l->does_nothing)
		fake_kernel_add_driver(&l->s->kernel, FAKE_DRIVER);
	return 0;
}

static void begin(struct loading *l, struct fake_site *s)
{
	struct host *h = &s->root.host;

	*l = (struct loading){ .s = s, .ops = *s->en.ops };
	l->ops.module = "fake-module";
	s->en.ops = &l->ops;
	h->load_module = load;
	h->load_arg = l;
	fake_root_add(&s->root, "proc/sys/kernel/osrelease=6.1");
	fake_root_add(&s->root, DEP("6.1") "kernel/fake_module.ko:");
	unlinkat(h->root.fd, "sys/bus/pci/drivers/" FAKE_DRIVER "/bind", 0);
	unlinkat(h->root.fd, "sys/bus/pci/drivers/" FAKE_DRIVER "/unbind", 0);
	unlinkat(h->root.fd, "sys/bus/pci/drivers/" FAKE_DRIVER, AT_REMOVEDIR);
	assert_false(load_is_there(h, &l->ops));
}

static int add_one(struct fake_site *s)
{
	struct devlist devs = { 0 };
	int r;

	s->e = (struct err){ 0 };
	assert_int_equal(devlist_add(&devs, s->en.host, s->inv, s->en.saved, "0000:05:10.0", &s->e),
			 0);
	r = run_assign(&s->en, &devs, "", &s->e);
	devlist_done(&devs);
	return r;
}

static void a_verb_loads_it_first(void **state)
{
	struct loading l;

	begin(&l, *state);
	assert_int_equal(add_one(*state), 0);
	assert_int_equal(l.calls, 1);
	assert_true(load_is_there(l.s->en.host, &l.ops));
}

static void where_it_is_there_nothing_is_loaded(void **state)
{
	struct loading l;

	begin(&l, *state);
	fake_kernel_add_driver(&l.s->kernel, FAKE_DRIVER);
	assert_int_equal(add_one(*state), 0);
	assert_int_equal(l.calls, 0);
}

static void dry_run_loads_nothing_and_refuses_what_the_run_refuses(void **state)
{
	struct loading l;

	begin(&l, *state);
	l.s->en.dry_run = true;
	assert_int_equal(add_one(*state), 0);
	assert_int_equal(l.calls, 0);
	fake_root_add(&l.s->root, DEP("6.1") "kernel/other.ko:");
	for (unsigned dry = 0; dry < 2; dry++) {
		l.s->en.dry_run = dry;
		assert_int_equal(add_one(*state), -ENOENT);
		assert_int_equal(l.s->e.status, EXIT_REFUSED);
		assert_non_null(strstr(l.s->e.cause, "has no module fake-module"));
	}
	assert_int_equal(l.calls, 0);
}

static void a_load_that_fails_stops_the_run(void **state)
{
	struct loading l;
	char driver[DRIVER_MAX];

	begin(&l, *state);
	l.code = EIO;
	assert_int_equal(add_one(*state), -EIO);
	assert_non_null(strstr(l.s->e.cause, "cannot load module fake-module"));
	l.code = 0;
	l.does_nothing = true;
	assert_int_equal(add_one(*state), -EIO);
	assert_non_null(strstr(l.s->e.cause, "but there is no driver"));
	assert_int_equal(bind_driver_of(l.s->en.host, (struct bdf){ 0, 5, 0x10, 0 }, driver, NULL),
			 0);
	assert_string_not_equal(driver, FAKE_DRIVER);
}

static void the_step_says_that_it_stays(void **state)
{
	struct fake_site *s = *state;
	struct plan p = { 0 };
	struct loading l;
	_cleanup_free_ char *line = NULL;

	begin(&l, s);
	assert_int_equal(
		plan_add(&p, &(struct step){ .kind = STEP_ASSIGN, .vf = { &s->inv->pfs[0], 0 } },
			 NULL),
		0);
	assert_int_equal(load_plan(s->en.host, &l.ops, &p, NULL), 0);
	assert_int_equal(p.n, 2);
	assert_int_equal(p.v[0].kind, STEP_LOAD);
	line = step_line(&p.v[0]);
	assert_string_equal(line, "load fake-module: a module of the kernel (it stays loaded)");
	plan_done(&p);
}

#define C(f) cmocka_unit_test_setup_teardown(f, fake_check_setup, fake_check_teardown)
#define S(f) cmocka_unit_test_setup_teardown(f, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	C(a_file_of_the_kernel_can_be_loaded),
	C(what_is_built_in_and_not_there_did_not_start),
	C(modules_of_another_kernel_are_no_help),
	C(nothing_is_loaded_below_a_root),
	C(check_says_what_cannot_be_loaded),
	C(check_is_content_with_what_can_be_loaded),
	C(without_a_need_nothing_is_said),
	S(a_verb_loads_it_first),
	S(where_it_is_there_nothing_is_loaded),
	S(dry_run_loads_nothing_and_refuses_what_the_run_refuses),
	S(a_load_that_fails_stops_the_run),
	S(the_step_says_that_it_stays),
};

TEST_MAIN(tests)
