// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/bdf.h"

static void address_without_segment_is_in_segment_zero(void **state UNUSED)
{
	char buf[BDF_STRLEN];
	struct bdf b;

	assert_int_equal(bdf_parse(&b, "05:1F.7", NULL), 0);
	assert_string_equal(bdf_str(buf, b), "0000:05:1f.7");
}

static void long_segment_survives_the_round_trip(void **state UNUSED)
{
	char buf[BDF_STRLEN];
	struct bdf b;

	assert_int_equal(bdf_parse(&b, "10000:e1:00.0", NULL), 0);
	assert_string_equal(bdf_str(buf, b), "10000:e1:00.0");
}

static void anything_else_is_refused_with_the_form_to_write(void **state UNUSED)
{
	static const char *const bad[] = { "",
					   "03:10",
					   "03:10.8",
					   "03:20.0",
					   "3:10.0",
					   "03:10.0 ",
					   " 03:10.0",
					   "03:10.0x",
					   "000:03:10.0",
					   "100:10.0",
					   "0000:03:10.",
					   "+3:10.0",
					   "0000:03:1.0",
					   "123456789:00:00.0",
					   "03:10.00",
					   ":03:10.0" };
	struct bdf b = { 1, 2, 3, 4 };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err e = { 0 };

		assert_int_equal(bdf_parse(&b, bad[i], &e), -EINVAL);
		assert_int_equal(e.status, EXIT_USAGE);
		assert_non_null(strstr(e.fix, "dddd:bb:dd.f"));
		assert_int_equal(b.domain, 1);
	}
}

static void vf_address_crosses_the_bus(void **state UNUSED)
{
	char buf[BDF_STRLEN];
	struct bdf pf = { 0, 5, 0, 0 };

	assert_string_equal(bdf_str(buf, bdf_vf(pf, 128, 2, 3)), "0000:05:10.6");
	assert_string_equal(bdf_str(buf, bdf_vf(pf, 256, 1, 0)), "0000:06:00.0");
	assert_string_equal(bdf_str(buf, bdf_vf(pf, 1, 1, 300)), "0000:06:05.5");
}

static void order_is_numeric(void **state UNUSED)
{
	struct bdf low = { 0, 0xff, 31, 7 }, high = { 0x10000, 0, 0, 0 };

	assert_true(bdf_cmp(low, high) < 0);
	assert_true(bdf_cmp(high, low) > 0);
	assert_int_equal(bdf_cmp(low, low), 0);
}

static void what_begins_with_an_address_is_sorted_and_found_by_it(void **state UNUSED)
{
	struct named {
		struct bdf bdf;
		char name;
	} v[] = { { { 0, 5, 16, 2 }, 'b' }, { { 1, 0, 0, 0 }, 'c' }, { { 0, 5, 2, 7 }, 'a' } };
	struct bdf key = { 0, 5, 16, 2 }, none = { 0, 5, 16, 3 };
	const struct named *found;

	qsort(v, 3, sizeof(*v), bdf_order);
	assert_int_equal(v[0].name, 'a');
	assert_int_equal(v[1].name, 'b');
	assert_int_equal(v[2].name, 'c');
	found = bsearch(&key, v, 3, sizeof(*v), bdf_order);
	assert_ptr_equal(found, &v[1]);
	assert_null(bsearch(&none, v, 3, sizeof(*v), bdf_order));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(address_without_segment_is_in_segment_zero),
	cmocka_unit_test(long_segment_survives_the_round_trip),
	cmocka_unit_test(anything_else_is_refused_with_the_form_to_write),
	cmocka_unit_test(vf_address_crosses_the_bus),
	cmocka_unit_test(order_is_numeric),
	cmocka_unit_test(what_begins_with_an_address_is_sorted_and_found_by_it),
};

TEST_MAIN(tests)
