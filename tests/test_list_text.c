// SPDX-License-Identifier: GPL-2.0-or-later

#include "test.h"

#include "report/list.h"

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

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(columns_stand_under_each_other),
	cmocka_unit_test(pf_without_vfs_has_no_table_and_says_what_is_unknown),
	cmocka_unit_test(nothing_chosen_is_nothing_printed),
	cmocka_unit_test(colors_do_not_move_columns),
	cmocka_unit_test(domain_that_could_not_be_seen_is_a_question_mark),
	cmocka_unit_test(failed_write_is_a_failed_listing),
};

TEST_MAIN(tests)
