/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every test program begins with: cmocka, with the headers that it wants before it, and
 * main(). */
#ifndef VFY_TESTS_TEST_H
#define VFY_TESTS_TEST_H

#include <errno.h>
#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

/* Runs only the tests whose names match @pattern, with * and ?. A pattern that matches none is an
 * error, because a typing mistake must not pass. */
static inline int test_choose(const char *pattern, const struct CMUnitTest *tests, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += fnmatch(pattern, tests[i].name, 0) == 0;
	cmocka_set_test_filter(pattern);
	if (found)
		return 0;
	fprintf(stderr, "no test matches '%s'; there are:\n", pattern);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, "  %s\n", tests[i].name);
	return 1;
}

/* TEST_MAIN(tests) makes main() for a program with the array @tests; its first argument, if any, is
 * the pattern for test_choose(). TEST_MAIN_WITH() also runs something before and after all of
 * them. */
#define TEST_MAIN(tests) TEST_MAIN_WITH(tests, NULL, NULL)
#define TEST_MAIN_WITH(tests, setup, teardown)                                                     \
	int main(int argc, char **argv)                                                            \
	{                                                                                          \
		if (argc > 1 && test_choose(argv[1], tests, sizeof(tests) / sizeof((tests)[0])))   \
			return 1;                                                                  \
		return cmocka_run_group_tests_name(program_invocation_short_name, tests, setup,    \
						   teardown);                                      \
	}

#endif
