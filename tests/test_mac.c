// SPDX-License-Identifier: GPL-2.0-or-later
/* Hardware addresses as text. */
#include "test.h"

#include <string.h>

#include "base/mac.h"
#include "base/mem.h"

static void what_is_printed_reads_back(void **state UNUSED)
{
	static const uint8_t mac[MAC_LEN] = { 0x02, 0xab, 0x00, 0xff, 0x10, 0x9c };
	uint8_t back[MAC_LEN];
	char buf[MAC_STRLEN];

	assert_string_equal(mac_str(buf, mac), "02:ab:00:ff:10:9c");
	assert_true(mac_scan(back, buf));
	assert_int_equal(mac_cmp(back, mac), 0);
	assert_true(mac_scan(back, "02:AB:00:fF:10:9C"));
	assert_int_equal(mac_cmp(back, mac), 0);
}

static void nothing_else_is_an_address(void **state UNUSED)
{
	static const char *const texts[] = {
		"",
		"2:ab:00:ff:10:9c",
		"02:ab:00:ff:10",
		"02:ab:00:ff:10:",
		"02:ab:00:ff:10:9",
		"02:ab:00:ff:10:9c:00",
		"02:ab:00:ff:10:9c ",
		" 2:ab:00:ff:10:9c",
		"02-ab-00-ff-10-9c",
		"02ab00ff109c",
		"02:ab:00:ff:1g:9c",
		"+2:ab:00:ff:10:9c",
		"0x:ab:00:ff:10:9c",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		uint8_t mac[MAC_LEN] = { 7 };

		if (mac_scan(mac, texts[i]) || mac[0] != 7)
			fail_msg("'%s' is read as an address", texts[i]);
	}
}

static void zero_and_groups_are_told(void **state UNUSED)
{
	static const uint8_t zero[MAC_LEN], group[MAC_LEN] = { 1 }, last[MAC_LEN] = { [5] = 1 };

	assert_true(mac_is_zero(zero));
	assert_false(mac_is_zero(last));
	assert_true(mac_is_multicast(group));
	assert_false(mac_is_multicast(last));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(what_is_printed_reads_back),
	cmocka_unit_test(nothing_else_is_an_address),
	cmocka_unit_test(zero_and_groups_are_told),
};

TEST_MAIN(tests)
