// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "host/pci/functions.h"
#include "topology/wanted.h"
#include "fake_root.h"

static void every_address_counts_and_nothing_else(void **state UNUSED)
{
	static const char *const lines[] = { "sys/bus/pci/devices/0000:00:1f.0/",
					     "sys/bus/pci/devices/10000:e1:00.0/",
					     "sys/bus/pci/devices/0000:05:10/",
					     "sys/bus/pci/devices/power/", NULL };
	_cleanup_free_ struct bdf *v = NULL;
	struct fake_root f;
	size_t n = 0;

	fake_root_init(&f, lines);
	assert_int_equal(functions_read(&f.host, &v, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_int_equal(v[0].domain + v[1].domain, 0x10000);
	fake_root_done(&f);
}

static void hundreds_are_all_there(void **state UNUSED)
{
	_cleanup_free_ struct bdf *v = NULL;
	struct fake_root f;
	size_t n = 0;

	fake_root_init(&f, NULL);
	for (unsigned i = 0; i < 200; i++) {
		char line[64], text[BDF_STRLEN];

		snprintf(line, sizeof(line), "sys/bus/pci/devices/%s/",
			 bdf_str(text, bdf_vf((struct bdf){ 0 }, 1, 1, i)));
		fake_root_add(&f, line);
	}
	assert_int_equal(functions_read(&f.host, &v, &n, NULL), 0);
	assert_int_equal(n, 200);
	fake_root_done(&f);
}

static void host_without_pci_is_an_error_that_names_the_directory(void **state UNUSED)
{
	struct fake_root f;
	struct err e = { 0 };
	struct bdf *v = NULL;
	size_t n = 7;

	fake_root_init(&f, NULL);
	assert_int_equal(functions_read(&f.host, &v, &n, &e), -ENOENT);
	assert_non_null(strstr(e.cause, "sys/bus/pci/devices"));
	assert_null(v);
	assert_int_equal(n, 7);
	fake_root_done(&f);
}

static void address_of_a_vf_to_come_is_computed(void **state UNUSED)
{
	struct vf vf = { .bdf = { 0, 9, 0, 0 }, .state = VF_HOST };
	struct pf pf = {
		.bdf = { 0, 5, 0, 0 }, .offset = 128, .stride = 2, .n_vfs = 1, .vfs = &vf
	};
	struct bdf b = { 1, 1, 1, 1 };

	assert_true(wanted_bdf(&pf, 0, &b)); /* its own, when it exists */
	assert_int_equal(bdf_cmp(b, vf.bdf), 0);
	vf.state = VF_ABSENT; /* a place for one to come says nothing */
	assert_true(wanted_bdf(&pf, 0, &b));
	assert_int_equal(bdf_cmp(b, (struct bdf){ 0, 5, 0x10, 0 }), 0);
	assert_true(wanted_bdf(&pf, 3, &b));
	assert_int_equal(bdf_cmp(b, (struct bdf){ 0, 5, 0x10, 6 }), 0);
}

static void address_without_offset_or_stride_is_not_made_up(void **state UNUSED)
{
	struct pf pf = { .bdf = { 0, 5, 0, 0 } };
	struct bdf b = { 1, 1, 1, 1 };

	assert_false(wanted_bdf(&pf, 0, &b));
	pf.offset = 128;
	assert_true(wanted_bdf(&pf, 0, &b)); /* the first one needs no stride */
	b = (struct bdf){ 1, 1, 1, 1 };
	assert_false(wanted_bdf(&pf, 1, &b));
	assert_false(wanted_bdf(NULL, 0, &b));
	assert_int_equal(b.bus, 1);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_address_counts_and_nothing_else),
	cmocka_unit_test(hundreds_are_all_there),
	cmocka_unit_test(host_without_pci_is_an_error_that_names_the_directory),
	cmocka_unit_test(address_of_a_vf_to_come_is_computed),
	cmocka_unit_test(address_without_offset_or_stride_is_not_made_up),
};

TEST_MAIN(tests)
