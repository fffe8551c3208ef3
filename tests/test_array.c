// SPDX-License-Identifier: GPL-2.0-or-later
/* Arrays that grow have room for what is put into them, whatever size they had before. */
#include "test.h"

#include <malloc.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"

__attribute__((visibility("default"))) const char *__asan_default_options(void);

/* A size that is too large fails, as it does without the sanitizer. */
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* Of a size that no allocator rounds up by much. */
struct thing {
	unsigned number;
	char rest[996];
};

static void push(struct thing **v, size_t *n, unsigned number)
{
	assert_int_equal(ARRAY_GROW(*v, *n), 0);
	assert_true(malloc_usable_size(*v) >= (*n + 1) * sizeof(**v));
	(*v)[(*n)++].number = number;
}

static void each_element_has_room_and_keeps_its_value(void **state UNUSED)
{
	_cleanup_free_ struct thing *v = NULL;
	size_t n = 0;

	for (unsigned i = 0; i < 100; i++)
		push(&v, &n, i);
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(v[i].number, i);
}

static void an_array_that_shrank_grows_again(void **state UNUSED)
{
	static const size_t kept[] = { 0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33 };

	for (size_t k = 0; k < ARRAY_SIZE(kept); k++) {
		_cleanup_free_ struct thing *v = NULL;
		size_t n = 0;

		for (unsigned i = 0; i < 40; i++)
			push(&v, &n, i);
		n = kept[k];
		for (unsigned i = (unsigned)n; i < 70; i++)
			push(&v, &n, i);
		for (unsigned i = 0; i < 70; i++)
			assert_int_equal(v[i].number, i);
	}
}

static void without_memory_the_array_stays_as_it_was(void **state UNUSED)
{
	_cleanup_free_ struct thing *v = NULL;
	struct thing *before;
	size_t n = 0;

	for (unsigned i = 0; i < 8; i++)
		push(&v, &n, i);
	before = v;
	assert_int_equal(array_grow(&v, 8, SIZE_MAX / 4), -ENOMEM);
	assert_ptr_equal(v, before);
	assert_int_equal(v[7].number, 7);
}

static int number_order(const void *element, const void *key)
{
	unsigned x = *(const unsigned *)element, y = *(const unsigned *)key;

	return (x > y) - (x < y);
}

/* Held against a walk, for arrays of each length with equal elements in them. */
static void the_lower_bound_is_the_first_that_does_not_come_before(void **state UNUSED)
{
	for (unsigned n = 0; n < 20; n++) {
		unsigned v[20];

		for (unsigned i = 0; i < n; i++)
			v[i] = 2 * (i / 3) + 1;
		for (unsigned key = 0; key < 2 * n + 3; key++) {
			size_t want = 0;

			while (want < n && v[want] < key)
				want++;
			assert_int_equal(array_lower_bound(v, n, sizeof(*v), number_order, &key),
					 want);
		}
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(each_element_has_room_and_keeps_its_value),
	cmocka_unit_test(an_array_that_shrank_grows_again),
	cmocka_unit_test(without_memory_the_array_stays_as_it_was),
	cmocka_unit_test(the_lower_bound_is_the_first_that_does_not_come_before),
};

TEST_MAIN(tests)
