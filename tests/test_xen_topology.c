// SPDX-License-Identifier: GPL-2.0-or-later
/* Values from libxlutil: what it complains about reaches the user, what it reads differently is
 * noticed. The scanner refuses such texts first, so they are given past it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "topology/read/lex.h"

/* Scans @scanned, takes the values of @text; the sentence begins with @want. */
static void assert_said(const char *scanned, const char *text, const char *want)
{
	struct problems problems = { .file = "t" };
	struct topo_ctx c = { .problems = &problems };
	char said[1200] = "";
	struct topo_node root;
	int r;

	assert_int_equal(topo_lex(&root, &c, scanned), 0);
	r = topo_xlcfg_values(&root, &c, text);
	if (problems.n)
		err_format(&problems.v[0].err, said, sizeof(said));
	if (strncmp(said, want, strlen(want)) || !want[0] != !said[0])
		fail_msg("'%s' does not begin with '%s'", said, want);
	assert_int_equal(r, want[0] ? -EINVAL : 0);
	topo_node_done(&root);
	problems_done(&problems);
}

static void its_complaint_has_the_line(void **state UNUSED)
{
	/* how it goes on is the parser generator's */
	assert_said("a = 1\n", "a = 1\nb = x\n",
		    "t:2:1: libxlutil: config parsing error near `x': ");
	assert_said("a = 1\n", "a = 1\n\n\nb = 1 1\n",
		    "t:4:1: libxlutil: config parsing error near ");
}

static void its_escapes_are_refused_by_the_scanner(void **state UNUSED)
{
	struct problems problems = { 0 };
	struct topo_ctx c = { .problems = &problems };
	struct topo_node root;

	assert_int_equal(topo_lex(&root, &c, "a = \"x\\101y\"\n"), -EINVAL);
	assert_int_equal(problems.v[0].loc.col, 7);
	topo_node_done(&root);
	problems_done(&problems);
}

static void another_shape_than_the_scanned_one_is_an_error(void **state UNUSED)
{
	assert_said("a = 1\n", "a = 1\n", "");
	assert_said("a = [ 1, [ 2 ] ]\n", "a = [ 1, [ 2 ] ]\n", "");
	assert_said("a = 1\n", "b = 1\n", "t:1:5: libxlutil reads this value differently");
	assert_said("a = 1\n", "a = [ 1 ]\n", "t:1:5: libxlutil reads this value differently");
	assert_said("a = [ 1 ]\n", "a = 1\n", "t:1:5: libxlutil reads this value differently");
	assert_said("a = [ 1 ]\n", "a = [ 1, 2 ]\n",
		    "t:1:5: libxlutil reads this value differently");
	assert_said("a = [ 1, 2 ]\n", "a = [ 1 ]\n",
		    "t:1:10: libxlutil reads this value differently");
	assert_said("a = [ 1, [ 2 ] ]\n", "a = [ 1, 2 ]\n",
		    "t:1:10: libxlutil reads this value differently");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_complaint_has_the_line),
		cmocka_unit_test(its_escapes_are_refused_by_the_scanner),
		cmocka_unit_test(another_shape_than_the_scanned_one_is_an_error),
	};

	return cmocka_run_group_tests_name("topology through libxlutil", tests, NULL, NULL);
}
