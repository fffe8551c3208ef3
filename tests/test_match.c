// SPDX-License-Identifier: GPL-2.0-or-later
/* Selectors of a topology against the PFs of a host. */
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "topology/build/load.h"
#include "fake_root.h"

/* There are three ports of one model and one of another, the second behind bridges. */
static const char *const behind_bridges[] = {
	"sys/bus/pci/devices/0000:0a:00.1 -> "
	"../../../devices/pci0000:00/0000:00:1c.0/0000:08:00.0/0000:09:02.1/0000:0a:00.1",
	"sys/devices/pci0000:00/0000:00:1c.0/0000:08:00.0/0000:09:02.1/0000:0a:00.1/vendor=0x15b3",
	"sys/devices/pci0000:00/0000:00:1c.0/0000:08:00.0/0000:09:02.1/0000:0a:00.1/device=0x101d",
	"sys/devices/pci0000:00/0000:00:1c.0/0000:08:00.0/0000:09:02.1/0000:0a:00.1/class=0x020000",
	"sys/devices/pci0000:00/0000:00:1c.0/0000:08:00.0/0000:09:02.1/0000:0a:00.1/"
	"sriov_totalvfs=8",
	"sys/devices/pci0000:00/0000:00:1c.0/0000:08:00.0/0000:09:02.1/0000:0a:00.1/"
	"sriov_numvfs=0",
	/* the second port of an mlx4 is a second netdev of the same function */
	"sys/devices/pci0000:00/0000:00:1c.0/0000:08:00.0/0000:09:02.1/0000:0a:00.1/net/ib0/"
	"address=00:00:10:29:fe:80:00:00:00:00:00:00",
	"sys/devices/pci0000:00/0000:00:1c.0/0000:08:00.0/0000:09:02.1/0000:0a:00.1/net/wan/"
	"address=b8:3f:d2:00:00:10",
	"sys/class/net/ib0 -> ../../devices/pci0000:00/0000:00:1c.0/0000:08:00.0/0000:09:02.1/"
	"0000:0a:00.1/net/ib0",
	"sys/class/net/wan -> ../../devices/pci0000:00/0000:00:1c.0/0000:08:00.0/0000:09:02.1/"
	"0000:0a:00.1/net/wan",
	/* a port behind a VMD controller, in a segment of its own */
	"sys/bus/pci/devices/10000:e1:00.0 -> "
	"../../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0",
	"sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0/vendor=0x8086",
	"sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0/device=0x0a54",
	"sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0/class=0x010802",
	"sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0/"
	"sriov_totalvfs=4",
	"sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0/"
	"sriov_numvfs=0",
	NULL,
};

#define PLACE_A "0000:05:00.0"
#define PLACE_B "0000:05:00.1"
#define BEHIND	"0000:0a:00.1"
#define VMD	"10000:e1:00.0"

struct env {
	struct fake_root root;
	struct inventory *inv;
	struct topology *t;
	struct pf *pfs[4];
	struct problems problems;
};

static int setup(void **state)
{
	static const struct fake_pf a = { .bdf = PLACE_A,
					  .netdev = "enp5s0f0",
					  .driver = "igb",
					  .totalvfs = 7,
					  .numvfs = 2,
					  .offset = 128,
					  .stride = 2,
					  .first_group = -1 };
	static const struct fake_pf b = { .bdf = PLACE_B,
					  .netdev = "enp5s0f1",
					  .driver = "igb",
					  .totalvfs = 7,
					  .offset = 128,
					  .stride = 2,
					  .first_group = -1 };
	struct env *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	fake_root_init(&t->root, behind_bridges);
	fake_root_add_pf(&t->root, &a);
	fake_root_add_pf(&t->root, &b);
	*state = t;
	return 0;
}

static void forget(struct env *t)
{
	inventory_free(t->inv);
	topology_free(t->t);
	t->inv = NULL;
	t->t = NULL;
}

static int teardown(void **state)
{
	struct env *t = *state;

	forget(t);
	problems_done(&t->problems);
	fake_root_done(&t->root);
	free(t);
	return 0;
}

/* Reads the host, and a topology with this pf list, and matches them. */
static int bind_text(struct env *t, const char *pf_list)
{
	char text[1024];

	forget(t);
	snprintf(text, sizeof(text), "{\"version\": 1, \"pf\": [%s]}", pf_list);
	assert_int_equal(inventory_read(&t->inv, &t->root.host, 0, NULL), 0);
	assert_int_equal(topology_parse(&t->t, text, strlen(text), "t", &t->problems, NULL), 0);
	assert_in_range(t->t->n_pfs, 0, ARRAY_SIZE(t->pfs));
	return topology_match(t->t, &t->root.host, t->inv, t->pfs, &t->problems);
}

/* Asserts that a PF with these selectors is the one at @bdf. */
static void assert_binds(struct env *t, const char *selectors, const char *bdf)
{
	char list[512], buf[BDF_STRLEN];

	snprintf(list, sizeof(list), "{\"name\": \"x\", %s}", selectors);
	assert_int_equal(bind_text(t, list), 0);
	assert_non_null(t->pfs[0]);
	assert_string_equal(bdf_str(buf, t->pfs[0]->bdf), bdf);
	assert_string_equal(t->pfs[0]->name, "x");
	assert_int_equal(t->problems.n, 0);
}

/* Asserts that they match none or several, which one sentence says. */
static void assert_refused(struct env *t, const char *selectors, const char *said)
{
	char list[512], line[1200];

	snprintf(list, sizeof(list), "{\"name\": \"x\", %s}", selectors);
	assert_int_equal(bind_text(t, list), -ENODEV);
	assert_null(t->pfs[0]);
	assert_int_equal(t->problems.n, 1);
	assert_string_equal(err_format(&t->problems.v[0].err, line, sizeof(line)), said);
	assert_int_equal(t->problems.v[0].err.status, EXIT_FAILED);
	for (size_t i = 0; i < t->inv->n_pfs; i++)
		assert_null(t->inv->pfs[i].name);
}

/* Writes configuration space with a serial number as the second extended capability, cut after
 * @size. */
static void write_config(struct env *t, const char *bdf, uint8_t last, size_t size)
{
	uint8_t config[4096] = { 0x86, 0x80 };
	_cleanup_file_ FILE *f = NULL;
	char path[256];

	memcpy(config + 0x100, "\x01\x00\x02\x14", 4); /* AER, next at 0x140 */
	memcpy(config + 0x140, "\x03\x00\x01\x00", 4); /* DSN, the last one */
	memcpy(config + 0x144, "\xff\xaa\x00\x21\x81\x38\x25\x00", 8);
	config[0x144] = last;
	snprintf(path, sizeof(path), "%s/sys/bus/pci/devices/%s/config", t->root.dir, bdf);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(config, 1, size, f), size);
}

static void a_pf_is_found_by_its_address(void **state)
{
	assert_binds(*state, "\"bdf\": \"05:00.1\"", PLACE_B);
	assert_binds(*state, "\"bdf\": \"10000:e1:00.0\"", VMD);
}

static void a_pf_is_found_by_its_netdev(void **state)
{
	assert_binds(*state, "\"netdev\": \"enp5s0f1\"", PLACE_B);
}

static void a_second_netdev_of_a_function_finds_it_too(void **state)
{
	assert_binds(*state, "\"netdev\": \"ib0\"", BEHIND);
	assert_binds(*state, "\"netdev\": \"wan\"", BEHIND);
}

/* In a tree nobody can be asked for the permanent one. */
static void a_pf_of_a_tree_is_found_by_its_present_mac(void **state)
{
	assert_binds(*state, "\"mac\": \"02:00:00:00:05:01\"", PLACE_B);
	assert_binds(*state, "\"mac\": \"B8:3F:D2:00:00:10\"", BEHIND);
}

static void a_pf_is_found_by_its_bridge_path(void **state)
{
	assert_binds(*state, "\"path\": \"0000:00:1c.0/00.0/02.1/00.1\"", BEHIND);
	assert_binds(*state, "\"path\": \"0000:05:00.0\"", PLACE_A);
	assert_binds(*state, "\"path\": \"0000:00:0e.0/10000:e0:06.0/00.0\"", VMD);
}

static void bus_numbers_in_a_bridge_path_do_not_count(void **state)
{
	assert_binds(*state, "\"path\": \"00:1C.0/0000:77:00.0/0000:78:02.1/0000:79:00.1\"",
		     BEHIND);
}

static void a_pf_is_found_by_the_number_of_its_kind(void **state)
{
	assert_binds(*state, "\"id\": \"15B3:101d\"", BEHIND);
	assert_binds(*state, "\"id\": \"8086:10c9\", \"nth\": 0", PLACE_A);
	assert_binds(*state, "\"id\": \"8086:10c9\", \"nth\": 1", PLACE_B);
}

static void a_pf_is_found_by_its_serial_number(void **state)
{
	write_config(*state, PLACE_A, 0xbb, 4096);
	write_config(*state, PLACE_B, 0xbc, 4096);
	assert_binds(*state, "\"serial\": \"00-25-38-81-21-00-AA-BC\"", PLACE_B);
}

static void a_serial_number_that_cannot_be_read_asks_for_root(void **state)
{
	write_config(*state, PLACE_A, 0xbb, 64);
	write_config(*state, PLACE_B, 0xbc, 64);
	write_config(*state, BEHIND, 0xbd, 4096);
	write_config(*state, VMD, 0xbd, 256);
	assert_refused(
		*state, "\"serial\": \"00-25-38-81-21-00-aa-bb\"",
		"t:1:33: PF 'x': no PF of this host matches, and the serial numbers of 2 cannot "
		"be read; run as root");
}

static void capabilities_in_a_circle_end(void **state)
{
	struct env *t = *state;
	char path[256];
	FILE *f;

	write_config(t, PLACE_A, 0xbb, 4096);
	snprintf(path, sizeof(path), "%s/sys/bus/pci/devices/%s/config", t->root.dir, PLACE_A);
	f = fopen(path, "r+e");
	assert_non_null(f);
	assert_int_equal(fseek(f, 0x140, SEEK_SET), 0);
	assert_int_equal(fwrite("\x02\x00\x01\x10", 1, 4, f), 4);
	fclose(f);
	assert_int_equal(bind_text(t, "{\"name\": \"x\", \"serial\": \"00-25-38-81-21-00-aa-bb\"}"),
			 -ENODEV);
}

static void several_matches_are_listed(void **state)
{
	assert_refused(*state, "\"id\": \"8086:10c9\"",
		       "t:1:33: PF 'x': 2 PFs match: 0000:05:00.0 (enp5s0f0), 0000:05:00.1 "
		       "(enp5s0f1); add a selector that tells them apart, such as bdf=");
}

static void an_nth_beyond_the_matches_is_said(void **state)
{
	assert_refused(*state, "\"id\": \"8086:10c9\", \"nth\": 2",
		       "t:1:33: PF 'x': 2 PFs match: 0000:05:00.0 (enp5s0f0), 0000:05:00.1 "
		       "(enp5s0f1), so there is no nth=2; write nth=0 to 1");
}

static void no_match_lists_what_there_is(void **state)
{
	assert_refused(*state, "\"netdev\": \"eth7\"",
		       "t:1:33: PF 'x': no PF of this host matches; choose one of 0000:05:00.0 "
		       "(enp5s0f0), 0000:05:00.1 (enp5s0f1), 0000:0a:00.1 (ib0), 10000:e1:00.0");
}

static void a_selector_that_contradicts_the_others_is_named(void **state)
{
	assert_refused(*state,
		       "\"bdf\": \"05:00.0\", \"id\": \"8086:10c9\", \"netdev\": \"enp5s0f1\"",
		       "t:1:33: PF 'x': no PF of this host matches, 0000:05:00.0 (enp5s0f0) has "
		       "another netdev; choose one of 0000:05:00.0 (enp5s0f0), 0000:05:00.1 "
		       "(enp5s0f1), 0000:0a:00.1 (ib0), 10000:e1:00.0");
}

static void a_host_without_pfs_is_said(void **state)
{
	struct env *t = *state;

	fake_root_done(&t->root);
	fake_root_init(&t->root, (const char *const[]){ "sys/bus/pci/devices/", NULL });
	assert_refused(t, "\"bdf\": \"05:00.0\"",
		       "t:1:33: PF 'x': this host has no SR-IOV PF; enable SR-IOV in the firmware "
		       "of the machine and of the device, or check that the device is there, run: "
		       "lspci -D");
}

static void two_entries_cannot_be_the_same_pf(void **state)
{
	struct env *t = *state;
	char line[1200];

	assert_int_equal(bind_text(t, "{\"name\": \"a\", \"bdf\": \"05:00.0\"},"
				      "{\"name\": \"b\", \"netdev\": \"enp5s0f0\"},"
				      "{\"name\": \"c\", \"netdev\": \"enp5s0f1\"}"),
			 -ENODEV);
	assert_int_equal(t->problems.n, 1);
	assert_string_equal(err_format(&t->problems.v[0].err, line, sizeof(line)),
			    "t:1:65: PF 'b': 0000:05:00.0 is already PF 'a' of t:1:33; give each "
			    "its own selectors, or join them");
	assert_ptr_equal(t->pfs[0], &t->inv->pfs[0]);
	assert_string_equal(t->pfs[0]->name, "a");
	assert_null(t->pfs[1]);
	assert_ptr_equal(t->pfs[2], &t->inv->pfs[1]);
}

static void a_topology_without_pfs_binds(void **state)
{
	assert_int_equal(bind_text(*state, ""), 0);
}

/* There are 22 PFs, of which eight are named. */
static void many_candidates_are_cut_with_a_count(void **state)
{
	struct env *t = *state;

	for (unsigned i = 0; i < 20; i++) {
		char bdf[BDF_STRLEN];
		struct fake_pf pf = { .bdf = bdf, .totalvfs = 1, .first_group = -1 };

		snprintf(bdf, sizeof(bdf), "0000:%02x:00.0", 0x10 + i);
		fake_root_add_pf(&t->root, &pf);
	}
	assert_int_equal(bind_text(t, "{\"name\": \"x\", \"id\": \"8086:10c9\"}"), -ENODEV);
	assert_non_null(strstr(t->problems.v[0].err.cause, "22 PFs match: 0000:05:00.0"));
	assert_non_null(strstr(t->problems.v[0].err.cause, "0000:15:00.0 and 14 more"));
}

static void a_vf_as_a_pf_gets_the_answer(void **state)
{
	assert_refused(*state, "\"bdf\": \"05:10.2\"",
		       "t:1:33: PF 'x': 0000:05:10.2 is not a PF but VF 1 of enp5s0f0; write "
		       "bdf=0000:05:00.0 here, and x/1 where that VF is meant");
}

static void add_representor(struct env *t)
{
	fake_root_add(&t->root, "sys/devices/pci0000:05/" PLACE_A "/net/aa/phys_port_name=pf0vf1");
	fake_root_add(&t->root,
		      "sys/devices/pci0000:05/" PLACE_A "/net/aa/address=02:aa:00:00:00:01");
	fake_root_add(&t->root, "sys/class/net/aa -> ../../devices/pci0000:05/" PLACE_A "/net/aa");
}

static void a_vfs_netdev_or_representor_as_a_pf_gets_the_answer(void **state)
{
	struct env *t = *state;

	add_representor(t);
	fake_root_add(&t->root, "sys/class/net/vf0 -> "
				"../../devices/pci0000:05/0000:05:10.0/net/vf0");
	assert_refused(t, "\"netdev\": \"aa\"",
		       "t:1:33: PF 'x': aa is not a PF but the representor of VF 1 of enp5s0f0; "
		       "write bdf=0000:05:00.0 here, and x/1 where that VF is meant");
	assert_refused(t, "\"netdev\": \"vf0\"",
		       "t:1:33: PF 'x': vf0 is not a PF but VF 0 of enp5s0f0; write "
		       "bdf=0000:05:00.0 here, and x/0 where that VF is meant");
	assert_binds(t, "\"netdev\": \"enp5s0f0\"", PLACE_A);
}

static void a_representors_address_is_not_the_pfs(void **state)
{
	add_representor(*state);
	assert_refused(*state, "\"mac\": \"02:aa:00:00:00:01\"",
		       "t:1:33: PF 'x': no PF of this host matches; choose one of 0000:05:00.0 "
		       "(enp5s0f0), 0000:05:00.1 (enp5s0f1), 0000:0a:00.1 (ib0), 10000:e1:00.0");
}

static void a_virtio_pf_is_found_by_netdev_and_mac(void **state)
{
	struct env *t = *state;

	fake_root_add(&t->root, "sys/devices/pci0000:05/" PLACE_B
				"/virtio3/net/wan7/address=0c:42:a1:00:00:07");
	fake_root_add(&t->root, "sys/class/net/wan7 -> ../../devices/pci0000:05/" PLACE_B
				"/virtio3/net/wan7");
	assert_binds(t, "\"netdev\": \"wan7\"", PLACE_B);
	assert_binds(t, "\"mac\": \"0c:42:a1:00:00:07\"", PLACE_B);
}

#define ON_HOST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

static const struct CMUnitTest tests[] = {
	ON_HOST(a_pf_is_found_by_its_address),
	ON_HOST(a_pf_is_found_by_its_netdev),
	ON_HOST(a_second_netdev_of_a_function_finds_it_too),
	ON_HOST(a_vf_as_a_pf_gets_the_answer),
	ON_HOST(a_vfs_netdev_or_representor_as_a_pf_gets_the_answer),
	ON_HOST(a_representors_address_is_not_the_pfs),
	ON_HOST(a_virtio_pf_is_found_by_netdev_and_mac),
	ON_HOST(a_pf_of_a_tree_is_found_by_its_present_mac),
	ON_HOST(a_pf_is_found_by_its_bridge_path),
	ON_HOST(bus_numbers_in_a_bridge_path_do_not_count),
	ON_HOST(a_pf_is_found_by_the_number_of_its_kind),
	ON_HOST(a_pf_is_found_by_its_serial_number),
	ON_HOST(a_serial_number_that_cannot_be_read_asks_for_root),
	ON_HOST(capabilities_in_a_circle_end),
	ON_HOST(several_matches_are_listed),
	ON_HOST(an_nth_beyond_the_matches_is_said),
	ON_HOST(no_match_lists_what_there_is),
	ON_HOST(a_selector_that_contradicts_the_others_is_named),
	ON_HOST(a_host_without_pfs_is_said),
	ON_HOST(two_entries_cannot_be_the_same_pf),
	ON_HOST(a_topology_without_pfs_binds),
	ON_HOST(many_candidates_are_cut_with_a_count),
};

TEST_MAIN(tests)
