// SPDX-License-Identifier: GPL-2.0-or-later
/* What differs between releases of Xen, at the boundaries. */

#include "test.h"

#include "backend/xen/version.h"
#include "base/mem.h"

static struct xen_version v(int minor, const char *extra)
{
	return xen_version_make(4, minor, extra);
}

static void a_version_is_read_from_what_xen_says(void **state UNUSED)
{
	assert_int_equal(v(20, ".4").point, 4);
	assert_int_equal(v(20, ".3-pre").point, 3);
	assert_int_equal(v(20, ".12").point, 12);
	assert_int_equal(v(23, "-unstable").point, 0);
	assert_int_equal(v(23, NULL).point, 0);
	assert_int_equal(xen_version_make(0, 0, NULL).major, 0);
	assert_true(xen_version_from(v(19, ".0"), 4, 19, 0));
	assert_false(xen_version_from(v(18, ".9"), 4, 19, 0));
	assert_true(xen_version_from(xen_version_make(5, 0, ""), 4, 19, 4));
}

static void interrupts_are_bounded_from_4_19_on(void **state UNUSED)
{
	assert_false(xen_bounds_guest_irqs(v(17, ".7")));
	assert_false(xen_bounds_guest_irqs(v(18, ".6")));
	assert_true(xen_bounds_guest_irqs(v(19, ".0")));
	assert_true(xen_bounds_guest_irqs(v(20, ".4")));
	assert_true(xen_bounds_guest_irqs(v(22, ".0")));
	/* It is not told, and a refusal must be certain. */
	assert_false(xen_bounds_guest_irqs((struct xen_version){ 0 }));
}

static void segments_came_with_three_releases(void **state UNUSED)
{
	assert_false(xen_maps_segments(v(18, ".6")));
	assert_false(xen_maps_segments(v(19, ".3")));
	assert_true(xen_maps_segments(v(19, ".4")));
	assert_false(xen_maps_segments(v(20, ".2")));
	assert_true(xen_maps_segments(v(20, ".3")));
	assert_true(xen_maps_segments(v(21, ".0")));
}

/* It reads the line as parse_extra_guest_irqs() and integer_param() do. */
static void words_are_read_as_xen_reads_them(void **state UNUSED)
{
	const struct xen_version old = v(17, ".7");

	assert_int_equal(xen_irqs_in_force(NULL, old), 32);
	assert_int_equal(xen_irqs_in_force("", old), 32);
	assert_int_equal(xen_irqs_in_force("console=com1 iommu=verbose", old), 32);
	assert_int_equal(xen_irqs_in_force("extra_guest_irqs=512", old), 512);
	assert_int_equal(xen_irqs_in_force("extra-guest-irqs=512", old), 512);
	assert_int_equal(xen_irqs_in_force("a extra_guest_irqs=512,1024 b", old), 512);
	assert_int_equal(xen_irqs_in_force("extra_guest_irqs=,1024", old), 32);
	assert_int_equal(xen_irqs_in_force("extra_guest_irqs=", old), 32);
	assert_int_equal(xen_irqs_in_force("extra_guest_irqs=0x40", old), 64);
	assert_int_equal(xen_irqs_in_force("extra_guest_irqs=64 extra_guest_irqs=96", old), 96);
	assert_int_equal(xen_irqs_in_force("no_extra_guest_irqs=64", old), 32);
	assert_int_equal(xen_irqs_in_force("extra_guest_irqs=999999", old), 32768);
	assert_int_equal(xen_irqs_in_force("x -- extra_guest_irqs=64", old), 32);
}

/* setup_system_domains(): extra > max(32, n - 16) => n - 16; n = max(min(nr_irqs, 32768), 16). */
static void the_bound_is_computed_as_xen_does(void **state UNUSED)
{
	const struct xen_version now = v(20, ".4");

	assert_int_equal(xen_irqs_in_force("extra_guest_irqs=32", now), 32);
	assert_int_equal(xen_irqs_in_force("extra_guest_irqs=33", now), 0);
	assert_int_equal(xen_irqs_in_force("extra_guest_irqs=512 nr_irqs=1024", now), 512);
	assert_int_equal(xen_irqs_in_force("nr_irqs=528 extra_guest_irqs=512", now), 512);
	assert_int_equal(xen_irqs_in_force("nr_irqs=527 extra_guest_irqs=512", now), 511);
	assert_int_equal(xen_irqs_in_force("nr_irqs=0 extra_guest_irqs=512", now), 0);
	assert_int_equal(xen_irqs_in_force("nr_irqs=40000 extra_guest_irqs=40000", now), 32752);
}

/* domain_create(): at most nr_irqs altogether, on every version. */
static void a_small_nr_irqs_is_a_limit_everywhere(void **state UNUSED)
{
	assert_int_equal(xen_irqs_in_force("nr_irqs=40", v(17, ".7")), 24);
	assert_int_equal(xen_irqs_in_force("nr_irqs=8", v(17, ".7")), 0);
	assert_int_equal(xen_irqs_in_force("nr_irqs=40", v(20, ".4")), 24);
	assert_int_equal(xen_irqs_in_force("nr_irqs=100 extra_guest_irqs=512", v(17, ".7")), 84);
	assert_int_equal(xen_irqs_in_force("nr_irqs=1024", v(20, ".4")), 32);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_version_is_read_from_what_xen_says),
	cmocka_unit_test(interrupts_are_bounded_from_4_19_on),
	cmocka_unit_test(segments_came_with_three_releases),
	cmocka_unit_test(words_are_read_as_xen_reads_them),
	cmocka_unit_test(the_bound_is_computed_as_xen_does),
	cmocka_unit_test(a_small_nr_irqs_is_a_limit_everywhere),
};

TEST_MAIN(tests)
