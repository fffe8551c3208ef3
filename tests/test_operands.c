// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "engine/operands.h"
#include "fake_root.h"

struct env {
	struct fake_root root;
	struct host *host;
	struct inventory *inv;
	struct state *saved;
	struct devlist list;
	struct err e;
};

/* net0 is the topology name of 05:00.0; 06:00.0 has no VFs; 07:00.0 is not an SR-IOV function. */
static int setup(void **state)
{
	struct env *t = calloc(1, sizeof(*t));
	struct vf_saved o = { .pf = { .bus = 5 }, .index = 4, .name = "database" };

	fake_root_init(&t->root, NULL);
	t->host = &t->root.host;
	fake_root_add_pf(&t->root, &(struct fake_pf){ .bdf = "0000:05:00.0",
						      .netdev = "enp5s0f0",
						      .driver = "igb",
						      .totalvfs = 7,
						      .numvfs = 7,
						      .offset = 128,
						      .stride = 2,
						      .first_group = -1 });
	fake_root_add_pf(&t->root, &(struct fake_pf){ .bdf = "0000:06:00.0",
						      .netdev = "enp6s0f0",
						      .driver = "igb",
						      .totalvfs = 7,
						      .offset = 128,
						      .stride = 2,
						      .first_group = -1 });
	fake_root_add(&t->root, "sys/devices/pci0000:07/0000:07:00.0/vendor=0x8086");
	fake_root_add(&t->root, "sys/bus/pci/devices/0000:07:00.0 -> "
				"../../../devices/pci0000:07/0000:07:00.0");
	fake_root_add_function(&t->root,
			       &(struct fake_function){ "0000:08:00.0", "0x060400", NULL, 0 });
	assert_int_equal(
		inventory_read(&t->inv, t->host, INVENTORY_ALL | INVENTORY_FUNCTIONS, &t->e), 0);
	t->inv->pfs[0].name = "net0";
	assert_int_equal(state_open(&t->saved, t->host, &t->e), 0);
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct env *t = *state;

	devlist_done(&t->list);
	state_close(t->saved);
	inventory_free(t->inv);
	fake_root_done(&t->root);
	free(t);
	return 0;
}

static int add(struct env *t, const char *arg)
{
	memset(&t->e, 0, sizeof(t->e));
	return devlist_add(&t->list, t->host, t->inv, t->saved, arg, &t->e);
}

/* Asserts that @arg means VFs first..last of 05:00.0. */
static void assert_vfs(struct env *t, const char *arg, unsigned first, unsigned last)
{
	devlist_done(&t->list);
	if (add(t, arg) < 0)
		fail_msg("%s: %s", arg, t->e.cause);
	assert_int_equal(t->list.n, last - first + 1);
	for (unsigned i = first; i <= last; i++) {
		assert_ptr_equal(t->list.vfs[i - first].pf, &t->inv->pfs[0]);
		assert_int_equal(t->list.vfs[i - first].index, i);
	}
}

static void assert_error(struct env *t, const char *arg, enum exit_status status, const char *cause,
			 const char *fix)
{
	assert_true(add(t, arg) < 0);
	assert_string_equal(t->e.cause, cause);
	assert_int_equal(t->e.status, status);
	assert_string_equal(t->e.object, arg);
	if (!strstr(t->e.fix, fix))
		fail_msg("%s: fix is '%s'", arg, t->e.fix);
}

static void address_with_and_without_segment_is_a_vf(void **state)
{
	assert_vfs(*state, "0000:05:10.6", 3, 3);
	assert_vfs(*state, "05:10.6", 3, 3);
}

static void pf_is_its_topology_name_netdev_or_address(void **state)
{
	assert_vfs(*state, "net0/3", 3, 3);
	assert_vfs(*state, "enp5s0f0/3", 3, 3);
	assert_vfs(*state, "0000:05:00.0/3", 3, 3);
	assert_vfs(*state, "05:00.0/3", 3, 3);
}

static void ranges_come_in_index_order(void **state)
{
	assert_vfs(*state, "net0/0-3", 0, 3);
	assert_vfs(*state, "net0/6-6", 6, 6);
	assert_vfs(*state, "net0/*", 0, 6);
}

static void name_of_assignable_add_is_a_device(void **state)
{
	assert_vfs(*state, "database", 4, 4);
}

static void options_belong_to_every_vf_of_the_operand(void **state)
{
	struct env *t = *state;

	assert_int_equal(add(t, "net0/1-2,permissive=1,msitranslate=0"), 0);
	assert_int_equal(add(t, "net0/5"), 0);
	assert_int_equal(t->list.n, 3);
	assert_int_equal(t->list.options[0].permissive, 1);
	assert_int_equal(t->list.options[1].permissive, 1);
	assert_int_equal(t->list.options[1].msitranslate, 0);
	assert_int_equal(t->list.options[2].permissive, OPTION_NOT_GIVEN);
}

static void bad_option_is_a_usage_error(void **state)
{
	struct env *t = *state;

	assert_int_equal(add(t, "net0/1,permissive=true"), -EINVAL);
	assert_int_equal(t->e.status, EXIT_USAGE);
	assert_int_equal(add(t, "net0/1,colour=red"), -EINVAL);
	assert_int_equal(t->e.status, EXIT_USAGE);
	assert_int_equal(t->list.n, 0);
}

static void slot_for_several_devices_is_refused(void **state)
{
	assert_error(*state, "net0/0-1,vslot=5", EXIT_USAGE,
		     "vslot= is for one device, but 2 are named", "PF/INDEX");
	assert_error(*state, "net0/*@5", EXIT_USAGE, "vslot= is for one device, but 7 are named",
		     "PF/INDEX");
}

static void vf_given_twice_is_an_error(void **state)
{
	struct env *t = *state;

	assert_int_equal(add(t, "net0/0-3"), 0);
	assert_error(t, "0000:05:10.4", EXIT_USAGE, "net0/2 (0000:05:10.4) is given twice", "once");
}

static void pf_where_a_vf_is_meant_is_refused(void **state)
{
	static const char *const words[] = { "net0", "enp5s0f0", "0000:05:00.0", "05:00.0" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		assert_error(*state, words[i], EXIT_REFUSED,
			     "that is a PF, and its VFs depend on it",
			     "name a VF, net0/0, or all of them, net0/*");
}

static void forced_pf_with_vfs_is_refused_all_the_same(void **state)
{
	static const char *const forced[] = { "net0" };
	struct env *t = *state;

	t->host->forced = forced;
	t->host->n_forced = 1;
	assert_error(t, "05:00.0", EXIT_REFUSED,
		     "that is a PF, and its VFs depend on it, also with --force",
		     "net0/0 to net0/6 would vanish");
}

/* @arg gives the function at @bdf as a whole. */
static void assert_whole(struct env *t, const char *arg, const char *bdf)
{
	char buf[BDF_STRLEN];

	devlist_done(&t->list);
	if (add(t, arg) < 0)
		fail_msg("%s: %s", arg, t->e.cause);
	assert_int_equal(t->list.n, 1);
	assert_true(vf_is_whole(t->list.vfs[0]));
	assert_string_equal(bdf_str(buf, vf_of(t->list.vfs[0])->bdf), bdf);
	assert_string_equal(bdf_str(buf, t->list.vfs[0].pf->bdf), bdf);
}

static void address_of_an_endpoint_means_it_as_a_whole(void **state)
{
	struct env *t = *state;
	struct vf_saved o = { .pf = { .bus = 7 }, .index = WHOLE, .name = "hba" };

	assert_whole(t, "0000:07:00.0", "0000:07:00.0");
	assert_whole(t, "07:00.0", "0000:07:00.0");
	assert_whole(t, "07:00.0,permissive=1", "0000:07:00.0");
	assert_whole(t, "06:00.0", "0000:06:00.0");
	assert_int_equal(state_put(t->saved, &o, NULL), 0);
	assert_whole(t, "hba", "0000:07:00.0");
}

static void pf_without_vfs_is_given_by_its_address_only(void **state)
{
	assert_error(*state, "enp6s0f0", EXIT_REFUSED, "that is a PF, which has no VFs now",
		     "name its address, 0000:06:00.0");
}

static void bridge_is_refused(void **state)
{
	assert_error(*state, "08:00.0", EXIT_REFUSED,
		     "that is a bridge (class 060400), which carries other devices",
		     "vfyard list --all");
}

static void unknown_words_say_what_there_is(void **state)
{
	assert_error(*state, "net9", EXIT_FAILED, "no device is called 'net9'",
		     "PFs on this host: net0, enp6s0f0; named devices: database");
	assert_error(*state, "net9/1", EXIT_FAILED, "no device is called 'net9'",
		     "PFs on this host: net0");
	assert_error(*state, "09:10.0", EXIT_FAILED, "no function has this address", "list");
	assert_error(*state, "09:00.0/1", EXIT_FAILED, "'09:00.0' is not a PF of this host",
		     "list");
}

static void word_that_is_no_address_shows_the_form(void **state)
{
	struct env *t = *state;

	assert_int_equal(add(t, "03:10"), -EINVAL);
	assert_int_equal(t->e.status, EXIT_USAGE);
	assert_non_null(strstr(t->e.fix, "."));
}

static void index_that_is_not_there_says_the_range(void **state)
{
	assert_error(*state, "net0/7", EXIT_FAILED, "there is no VF 7", "net0 has VFs 0-6 now");
	assert_error(*state, "net0/5-9", EXIT_FAILED, "there is no VF 9", "0-6");
	assert_error(*state, "06:00.0/0", EXIT_FAILED, "PF has no VFs now",
		     "run: vfyard set enp6s0f0 numvfs=N");
	assert_error(*state, "06:00.0/*", EXIT_FAILED, "PF has no VFs now",
		     "run: vfyard set enp6s0f0 numvfs=N");
}

static void words_that_are_no_index_are_usage_errors(void **state)
{
	static const char *const bad[] = { "",	  "x",	  "-1",	    "1-",	  "1-2-3",
					   "1,2", "+1",	  " 1",	    "0x1",	  "1-x",
					   "**",  "1 -2", "999999", "99999999999" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct env *t = *state;
		char arg[64];

		snprintf(arg, sizeof(arg), "net0/%s", bad[i]);
		if (add(t, arg) != -EINVAL || t->e.status != EXIT_USAGE)
			fail_msg("%s: %s", arg, t->e.cause);
	}
	assert_error(*state, "net0/3-1", EXIT_USAGE, "range '3-1' runs backwards", "1-3");
}

static void name_that_means_two_things_lists_both(void **state)
{
	struct env *t = *state;
	struct vf_saved o = { .pf = { .bus = 5 }, .index = 5, .name = "enp6s0f0" };

	assert_int_equal(state_put(t->saved, &o, NULL), 0);
	assert_error(t, "enp6s0f0", EXIT_USAGE,
		     "'enp6s0f0' is a PF (0000:06:00.0) and the name of VF 5 of 0000:05:00.0",
		     "PF/INDEX");
	t->inv->pfs[0].name = "enp6s0f0";
	assert_error(t, "enp6s0f0/0", EXIT_USAGE,
		     "'enp6s0f0' is the topology name of 0000:05:00.0 and the network device of "
		     "0000:06:00.0",
		     "use the address");
}

static void topology_name_that_equals_its_own_netdev_is_one_thing(void **state)
{
	struct env *t = *state;

	t->inv->pfs[0].name = "enp5s0f0";
	assert_vfs(t, "enp5s0f0/1", 1, 1);
}

static void name_of_a_vf_that_is_not_there_now_says_so(void **state)
{
	struct env *t = *state;
	struct vf_saved o = { .pf = { .bus = 6 }, .index = 2, .name = "later" };

	assert_int_equal(state_put(t->saved, &o, NULL), 0);
	assert_error(t, "later", EXIT_FAILED,
		     "it is VF 2 of 0000:06:00.0, which does not exist now",
		     "run: vfyard set 0000:06:00.0 numvfs=3");
}

static void without_a_store_names_are_only_those_of_pfs(void **state)
{
	struct env *t = *state;

	assert_int_equal(devlist_add(&t->list, t->host, t->inv, NULL, "database", &t->e), -ENODEV);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static const struct CMUnitTest tests[] = {
	T(address_with_and_without_segment_is_a_vf),
	T(pf_is_its_topology_name_netdev_or_address),
	T(ranges_come_in_index_order),
	T(name_of_assignable_add_is_a_device),
	T(options_belong_to_every_vf_of_the_operand),
	T(bad_option_is_a_usage_error),
	T(slot_for_several_devices_is_refused),
	T(vf_given_twice_is_an_error),
	T(pf_where_a_vf_is_meant_is_refused),
	T(forced_pf_with_vfs_is_refused_all_the_same),
	T(address_of_an_endpoint_means_it_as_a_whole),
	T(pf_without_vfs_is_given_by_its_address_only),
	T(bridge_is_refused),
	T(unknown_words_say_what_there_is),
	T(word_that_is_no_address_shows_the_form),
	T(index_that_is_not_there_says_the_range),
	T(words_that_are_no_index_are_usage_errors),
	T(name_that_means_two_things_lists_both),
	T(topology_name_that_equals_its_own_netdev_is_one_thing),
	T(name_of_a_vf_that_is_not_there_now_says_so),
	T(without_a_store_names_are_only_those_of_pfs),
};

TEST_MAIN(tests)
