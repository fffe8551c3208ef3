// SPDX-License-Identifier: GPL-2.0-or-later
/* VFs of InfiniBand have GUIDs and no address; and what other drivers bring with their VFs. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "host/inventory/pf_driver.h"
#include "fake_check.h"
#include "fake_yard_check.h"

static const struct fake_pf ib = { "0000:4b:00.0", "ib0", "mlx5_core", NULL, 8, 1, 1, 1, -1 };

static void check_ib(struct fake_check *t, const char *attributes)
{
	_cleanup_free_ char *text = NULL;

	assert_true(asprintf(&text,
			     "{'version':1,'pf':[{'name':'ib','bdf':'0000:4b:00.0','numvfs':1}],"
			     "'vf':[{'pf':'ib','index':'0',%s}]}",
			     attributes) > 0);
	fake_root_add_pf(&t->root, &ib);
	fake_root_add(&t->root, "sys/class/net/ib0/type=32");
	fake_check_load(t, text);
	fake_check_run(t);
}

static void addresses_and_vlans_are_refused(void **state)
{
	check_ib(*state, "'mac':'02:00:00:00:00:01','vlan':5,'trust':true,'link':'on'");
	assert_int_equal(((struct fake_check *)*state)->problems.n_errors, 3);
	assert_non_null(strstr(((struct fake_check *)*state)->problems.v[0].err.cause,
			       "ib0 is InfiniBand"));
}

static void an_automatic_address_is_refused_too(void **state)
{
	check_ib(*state, "'mac':'auto'");
	assert_int_equal(((struct fake_check *)*state)->problems.n_errors, 1);
}

static void guids_are_fine(void **state)
{
	check_ib(*state, "'node_guid':'00:11:22:33:44:55:66:77',"
			 "'port_guid':'00:11:22:33:44:55:66:78','link':'auto'");
	fake_check_none(*state);
}

static void guids_of_ethernet_are_refused(void **state)
{
	struct fake_check *t = *state;

	fake_check_load(t, "{'version':1,'pf':[" NET0 "],'vf':[{'pf':'net0','index':'0',"
			   "'node_guid':'00:11:22:33:44:55:66:77'}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n_errors, 1);
	assert_non_null(strstr(t->problems.v[0].err.cause, "eth0 is not"));
	assert_non_null(strstr(t->problems.v[0].err.fix, "remove node_guid="));
}

/* cxgb4 has no netdev before its first VF. */
static const struct fake_pf chelsio = { "0000:03:00.0", NULL, "cxgb4", NULL, 16, 0, 8, 4, -1 };

static void a_netdev_that_comes_with_the_vfs_is_no_reason(void **state)
{
	struct fake_check *t = *state;

	fake_root_add_pf(&t->root, &chelsio);
	fake_check_load(t, "{'version':1,'pf':[{'name':'c','bdf':'0000:03:00.0','numvfs':2}],"
			   "'vf':[{'pf':'c','index':'0','mac':'02:00:00:00:00:01'}]}");
	fake_check_run(t);
	fake_check_none(t);
}

static void it_has_no_address_to_make_others_of(void **state)
{
	struct fake_check *t = *state;

	fake_root_add_pf(&t->root, &chelsio);
	fake_check_load(t, "{'version':1,'pf':[{'name':'c','bdf':'0000:03:00.0','numvfs':2}],"
			   "'vf':[{'pf':'c','index':'0','mac':'auto'}]}");
	fake_check_run(t);
	assert_int_equal(t->problems.n_errors, 1);
	assert_non_null(strstr(t->problems.v[0].err.fix, "write mac= for each VF"));
}

static void guids_are_words_in_and_out(void **state UNUSED)
{
	static const char *const bad[] = { "",
					   "00:11",
					   "00:11:22:33:44:55:66:7",
					   "00:11:22:33:44:55:66-77",
					   "0x:11:22:33:44:55:66:77",
					   "00:11:22:33:44:55:66:77:88" };
	char text[VF_GUID_STRLEN];
	uint64_t guid = 0;

	assert_true(vf_guid_scan(&guid, "00:11:22:33:44:55:66:Ff"));
	assert_true(guid == 0x00112233445566ffu);
	assert_string_equal(vf_guid_text(text, guid), "00:11:22:33:44:55:66:ff");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(vf_guid_scan(&guid, bad[i]));
}

#define GUIDS_GIVEN                                                                                \
	"\"node_guid\":\"00:11:22:33:44:55:66:77\",\"port_guid\":\"00:11:22:33:44:55:66:78\""

static void guids_are_set_and_put_back(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = NULL, *after = NULL;
	struct vf_attrs *vf = fake_netvf_vf(&y->netvf, "eth1", 0);

	fake_root_add(&y->root, "sys/class/net/eth1/type=32");
	*vf = (struct vf_attrs){ .given = VF_ATTR_GUIDS | VF_ATTR_LINK,
				 .node_guid = 7,
				 .port_guid = 8 };
	before = fake_yard_snapshot(y);
	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\","
			      "\"numvfs\":3}],\"vf\":[{\"pf\":\"net1\",\"index\":\"0\"," GUIDS_GIVEN
			      "}]}");
	yard_must(y, YARD_APPLY);
	assert_int_equal(y->n_steps, 2);
	assert_true(vf->node_guid == 0x0011223344556677u);
	assert_true(vf->port_guid == 0x0011223344556678u);
	yard_must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 0);
	yard_must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
}

#define C(f) cmocka_unit_test_setup_teardown(f, fake_check_setup, fake_check_teardown)

static const struct CMUnitTest tests[] = {
	C(addresses_and_vlans_are_refused),
	C(an_automatic_address_is_refused_too),
	C(guids_are_fine),
	C(guids_of_ethernet_are_refused),
	C(a_netdev_that_comes_with_the_vfs_is_no_reason),
	C(it_has_no_address_to_make_others_of),
	cmocka_unit_test(guids_are_words_in_and_out),
	cmocka_unit_test_setup_teardown(guids_are_set_and_put_back, fake_yard_setup,
					fake_yard_teardown),
};

TEST_MAIN(tests)
