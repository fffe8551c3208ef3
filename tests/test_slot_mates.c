// SPDX-License-Identifier: GPL-2.0-or-later
/* Which functions of a domain are one device in its guest, and where in it each is. */
#include "test.h"

#include "topology/slot_mates.h"

static struct slot_function whole(const char *bdf)
{
	struct slot_function f = { .is_whole = true, .vslot = -1 };

	assert_true(bdf_scan(&f.bdf, bdf));
	return f;
}

static struct slot_function vf(const char *bdf)
{
	struct slot_function f = whole(bdf);

	f.is_whole = false;
	return f;
}

static struct slot_function at(const char *bdf, int vslot)
{
	struct slot_function f = whole(bdf);

	f.vslot = vslot;
	return f;
}

/* @want: "device.function" of each, a '+' where it has mates: "0.0+ 1.0 0.1+" */
static void assert_places(const struct slot_function *v, size_t n, const char *want)
{
	struct slot_place places[16];
	char text[128] = "";
	size_t devices = slot_places(v, n, places), len = 0, most = 0;

	for (size_t i = 0; i < n; i++) {
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%zu.%u%s", i ? " " : "",
					places[i].device, places[i].fn, places[i].mates ? "+" : "");
		most = places[i].device + 1 > most ? places[i].device + 1 : most;
	}
	assert_string_equal(text, want);
	assert_int_equal(devices, most);
}

#define PLACES(want, ...)                                                                          \
	do {                                                                                       \
		const struct slot_function v[] = { __VA_ARGS__ };                                  \
		assert_places(v, ARRAY_SIZE(v), want);                                             \
	} while (0)

static void functions_of_a_slot_are_one_device(void **state UNUSED)
{
	PLACES("0.0+ 0.1+", whole("0000:0b:00.0"), whole("0000:0b:00.1"));
	PLACES("0.1+ 0.0+", whole("0000:0b:00.1"), whole("0000:0b:00.0"));
	PLACES("0.0+ 1.0 0.1+ 2.0", whole("0000:0b:00.0"), vf("0000:05:10.0"),
	       whole("0000:0b:00.1"), whole("0000:0c:00.0"));
}

static void function_by_itself_is_function_0(void **state UNUSED)
{
	PLACES("0.0", whole("0000:0b:00.0"));
	PLACES("0.0 1.0", whole("0000:0b:00.3"), whole("0000:0b:01.3"));
	PLACES("0.0 1.0", whole("0000:0b:00.1"), whole("0001:0b:00.1"));
}

static void gaps_stay_and_the_first_is_function_0(void **state UNUSED)
{
	PLACES("0.0+ 0.3+ 0.7+", whole("0000:0b:00.0"), whole("0000:0b:00.3"),
	       whole("0000:0b:00.7"));
	PLACES("0.5+ 0.0+ 0.3+", whole("0000:0b:00.5"), whole("0000:0b:00.1"),
	       whole("0000:0b:00.3"));
}

static void vfs_are_devices_by_themselves(void **state UNUSED)
{
	PLACES("0.0 1.0 2.0", vf("0000:05:10.0"), vf("0000:05:10.2"), whole("0000:05:10.1"));
}

static void places_that_are_wanted_apart_are_apart(void **state UNUSED)
{
	PLACES("0.0 1.0", at("0000:0b:00.0", 3), at("0000:0b:00.1", 4));
	PLACES("0.0 1.0", at("0000:0b:00.0", 3), at("0000:0b:00.1", -1));
	PLACES("0.0+ 0.1+", at("0000:0b:00.0", 3), at("0000:0b:00.1", 3));
	PLACES("0.0+ 0.1+", at("0000:0b:00.0", 0), at("0000:0b:00.1", -1));
}

static void mates_have_themselves_among_them(void **state UNUSED)
{
	const struct slot_function v[] = { whole("0000:0b:00.1"), whole("0000:0b:00.4"),
					   whole("0000:0c:00.2") };
	struct slot_place places[3];

	assert_int_equal(slot_places(v, 3, places), 2);
	assert_int_equal(places[0].mates, 0x12);
	assert_int_equal(places[1].mates, 0x12);
	assert_int_equal(places[2].mates, 0);
	assert_int_equal(slot_mates_fn(0x12, 1), 0);
	assert_int_equal(slot_mates_fn(0x12, 4), 4);
	assert_int_equal(slot_mates_fn(0, 6), 0);
	assert_int_equal(slot_mates_fn(0x10, 1), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(functions_of_a_slot_are_one_device),
	cmocka_unit_test(function_by_itself_is_function_0),
	cmocka_unit_test(gaps_stay_and_the_first_is_function_0),
	cmocka_unit_test(vfs_are_devices_by_themselves),
	cmocka_unit_test(places_that_are_wanted_apart_are_apart),
	cmocka_unit_test(mates_have_themselves_among_them),
};

TEST_MAIN(tests)
