// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>

#include "host/pci/ids.h"
#include "fake_root.h"

static const char *const ids[] = {
	"usr/share/misc/pci.ids=8086  Example Corporation\\n\t10c9  Adapter\\n\t\t8086 a03c  Card\\n"
	"8087  Other",
	NULL,
};

static int setup(void **state)
{
	struct fake_root *f = calloc(1, sizeof(*f));

	fake_root_init(f, ids);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fake_root_done(*state);
	free(*state);
	return 0;
}

static void assert_name(struct fake_root *f, uint16_t vendor, uint16_t device, const char *want)
{
	struct names *n = names_open(&f->host.root);
	char buf[256];

	assert_non_null(n);
	for (int twice = 0; twice < 2; twice++) {
		const char *got = names_device(n, buf, sizeof(buf), vendor, device);

		if (want)
			assert_string_equal(got, want);
		else
			assert_null(got);
	}
	names_close(n);
}

static void known_device_has_its_makers_name_and_its_own(void **state)
{
	assert_name(*state, 0x8086, 0x10c9, "Example Corporation Adapter");
}

static void unknown_device_of_a_known_maker_is_a_device(void **state)
{
	assert_name(*state, 0x8086, 0x10ca, "Example Corporation Device");
}

/* The list goes on with the next maker, who may have a device of that number. */
static void device_of_another_maker_is_not_taken_for_it(void **state)
{
	fake_root_add(*state, "usr/share/misc/pci.ids=# the list\\n8086  Example Corporation\\n"
			      "# a remark\\n\t10c9  Adapter\\n8087  Other\\n\t10ca  Of another\\n");
	assert_name(*state, 0x8086, 0x10c9, "Example Corporation Adapter");
	assert_name(*state, 0x8086, 0x10ca, "Example Corporation Device");
	assert_name(*state, 0x8087, 0x10ca, "Other Of another");
}

static void unknown_maker_has_no_name(void **state)
{
	assert_name(*state, 0x1234, 0x10c9, NULL);
}

static void list_that_is_no_list_gives_no_name(void **state)
{
	fake_root_add(*state, "usr/share/misc/pci.ids=\t\t\tjunk\\n8086");
	assert_name(*state, 0x8086, 0x10c9, NULL);
}

static void opening_without_asking_is_fine(void **state)
{
	struct fake_root *f = *state;
	char buf[16];

	names_close(names_open(&f->host.root));
	names_close(NULL);
	assert_null(names_device(NULL, buf, sizeof(buf), 0x8086, 0x10c9));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(known_device_has_its_makers_name_and_its_own, setup,
					teardown),
	cmocka_unit_test_setup_teardown(unknown_device_of_a_known_maker_is_a_device, setup,
					teardown),
	cmocka_unit_test_setup_teardown(device_of_another_maker_is_not_taken_for_it, setup,
					teardown),
	cmocka_unit_test_setup_teardown(unknown_maker_has_no_name, setup, teardown),
	cmocka_unit_test_setup_teardown(list_that_is_no_list_gives_no_name, setup, teardown),
	cmocka_unit_test_setup_teardown(opening_without_asking_is_fine, setup, teardown),
};

TEST_MAIN(tests)
