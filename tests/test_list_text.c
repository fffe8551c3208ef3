// SPDX-License-Identifier: GPL-2.0-or-later

#include "test.h"

#include <string.h>

#include "report/list.h"
#include "report/list_columns.h"

static struct vf vfs[] = {
	{ .bdf = { 0, 5, 0x10, 0 },
	  .driver = "igbvf",
	  .netdev = "enp5s0f0v0",
	  .iommu_group = 14,
	  .state = VF_HOST },
	{ .bdf = { 0, 5, 0x10, 2 },
	  .driver = "held",
	  .iommu_group = 115,
	  .state = VF_ATTACHED,
	  .domain = "web1" },
	{ .bdf = { 0, 5, 0x10, 4 },
	  .driver = "held",
	  .iommu_group = NO_GROUP,
	  .state = VF_ASSIGNABLE },
	{ .bdf = { 0, 5, 0x10, 6 }, .iommu_group = 0, .state = VF_BROKEN, .why = "no\033[2Jway" },
};

static struct pf pfs[] = {
	{ .bdf = { 0, 5, 0, 0 },
	  .name = "net0",
	  .netdev = "enp5s0f0",
	  .driver = "igb",
	  .vendor = 0x8086,
	  .device = 0x10c9,
	  .numvfs = 4,
	  .totalvfs = 7,
	  .autoprobe = 1,
	  .numa_node = 0,
	  .n_vfs = 4,
	  .vfs = vfs },
	{ .bdf = { 0, 6, 0, 0 },
	  .vendor = 0x1b36,
	  .device = 0x10,
	  .totalvfs = 127,
	  .autoprobe = UNKNOWN,
	  .numa_node = UNKNOWN },
};

static void assert_prints(const struct inventory *inv, bool first, bool second, bool colors,
			  const char *want)
{
	const bool shown[] = { first, second };
	const struct listing l = { inv, shown, NULL, colors };
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(list_text(&l, out), 0);
	fclose(out);
	assert_string_equal(text, want);
}

static const struct inventory inv = { .pfs = pfs, .n_pfs = 2, .n_vfs = 4, .hypervisor = "x" };

static void columns_stand_under_each_other(void **state UNUSED)
{
	assert_prints(
		&inv, true, false, false,
		"net0: 0000:05:00.0 netdev enp5s0f0 driver igb vfs 4/7 autoprobe on numa 0\n"
		"    [8086:10c9]\n"
		"    VF  ADDRESS       DRIVER  GROUP  NETDEV      STATE       DOMAIN\n"
		"     0  0000:05:10.0  igbvf      14  enp5s0f0v0  host        -\n"
		"     1  0000:05:10.2  held      115  -           attached    web1\n"
		"     2  0000:05:10.4  held        -  -           assignable  -\n"
		"     3  0000:05:10.6  -           0  -           broken      -  (no?[2Jway)\n");
}

static void pf_without_vfs_has_no_table_and_says_what_is_unknown(void **state UNUSED)
{
	assert_prints(&inv, false, true, false,
		      "0000:06:00.0: driver - vfs 0/127 autoprobe ?\n"
		      "    [1b36:0010]\n");
}

static void nothing_chosen_is_nothing_printed(void **state UNUSED)
{
	assert_prints(&inv, false, false, false, "");
}

static void colors_do_not_move_columns(void **state UNUSED)
{
	assert_prints(
		&inv, true, false, true,
		"\033[1mnet0\033[0m: 0000:05:00.0 netdev enp5s0f0 driver igb vfs 4/7 "
		"autoprobe on numa 0\n"
		"    [8086:10c9]\n"
		"    VF  ADDRESS       DRIVER  GROUP  NETDEV      STATE       DOMAIN\n"
		"     0  0000:05:10.0  igbvf      14  enp5s0f0v0  host        -\n"
		"     1  0000:05:10.2  held      115  -           \033[32mattached\033[0m    "
		"web1\n"
		"     2  0000:05:10.4  held        -  -           \033[36massignable\033[0m  -\n"
		"     3  0000:05:10.6  -           0  -           \033[31mbroken\033[0m      -  "
		"(no?[2Jway)\n");
}

static void domain_that_could_not_be_seen_is_a_question_mark(void **state UNUSED)
{
	struct vf held = { .bdf = { 0x10000, 5, 0, 1 }, .driver = "held", .state = VF_ASSIGNABLE };
	struct pf pf = { .bdf = { 0x10000, 5, 0, 0 }, .numvfs = 1, .n_vfs = 1, .vfs = &held };
	struct inventory unseen = {
		.pfs = &pf, .n_pfs = 1, .n_vfs = 1, .hypervisor = "x", .domains_unseen = true
	};

	assert_prints(&unseen, true, false, false,
		      "10000:05:00.0: driver - vfs 1/0 autoprobe off numa 0\n"
		      "    [0000:0000]\n"
		      "    VF  ADDRESS        DRIVER  GROUP  NETDEV  STATE       DOMAIN\n"
		      "     0  10000:05:00.1  held        0  -       assignable  ?\n");
}

static void failed_write_is_a_failed_listing(void **state UNUSED)
{
	const bool shown[] = { true, true };
	const struct listing l = { &inv, shown, NULL, false };
	FILE *full = fopen("/dev/full", "we");

	assert_non_null(full);
	assert_int_equal(list_text(&l, full), -ENOSPC);
	fclose(full);
}

/* Five VFs, the first three of which are equal but for what every VF has of its own. */
static struct vf row_vfs[] = {
	{ .bdf = { 0, 7, 0x10, 0 },
	  .driver = "igbvf",
	  .netdev = "v0",
	  .iommu_group = 4,
	  .state = VF_HOST },
	{ .bdf = { 0, 7, 0x10, 2 },
	  .driver = "igbvf",
	  .netdev = "v1",
	  .iommu_group = 5,
	  .state = VF_HOST },
	{ .bdf = { 0, 7, 0x10, 4 },
	  .driver = "igbvf",
	  .netdev = "v2",
	  .iommu_group = 6,
	  .state = VF_HOST },
	{ .bdf = { 0, 7, 0x10, 6 },
	  .driver = "held",
	  .iommu_group = 9,
	  .state = VF_ATTACHED,
	  .domain = "web1" },
	{ .bdf = { 0, 7, 0x11, 0 },
	  .driver = "held",
	  .iommu_group = 9,
	  .state = VF_ATTACHED,
	  .domain = "web2" },
};

#define ALL_ATTRS (((1u << VF_ATTR_N) - 1) & ~(unsigned)(VF_ATTR_DRIVER | VF_ATTR_GUIDS))
#define TAGGED                                                                                     \
	.given = ALL_ATTRS, .vlan = 100, .qos = 2, .proto = 0x88a8, .spoofchk = true,              \
	.max_tx_rate = 1000

static struct vf_attrs row_attrs[] = {
	{ TAGGED, .mac = { 2, 0, 0, 0, 0, 1 } },
	{ TAGGED, .mac = { 2, 0, 0, 0, 0, 2 } },
	{ TAGGED, .mac = { 2, 0, 0, 0, 0, 3 } },
	{ .given = VF_ATTR_MAC | VF_ATTR_VLAN | VF_ATTR_PROTO, .proto = 0x8100 },
	{ .given = VF_ATTR_GUIDS | VF_ATTR_MIN_TX_RATE, .min_tx_rate = 5, .node_guid = 1 },
};

static struct pf row_pf = { .bdf = { 0, 7, 0, 0 },
			    .name = "net7",
			    .numvfs = 5,
			    .totalvfs = 7,
			    .n_vfs = 5,
			    .vfs = row_vfs,
			    .attrs = row_attrs,
			    .autoprobe = 1 };

static void assert_view(struct list_view *l, struct pf *pf, const char *want)
{
	const bool shown = true;
	const struct inventory one = { .pfs = pf, .n_pfs = 1, .hypervisor = "x" };
	_cleanup_free_ char *text = NULL;
	const char *table;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	l->inv = &one;
	l->shown = &shown;
	assert_int_equal(list_view_text(l, out), 0);
	fclose(out);
	table = strstr(text, "]\n");
	assert_string_equal(table ? table + 2 : text, want);
}

static void equal_vfs_share_a_line_when_that_is_asked(void **state UNUSED)
{
	assert_view(
		&(struct list_view){ .fold = LIST_FOLD }, &row_pf,
		"     VF  ADDRESS                     DRIVER  GROUP  NETDEV     STATE     DOMAIN\n"
		"    0-2  0000:07:10.0..0000:07:10.4  igbvf     4-6  3 devices  host      -\n"
		"      3  0000:07:10.6                held        9  -          attached  web1\n"
		"      4  0000:07:11.0                held        9  -          attached  web2\n");
}

static void long_listings_fold_on_a_terminal_and_short_ones_do_not(void **state UNUSED)
{
	struct vf many[LIST_LONG + 1] = { { .driver = NULL } };
	struct pf pf = { .n_vfs = LIST_LONG, .vfs = many };
	const bool shown = true;
	const struct inventory one = { .pfs = &pf, .n_pfs = 1, .hypervisor = "x" };
	struct list_view l = { .inv = &one, .shown = &shown, .fold = LIST_FOLD_LONG };
	struct list_run run = { .pf = &pf };

	assert_true(list_next_run(&l, &run));
	assert_int_equal(run.last, 0);
	pf.n_vfs = LIST_LONG + 1;
	run = (struct list_run){ .pf = &pf };
	assert_true(list_next_run(&l, &run));
	assert_int_equal(run.last, LIST_LONG);
	assert_false(list_next_run(&l, &run));
	/* Those that are not shown do not count. */
	many[3].driver = "other";
	l.filter.drivers = "none";
	run = (struct list_run){ .pf = &pf };
	assert_true(list_next_run(&l, &run));
	assert_int_equal(run.last, 0);
}

static void
settings_stand_in_columns_and_what_is_not_reported_is_a_question_mark(void **state UNUSED)
{
	assert_view(
		&(struct list_view){ .has_attrs = true }, &row_pf,
		"    VF  ADDRESS       MAC                VLAN               SPOOFCHK  TRUST  LINK  "
		"RATE    STATE     DOMAIN\n"
		"     0  0000:07:10.0  02:00:00:00:00:01  100 qos 2 802.1ad  on        off    auto  "
		"0-1000  host      -\n"
		"     1  0000:07:10.2  02:00:00:00:00:02  100 qos 2 802.1ad  on        off    auto  "
		"0-1000  host      -\n"
		"     2  0000:07:10.4  02:00:00:00:00:03  100 qos 2 802.1ad  on        off    auto  "
		"0-1000  host      -\n"
		"     3  0000:07:10.6  00:00:00:00:00:00  0                  ?         ?      ?     "
		"?       attached  web1\n"
		"     4  0000:07:11.0  ?                  ?                  ?         ?      ?     "
		"5-      attached  web2  node_guid=00:00:00:00:00:00:00:01  "
		"port_guid=00:00:00:00:00:00:00:00\n");
}

static void settings_that_differ_unfold_and_addresses_do_not(void **state UNUSED)
{
	struct list_view l = { .has_attrs = true, .fold = LIST_FOLD };
	struct list_run run = { .pf = &row_pf };

	assert_true(list_next_run(&l, &run));
	assert_int_equal(run.last, 2);
	row_attrs[1].trust = true;
	run = (struct list_run){ .pf = &row_pf };
	assert_true(list_next_run(&l, &run));
	assert_int_equal(run.last, 0);
	row_attrs[1].trust = false;
}

static void only_what_the_filter_asks_is_shown(void **state UNUSED)
{
	struct list_view l = { .filter = { .states = "host,attached", .domains = "web2" } };

	assert_view(&l, &row_pf,
		    "    VF  ADDRESS       DRIVER  GROUP  NETDEV  STATE     DOMAIN\n"
		    "     4  0000:07:11.0  held        9  -       attached  web2\n");
	l.filter = (struct list_filter){ .drivers = "none,heldx,hel" };
	assert_view(&l, &row_pf, "");
	l.filter = (struct list_filter){ .states = "assignable" };
	assert_view(&l, &row_pf, "");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(equal_vfs_share_a_line_when_that_is_asked),
	cmocka_unit_test(long_listings_fold_on_a_terminal_and_short_ones_do_not),
	cmocka_unit_test(settings_stand_in_columns_and_what_is_not_reported_is_a_question_mark),
	cmocka_unit_test(settings_that_differ_unfold_and_addresses_do_not),
	cmocka_unit_test(only_what_the_filter_asks_is_shown),
	cmocka_unit_test(columns_stand_under_each_other),
	cmocka_unit_test(pf_without_vfs_has_no_table_and_says_what_is_unknown),
	cmocka_unit_test(nothing_chosen_is_nothing_printed),
	cmocka_unit_test(colors_do_not_move_columns),
	cmocka_unit_test(domain_that_could_not_be_seen_is_a_question_mark),
	cmocka_unit_test(failed_write_is_a_failed_listing),
};

TEST_MAIN(tests)
