// SPDX-License-Identifier: GPL-2.0-or-later
/* Names in quotes, and addresses in place of names, in both syntaxes of the topology. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "topology/build/load.h"
#include "fake_root.h"

struct env {
	char path[96];
	struct fake_root root;
	struct topology *t;
	struct problems problems;
};

/* There are two PFs with two VFs each; the netdev of the first has a comma. */
static int setup(void **state)
{
	struct fake_pf pf = { .bdf = "0000:05:00.0",
			      .netdev = "mgmtpf0,0",
			      .driver = "cxgb4",
			      .totalvfs = 4,
			      .numvfs = 2,
			      .offset = 128,
			      .stride = 2,
			      .first_group = -1 };
	struct env *t = calloc(1, sizeof(*t));

	fake_root_init(&t->root, NULL);
	fake_root_add_pf(&t->root, &pf);
	pf.bdf = "0000:05:00.1";
	pf.netdev = NULL;
	fake_root_add_pf(&t->root, &pf);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct env *t = *state;

	topology_free(t->t);
	problems_done(&t->problems);
	fake_root_done(&t->root);
	free(t);
	return 0;
}

static int load(struct env *t, const char *text, bool has_host)
{
	FILE *f;

	/* The problems still refer to it. */
	snprintf(t->path, sizeof(t->path), "%s/t", t->root.dir);
	f = fopen(t->path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	topology_free(t->t);
	t->t = NULL;
	return topology_load_on(&t->t, t->path, has_host ? &t->root.host : NULL, &t->problems,
				NULL);
}

/* Asserts that the topology has one error, which is answered in this way. */
static void assert_said(struct env *t, bool has_host, const char *text, const char *cause,
			const char *fix)
{
	assert_int_equal(load(t, text, has_host), -EINVAL);
	assert_int_equal(t->problems.n, 1);
	assert_string_equal(t->problems.v[0].err.cause, cause);
	assert_string_equal(t->problems.v[0].err.fix, fix);
}

#define NET0	 "version = 1\npf = [ \"net0: bdf=05:00.0, numvfs=2\" ]\n"
#define BY_NAME	 "version = 1\npf = [ \"net0: netdev='mgmtpf0,0', numvfs=2\" ]\n"
#define IN(what) "domain = [ [ \"web1\", \"" what "\" ] ]\n"

static void a_value_in_the_other_quotes_may_have_commas(void **state)
{
	struct env *t = *state;
	struct inventory *inv;
	struct pf *pfs[2];

	assert_int_equal(load(t,
			      "version = 1\npf = [ \"net0: netdev='mgmtpf0,0' , numvfs=2\",\n"
			      "'net1: bdf=05:00.1, netdev=\"a,b/c=d\"' ]\n",
			      false),
			 0);
	assert_string_equal(t->t->pfs[0].netdev, "mgmtpf0,0");
	assert_int_equal(t->t->pfs[0].numvfs, 2);
	assert_string_equal(t->t->pfs[1].netdev, "a,b/c=d");
	assert_int_equal(inventory_read(&inv, &t->root.host, 0, NULL), 0);
	assert_int_equal(topology_match(t->t, &t->root.host, inv, pfs, &t->problems), -ENODEV);
	assert_ptr_equal(pfs[0], &inv->pfs[0]);
	assert_null(pfs[1]);
	inventory_free(inv);
}

static void json_needs_no_quotes_of_its_own(void **state)
{
	struct env *t = *state;

	assert_int_equal(load(t,
			      "{\"version\":1,\"pf\":[{\"name\":\"net0\",\"netdev\":\"'a',b/c\"}]}",
			      false),
			 0);
	assert_string_equal(t->t->pfs[0].netdev, "'a',b/c");
}

static void a_quote_without_its_end_or_with_a_tail_is_an_error(void **state)
{
	assert_said(*state, false, "version = 1\npf = [ \"net0: netdev='a, numvfs=2\" ]\n",
		    "the quote in 'a, numvfs=2 is not closed", "write ' at the end of the value");
	assert_said(*state, false, "version = 1\npf = [ \"net0: bdf=05:00.0, netdev='a' b\" ]\n",
		    "'b' stands after the quoted value", "write a comma there");
}

static void the_address_of_a_vf_is_answered_with_pf_and_index(void **state)
{
	static const char *const vf = "05:10.2 is the address of a VF, but PF/INDEX is expected";

	assert_said(*state, true, NET0 IN("05:10.2,permissive=1"), vf, "write net0/1");
	assert_said(*state, true, BY_NAME IN("05:10.2"), vf, "write net0/1");
	assert_said(*state, true, NET0 IN("bdf=05:10.2,permissive=1"), vf, "write net0/1");
	assert_said(*state, true, NET0 IN("05:10.2@6"), vf, "write net0/1");
	assert_said(*state, true, NET0 "vf = [ \"05:10.2: vlan=3\" ]\n", vf, "write net0/1");
	assert_said(
		*state, true, NET0 IN("0000:05:10.3"),
		"0000:05:10.3 is the address of a VF, but PF/INDEX is expected",
		"name its PF in the pf list, \"NAME: bdf=0000:05:00.1\", and write NAME/1 here");
}

static void so_it_is_in_json(void **state)
{
	static const char *const vf = "05:10.2 is the address of a VF, but PF/INDEX is expected";

#define JSON(rest) "{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"05:00.0\"}]," rest "}"
	assert_said(*state, true, JSON("\"domain\":[{\"name\":\"w\",\"devices\":[\"05:10.2\"]}]"),
		    vf, "write net0/1");
	assert_said(*state, true,
		    JSON("\"domain\":[{\"name\":\"w\",\"devices\":[{\"pf\":\"05:10.2\","
			 "\"index\":\"0\"}]}]"),
		    vf, "write net0/1");
	assert_said(*state, true, JSON("\"vf\":[{\"pf\":\"05:10.2\",\"index\":\"0\",\"vlan\":3}]"),
		    vf, "write net0/1");
	assert_said(*state, true, JSON("\"domain\":[{\"name\":\"w\",\"devices\":[\"net0/1\"]}]"),
		    "expected an object, found a string",
		    "write {\"pf\": \"net0\", \"index\": \"0-2\"}");
}

static void without_a_host_the_form_is_said(void **state)
{
	assert_said(*state, false, NET0 IN("0000:05:10.2"),
		    "0000:05:10.2 is a PCI address, but PF/INDEX is expected",
		    "write the name of its PF in the pf list and the number of the VF, see: vfyard "
		    "list");
}

static void the_address_of_a_pf_is_answered_with_its_name(void **state)
{
	assert_said(*state, false, NET0 IN("05:00.0/1"),
		    "05:00.0 is a PCI address, but PF/INDEX is expected", "write net0/1");
	assert_said(*state, true, NET0 IN("05:00.1"),
		    "05:00.1 is a PCI address, but PF/INDEX is expected",
		    "name the PF in the pf list, \"NAME: bdf=0000:05:00.1\", and write NAME/INDEX "
		    "here");
	assert_said(*state, false, "version = 1\npf = [ \"05:00.0: numvfs=2\" ]\n",
		    "05:00.0 is a PCI address, but a name is expected",
		    "name the PF: \"net0: bdf=05:00.0\"");
}

static void a_wildcard_is_answered_with_ranges(void **state)
{
	assert_said(*state, true, NET0 IN("05:10.*,permissive=1"),
		    "05:10.* matches whatever is in that slot, and VFs of several PFs may be there",
		    "write PF/A-B or PF/*");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static const struct CMUnitTest tests[] = {
	T(a_value_in_the_other_quotes_may_have_commas),
	T(json_needs_no_quotes_of_its_own),
	T(a_quote_without_its_end_or_with_a_tail_is_an_error),
	T(the_address_of_a_vf_is_answered_with_pf_and_index),
	T(so_it_is_in_json),
	T(without_a_host_the_form_is_said),
	T(the_address_of_a_pf_is_answered_with_its_name),
	T(a_wildcard_is_answered_with_ranges),
};

TEST_MAIN(tests)
