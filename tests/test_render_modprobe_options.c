// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "fake_model.h"

#define PF(name, bdf, n) "{\"name\":\"" name "\",\"bdf\":\"0000:" bdf "\",\"numvfs\":" #n "}"
#define ALL(name)	 "{\"pf\":\"" name "\",\"index\":\"*\"}"
#define TOPOLOGY(pfs, devs)                                                                        \
	"{\"version\":1,\"hypervisor\":\"kvm\",\"pf\":[" pfs "],\"domain\":[{\"name\":\"vm\","     \
	"\"devices\":[" devs "]}]}"

/* Returns what render modprobe writes for these PFs; lines are added to the host first. */
static char *rendered(const struct fake_pf *pfs, size_t n, const char *topology,
		      const char *const *lines)
{
	struct fake_model m;
	char *text;

	fake_model_init(&m, pfs, n, topology);
	for (; lines && *lines; lines++)
		fake_root_add(&m.root, *lines);
	fake_model_reread(&m);
	text = fake_model_render(&m, "modprobe", NULL);
	assert_non_null(text);
	fake_model_done(&m);
	return text;
}

static void softdep_names_the_module_and_not_the_driver(void **state UNUSED)
{
	static const struct fake_pf qat = {
		"0000:8a:00.0", NULL, "c6xx", "c6xxvf", 16, 16, 8, 1, -1
	};
	static const char *const lines[] = {
		"sys/module/qat_c62xvf/",
		"sys/bus/pci/drivers/c6xxvf/module -> ../../../../module/qat_c62xvf", NULL
	};
	static const char topology[] = TOPOLOGY(PF("q", "8a:00.0", 16), ALL("q"));
	_cleanup_free_ char *text = rendered(&qat, 1, topology, lines);

	assert_non_null(strstr(text, "\nsoftdep qat_c62xvf pre: vfio-pci\n"));
	assert_null(strstr(text, "softdep c6xxvf"));
}

static void module_of_vfs_to_come_is_known(void **state UNUSED)
{
	static const struct fake_pf qat = { "0000:8a:00.0", NULL, "c6xx", NULL, 16, 0, 8, 1, -1 };
	static const char topology[] = TOPOLOGY(PF("q", "8a:00.0", 16), ALL("q"));
	_cleanup_free_ char *text = rendered(&qat, 1, topology, NULL);

	assert_non_null(strstr(text, "\nsoftdep qat_c62xvf pre: vfio-pci\n"));
}

static const struct fake_pf ports[] = {
	{ "0000:05:00.0", NULL, "igb", NULL, 7, 0, 128, 2, -1 },
	{ "0000:05:00.1", NULL, "igb", NULL, 7, 0, 128, 2, -1 },
	{ "0000:05:00.2", NULL, "igb", NULL, 7, 0, 128, 2, -1 },
};
static const char three_ports[] =
	TOPOLOGY(PF("a", "05:00.2", 7) "," PF("b", "05:00.0", 4), ALL("a") "," ALL("b"));

static void max_vfs_has_a_number_for_each_port(void **state UNUSED)
{
	_cleanup_free_ char *text = rendered(ports, ARRAY_SIZE(ports), three_ports, NULL);

	assert_non_null(strstr(text, "\n# options igb max_vfs=4,0,7\n"));
}

static void ports_without_sriov_count_too(void **state UNUSED)
{
	static const char *const lines[] = {
		"sys/bus/pci/drivers/igb/0000:04:00.0 -> ../../../../devices/x",
		"sys/module/igb/taint=OE",
		"sys/bus/pci/drivers/igb/module -> ../../../../module/igb",
		NULL,
	};
	_cleanup_free_ char *text = rendered(ports, ARRAY_SIZE(ports), three_ports, lines);

	assert_non_null(strstr(text, "(as here)"));
	assert_non_null(strstr(text, "\n# options igb max_vfs=0,4,0,7\n"));
}

static void a_build_of_the_kernel_needs_no_max_vfs(void **state UNUSED)
{
	static const char *const lines[] = {
		"sys/module/igb/taint=",
		"sys/bus/pci/drivers/igb/module -> ../../../../module/igb",
		NULL,
	};
	_cleanup_free_ char *text = rendered(ports, ARRAY_SIZE(ports), three_ports, lines);

	assert_null(strstr(text, "max_vfs"));
}

static const struct fake_pf cards[] = {
	{ "0000:08:00.0", NULL, "mlx4_core", NULL, 16, 0, 1, 1, -1 },
	{ "0000:09:00.0", NULL, "mlx4_core", NULL, 16, 0, 1, 1, -1 },
};

static void mlx4_gets_its_line(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY(PF("x", "08:00.0", 8), ALL("x"));
	_cleanup_free_ char *text = rendered(cards, 1, topology, NULL);

	assert_non_null(strstr(text, "\noptions mlx4_core num_vfs=8 probe_vf=0\n"));
	assert_null(strstr(text, "largest"));
}

static void two_cards_have_one_number(void **state UNUSED)
{
	static const char topology[] =
		TOPOLOGY(PF("x", "08:00.0", 8) "," PF("y", "09:00.0", 4), ALL("x"));
	_cleanup_free_ char *text = rendered(cards, 2, topology, NULL);
	const char *line = strstr(text, "\noptions mlx4_core num_vfs=8 probe_vf=0\n");

	assert_non_null(line);
	assert_null(strstr(line + 2, "options mlx4_core"));
	assert_non_null(strstr(text, "this is the largest"));
}

static void vfs_that_no_domain_has_are_made_at_load_too(void **state UNUSED)
{
	static const char topology[] = "{\"version\":1,\"pf\":[" PF("x", "08:00.0", 8) "]}";
	_cleanup_free_ char *text = rendered(cards, 1, topology, NULL);

	assert_non_null(strstr(text, "\noptions mlx4_core num_vfs=8 probe_vf=0\n"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(softdep_names_the_module_and_not_the_driver),
	cmocka_unit_test(module_of_vfs_to_come_is_known),
	cmocka_unit_test(max_vfs_has_a_number_for_each_port),
	cmocka_unit_test(ports_without_sriov_count_too),
	cmocka_unit_test(a_build_of_the_kernel_needs_no_max_vfs),
	cmocka_unit_test(mlx4_gets_its_line),
	cmocka_unit_test(two_cards_have_one_number),
	cmocka_unit_test(vfs_that_no_domain_has_are_made_at_load_too),
};

TEST_MAIN(tests)
