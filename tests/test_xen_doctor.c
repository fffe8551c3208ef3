// SPDX-License-Identifier: GPL-2.0-or-later
/* What logs of Xen and of its guests mean, and a word for each row of the tables of refusals. */
#include "test.h"

#include <string.h>

#include "backend/xen/diagnose.h"
#include "backend/xen/said_boot.h"

static void the_last_line_about_remapping_counts(void **state UNUSED)
{
	assert_int_equal(said_remaps("(XEN) Interrupt remapping enabled\n"), 1);
	assert_int_equal(said_remaps("(XEN) Interrupt remapping disabled\n"), 0);
	assert_int_equal(said_remaps("(XEN) Intel VT-d Interrupt Remapping not enabled.\n"), 0);
	assert_int_equal(said_remaps("(XEN) Intel VT-d Interrupt Remapping enabled.\n"
				     "(XEN) Interrupt remapping disabled\n"),
			 0);
	assert_int_equal(said_remaps("(XEN) I/O virtualisation enabled\n"), UNKNOWN);
	assert_int_equal(said_remaps(""), UNKNOWN);
}

static void a_guest_without_memory_for_dma_is_heard(void **state UNUSED)
{
	const struct said_by_guest *said =
		said_by_guest("[    0.3] Failed to get contiguous memory for DMA from Xen!\n");

	assert_non_null(said);
	assert_true(said->means[0] && said->fix[0]);
	assert_string_equal(said_by_guest("igbvf: No usable DMA configuration, aborting")->words,
			    "No usable DMA configuration");
	assert_null(said_by_guest("Linux version 6.1.0"));
}

static void each_row_that_refuses_has_a_word_when_it_does_not(void **state UNUSED)
{
	const struct refusal *tables[] = { xen_refusals, xen_attach_refusals };

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		for (const struct refusal *row = tables[i]; row->name; row++) {
			const struct refusal_word *w = xen_words;

			while (w->row && strcmp(w->row, row->name) != 0)
				w++;
			if (!w->row)
				fail_msg("no word for row '%s'", row->name);
		}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(the_last_line_about_remapping_counts),
	cmocka_unit_test(a_guest_without_memory_for_dma_is_heard),
	cmocka_unit_test(each_row_that_refuses_has_a_word_when_it_does_not),
};

TEST_MAIN(tests)
