// SPDX-License-Identifier: GPL-2.0-or-later
/* Odd names and xl's words as DEV: commas, slashes, quotes, network devices, wildcards. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "engine/operands.h"
#include "fake_root.h"

#define CLASS "sys/class/net/"
#define DIR   "../../devices/pci0000:05/0000:05:"

struct env {
	struct fake_root root;
	struct inventory *inv;
	struct state *saved;
	struct devlist list;
	struct err e;
};

/* net0 is the topology name of 05:00.0, whose netdev has a comma and whose VFs have netdevs; beside
 * it there is 05:00.1 with VFs in the same slots, and two ports. */
static int setup(void **state)
{
	static const char *const lines[] = {
		CLASS "mgmtpf0,0 -> " DIR "00.0/net/mgmtpf0,0",
		CLASS "rep2 -> " DIR "00.0/net/rep2",
		"sys/devices/pci0000:05/0000:05:00.0/net/mgmtpf0,0/dev_port=0",
		"sys/devices/pci0000:05/0000:05:00.0/net/rep2/phys_port_name=pf0vf2",
		CLASS "left -> " DIR "00.1/net/left",
		CLASS "right -> " DIR "00.1/net/right",
		"sys/devices/pci0000:05/0000:05:00.1/net/right/dev_port=1",
		CLASS "eth4 -> " DIR "10.2/net/eth4",
		CLASS "a,b -> " DIR "10.4/virtio9/net/a,b",
		NULL,
	};
	struct fake_pf pf = { .bdf = "0000:05:00.0",
			      .driver = "cxgb4",
			      .totalvfs = 4,
			      .numvfs = 4,
			      .offset = 128,
			      .stride = 2,
			      .first_group = -1 };
	struct vf_saved o = { .pf = { .bus = 5 }, .index = 3, .name = "fast" };
	struct env *t = calloc(1, sizeof(*t));

	fake_root_init(&t->root, lines);
	fake_root_add_pf(&t->root, &pf);
	pf.bdf = "0000:05:00.1";
	fake_root_add_pf(&t->root, &pf);
	assert_int_equal(inventory_read(&t->inv, &t->root.host, INVENTORY_ALL, &t->e), 0);
	t->inv->pfs[0].name = "net0";
	assert_int_equal(state_open(&t->saved, &t->root.host, &t->e), 0);
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
	devlist_done(&t->list);
	memset(&t->e, 0, sizeof(t->e));
	return devlist_add(&t->list, &t->root.host, t->inv, t->saved, arg, &t->e);
}

static void assert_vf(struct env *t, const char *arg, size_t pf, unsigned index)
{
	if (add(t, arg) < 0)
		fail_msg("%s: %s; %s", arg, t->e.cause, t->e.fix);
	assert_int_equal(t->list.n, 1);
	assert_ptr_equal(t->list.vfs[0].pf, &t->inv->pfs[pf]);
	assert_int_equal(t->list.vfs[0].index, index);
}

static void assert_error(struct env *t, const char *arg, enum exit_status status, const char *cause,
			 const char *fix)
{
	assert_true(add(t, arg) < 0);
	assert_string_equal(t->e.cause, cause);
	assert_string_equal(t->e.fix, fix);
	assert_int_equal(t->e.status, status);
}

static void a_comma_before_the_slash_is_the_names(void **state)
{
	assert_vf(*state, "mgmtpf0,0/3", 0, 3);
	assert_vf(*state, "mgmtpf0,0/3,permissive=1", 0, 3);
	assert_int_equal(((struct env *)*state)->list.options[0].permissive, 1);
	assert_vf(*state, "mgmtpf0,0/1@a,seize=1", 0, 1);
	assert_int_equal(((struct env *)*state)->list.options[0].vslot, 10);
	assert_int_equal(((struct env *)*state)->list.options[0].seize, 1);
}

static void a_name_in_quotes_is_taken_as_it_is(void **state)
{
	assert_vf(*state, "'mgmtpf0,0'/3", 0, 3);
	assert_vf(*state, "\"mgmtpf0,0\"/3,permissive=0", 0, 3);
	assert_int_equal(((struct env *)*state)->list.options[0].permissive, 0);
	assert_vf(*state, "'a,b'", 0, 2);
	assert_vf(*state, "'a,b',seize=1", 0, 2);
	assert_vf(*state, "'eth4'", 0, 1);
}

static void faults_of_quotes_are_usage_errors(void **state)
{
	assert_error(*state, "'a,b", EXIT_USAGE, "the quote in 'a,b is not closed",
		     "write ' at the end of the name");
	assert_error(*state, "'a,b'c", EXIT_USAGE, "'c' stands after the quoted name",
		     "write /INDEX or a comma there");
}

/* Neither is in this tree; both are looked up by their whole name, and never as a path. */
static void a_name_with_a_slash_stands_before_the_last_one_or_in_quotes(void **state)
{
	struct env *t = *state;

	assert_int_equal(add(t, "rack/left/3"), -ENODEV);
	assert_string_equal(t->e.cause, "no device is called 'rack/left'");
	assert_int_equal(add(t, "'rack/left'"), -ENODEV);
	assert_string_equal(t->e.cause, "no device is called 'rack/left'");
}

static void every_port_of_a_pf_names_it(void **state)
{
	assert_vf(*state, "left/1", 1, 1);
	assert_vf(*state, "right/1", 1, 1);
}

static void a_vfs_own_netdev_is_that_vf(void **state)
{
	assert_vf(*state, "eth4", 0, 1);
	assert_vf(*state, "eth4,permissive=1", 0, 1);
}

static void a_vf_in_place_of_a_pf_says_which_it_is(void **state)
{
	assert_error(*state, "eth4/0", EXIT_FAILED,
		     "'eth4' is VF 1 of net0, but a PF is expected here",
		     "write net0; that VF is net0/1");
	assert_error(*state, "05:10.2/0", EXIT_FAILED,
		     "'05:10.2' is VF 1 of net0, but a PF is expected here",
		     "write net0; that VF is net0/1");
	assert_error(*state, "fast/0", EXIT_FAILED,
		     "'fast' is VF 3 of net0, but a PF is expected here",
		     "write net0; that VF is net0/3");
}

static void a_representor_says_what_it_stands_for(void **state)
{
	assert_error(*state, "rep2", EXIT_FAILED, "'rep2' is the representor of VF 2 of net0",
		     "write net0/2");
	assert_error(*state, "rep2/0", EXIT_FAILED, "'rep2' is the representor of VF 2 of net0",
		     "write net0/2");
}

static void a_name_and_another_vfs_netdev_are_two_things(void **state)
{
	struct env *t = *state;
	struct vf_saved o = { .pf = { .bus = 5 }, .index = 0, .name = "eth4" };

	assert_int_equal(state_put(t->saved, &o, NULL), 0);
	assert_error(t, "eth4", EXIT_USAGE,
		     "'eth4' is a name of VF 0 of 0000:05:00.0 and the network device of net0/1 "
		     "(0000:05:10.2)",
		     "use PF/INDEX or the address");
}

static void xls_words_find_the_device(void **state)
{
	struct env *t = *state;

	assert_vf(t, "05:10.2@6", 0, 1);
	assert_int_equal(t->list.options[0].vslot, 6);
	assert_vf(t, "permissive=1,bdf=0000:05:10.3", 1, 1);
	assert_int_equal(t->list.options[0].permissive, 1);
	assert_vf(t, "name=fast,vslot=1f", 0, 3);
	assert_int_equal(t->list.options[0].vslot, 31);
	assert_vf(t, "net0/2@1f", 0, 2);
	assert_int_equal(t->list.options[0].vslot, 31);
	assert_int_equal(add(t, "name=slow"), -ENODEV);
	assert_string_equal(t->e.cause, "no device is called 'slow'");
}

static void a_device_given_twice_or_never_is_a_usage_error(void **state)
{
	assert_error(*state, "net0/1,name=x", EXIT_USAGE,
		     "name=x: the device is already given as net0/1",
		     "remove one; a name is given with: vfyard pci-assignable-add -n NAME DEV");
	assert_error(*state, "name=x,bdf=05:10.0", EXIT_USAGE,
		     "bdf=05:10.0: the device is already given as name=x", "remove one");
	assert_error(
		*state, "permissive=1", EXIT_USAGE, "nothing says which device is meant",
		"join it to the device with a comma: net0/3,permissive=1, or name the device with "
		"bdf= or name=");
	assert_error(*state, "", EXIT_USAGE, "nothing says which device is meant",
		     "write an address, PF/INDEX or a name");
	assert_error(*state, "05:10.0@6,vslot=6", EXIT_USAGE, "option 'vslot' is given twice",
		     "remove one");
}

static void a_wildcard_is_refused_with_what_to_write(void **state)
{
	static const char *const cause =
		"'05:10.*' matches whatever is in that slot, and VFs of several PFs may be there";
	static const char *const fix =
		"write PF/A-B or PF/*; there are net0/0, left/0, net0/1, left/1, net0/2, left/2, "
		"net0/3, left/3";

	assert_error(*state, "05:10.*", EXIT_USAGE, cause, fix);
	assert_error(*state, "bdf=05:10.*,permissive=1", EXIT_USAGE, cause, fix);
	assert_error(*state, "05:10.*@6", EXIT_USAGE, cause, fix);
	assert_error(
		*state, "05:*.*", EXIT_USAGE,
		"'05:*.*' matches whatever is in that slot, and VFs of several PFs may be there",
		"write PF/A-B or PF/*");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static const struct CMUnitTest tests[] = {
	T(a_comma_before_the_slash_is_the_names),
	T(a_name_in_quotes_is_taken_as_it_is),
	T(faults_of_quotes_are_usage_errors),
	T(a_name_with_a_slash_stands_before_the_last_one_or_in_quotes),
	T(every_port_of_a_pf_names_it),
	T(a_vfs_own_netdev_is_that_vf),
	T(a_vf_in_place_of_a_pf_says_which_it_is),
	T(a_representor_says_what_it_stands_for),
	T(a_name_and_another_vfs_netdev_are_two_things),
	T(xls_words_find_the_device),
	T(a_device_given_twice_or_never_is_a_usage_error),
	T(a_wildcard_is_refused_with_what_to_write),
};

TEST_MAIN(tests)
