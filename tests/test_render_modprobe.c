// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "fake_model.h"

static const struct fake_pf pfs[] = {
	{ "0000:05:00.0", "enp5s0f0", "igb", "igbvf", 7, 7, 128, 2, -1 },
	{ "0000:05:00.1", "enp5s0f1", "igb", "pciback", 7, 7, 128, 2, -1 },
	{ "0000:81:00.0", NULL, "nvme", NULL, 8, 0, 1, 1, -1 },
	{ "0000:82:00.0", NULL, "homemade", NULL, 8, 0, 1, 1, -1 },
};

static const char topology[] =
	"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":7},"
	"{\"name\":\"net1\",\"bdf\":\"0000:05:00.1\",\"numvfs\":5},"
	"{\"name\":\"stor\",\"bdf\":\"0000:81:00.0\",\"numvfs\":2},"
	"{\"name\":\"odd\",\"bdf\":\"0000:82:00.0\",\"numvfs\":2}],\"domain\":[{\"name\":\"web1\","
	"\"devices\":[{\"pf\":\"net0\",\"index\":\"0\"},{\"pf\":\"net1\",\"index\":\"1\"},"
	"{\"pf\":\"stor\",\"index\":\"0\"},{\"pf\":\"odd\",\"index\":\"1\"}]}]}";

static void check_golden(const char *name, enum topo_hypervisor hypervisor)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, pfs, ARRAY_SIZE(pfs), topology);
	m.topo->hypervisor = hypervisor;
	text = fake_model_render(&m, "modprobe", NULL);
	assert_golden(name, text);
	fake_model_done(&m);
}

static void xen_hides_and_loads_pciback_first(void **state UNUSED)
{
	check_golden("render/modprobe-xen", TOPO_XEN);
}

static void kvm_loads_vfio_pci_first_and_hides_nothing(void **state UNUSED)
{
	check_golden("render/modprobe-kvm", TOPO_KVM);
}

static void undecided_topology_serves_both(void **state UNUSED)
{
	check_golden("render/modprobe-both", TOPO_AUTO);
}

static void running_hypervisor_decides_what_the_topology_leaves_open(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, pfs, ARRAY_SIZE(pfs), topology);
	m.inv->hypervisor = "kvm";
	text = fake_model_render(&m, "modprobe", NULL);
	assert_golden("render/modprobe-kvm", text);
	fake_model_done(&m);
}

static void modprobe_itself_takes_the_file(void **state UNUSED)
{
	_cleanup_file_ FILE *p = NULL;
	char got[2048];
	size_t n;

	/* kmod is on every Debian; where it is missing, there is nothing to ask. */
	if (access("/sbin/modprobe", X_OK) < 0)
		skip();
	p = popen("d=$(mktemp -d) && cp tests/golden/render/modprobe-xen $d/x.conf && "
		  "/sbin/modprobe -C $d -c | grep -E '^(options|softdep) (xen_pciback|igbvf)'; "
		  "rm -r $d",
		  "r");
	assert_non_null(p);
	n = fread(got, 1, sizeof(got) - 1, p);
	got[n] = '\0';
	pclose(STEAL(p));
	assert_string_equal(got, "options xen_pciback hide=(0000:05:10.0)(0000:05:10.3)"
				 "(0000:81:00.1)(0000:82:00.2)\n"
				 "softdep igbvf pre: xen-pciback\n");
}

static void length_of_hide_counts_for_xen_only(void **state UNUSED)
{
	static const struct fake_pf big = {
		"0000:3b:00.0", NULL, "ice", "iavf", 128, 128, 256, 1, -1
	};
	_cleanup_free_ char *text = NULL;
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(
		&m, &big, 1,
		"{\"version\":1,\"pf\":[{\"name\":\"x\",\"bdf\":\"0000:3b:00.0\"}],"
		"\"domain\":[{\"name\":\"a\",\"devices\":[{\"pf\":\"x\",\"index\":\"*\"}]}]}");
	assert_null(fake_model_render(&m, "modprobe", &e));
	assert_string_equal(e.cause, "128 VFs make 1792 characters, but the kernel takes 1024");
	m.topo->hypervisor = TOPO_KVM;
	text = fake_model_render(&m, "modprobe", NULL);
	assert_non_null(text);
	assert_non_null(strstr(text, "softdep iavf pre: vfio-pci\n"));
	fake_model_done(&m);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(xen_hides_and_loads_pciback_first),
	cmocka_unit_test(kvm_loads_vfio_pci_first_and_hides_nothing),
	cmocka_unit_test(undecided_topology_serves_both),
	cmocka_unit_test(running_hypervisor_decides_what_the_topology_leaves_open),
	cmocka_unit_test(modprobe_itself_takes_the_file),
	cmocka_unit_test(length_of_hide_counts_for_xen_only),
};

TEST_MAIN(tests)
