// SPDX-License-Identifier: GPL-2.0-or-later
/* What a run learns from one reading of a PF's VFs, and the fake that stands in for it. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/net/vf_link_parts.h"
#include "fake_netvf.h"
#include "fake_root.h"
#include "fake_vf_message.h"

struct env {
	struct fake_vf_message m;
	struct fake_vf vfs[7];
	struct vf_attrs got[1000];
	struct fake_netvf fake;
	char *notes;
	size_t notes_len;
	struct host host;
	struct err e;
};

static int answer(void *arg, struct nl_msg *msg UNUSED, unsigned timeout_ms UNUSED,
		  struct rtnl_answer *ret)
{
	struct env *t = arg;

	*ret = (struct rtnl_answer){ malloc(t->m.len), t->m.len };
	memcpy(ret->bytes, t->m.bytes, t->m.len);
	return 0;
}

static int no_answer(void *arg UNUSED, struct nl_msg *msg UNUSED, unsigned timeout_ms UNUSED,
		     struct rtnl_answer *ret UNUSED)
{
	return -ETIMEDOUT;
}

static int read_by(struct env *t, rtnl_ask_fn ask, unsigned n)
{
	int r = vf_link_read_by(ask, t, &t->host, "enp5s0f0", t->got, n, &t->e);

	fflush(t->host.log.to);
	return r;
}

static int setup(void **state)
{
	struct env *t = calloc(1, sizeof(*t));

	for (uint32_t i = 0; i < ARRAY_SIZE(t->vfs); i++)
		t->vfs[i] = fake_vf_of(i);
	t->host.log.to = open_memstream(&t->notes, &t->notes_len);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct env *t = *state;

	fclose(t->host.log.to);
	free(t->notes);
	free(t);
	return 0;
}

static void a_driver_without_a_list_leaves_a_note(void **state)
{
	struct env *t = *state;

	fake_vf_message_without_list(&t->m, 7);
	assert_int_equal(read_by(t, answer, 7), 0);
	assert_int_equal(t->got[0].given, 0);
	assert_string_equal(
		t->notes, "vfyard: enp5s0f0: the kernel does not report the settings of its VFs\n");
}

static void vfs_that_are_missing_are_counted_in_a_note(void **state)
{
	struct env *t = *state;

	t->vfs[2].refused = t->vfs[5].refused = true;
	fake_vf_message(&t->m, t->vfs, 7);
	assert_int_equal(read_by(t, answer, 7), 0);
	assert_string_equal(
		t->notes,
		"vfyard: enp5s0f0: the settings of 2 of 7 VFs are not known; the first is VF 2\n");
}

static void a_full_answer_needs_no_note(void **state)
{
	struct env *t = *state;

	fake_vf_message(&t->m, t->vfs, 7);
	assert_int_equal(read_by(t, answer, 7), 0);
	assert_int_not_equal(t->got[6].given, 0);
	assert_string_equal(t->notes, "");
}

static void more_vfs_than_the_kernel_can_describe_leave_a_note(void **state)
{
	struct env *t = *state;

	fake_vf_message_error(&t->m, EMSGSIZE);
	assert_int_equal(read_by(t, answer, 1000), 0);
	assert_int_equal(t->got[0].given, 0);
	assert_non_null(strstr(t->notes, "cannot describe all 1000 VFs at once"));
}

static void a_device_that_is_gone_is_an_error(void **state)
{
	struct env *t = *state;

	fake_vf_message_error(&t->m, ENODEV);
	assert_int_equal(read_by(t, answer, 7), -ENODEV);
	assert_string_equal(t->e.cause, "read the VFs of enp5s0f0: No such device");
	assert_string_equal(t->e.fix, "see: ip link");
}

static void below_a_root_nothing_is_given(void **state)
{
	struct env *t = *state;
	struct fake_root root;

	fake_root_init(&root, NULL);
	memset(t->got, 0xff, sizeof(t->got));
	assert_int_equal(vf_link_read(&root.host, "lo", t->got, 2, &t->e), 0);
	assert_int_equal(t->got[0].given, 0);
	assert_int_equal(t->got[1].given, 0);
	fake_root_done(&root);
}

static void no_answer_is_an_error(void **state)
{
	struct env *t = *state;

	assert_int_equal(read_by(t, no_answer, 7), -ETIMEDOUT);
	assert_non_null(strstr(t->e.cause, "the kernel did not answer in time"));
}

static void the_fake_is_asked_instead_of_the_kernel(void **state)
{
	struct env *t = *state;

	fake_netvf_init(&t->fake, &t->host);
	fake_netvf_vf(&t->fake, "p0", 1)->vlan = 7;
	assert_int_equal(vf_link_read(&t->host, "p0", t->got, 2, &t->e), 0);
	assert_int_equal(t->got[1].vlan, 7);
	assert_int_equal(t->fake.reads, 1);
}

static void the_fake_keeps_what_is_set(void **state)
{
	const struct vf_attrs a = { .given = VF_ATTR_VLAN, .vlan = 100 };
	struct env *t = *state;

	fake_netvf_init(&t->fake, &t->host);
	fake_netvf_vf(&t->fake, "p0", 1)->qos = 5;
	assert_int_equal(vf_link_set(&t->host, "p0", 1, VF_SET_VLAN, &a, &t->e), 0);
	assert_int_equal(fake_netvf_vf(&t->fake, "p0", 1)->vlan, 100);
	assert_int_equal(fake_netvf_vf(&t->fake, "p0", 1)->qos, 0);
	assert_int_equal(fake_netvf_vf(&t->fake, "p1", 1)->vlan, 0);
}

static void the_fake_forgets_vfs_that_were_unmade(void **state)
{
	struct env *t = *state;

	fake_netvf_init(&t->fake, &t->host);
	fake_netvf_vf(&t->fake, "p0", 1)->trust = true;
	fake_netvf_forget(&t->fake, "p0");
	assert_false(fake_netvf_vf(&t->fake, "p0", 1)->trust);
	assert_true(fake_netvf_vf(&t->fake, "p0", 1)->spoofchk);
}

static void the_fake_fails_once_after_what_it_skips(void **state)
{
	const struct vf_attrs a = { .given = VF_ATTR_TRUST, .trust = true };
	struct env *t = *state;

	fake_netvf_init(&t->fake, &t->host);
	fake_netvf_fail(&t->fake,
			(struct fake_netvf_fault){
				.index = 1, .setting = VF_SET_TRUST, .code = EIO, .skip = 1 });
	assert_int_equal(vf_link_set(&t->host, "p0", 1, VF_SET_TRUST, &a, &t->e), 0);
	assert_int_equal(vf_link_set(&t->host, "p0", 1, VF_SET_TRUST, &a, &t->e), -EIO);
	assert_int_equal(vf_link_set(&t->host, "p0", 1, VF_SET_TRUST, &a, &t->e), 0);
	assert_int_equal(t->fake.sets, 3);
}

static void the_fake_can_lie(void **state)
{
	const struct vf_attrs a = { .given = VF_ATTR_TRUST, .trust = true };
	struct env *t = *state;

	fake_netvf_init(&t->fake, &t->host);
	fake_netvf_fail(&t->fake, (struct fake_netvf_fault){ "p0", 1, VF_SET_TRUST, 0, 0, true });
	assert_int_equal(vf_link_set(&t->host, "p0", 1, VF_SET_TRUST, &a, &t->e), 0);
	assert_false(fake_netvf_vf(&t->fake, "p0", 1)->trust);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(a_driver_without_a_list_leaves_a_note),
	TEST(vfs_that_are_missing_are_counted_in_a_note),
	TEST(a_full_answer_needs_no_note),
	TEST(more_vfs_than_the_kernel_can_describe_leave_a_note),
	TEST(a_device_that_is_gone_is_an_error),
	TEST(below_a_root_nothing_is_given),
	TEST(no_answer_is_an_error),
	TEST(the_fake_is_asked_instead_of_the_kernel),
	TEST(the_fake_keeps_what_is_set),
	TEST(the_fake_forgets_vfs_that_were_unmade),
	TEST(the_fake_fails_once_after_what_it_skips),
	TEST(the_fake_can_lie),
};

TEST_MAIN(tests)
