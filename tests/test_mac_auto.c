// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "engine/plan/mac_auto.h"

static const uint8_t pf[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x50 };

static void the_same_arguments_give_the_same_address(void **state)
{
	uint8_t a[6], b[6];

	(void)state;
	mac_auto(pf, 3, 0, a);
	mac_auto(pf, 3, 0, b);
	assert_memory_equal(a, b, 6);
	mac_auto(pf, 3, 1, b);
	assert_memory_not_equal(a, b, 6);
}

/* They are written down, because another version of the program must not give guests other
 * addresses. */
static void addresses_stay_as_they_are(void **state)
{
	static const uint8_t first[6] = { 0xe2, 0xd1, 0xc0, 0xab, 0x54, 0x30 };
	uint8_t a[6];

	(void)state;
	mac_auto(pf, 2, 0, a);
	assert_memory_equal(a, first, 6);
}

static void every_address_is_local_and_of_one_station(void **state)
{
	uint8_t a[6];

	(void)state;
	for (unsigned i = 0; i < 65536; i++) {
		mac_auto(pf, i, 0, a);
		assert_int_equal(a[0] & 3, 2);
	}
}

static int by_value(const void *a, const void *b)
{
	return memcmp(a, b, 6);
}

/* These are neighbours: addresses of PFs of one card differ in the last byte. */
static void no_two_of_65536_vfs_of_16_pfs_are_alike(void **state)
{
	enum { PFS = 16, VFS = 4096 };
	uint8_t(*all)[6] = calloc(PFS * VFS, 6), mac[6];

	(void)state;
	assert_non_null(all);
	memcpy(mac, pf, 6);
	for (unsigned p = 0; p < PFS; p++, mac[5]++)
		for (unsigned i = 0; i < VFS; i++)
			mac_auto(mac, i, 0, all[p * VFS + i]);
	qsort(all, PFS * VFS, 6, by_value);
	for (size_t i = 1; i < PFS * VFS; i++)
		assert_int_not_equal(memcmp(all[i - 1], all[i], 6), 0);
	free(all);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(the_same_arguments_give_the_same_address),
	cmocka_unit_test(addresses_stay_as_they_are),
	cmocka_unit_test(every_address_is_local_and_of_one_station),
	cmocka_unit_test(no_two_of_65536_vfs_of_16_pfs_are_alike),
};

TEST_MAIN(tests)
