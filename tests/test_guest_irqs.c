// SPDX-License-Identifier: GPL-2.0-or-later

#include "test.h"

#include "base/mem.h"
#include "host/boot/guest_irqs.h"

static void never_less_than_xen_takes_by_itself(void **state UNUSED)
{
	struct irq_words w;

	for (unsigned cpus = 1; cpus <= 1024; cpus++) {
		assert_true(guest_irqs_words(168, 1000, cpus, &w));
		assert_int_equal(w.extra, 192);
		assert_true(w.nr >= 208 * cpus + 1000);
		assert_true(guest_irqs_cpus(w.nr) >= cpus);
		/* An eighth of it is for pins of IO-APICs. */
		assert_true(w.nr / 8 >= 512);
	}
}

static void unknown_cpus_are_taken_for_many(void **state UNUSED)
{
	struct irq_words w;

	assert_true(guest_irqs_words(33, 33, 0, &w));
	assert_int_equal(w.extra, 64);
	assert_int_equal(w.nr, 33792); /* 32768 + 64, rounded up */
	assert_true(guest_irqs_cpus(w.nr) >= 157);
}

/* Since 4.19 extra is bounded by nr_irqs - 16. */
static void the_number_of_the_host_covers_that_of_a_domain(void **state UNUSED)
{
	struct irq_words w;

	for (unsigned most = 33; most <= GUEST_IRQS_MAX; most += 97) {
		assert_true(guest_irqs_words(most, most, 1, &w));
		assert_true(w.extra >= most);
		assert_true(w.nr >= w.extra + 16);
	}
	assert_true(guest_irqs_words(GUEST_IRQS_MAX, GUEST_IRQS_MAX, 1, &w));
	assert_int_equal(w.extra, GUEST_IRQS_MAX);
	assert_false(guest_irqs_words(GUEST_IRQS_MAX + 1, GUEST_IRQS_MAX + 1, 1, &w));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(never_less_than_xen_takes_by_itself),
	cmocka_unit_test(unknown_cpus_are_taken_for_many),
	cmocka_unit_test(the_number_of_the_host_covers_that_of_a_domain),
};

TEST_MAIN(tests)
