// SPDX-License-Identifier: GPL-2.0-or-later
/* set: words become a topology of their own, and all behind that is apply's. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "fake_yard_check.h"

/* Puts the words of a line, separated by blanks, into the yard. */
static void words(struct fake_yard *y, const char *line)
{
	static char text[256];
	char *save = NULL;
	size_t n = 0;

	snprintf(text, sizeof(text), "%s", line);
	for (char *w = strtok_r(text, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		assert_true(n + 1 < ARRAY_SIZE(y->words));
		y->words[n++] = w;
	}
	y->words[n] = NULL;
}

static void set(struct fake_yard *y, const char *line)
{
	words(y, line);
	yard_must(y, YARD_SET);
}

/* Nobody wrote a topology. */
static void without_file(struct fake_yard *y)
{
	assert_int_equal(unlinkat(y->root.host.root.fd, "etc/vfyard/topology.cfg", 0), 0);
}

static void release_gives(struct fake_yard *y, const char *first)
{
	_cleanup_free_ char *now = NULL;

	yard_must(y, YARD_RELEASE);
	now = fake_yard_snapshot(y);
	assert_string_equal(now, first);
}

static void number_is_set_and_released_without_a_file(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y);

	without_file(y);
	set(y, "eth0 numvfs=5");
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 5);
	assert_int_equal(yard_number(y, "0000:06:00.0", "sriov_numvfs"), 3);
	set(y, "0000:05:00.0 numvfs=2");
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 2);
	set(y, "eth0 numvfs=2");
	assert_int_equal(y->n_steps, 0);
	assert_int_equal(y->changes, 0);
	assert_string_equal(fake_yard_notes(y), "");
	release_gives(y, first);
}

static void settings_of_a_vf_are_set_and_released(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = NULL;
	const struct vf_attrs *a = fake_netvf_vf(&y->netvf, "eth1", 1);

	memcpy(fake_netvf_vf(&y->netvf, "eth1", 1)->mac, "\x02\x11\x22\x33\x44\x55", 6);
	first = fake_yard_snapshot(y);
	without_file(y);
	set(y, "eth1/1 mac=auto vlan=100 trust=on");
	assert_int_equal(y->n_steps, 3);
	assert_int_equal(a->vlan, 100);
	assert_true(a->trust);
	assert_int_equal(a->mac[0] & 3, 2);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth1", 0)->vlan, 0);
	set(y, "06:10.2 qos=3 vlan=100");
	assert_int_equal(a->qos, 3);
	assert_int_equal(y->n_steps, 1);
	yard_driver_is(y, 1, 1, "igbvf");
	release_gives(y, first);
}

static void several_objects_are_one_run(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y);

	without_file(y);
	set(y, "eth0 numvfs=4 eth0/0-1 vlan=7 eth0/3 driver=assign eth1/* spoofchk=off");
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth0", 1)->vlan, 7);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth0", 2)->vlan, 0);
	assert_false(fake_netvf_vf(&y->netvf, "eth1", 2)->spoofchk);
	yard_driver_is(y, 0, 3, FAKE_DRIVER);
	release_gives(y, first);
}

static void autoprobe_and_up_need_no_number(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y);

	without_file(y);
	set(y, "eth1 autoprobe=0");
	assert_int_equal(yard_number(y, "0000:06:00.0", "sriov_drivers_autoprobe"), 0);
	assert_int_equal(yard_number(y, "0000:06:00.0", "sriov_numvfs"), 3);
	set(y, "eth0 up=1");
	assert_int_equal(y->n_steps, 1);
	release_gives(y, first);
}

static void names_of_the_topology_count_and_its_other_wish_is_noted(void **state)
{
	struct fake_yard *y = *state;

	yard_must(y, YARD_APPLY);
	set(y, "net0/2 vlan=5 qos=2");
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth0", 2)->vlan, 5);
	assert_non_null(strstr(fake_yard_notes(y),
			       "etc/vfyard/topology.cfg says vlan=100 for "
			       "net0/2, so the next vfyard apply sets it back"));
	assert_null(strstr(fake_yard_notes(y), "qos"));
	yard_must(y, YARD_STATUS);
	assert_int_equal(y->n_drift, 1);
	yard_must(y, YARD_APPLY);
	assert_int_equal(y->n_steps, 1);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth0", 2)->vlan, 100);
}

/* The VFs of a domain are held, whatever the file's topology calls them. */
static void what_apply_refuses_is_refused(void **state)
{
	struct fake_yard *y = *state;

	yard_must(y, YARD_APPLY);
	words(y, "net0 numvfs=7");
	yard_fails(y, YARD_SET, EXIT_REFUSED,
		   "set: net0: numvfs is 5 and changes only while every VF is free, but these are "
		   "held: net0/0 (domain web1), net0/1 (domain web1)");
	words(y, "net0/0 driver=host");
	yard_fails(y, YARD_SET, EXIT_REFUSED,
		   "this run asks for driver=host, but it is in domain web1");
	words(y, "eth0 numvfs=8");
	yard_fails(y, YARD_SET, EXIT_REFUSED, "set: net0: numvfs=8, but the device can have 7");
	assert_null(strstr(fake_yard_notes(y), "the topology says"));
}

static void guest_that_has_a_vf_is_reached_only_with_force(void **state)
{
	static const char *const force = "net0/1";
	struct fake_yard *y = *state;

	yard_must(y, YARD_APPLY);
	words(y, "net0/1 vlan=9");
	yard_fails(y, YARD_SET, EXIT_REFUSED, "would reach into the running guest");
	y->root.host.forced = (const char **)&force;
	y->root.host.n_forced = 1;
	yard_must(y, YARD_SET);
	assert_string_equal(yard_domain_of(y, 0, 1), "web1");
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth0", 1)->vlan, 9);
}

static void wrong_words_are_all_told_with_the_object(void **state)
{
	static const struct {
		const char *line, *said;
	} v[] = {
		{ "eth1/0 vlan=4096",
		  "eth1/0: set: vlan: 4096 is out of range; write a number from "
		  "0 to 4094" },
		{ "eth1/0 vlam=4", "eth1/0: set: unknown key 'vlam', allowed are mac, vlan," },
		{ "eth1/0 vlam=4", "write 'vlan'" },
		{ "eth1/0 trust=on eth1/1 trust=x", "eth1/1: set: trust: 'x' is not " },
		{ "eth1 vlan=4", "eth1: set: vlan= is a setting of VFs, and this is a PF; name a "
				 "VF, net1/0, or all of them, net1/*" },
		{ "eth1/0 numvfs=4", "eth1/0: set: numvfs= is a setting of PFs, and this is a VF; "
				     "run: vfyard set net1 numvfs=4" },
		{ "eth1/0", "eth1/0: set: nothing is set; write KEY=VALUE behind it" },
		{ "eth1/0 vlan=1 eth1 numvfs=0", "eth1/0: set: net1 has numvfs=0; raise numvfs=" },
		{ "eth1 numvfs=2 eth1/2 vlan=1", "eth1/2: set: index 2 is beyond the VFs of net1, "
						 "which end at 1; raise numvfs=, or lower the "
						 "index" },
		{ "eth1/x vlan=1", "eth1/x: set: 'x' is not an index of VFs" },
		{ "eth1/0 vlan=1 eth1/0 vlan=2",
		  "eth1/0: set: vlan=2 for net1/0 contradicts vlan=1 for net1/0; give" },
	};
	struct fake_yard *y = *state;

	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		words(y, v[i].line);
		assert_int_equal(fake_yard_run(y, YARD_SET), -EINVAL);
		assert_int_equal(y->e.status, EXIT_USAGE);
		if (!strstr(fake_yard_notes(y), v[i].said))
			fail_msg("%s: %s", v[i].said, fake_yard_notes(y));
		assert_int_equal(y->changes, 0);
	}
}

static void words_that_are_no_object_say_what_to_write(void **state)
{
	static const struct {
		const char *line, *cause, *fix;
	} v[] = {
		{ "vlan=4", "'vlan=4' has no device before it",
		  "write the PF or VF first: vfyard set net0/3 vlan=4" },
		{ "eth1/0,vlan=4", "'eth1/0,vlan=4' is neither a device nor KEY=VALUE",
		  "write a blank between device and settings: eth1/0 vlan=4" },
		{ "eth9 numvfs=1", "no device is called 'eth9'", "PFs on this host: net0, net1" },
		{ "07:00.0 vlan=1", "'07:00.0' is no PF and no VF, so it has no settings",
		  "see the PFs and VFs, run: vfyard list" },
	};
	struct fake_yard *y = *state;

	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		words(y, v[i].line);
		assert_true(fake_yard_run(y, YARD_SET) < 0);
		assert_string_equal(y->e.cause, v[i].cause);
		assert_string_equal(y->e.fix, v[i].fix);
		assert_int_equal(y->changes, 0);
	}
}

/* Killed before and after each change: the same set again ends it, and release takes it back. */
static void killed_at_any_change_it_comes_right(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y), *wanted = NULL;
	unsigned n_changes, cases = 0;
	int r;

	without_file(y);
	set(y, "eth0 numvfs=3 eth0/1 vlan=7 driver=assign eth1/2 mac=auto");
	n_changes = y->changes;
	wanted = fake_yard_snapshot(y);
	release_gives(y, first);
	for (unsigned n = 1; n <= n_changes; n++)
		for (unsigned after = 0; after < 2; after++, cases++) {
			_cleanup_free_ char *now = NULL;

			y->kill_at = n;
			y->kill_after = after;
			assert_true(fake_yard_run_killed(y, YARD_SET, &r));
			fake_yard_calm(y);
			if (after) {
				yard_must(y, YARD_SET);
				now = fake_yard_snapshot(y);
				assert_string_equal(now, wanted);
			}
			release_gives(y, first);
		}
	assert_true(cases >= 10);
}

static void a_change_that_fails_leaves_the_host_as_it_was(void **state)
{
	struct fake_yard *y = *state;
	unsigned n = 1;

	without_file(y);
	words(y, "eth0 numvfs=3 eth0/1 vlan=7 eth1/2 trust=on");
	for (;; n++) {
		_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;
		int r;

		fake_yard_calm(y);
		y->fail_at = n;
		y->fail_code = EIO;
		r = fake_yard_run(y, YARD_SET);
		if (!y->failed)
			break;
		assert_true(r < 0);
		assert_int_equal(y->e.status, EXIT_FAILED);
		after = fake_yard_snapshot(y);
		assert_string_equal(after, before);
	}
	assert_true(n > 3);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	T(number_is_set_and_released_without_a_file),
	T(settings_of_a_vf_are_set_and_released),
	T(several_objects_are_one_run),
	T(autoprobe_and_up_need_no_number),
	T(names_of_the_topology_count_and_its_other_wish_is_noted),
	T(what_apply_refuses_is_refused),
	T(guest_that_has_a_vf_is_reached_only_with_force),
	T(wrong_words_are_all_told_with_the_object),
	T(words_that_are_no_object_say_what_to_write),
	T(killed_at_any_change_it_comes_right),
	T(a_change_that_fails_leaves_the_host_as_it_was),
};

TEST_MAIN(tests)
