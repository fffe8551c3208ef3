// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "topology/dev_options.h"

static void assert_prints(const struct dev_options *o, const char *want)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	dev_options_print(o, out);
	fclose(out);
	assert_string_equal(text, want);
}

static void every_option_is_read_and_printed_in_canonical_order(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT;

	assert_int_equal(dev_options_parse(&o,
					   "vslot=1F,name=lan,rdm_policy=relaxed,seize=0,"
					   "power_mgmt=1,msitranslate=0,permissive=1",
					   NULL),
			 0);
	assert_int_equal(o.vslot, 0x1f);
	assert_prints(&o, ",permissive=1,msitranslate=0,power_mgmt=1,seize=0,rdm_policy=relaxed,"
			  "name=lan,vslot=1f");
}

static void nothing_given_prints_nothing(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT;

	assert_int_equal(dev_options_parse(&o, NULL, NULL), 0);
	assert_int_equal(dev_options_parse(&o, "", NULL), 0);
	assert_prints(&o, "");
}

static void printed_options_parse_back_to_the_same(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT, back = DEV_OPTIONS_INIT;
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(dev_options_parse(&o, "permissive=0,rdm_policy=strict,vslot=0x5", NULL),
			 0);
	assert_non_null(out);
	dev_options_print(&o, out);
	fclose(out);
	assert_int_equal(dev_options_parse(&back, text + 1, NULL), 0);
	assert_memory_equal(&o, &back, sizeof(o));
}

static void a_comma_at_the_end_is_taken_as_in_xl(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT;

	assert_int_equal(dev_options_parse(&o, "permissive=1,", NULL), 0);
	assert_int_equal(o.permissive, 1);
}

static void an_empty_value_is_the_default_as_in_xl(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT;

	assert_int_equal(dev_options_parse(&o,
					   "vslot=,name=,rdm_policy=,seize=,power_mgmt=,"
					   "msitranslate=,permissive=",
					   NULL),
			 0);
	assert_prints(&o, "");
	o.permissive = 1;
	o.vslot = 6;
	o.rdm_policy = RDM_RELAXED;
	memcpy(o.name, "db", 3);
	assert_int_equal(dev_options_parse(&o, "vslot=,name=,rdm_policy=,permissive=", NULL), 0);
	assert_prints(&o, "");
}

static void bad_options_are_refused_and_name_the_word(void **state UNUSED)
{
	static const struct {
		const char *text, *cause, *fix;
	} bad[] = {
		{ "permissive=true", "permissive: 'true' is not 0 or 1", "write 0 or 1" },
		{ "seize=2", "seize: '2' is not 0 or 1", "write 0 or 1" },
		{ "msitranslate=01", "msitranslate: '01' is not 0 or 1", "write 0 or 1" },
		{ "power_mgmt= 1", "power_mgmt: ' 1' is not 0 or 1", "write 0 or 1" },
		{ "rdm_policy=host", "rdm_policy: 'host' is not strict or relaxed",
		  "write strict or relaxed" },
		{ "vslot=20", "vslot: '20' is not a guest slot",
		  "write a hexadecimal number 0 to 1f" },
		{ "vslot=-1", "vslot: '-1' is not a guest slot",
		  "write a hexadecimal number 0 to 1f" },
		{ "vslot=0x", "vslot: '0x' is not a guest slot",
		  "write a hexadecimal number 0 to 1f" },
		{ "vslot=001", "vslot: '001' is not a guest slot",
		  "write a hexadecimal number 0 to 1f" },
		{ "vslot=g", "vslot: 'g' is not a guest slot",
		  "write a hexadecimal number 0 to 1f" },
		{ "name=a b", "name: 'a b' is not a device name",
		  "write printable characters without blanks , / ' \" \\" },
		{ "name=net0/3", "name: 'net0/3' is not a device name",
		  "write printable characters without blanks , / ' \" \\" },
		{ "name=05:10.0", "name: name '05:10.0' is a PCI address", "" },
		{ "permisive=1", "unknown option 'permisive'",
		  "write one of permissive, msitranslate, power_mgmt, seize, rdm_policy, name, "
		  "vslot" },
		{ "permissive", "'permissive' is not an option",
		  "write key=value, key is one of permissive, msitranslate, power_mgmt, seize, "
		  "rdm_policy, name, vslot" },
		{ ",permissive=1", "'' is not an option",
		  "write key=value, key is one of permissive, msitranslate, power_mgmt, seize, "
		  "rdm_policy, name, vslot" },
		{ "seize=1,seize=1", "option 'seize' is given twice", "remove one" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct dev_options o = DEV_OPTIONS_INIT, before = o;
		struct err e = { 0 };

		assert_int_equal(dev_options_parse(&o, bad[i].text, &e), -EINVAL);
		assert_int_equal(e.status, EXIT_USAGE);
		assert_string_equal(e.cause, bad[i].cause);
		assert_string_equal(e.fix, bad[i].fix);
		assert_memory_equal(&o, &before, sizeof(o));
	}
}

static void a_name_has_at_most_64_characters(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT;
	struct err e = { 0 };
	char name[66];

	memset(name, 'n', 65);
	name[65] = '\0';
	assert_int_equal(dev_option_set(&o, "name", name, &e), -EINVAL);
	assert_non_null(strstr(e.cause, "longer than 64 characters"));
	name[64] = '\0';
	assert_int_equal(dev_option_set(&o, "name", name, NULL), 0);
	assert_string_equal(o.name, name);
}

static void defaults_fill_only_what_is_open(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT, d = DEV_OPTIONS_INIT;

	assert_int_equal(dev_options_parse(&o, "permissive=0,vslot=3", NULL), 0);
	assert_int_equal(
		dev_options_parse(&d, "permissive=1,seize=1,rdm_policy=strict,vslot=4", NULL), 0);
	dev_options_default(&o, &d);
	assert_prints(&o, ",permissive=0,seize=1,rdm_policy=strict,vslot=3");
}

static void names_of_all_options_are_those_that_can_be_set(void **state UNUSED)
{
	_cleanup_free_ char *names = strdup(dev_option_names());
	static const char *const values[] = { "1", "strict", "x" };
	char *rest = names, *name;
	unsigned n = 0;

	while ((name = strsep(&rest, ","))) {
		struct dev_options o = DEV_OPTIONS_INIT;
		bool taken = false;

		name += *name == ' ';
		for (size_t i = 0; i < ARRAY_SIZE(values); i++)
			taken |= dev_option_set(&o, name, values[i], NULL) == 0;
		assert_true(taken);
		n++;
	}
	assert_int_equal(n, 7);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_option_is_read_and_printed_in_canonical_order),
	cmocka_unit_test(nothing_given_prints_nothing),
	cmocka_unit_test(printed_options_parse_back_to_the_same),
	cmocka_unit_test(a_comma_at_the_end_is_taken_as_in_xl),
	cmocka_unit_test(an_empty_value_is_the_default_as_in_xl),
	cmocka_unit_test(bad_options_are_refused_and_name_the_word),
	cmocka_unit_test(a_name_has_at_most_64_characters),
	cmocka_unit_test(defaults_fill_only_what_is_open),
	cmocka_unit_test(names_of_all_options_are_those_that_can_be_set),
};

TEST_MAIN(tests)
