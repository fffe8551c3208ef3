// SPDX-License-Identifier: GPL-2.0-or-later
/* What the run refuses on Xen, check, plan and the dry run refuse, too, in the same words. */
#include <stdlib.h>
#include <unistd.h>

#include "fake_libxl_env.h"
#include "fake_refusals.h"

#define TOPOLOGY(pf, more) "{\"version\":1,\"pf\":[{\"name\":\"p\",\"bdf\":\"" pf "\"}]," more "}"
#define TAKE		   "\"vf\":[{\"pf\":\"p\",\"index\":\"0\",\"driver\":\"assign\"}]"
#define GIVE(domain)                                                                               \
	"\"domain\":[{\"name\":\"" domain "\",\"devices\":[{\"pf\":\"p\",\"index\":\"0\"}]}]"

#define PF  "0000:05:00.0"
#define VMD "10000:01:00.0"

static void put(const char *line)
{
	fake_root_add(&fake_xen.root, line);
}

static void drop(const char *path)
{
	assert_int_equal(unlinkat(fake_xen.root.host.root.fd, path, 0), 0);
}

static void switch_iommu_off(void)
{
	fake_xen.no_iommu = true;
}

static void run_on_arm(void)
{
	put("proc/cpuinfo=processor\t: 0\\nCPU implementer\t: 0x41");
}

static void boot_pvh(void)
{
	put("sys/hypervisor/guest_type=PVH");
}

static void drop_reset(void)
{
	drop("sys/bus/pci/devices/0000:05:10.0/reset");
}

static void add_vmd(void)
{
	fake_root_add_pf(&fake_xen.root, &(struct fake_pf){ .bdf = VMD,
							    .driver = "nvme",
							    .vf_driver = "nvme",
							    .totalvfs = 1,
							    .numvfs = 1,
							    .offset = 1,
							    .stride = 1,
							    .first_group = -1 });
	put("sys/bus/pci/devices/10000:01:00.1/reset=");
}

static const struct refusal_case rows[] = {
	{ .name = "iommu", .cause = "Xen runs without an IOMMU", .provoke = switch_iommu_off },
	{ .name = "segment",
	  .cause = "Xen addresses PCI segments 0000 to ffff only",
	  .provoke = add_vmd },
	{ .name = "reset", .cause = "the kernel cannot reset it", .provoke = drop_reset },
	{ .name = "machine",
	  .cause = "Xen on Arm gives guests no PCI function",
	  .provoke = run_on_arm },
};

/* Only the address of a VF to be made is known, and that is enough. */
static void a_vf_that_is_not_made_yet_is_refused_by_its_address(void **state UNUSED)
{
	struct refused_host h = { .host = &fake_xen.root.host,
				  .ops = &xen_backend,
				  .backend = env.backend,
				  .topology =
					  "{\"version\":1,\"pf\":[{\"name\":\"p\",\"bdf\":\"" VMD
					  "\",\"numvfs\":1}]," GIVE("off1") "}" };

	fake_root_add_pf(&fake_xen.root, &(struct fake_pf){ .bdf = VMD,
							    .driver = "nvme",
							    .totalvfs = 1,
							    .offset = 1,
							    .stride = 1,
							    .first_group = -1 });
	topology_refused(&h, rows[1].cause);
}

static void unload_driver(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s/sys/bus/pci/drivers/pciback",
		 fake_xen.root.dir);
	assert_int_equal(system(command), 0);
}

/* Somebody else's attach runs, or broke off. */
static void claim_it(void)
{
	fake_xen_add_domain(3, "db1", LIBXL_DOMAIN_TYPE_PV);
	fake_xs_set("3", "/libxl/pci/0000-05-10-0/domid");
}

static void claim_it_for_one_that_is_gone(void)
{
	fake_xs_set("9", "/libxl/pci/0000-05-10-0/domid");
}

static void put_into_a_container(void)
{
	put("sys/devices/pci0000:05/0000:05:10.0/net/");
}

/* Reasons that are not rows. */
static const struct refusal_case others[] = {
	{ .name = "dom0", .cause = "Dom0 is PVH", .provoke = boot_pvh },
	{ .name = "driver", .cause = "driver pciback is not loaded", .provoke = unload_driver },
	{ .name = "broken",
	  .cause = "claimed by a domain that does not have it",
	  .provoke = claim_it },
	{ .name = "stale",
	  .cause = "claimed by a domain that is gone",
	  .provoke = claim_it_for_one_that_is_gone },
	{ .name = "container",
	  .cause = "its network device is in another network namespace",
	  .provoke = put_into_a_container },
};

static bool is_segment(const struct refusal_case *c)
{
	return !strcmp(c->name, "segment");
}

static struct refused_host host_of(const struct refusal_case *c)
{
	struct refused_host h = { .host = &fake_xen.root.host,
				  .ops = &xen_backend,
				  .backend = env.backend,
				  .dev = PF "/0",
				  .topology = TOPOLOGY(PF, TAKE) };

	if (is_segment(c)) {
		h.dev = VMD "/0";
		h.topology = TOPOLOGY(VMD, TAKE);
	}
	return h;
}

static void drive(const struct refusal_case *c, bool is_row)
{
	struct refused_host h;
	unsigned writes, calls;

	c->provoke();
	h = host_of(c);
	writes = fake_xen.kernel.n_writes;
	calls = fake_xen.n_calls;
	refused_everywhere(&h, c, is_row);
	h.topology = is_segment(c) ? TOPOLOGY(VMD, GIVE("off1")) : TOPOLOGY(PF, GIVE("off1"));
	refused_everywhere(&h, c, is_row);
	assert_int_equal(fake_xen.kernel.n_writes, writes);
	assert_int_equal(fake_xen.n_calls, calls);
}

/* Each case gets a host of its own. */
static void drive_each(void **state, const struct refusal_case *cases, size_t n, bool are_rows)
{
	for (size_t i = 0; i < n; i++) {
		if (i) {
			env_teardown(state);
			env_setup(state);
		}
		print_message("  %s\n", cases[i].name);
		drive(&cases[i], are_rows);
	}
}

static void nothing_refuses_a_plain_host(void **state UNUSED)
{
	struct refused_host h = host_of(&rows[0]);

	refused_nowhere(&h);
}

static void every_row_has_a_case(void **state UNUSED)
{
	refusals_have_cases(xen_backend.refusals, rows, ARRAY_SIZE(rows));
}

static void every_row_is_asked_by_all(void **state)
{
	drive_each(state, rows, ARRAY_SIZE(rows), true);
}

static void the_other_refusals_are_asked_by_all(void **state)
{
	drive_each(state, others, ARRAY_SIZE(others), false);
}

static void start_pvh(void)
{
	fake_xen_add_domain(1, "lv1", LIBXL_DOMAIN_TYPE_PVH);
}

static void start_without_passthrough(void)
{
	fake_xen_add_domain(1, "lv1", LIBXL_DOMAIN_TYPE_PV)->json =
		"{\"c_info\":{\"type\":\"pv\"},\"b_info\":{\"type.pv\":{}}}";
}

static void want_many_vectors(void)
{
	fake_xen_add_domain(1, "lv1", LIBXL_DOMAIN_TYPE_PV);
	fake_xen_give_msix(env_bdf(0), 33);
}

static const struct refusal_case guests[] = {
	{ .name = "pvh",
	  .cause = "domain lv1 is PVH, which has no pass-through",
	  .provoke = start_pvh },
	{ .name = "passthrough",
	  .cause = "domain lv1 was created without pass-through",
	  .provoke = start_without_passthrough },
	{ .name = "irqs",
	  .cause = "domain lv1 has 32 interrupts (PIRQs), but 1 device has up to 33",
	  .provoke = want_many_vectors },
};

static void a_guest_that_takes_nothing_is_known_by_all(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(guests); i++) {
		struct refused_host h;
		unsigned writes, calls;

		if (i) {
			env_teardown(state);
			env_setup(state);
		}
		print_message("  %s\n", guests[i].name);
		guests[i].provoke();
		assert_int_equal(env_assign(0), 0);
		h = host_of(&rows[0]);
		h.domain = "lv1";
		h.topology = TOPOLOGY(PF, GIVE("lv1"));
		writes = fake_xen.kernel.n_writes;
		calls = fake_xen.n_calls;
		refused_everywhere(&h, &guests[i], false);
		assert_int_equal(fake_xen.kernel.n_writes, writes);
		assert_int_equal(fake_xen.n_calls, calls);
	}
}

/* A captured host has no hypervisor to ask; what its files tell is refused nevertheless. */
static void capture(struct refused_host *h)
{
	fake_xen.root.host.root.write = NULL;
	*h = host_of(&rows[0]);
	h->backend = NULL;
}

static void rows_of_files_are_asked_of_a_capture(void **state UNUSED)
{
	struct refused_host h;

	drop_reset();
	capture(&h);
	/* Whoever captured it may not have recorded which devices have the file. */
	captured_is_not_refused(&h);
	put("sys/bus/pci/devices/0000:05:00.0/reset=");
	captured_is_refused(&h, rows[2].cause);
	add_vmd();
	h.topology = TOPOLOGY(VMD, GIVE("off1"));
	captured_is_refused(&h, rows[1].cause);
}

static void arm_is_known_of_a_capture(void **state UNUSED)
{
	struct refused_host h;

	run_on_arm();
	capture(&h);
	captured_is_refused(&h, rows[3].cause);
}

/* Function 0 of 33 host slots. */
#define MANY(n, type)                                                                              \
	TOPOLOGY("0000:20:00.0", "\"domain\":[{\"name\":\"off1\",\"xen\":{\"type\":\"" type "\"}," \
				 "\"devices\":[{\"pf\":\"p\",\"index\":\"0-" n "\"}]}]")

static void limits_of_domains_are_those_of_a_capture_too(void **state UNUSED)
{
	struct refused_host h;

	fake_root_add_pf(&fake_xen.root, &(struct fake_pf){ .bdf = "0000:20:00.0",
							    .driver = "ice",
							    .vf_driver = "iavf",
							    .totalvfs = 64,
							    .numvfs = 64,
							    .offset = 8,
							    .stride = 8,
							    .first_group = -1 });
	capture(&h);
	h.topology = MANY("31", "pv");
	captured_is_not_refused(&h);
	h.topology = MANY("32", "pv");
	captured_is_refused(&h, "would need 33 virtual PCI slots for 33 devices, but it has 32");
	h.topology = MANY("29", "hvm");
	captured_is_not_refused(&h);
	h.topology = MANY("30", "hvm");
	captured_is_refused(&h, "has room for at most 30 devices, but 31 are asked for");
	h.topology = MANY("0", "pvh");
	captured_is_refused(&h, "PVH domains have no pass-through");
}

#define T(f) cmocka_unit_test_setup_teardown(f, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	T(nothing_refuses_a_plain_host),
	T(every_row_has_a_case),
	T(every_row_is_asked_by_all),
	T(a_vf_that_is_not_made_yet_is_refused_by_its_address),
	T(the_other_refusals_are_asked_by_all),
	T(rows_of_files_are_asked_of_a_capture),
	T(arm_is_known_of_a_capture),
	T(limits_of_domains_are_those_of_a_capture_too),
	T(a_guest_that_takes_nothing_is_known_by_all),
};

TEST_MAIN(tests)
