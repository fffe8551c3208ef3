// SPDX-License-Identifier: GPL-2.0-or-later
/* pci-attach and pci-detach. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"
#include "fake_verbs.h"
#include "fake_site.h"

#define VF3 "net0/3 (0000:05:10.6)"

static int attach(struct fake_site *s, const char *domain, const char *arg)
{
	struct devlist l = fake_site_devs(s, arg);
	int r;

	memset(&s->e, 0, sizeof(s->e));
	r = run_attach(&s->en, domain, &l, &s->e);
	devlist_done(&l);
	return r;
}

static int detach(struct fake_site *s, const char *domain, const char *arg, bool force)
{
	struct devlist l = fake_site_devs(s, arg);
	int r;

	memset(&s->e, 0, sizeof(s->e));
	r = run_detach(&s->en, domain, &l, force, &s->e);
	devlist_done(&l);
	return r;
}

static const struct fake_device *device(struct fake_site *s, unsigned i)
{
	return fake_backend_device(&s->backend, fake_site_bdf(s, i));
}

static void assert_refused(struct fake_site *s, int r, const char *object, const char *cause,
			   const char *fix)
{
	assert_true(r < 0);
	assert_string_equal(s->e.cause, cause);
	assert_string_equal(s->e.fix, fix);
	assert_string_equal(s->e.object, object);
	assert_int_equal(s->e.status, EXIT_REFUSED);
	assert_int_equal(s->kernel.n_writes, 0);
	assert_null(strstr(s->backend.calls, "attach "));
	assert_null(strstr(s->backend.calls, "detach"));
}

static void attach_asks_limits_for_all_and_attaches_each(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 3);
	assert_int_equal(attach(s, "web1", "net0/0-2,permissive=1"), 0);
	assert_string_equal(s->backend.calls,
			    "limits web1 3;attach web1 0000:05:10.0;attach web1 0000:05:10.2;"
			    "attach web1 0000:05:10.4;");
	assert_int_equal(device(s, 2)->options.permissive, 1);
}

static void attach_of_what_is_in_it_changes_nothing(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 3);
	fake_site_reach(s, STEP_ATTACH, 2);
	assert_int_equal(attach(s, "web1", "net0/0-1"), 0);
	assert_string_equal(s->backend.calls, "");
	assert_int_equal(attach(s, "web1", "net0/0-2"), 0);
	assert_string_equal(s->backend.calls, "limits web1 1;attach web1 0000:05:10.4;");
}

static void attach_to_no_domain_is_an_error(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 1);
	assert_int_equal(attach(s, "nobody", "net0/0"), -ESRCH);
	assert_string_equal(s->e.object, "nobody");
	assert_string_equal(s->e.step, "find the domain");
	assert_int_equal(s->e.status, EXIT_FAILED);
}

static void attach_of_what_another_domain_has_names_it(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	fake_site_reach(s, STEP_ATTACH, 4);
	assert_refused(s, attach(s, "db1", "net0/3"), VF3, "held by domain web1",
		       "run: vfyard pci-detach web1 net0/3");
}

static void attach_of_a_host_vf_says_assignable_add(void **state)
{
	struct fake_site *s = *state;

	assert_refused(s, attach(s, "web1", "net0/3"), VF3,
		       "it is not assignable because it has driver igbvf",
		       "run: vfyard pci-assignable-add net0/3");
	assert_int_equal(bind_unbind(&s->root.host, fake_site_bdf(s, 3), NULL), 0);
	fake_site_reload(s);
	fake_kernel_reset(&s->kernel);
	assert_refused(s, attach(s, "web1", "net0/3"), VF3,
		       "it is not assignable because it has no driver",
		       "run: vfyard pci-assignable-add net0/3");
}

static void attach_with_seize_takes_it_first_and_remembers(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(attach(s, "web1", "net0/3,seize=1"), 0);
	assert_string_equal(s->backend.calls,
			    "limits web1 1;assign 0000:05:10.6;attach web1 0000:05:10.6;");
	fake_site_reload(s);
	assert_string_equal(state_find(s->saved, s->inv->pfs[0].bdf, 3)->driver, "igbvf");
}

static void option_without_meaning_is_a_note(void **state)
{
	struct fake_site *s = *state;

	assert_int_equal(attach(s, "web1", "net0/3,seize=1"), 0);
	assert_string_equal(fake_site_notes(s), "");
	assert_int_equal(attach(s, "web1", "net0/2,seize=1,vslot=5"), 0);
	assert_string_equal(fake_site_notes(s),
			    "vfyard: net0/2 (0000:05:10.4): vslot has no effect\n");
}

static void seize_asks_the_guard(void **state)
{
	struct fake_site *s = *state;

	fake_root_add(&s->root, "sys/bus/pci/devices/0000:05:10.6/net/vf3/flags=0x1003");
	fake_root_add(&s->root, "sys/class/net/vf3 -> "
				"../../devices/pci0000:05/0000:05:10.6/net/vf3");
	fake_root_add(&s->root, "sys/class/net/vf3/master -> ../br0");
	fake_root_add(&s->root, "sys/class/net/br0/uevent=DEVTYPE=bridge");
	assert_refused(s, attach(s, "web1", "net0/3,seize=1"), VF3,
		       "the host needs it: vf3 is a member of bridge br0",
		       "move that off it first, or add --force net0/3");
}

static void seize_that_cannot_attach_gives_it_back(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;

	fake_backend_fail(&s->backend, (struct fake_op_fault){ "attach", 1, EIO, EXIT_FAILED });
	assert_int_equal(attach(s, "web1", "net0/2-3,seize=1"), -EIO);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
}

/* A guest that does not answer is not a function that hangs in the kernel. */
static void seize_that_times_out_gives_it_back_too(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *before = fake_site_snapshot(s), *after = NULL;

	fake_backend_fail(&s->backend,
			  (struct fake_op_fault){ "attach", 0, ETIMEDOUT, EXIT_FAILED });
	assert_int_equal(attach(s, "web1", "net0/3,seize=1"), -ETIMEDOUT);
	assert_int_equal(s->e.status, EXIT_FAILED);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
}

static void limits_refuse_before_anything_is_touched(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 3);
	s->backend.max_vfs = 2;
	assert_refused(s, attach(s, "web1", "net0/0-3,seize=1"), "web1",
		       "4 VFs would be in it, 2 fit", "");
	assert_string_equal(s->e.step, "check limits");
	assert_null(device(s, 3));
}

static void stale_and_broken_are_refused(void **state)
{
	struct fake_site *s = *state;

	fake_backend_set_state(&s->backend, fake_site_bdf(s, 3), VF_STALE);
	fake_site_reload(s);
	assert_refused(s, attach(s, "web1", "net0/3"), VF3, "stale: the test says so",
		       "clear the claim, run: vfyard pci-assignable-remove net0/3");
	fake_backend_set_state(&s->backend, fake_site_bdf(s, 3), VF_BROKEN);
	fake_site_reload(s);
	assert_refused(s, attach(s, "web1", "net0/3"), VF3, "broken: the test says so",
		       "repair it first, or add --force net0/3");
}

static void attach_that_fails_half_way_detaches_the_others(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *before = NULL, *after = NULL;

	fake_site_reach(s, STEP_ASSIGN, 4);
	before = fake_site_snapshot(s);
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "attach", 3, EIO, EXIT_FAILED });
	assert_int_equal(attach(s, "web1", "net0/0-3"), -EIO);
	assert_string_equal(s->e.object, VF3);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
}

static void detach_makes_it_assignable(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 3);
	fake_site_reach(s, STEP_ATTACH, 3);
	assert_int_equal(detach(s, "web1", "net0/0-1", false), 0);
	assert_int_equal(detach(s, "web1", "net0/2", true), 0);
	assert_string_equal(s->backend.calls, "detach web1 0000:05:10.0;detach web1 0000:05:10.2;"
					      "detach -f web1 0000:05:10.4;");
	fake_site_reload(s);
	assert_int_equal(vf_of(fake_site_vf(s, 2))->state, VF_ASSIGNABLE);
}

/* With or without force, what is not in the domain is never taken out of it. */
static void detach_of_a_broken_one_needs_the_domains_own_word(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	fake_site_reach(s, STEP_ATTACH, 3);
	fake_backend_set_state(&s->backend, fake_site_bdf(s, 3), VF_BROKEN);
	assert_true(detach(s, "web1", "net0/3", false) < 0);
	assert_int_equal(s->e.status, EXIT_REFUSED);
	fake_backend_set_state(&s->backend, fake_site_bdf(s, 2), VF_BROKEN);
	assert_int_equal(detach(s, "web1", "net0/2", false), 0);
}

static void detach_of_what_is_not_in_it_is_refused(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 4);
	assert_refused(s, detach(s, "web1", "net0/3", false), VF3,
		       "it is not in domain web1, and its state is assignable",
		       "see what is in it, run: vfyard pci-list web1");
	fake_site_reach(s, STEP_ATTACH, 4);
	assert_refused(s, detach(s, "db1", "net0/3", true), VF3,
		       "it is not in domain db1 but in web1", "run: vfyard pci-detach web1 net0/3");
	assert_refused(s, detach(s, "db1", "net0/5", true), "net0/5 (0000:05:11.2)",
		       "it is not in domain db1, and its state is host",
		       "see what is in it, run: vfyard pci-list db1");
}

static void detach_that_fails_puts_the_others_back_with_their_options(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *before = NULL, *after = NULL;

	fake_site_reach(s, STEP_ASSIGN, 3);
	assert_int_equal(attach(s, "web1", "net0/0-1,permissive=1"), 0);
	fake_site_reload(s);
	assert_int_equal(attach(s, "web1", "net0/2,vslot=7"), 0);
	fake_site_reload(s);
	before = fake_site_snapshot(s);
	assert_non_null(strstr(before, "heldweb1,permissive=1\n"));
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "detach", 2, EIO, EXIT_FAILED });
	assert_int_equal(detach(s, "web1", "net0/0-2", false), -EIO);
	assert_int_equal(s->e.status, EXIT_FAILED);
	after = fake_site_snapshot(s);
	assert_string_equal(before, after);
}

static void detach_when_the_devices_cannot_be_listed_touches_nothing(void **state)
{
	struct fake_site *s = *state;

	fake_site_reach(s, STEP_ASSIGN, 1);
	fake_site_reach(s, STEP_ATTACH, 1);
	fake_backend_fail(&s->backend, (struct fake_op_fault){ "list", 0, EIO, EXIT_FAILED });
	assert_int_equal(detach(s, "web1", "net0/0", false), -EIO);
	assert_string_equal(s->e.step, "list its devices");
	assert_string_equal(s->backend.calls, "");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(attach_asks_limits_for_all_and_attaches_each),
	T(attach_of_what_is_in_it_changes_nothing),
	T(attach_to_no_domain_is_an_error),
	T(attach_of_what_another_domain_has_names_it),
	T(attach_of_a_host_vf_says_assignable_add),
	T(attach_with_seize_takes_it_first_and_remembers),
	T(option_without_meaning_is_a_note),
	T(seize_asks_the_guard),
	T(seize_that_cannot_attach_gives_it_back),
	T(seize_that_times_out_gives_it_back_too),
	T(limits_refuse_before_anything_is_touched),
	T(stale_and_broken_are_refused),
	T(attach_that_fails_half_way_detaches_the_others),
	T(detach_makes_it_assignable),
	T(detach_of_a_broken_one_needs_the_domains_own_word),
	T(detach_of_what_is_not_in_it_is_refused),
	T(detach_that_fails_puts_the_others_back_with_their_options),
	T(detach_when_the_devices_cannot_be_listed_touches_nothing),
};

TEST_MAIN(tests)
