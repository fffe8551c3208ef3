// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <jansson.h>
#include <string.h>

#include "report/list.h"

static struct vf vfs[] = {
	{ .bdf = { 0, 5, 0x10, 0 },
	  .driver = "igbvf",
	  .driver_override = "igbvf",
	  .netdev = "enp5s0f0v0",
	  .domain = "web1",
	  .iommu_group = 14,
	  .state = VF_ATTACHED,
	  .permissive = 1 },
	{ .bdf = { 0, 5, 0x10, 2 },
	  .iommu_group = NO_GROUP,
	  .state = VF_HOST,
	  .permissive = UNKNOWN },
};

static struct pf pfs[] = {
	{ .bdf = { 0, 5, 0, 0 },
	  .name = "net0",
	  .netdev = "enp5s0f0",
	  .driver = "igb",
	  .vendor = 0x8086,
	  .device = 0x10c9,
	  .vf_device = 0x10ca,
	  .numvfs = 2,
	  .totalvfs = 7,
	  .offset = 128,
	  .stride = 2,
	  .autoprobe = 1,
	  .numa_node = 0,
	  .n_vfs = 2,
	  .vfs = vfs },
	{ .bdf = { 0x10000, 6, 0, 0 },
	  .vendor = 0x1b36,
	  .device = 0x10,
	  .totalvfs = 127,
	  .autoprobe = UNKNOWN,
	  .numa_node = UNKNOWN },
};

static const struct inventory inv = { .pfs = pfs, .n_pfs = 2, .n_vfs = 2, .hypervisor = "none" };

static char *print(const struct inventory *of, bool first, bool second)
{
	const bool shown[] = { first, second };
	const struct listing l = { of, shown, NULL, false };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(list_json(&l, out), 0);
	fclose(out);
	return text;
}

/* Removes the white space between members, as the contract shows the text. */
static char *dense(char *text)
{
	json_t *doc = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	char *out;

	assert_non_null(doc);
	out = json_dumps(doc, JSON_COMPACT);
	json_decref(doc);
	free(text);
	return out;
}

/* What most hosts do not have is omitted, so nobody's reader breaks. */
static void switchdev_mode_and_further_ports_are_added_where_they_are(void **state UNUSED)
{
	struct pf_netdev netdevs[] = { { "p0", 0, NETDEV_UPLINK, -1 },
				       { "p1", 0, NETDEV_UPLINK, -1 },
				       { "p0v0", 0, NETDEV_REPRESENTOR, 0 } };
	struct pf pf = { .netdev = "p0", .is_switchdev = true };
	const struct inventory of = {
		.pfs = &pf, .n_pfs = 1, .netdevs = netdevs, .n_netdevs = 3, .hypervisor = "none"
	};
	char *text = print(&of, true, false), *plain = print(&inv, true, true);

	assert_non_null(strstr(text, "\"eswitch\":\"switchdev\",\"netdevs\":[\"p0\",\"p1\"]"));
	assert_null(strstr(plain, "eswitch"));
	assert_null(strstr(plain, "netdevs"));
	free(text);
	free(plain);
}

static void document_is_the_contracts(void **state UNUSED)
{
	_cleanup_free_ char *text = dense(print(&inv, true, false));

	assert_string_equal(
		text,
		"{\"version\":1,\"hypervisor\":\"none\",\"pfs\":["
		"{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"netdev\":\"enp5s0f0\","
		"\"driver\":\"igb\",\"vendor\":\"8086\",\"device\":\"10c9\",\"vf_device\":\"10ca\","
		"\"numvfs\":2,\"totalvfs\":7,\"offset\":128,\"stride\":2,\"autoprobe\":true,"
		"\"numa_node\":0,\"vfs\":["
		"{\"index\":0,\"bdf\":\"0000:05:10.0\",\"driver\":\"igbvf\","
		"\"driver_override\":\"igbvf\",\"iommu_group\":14,\"netdev\":\"enp5s0f0v0\","
		"\"state\":\"attached\",\"domain\":\"web1\",\"permissive\":true},"
		"{\"index\":1,\"bdf\":\"0000:05:10.2\",\"driver\":null,"
		"\"driver_override\":null,\"iommu_group\":null,\"netdev\":null,"
		"\"state\":\"host\",\"domain\":null,\"permissive\":null}]}]}");
}

static void what_is_unknown_of_a_pf_is_null(void **state UNUSED)
{
	_cleanup_free_ char *text = dense(print(&inv, false, true));

	assert_string_equal(text,
			    "{\"version\":1,\"hypervisor\":\"none\",\"pfs\":["
			    "{\"name\":null,\"bdf\":\"10000:06:00.0\",\"netdev\":null,"
			    "\"driver\":null,\"vendor\":\"1b36\",\"device\":\"0010\","
			    "\"vf_device\":null,\"numvfs\":0,\"totalvfs\":127,\"offset\":0,"
			    "\"stride\":0,\"autoprobe\":null,\"numa_node\":null,\"vfs\":[]}]}");
}

static void any_choice_of_pfs_is_a_document(void **state UNUSED)
{
	static const size_t n[] = { 0, 1, 1, 2 };

	for (unsigned i = 0; i < 4; i++) {
		_cleanup_free_ char *text = print(&inv, i & 1, i & 2);
		json_t *doc = json_loads(text, 0, NULL);

		assert_non_null(doc);
		assert_int_equal(json_array_size(json_object_get(doc, "pfs")), n[i]);
		json_decref(doc);
	}
}

static void names_that_are_no_text_do_not_spoil_the_document(void **state UNUSED)
{
	struct pf odd = { .netdev = "a\xff\"\n\xc3\xa9", .driver = "caf\xc3\xa9" };
	struct inventory of = { .pfs = &odd, .n_pfs = 1, .hypervisor = "none" };
	_cleanup_free_ char *text = print(&of, true, false);
	json_t *doc = json_loads(text, 0, NULL), *pf;

	assert_non_null(doc);
	pf = json_array_get(json_object_get(doc, "pfs"), 0);
	assert_string_equal(json_string_value(json_object_get(pf, "netdev")),
			    "a\xef\xbf\xbd\"\n\xc3\xa9");
	assert_string_equal(json_string_value(json_object_get(pf, "driver")), "caf\xc3\xa9");
	json_decref(doc);
}

static void why_and_what_was_not_seen_are_added(void **state UNUSED)
{
	struct vf vf = { .state = VF_BROKEN, .why = "no link" };
	struct pf pf = { .numvfs = 1, .n_vfs = 1, .vfs = &vf };
	struct inventory of = {
		.pfs = &pf, .n_pfs = 1, .hypervisor = "none", .domains_unseen = true
	};
	_cleanup_free_ char *text = dense(print(&of, true, false));

	assert_non_null(strstr(text, "\"permissive\":false,\"why\":\"no link\"}]}],"
				     "\"unseen\":[\"domain\"]}"));
}

static void failed_write_is_a_failed_listing(void **state UNUSED)
{
	const bool shown[] = { true, true };
	const struct listing l = { &inv, shown, NULL, false };
	FILE *full = fopen("/dev/full", "we");

	assert_non_null(full);
	assert_int_equal(list_json(&l, full), -ENOSPC);
	fclose(full);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(document_is_the_contracts),
	cmocka_unit_test(switchdev_mode_and_further_ports_are_added_where_they_are),
	cmocka_unit_test(what_is_unknown_of_a_pf_is_null),
	cmocka_unit_test(any_choice_of_pfs_is_a_document),
	cmocka_unit_test(names_that_are_no_text_do_not_spoil_the_document),
	cmocka_unit_test(why_and_what_was_not_seen_are_added),
	cmocka_unit_test(failed_write_is_a_failed_listing),
};

TEST_MAIN(tests)
