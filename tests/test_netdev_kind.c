// SPDX-License-Identifier: GPL-2.0-or-later
/* What a phys_port_name says, which network device is a function's own, and whose a device is. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/inventory/inventory.h"
#include "fake_root.h"

static void names_of_ports_say_what_they_are(void **state UNUSED)
{
	static const struct {
		const char *name;
		enum netdev_kind kind;
		int vf;
	} names[] = {
		{ "", NETDEV_UNNAMED, -1 },
		{ "p0", NETDEV_UPLINK, -1 },
		{ "p12", NETDEV_UPLINK, -1 },
		{ "p0s3", NETDEV_UPLINK, -1 },
		{ "l1p3", NETDEV_UPLINK, -1 },
		{ "pf0", NETDEV_REPRESENTOR, -1 },
		{ "pf1vf5", NETDEV_REPRESENTOR, 5 },
		{ "pf0vfr127", NETDEV_REPRESENTOR, 127 },
		{ "pf0sf88", NETDEV_REPRESENTOR, -1 },
		{ "c1pf0vf3", NETDEV_REPRESENTOR, -1 },
		{ "c1pf0", NETDEV_REPRESENTOR, -1 },
		{ "7", NETDEV_REPRESENTOR, 7 },
		{ "n0", NETDEV_OTHER, -1 },
		{ "p", NETDEV_OTHER, -1 },
		{ "p0x", NETDEV_OTHER, -1 },
		{ "p0s", NETDEV_OTHER, -1 },
		{ "pf", NETDEV_OTHER, -1 },
		{ "pf0vf", NETDEV_OTHER, -1 },
		{ "pf0vf1x", NETDEV_OTHER, -1 },
		{ "7b", NETDEV_OTHER, -1 },
		{ "pf99999999vf1", NETDEV_OTHER, -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		int vf = 99;
		enum netdev_kind kind = netdev_kind_of(names[i].name, &vf);

		if (kind != names[i].kind || vf != names[i].vf)
			fail_msg("'%s': kind %d, VF %d", names[i].name, kind, vf);
	}
}

/* A child asks the running kernel; a device that does not exist is unnamed. */
static void the_running_host_answers(void **state UNUSED)
{
	struct netdev_port v[] = { { .name = "lo", .dev_port = 9 },
				   { .name = "no-such", .dev_port = 9 } };
	struct host h;

	assert_int_equal(host_open(&h, NULL, NULL), 0);
	assert_int_equal(netdev_ports_read(&h, v, 2), 0);
	assert_int_equal(v[0].kind, NETDEV_UNNAMED);
	assert_int_equal(v[0].dev_port, 0);
	assert_int_equal(v[1].dev_port, 0);
	assert_int_equal(v[1].vf, -1);
	host_close(&h);
}

#define PF  "0000:05:00.0"
#define DIR "sys/devices/pci0000:05/"

struct env {
	struct fake_root root;
	struct inventory *inv;
};

static int setup(void **state)
{
	static const struct fake_pf pf = { .bdf = PF,
					   .driver = "mlx5_core",
					   .vf_driver = "mlx5_core",
					   .totalvfs = 8,
					   .numvfs = 2,
					   .offset = 2,
					   .stride = 1,
					   .first_group = -1 };
	struct env *t = calloc(1, sizeof(*t));

	fake_root_init(&t->root, NULL);
	fake_root_add_pf(&t->root, &pf);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct env *t = *state;

	inventory_free(t->inv);
	fake_root_done(&t->root);
	free(t);
	return 0;
}

/* @below is "" or "/virtio3"; @port NULL means that there is no such file. */
static void add_netdev(struct env *t, const char *bdf, const char *below, const char *name,
		       const char *port, unsigned dev_port)
{
	char line[256];

	snprintf(line, sizeof(line), DIR "%s%s/net/%s/dev_port=%u", bdf, below, name, dev_port);
	fake_root_add(&t->root, line);
	if (port) {
		snprintf(line, sizeof(line), DIR "%s%s/net/%s/phys_port_name=%s", bdf, below, name,
			 port);
		fake_root_add(&t->root, line);
	}
	snprintf(line, sizeof(line), "sys/class/net/%s -> ../../devices/pci0000:05/%s%s/net/%s",
		 name, bdf, below, name);
	fake_root_add(&t->root, line);
}

static const struct pf *look(struct env *t)
{
	inventory_free(t->inv);
	assert_int_equal(inventory_read(&t->inv, &t->root.host, INVENTORY_ALL, &(struct err){ 0 }),
			 0);
	assert_int_equal(t->inv->n_pfs, 1);
	return &t->inv->pfs[0];
}

static void the_uplink_is_the_pfs_own_and_no_representor(void **state)
{
	struct env *t = *state;

	add_netdev(t, PF, "", "586oddname", "pf0vf0", 0);
	add_netdev(t, PF, "", "ens8f0", "p0", 0);
	add_netdev(t, PF, "", "eth1", "pf0vf1", 0);
	add_netdev(t, PF, "", "abc", NULL, 0);
	assert_string_equal(look(t)->netdev, "ens8f0");
	assert_true(t->inv->pfs[0].is_switchdev);
}

static void without_port_names_dev_port_decides_and_then_the_name(void **state)
{
	struct env *t = *state;

	add_netdev(t, PF, "", "ens2", NULL, 1);
	add_netdev(t, PF, "", "ens10", NULL, 0);
	assert_string_equal(look(t)->netdev, "ens10");
	add_netdev(t, PF, "", "ens9", NULL, 0);
	assert_string_equal(look(t)->netdev, "ens9");
	assert_false(t->inv->pfs[0].is_switchdev);
}

static void a_representor_alone_is_no_netdev_of_the_pf(void **state)
{
	struct env *t = *state;

	add_netdev(t, PF, "", "eth0", "pf0vf0", 0);
	assert_null(look(t)->netdev);
}

static void the_name_is_followed_to_the_uplink_never_to_a_representor(void **state)
{
	struct env *t = *state;
	struct pf *pf;

	add_netdev(t, PF, "", "eth7", "p0", 0);
	pf = (struct pf *)look(t);
	assert_int_equal(unlinkat(t->root.host.root.fd, "sys/class/net/eth7", 0), 0);
	add_netdev(t, PF, "", "aaa", "pf0vf0", 0);
	add_netdev(t, PF, "/virtio3", "wan", "p0", 0);
	pf->netdev = "gone";
	assert_int_equal(inventory_follow_netdev(t->inv, &t->root.host, pf), 0);
	assert_true(!strcmp(pf->netdev, "eth7") || !strcmp(pf->netdev, "wan"));
	assert_int_equal(inventory_follow_netdev(t->inv, &t->root.host, pf), 0);
	assert_string_not_equal(pf->netdev, "aaa");
}

static void a_virtio_netdev_is_followed_one_level_deeper(void **state)
{
	struct env *t = *state;
	struct pf *pf;

	add_netdev(t, PF, "/virtio3", "wan", NULL, 0);
	pf = (struct pf *)look(t);
	assert_string_equal(pf->netdev, "wan");
	pf->netdev = "before";
	assert_int_equal(inventory_follow_netdev(t->inv, &t->root.host, pf), 0);
	assert_string_equal(pf->netdev, "wan");
}

static void assert_owner(struct env *t, const char *word, int vf, bool is_representor,
			 const char *text)
{
	char buf[OWNER_TEXT_MAX];
	struct netdev_owner o;

	assert_true(inventory_find_netdev(t->inv, &t->root.host, word, &o));
	assert_ptr_equal(o.pf, &t->inv->pfs[0]);
	assert_int_equal(o.vf, vf);
	assert_int_equal(o.is_representor, is_representor);
	if (text)
		assert_string_equal(netdev_owner_text(buf, &o), text);
}

static void names_lead_to_their_pf_or_vf(void **state)
{
	struct env *t = *state;
	struct netdev_owner o;

	add_netdev(t, PF, "", "a,b", "p0", 0);
	add_netdev(t, PF, "", "second", "p1", 1);
	add_netdev(t, PF, "", "rep1", "pf0vf1", 0);
	add_netdev(t, PF, "", "sub", "pf0sf3", 0);
	add_netdev(t, "0000:05:00.3", "", "vf1net", NULL, 0);
	look(t);
	assert_owner(t, "a,b", -1, false, NULL);
	assert_owner(t, "second", -1, false, NULL);
	assert_owner(t, "rep1", 1, true, "the representor of VF 1 of a,b");
	assert_owner(t, "sub", -1, true, "a representor of a,b");
	assert_owner(t, "vf1net", 1, false, "VF 1 of a,b");
	assert_false(inventory_find_netdev(t->inv, &t->root.host, "none", &o));
	assert_false(inventory_find_netdev(t->inv, &t->root.host, "", &o));
	assert_ptr_equal(inventory_find_pf_netdev(t->inv, "second"), &t->inv->pfs[0]);
	assert_null(inventory_find_pf_netdev(t->inv, "rep1"));
}

/* Users paste advice: "vfyard pci-detach web1 a=b/0" would not find it, "$(x)/0" would run it. */
static void a_name_that_cannot_be_pasted_is_no_label(void **state UNUSED)
{
	static const char *const odd[] = { "a=b", "$(x)", "a;b", "'a'", "a&b", "a*", "a\"b" };
	struct pf pf = { .bdf = { 0, 5, 0, 0 }, .netdev = "mgmtpf0,0" };
	char buf[BDF_STRLEN];

	assert_string_equal(pf_label(buf, &pf), "mgmtpf0,0");
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		pf.netdev = odd[i];
		assert_string_equal(pf_label(buf, &pf), "0000:05:00.0");
	}
}

static void a_word_is_never_followed_as_a_path(void **state)
{
	struct env *t = *state;
	struct netdev_owner o;

	fake_root_add(&t->root,
		      "sys/class/elsewhere -> ../../devices/pci0000:05/" PF "/net/elsewhere");
	add_netdev(t, PF, "", "eth0", NULL, 0);
	look(t);
	assert_false(inventory_find_netdev(t->inv, &t->root.host, "../elsewhere", &o));
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(names_of_ports_say_what_they_are),
	cmocka_unit_test(the_running_host_answers),
	T(the_uplink_is_the_pfs_own_and_no_representor),
	T(without_port_names_dev_port_decides_and_then_the_name),
	T(a_representor_alone_is_no_netdev_of_the_pf),
	T(the_name_is_followed_to_the_uplink_never_to_a_representor),
	T(a_virtio_netdev_is_followed_one_level_deeper),
	T(names_lead_to_their_pf_or_vf),
	cmocka_unit_test(a_name_that_cannot_be_pasted_is_no_label),
	T(a_word_is_never_followed_as_a_path),
};

TEST_MAIN(tests)
