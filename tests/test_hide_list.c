// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "host/boot/hide_list.h"

static void entries_are_read_as_the_kernel_reads_them(void **state UNUSED)
{
	static const char value[] =
		"(0000:05:10.1) (0b:1f.7)(0001:02:03.*)(04:05.*)(0000:3c:*.*)(3d:*.*)";
	static const struct {
		struct bdf bdf;
		bool any_dev, any_fn;
		const char *text;
	} want[] = {
		{ { 0, 5, 0x10, 1 }, false, false, "(0000:05:10.1)" },
		{ { 0, 0xb, 0x1f, 7 }, false, false, "(0b:1f.7)" },
		{ { 1, 2, 3, 0 }, false, true, "(0001:02:03.*)" },
		{ { 0, 4, 5, 0 }, false, true, "(04:05.*)" },
		{ { 0, 0x3c, 0, 0 }, true, true, "(0000:3c:*.*)" },
		{ { 0, 0x3d, 0, 0 }, true, true, "(3d:*.*)" },
	};
	struct hide_entry h;
	size_t pos = 0;

	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		assert_int_equal(hide_list_next(value, &pos, &h), 1);
		assert_int_equal(bdf_cmp(h.bdf, want[i].bdf), 0);
		assert_int_equal(h.any_dev, want[i].any_dev);
		assert_int_equal(h.any_fn, want[i].any_fn);
		assert_int_equal(h.len, strlen(want[i].text));
		assert_memory_equal(value + h.at, want[i].text, h.len);
	}
	assert_int_equal(hide_list_next(value, &pos, &h), 0);
	assert_int_equal(hide_list_check("", NULL), 0);
}

static void bad_entries_are_named(void **state UNUSED)
{
	static const char *const bad[] = {
		"(0000:82.0.0)",
		"(0b::00.1)",
		"0000:05:10.0",
		"(0000:05:10.0",
		"(0000:05:20.0)",
		"(0000:05:10.8)",
		"(10000:05:10.0)",
		"(0000:100:10.0)",
		"()",
		"(0000:05:10)",
		"(*)",
		"(0000:05:*.1)",
	};
	char text[64];

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err e = { 0 };

		snprintf(text, sizeof(text), "(0000:05:10.0)%s(0000:05:10.2)", bad[i]);
		assert_int_equal(hide_list_check(text, &e), -EINVAL);
		assert_int_equal(e.status, EXIT_REFUSED);
		assert_non_null(strstr(e.cause, bad[i]));
	}
}

static void an_entry_has_what_its_wildcards_say(void **state UNUSED)
{
	struct hide_entry h;
	size_t pos = 0;

	assert_int_equal(hide_list_next("(0000:05:10.*)", &pos, &h), 1);
	assert_true(hide_entry_has(&h, (struct bdf){ 0, 5, 0x10, 6 }));
	assert_false(hide_entry_has(&h, (struct bdf){ 0, 5, 0x11, 0 }));
	assert_false(hide_entry_has(&h, (struct bdf){ 1, 5, 0x10, 6 }));
	pos = 0;
	assert_int_equal(hide_list_next("(05:*.*)", &pos, &h), 1);
	assert_true(hide_entry_has(&h, (struct bdf){ 0, 5, 0x11, 3 }));
	assert_false(hide_entry_has(&h, (struct bdf){ 0, 6, 0x11, 3 }));
}

static void the_last_word_of_a_line_counts(void **state UNUSED)
{
	char buf[64] = "";

	assert_true(hide_list_of_line("ro xen-pciback.hide=(1:2.3) quiet", "xen-pciback", buf,
				      sizeof(buf)));
	assert_string_equal(buf, "(1:2.3)");
	assert_true(hide_list_of_line("xen-pciback.hide=(1:2.3) xen_pciback.hide=(4:5.6)\n",
				      "xen-pciback", buf, sizeof(buf)));
	assert_string_equal(buf, "(4:5.6)");
	assert_true(hide_list_of_line("xen_pciback.hide=\"(1:2.3) (4:5.6)\" x", "xen-pciback", buf,
				      sizeof(buf)));
	assert_string_equal(buf, "(1:2.3) (4:5.6)");
	assert_false(hide_list_of_line("my-xen-pciback.hide=(1:2.3) pciback.hide=(1:2.3)",
				       "xen-pciback", buf, sizeof(buf)));
	assert_false(hide_list_of_line("", "xen-pciback", buf, sizeof(buf)));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(entries_are_read_as_the_kernel_reads_them),
	cmocka_unit_test(bad_entries_are_named),
	cmocka_unit_test(an_entry_has_what_its_wildcards_say),
	cmocka_unit_test(the_last_word_of_a_line_counts),
};

TEST_MAIN(tests)
