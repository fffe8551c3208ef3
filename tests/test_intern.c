// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/intern.h"

static int setup(void **state)
{
	*state = intern_new();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	intern_free(*state);
	return 0;
}

static void equal_strings_are_one_pointer(void **state)
{
	char copy[] = "igbvf";
	const char *a = intern_add(*state, "igbvf"), *b = intern_add(*state, copy);

	assert_ptr_equal(a, b);
	assert_ptr_not_equal(a, copy);
	assert_ptr_not_equal(a, intern_add(*state, "igb"));
}

static void pointers_survive_growth(void **state)
{
	static const char *kept[20000];
	char name[32];

	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		snprintf(name, sizeof(name), "enp%zus0v%zu", i / 256, i);
		kept[i] = intern_add(*state, name);
		assert_non_null(kept[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		snprintf(name, sizeof(name), "enp%zus0v%zu", i / 256, i);
		assert_string_equal(kept[i], name);
		assert_ptr_equal(intern_add(*state, name), kept[i]);
	}
}

static void text_longer_than_a_chunk_is_kept_whole(void **state)
{
	char text[10000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_string_equal(intern_add(*state, text), text);
	assert_string_equal(intern_add(*state, "after it"), "after it");
}

static void empty_text_is_a_text_and_null_is_none(void **state)
{
	assert_string_equal(intern_add(*state, ""), "");
	assert_null(intern_add(*state, NULL));
}

static void freeing_nothing_is_fine(void **state UNUSED)
{
	intern_free(NULL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(equal_strings_are_one_pointer, setup, teardown),
	cmocka_unit_test_setup_teardown(pointers_survive_growth, setup, teardown),
	cmocka_unit_test_setup_teardown(text_longer_than_a_chunk_is_kept_whole, setup, teardown),
	cmocka_unit_test_setup_teardown(empty_text_is_a_text_and_null_is_none, setup, teardown),
	cmocka_unit_test(freeing_nothing_is_fine),
};

TEST_MAIN(tests)
