// SPDX-License-Identifier: GPL-2.0-or-later
/* Why a domain cannot get a VF on Xen: check, plan, dry run and run say the same, live and
 * captured. */
#include <stdlib.h>

#include "fake_libxl_capture.h"
#include "fake_refusals.h"

#define PF	  "0000:05:00.0"
#define ELSEWHERE "0001:05:00.0"

static void put(const char *line)
{
	fake_root_add(&fake_xen.root, line);
}

static struct fake_domain *start(libxl_domain_type type)
{
	return fake_xen_add_domain(1, "lv1", type);
}

static void start_pv(void)
{
	start(LIBXL_DOMAIN_TYPE_PV);
}

static void start_hvm(void)
{
	start(LIBXL_DOMAIN_TYPE_HVM);
}

static void start_pvh(void)
{
	start(LIBXL_DOMAIN_TYPE_PVH);
}

static void start_and_shut_down(void)
{
	start(LIBXL_DOMAIN_TYPE_PV)->shutdown = true;
}

static void start_without_passthrough(void)
{
	start(LIBXL_DOMAIN_TYPE_PV)->json =
		"{\"c_info\":{\"type\":\"pv\"},\"b_info\":{\"type.pv\":{}}}";
}

/* Gives @n VFs, each at function 0 of a bus of its own. */
static void give(unsigned n)
{
	char text[96];

	for (unsigned i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "0000:80:%02x.0", i);
		fake_xs_set(text, "/local/domain/0/backend/pci/1/0/dev-%u", i);
		snprintf(text, sizeof(text), "sys/bus/pci/devices/0000:80:%02x.0/physfn/", i);
		put(text);
	}
	snprintf(text, sizeof(text), "%u", n);
	fake_xs_set(text, "/local/domain/0/backend/pci/1/0/num_devs");
	fake_xs_set("", "/libxl/1/device/pci/0/backend");
}

static void leave_a_backend(void)
{
	start_pv();
	give(1);
	fake_xs_rm("/libxl/1/device/pci/0/backend");
}

static void close_its_backend(void)
{
	start_pv();
	give(1);
	fake_xs_set("6", "/local/domain/0/backend/pci/1/0/state");
}

static void fill_hvm(void)
{
	start_hvm();
	give(30);
}

static void give_its_namesake(void)
{
	start_hvm();
	give(1);
	fake_xs_set("0001:05:10.0", "/local/domain/0/backend/pci/1/0/dev-0");
}

/* Gives the device model's answer, as libxl keeps it. */
static void take_slot_4(void)
{
	start_hvm();
	give(1);
	fake_xs_set("0x20", "/local/domain/0/backend/pci/1/0/vdevfn-0");
}

static void want_many_vectors(void)
{
	start_pv();
	fake_xen_give_msix(env_bdf(0), 33);
}

static void boot_without_interrupts(void)
{
	start_pv();
	fake_xen.minor = 19;
	fake_xen.extra = ".0";
	snprintf(fake_xen.commandline, sizeof(fake_xen.commandline), "extra_guest_irqs=64");
}

static void add_another_segment(void)
{
	struct vf_ref vf;

	start_hvm();
	fake_root_add_pf(&fake_xen.root, &(struct fake_pf){ .bdf = ELSEWHERE,
							    .driver = "igb",
							    .vf_driver = "igbvf",
							    .totalvfs = 1,
							    .numvfs = 1,
							    .offset = 128,
							    .stride = 2,
							    .first_group = -1 });
	put("sys/bus/pci/devices/0001:05:10.0/reset=");
	env_state(0);
	vf = (struct vf_ref){ &env.inv->pfs[1], 0 };
	assert_int_equal(xen_backend.assign(env.backend, vf, "", &env.e), 0);
}

static void fill_pv(void)
{
	start_pv();
	give(32);
}

static const struct refusal_case rows[] = {
	{ .name = "pvh",
	  .cause = "domain lv1 is PVH, which has no pass-through",
	  .provoke = start_pvh },
	{ .name = "alive",
	  .cause = "domain 'lv1' is shut down or being destroyed",
	  .provoke = start_and_shut_down },
	{ .name = "passthrough",
	  .cause = "domain lv1 was created without pass-through",
	  .provoke = start_without_passthrough },
	{ .name = "left",
	  .cause = "the PCI backend of a domain that is gone is left",
	  .provoke = leave_a_backend },
	{ .name = "frontend",
	  .cause = "the PCI backend of domain lv1 is closed",
	  .provoke = close_its_backend },
	{ .name = "hvm-slots",
	  .cause = "HVM domain lv1 has room for at most 30 devices, but 31 are asked for",
	  .provoke = fill_hvm },
	{ .name = "hvm-names",
	  .cause = "0001:05:10.0 and 0000:05:10.0 have the same name in the device model",
	  .provoke = give_its_namesake },
	{ .name = "vslot",
	  .cause = "slot 04 of HVM domain lv1 is for a device it has",
	  .provoke = take_slot_4,
	  .dev = PF "/0,vslot=4",
	  .json = ",\"vslot\":\"4\"" },
	{ .name = "vslot",
	  .cause = "slot 01 of HVM domain lv1 is for the ISA bridge",
	  .provoke = start_hvm,
	  .dev = PF "/0,vslot=1",
	  .json = ",\"vslot\":\"1\"" },
	{ .name = "irqs",
	  .cause = "domain lv1 has 32 interrupts (PIRQs), but 1 device has up to 33",
	  .provoke = want_many_vectors },
	{ .name = "irqs",
	  .cause = "domain lv1 has 0 interrupts (PIRQs), as every domain has: Xen 4.19",
	  .provoke = boot_without_interrupts },
	{ .name = "segment",
	  .cause = "0001:05:10.0 is outside PCI segment 0, and Xen 4.17.7 gives an HVM domain no",
	  .provoke = add_another_segment,
	  .dev = ELSEWHERE "/0" },
	{ .name = "pv-slots",
	  .cause = "PV domain lv1 would need 33 virtual PCI slots for 33 devices, but it has 32",
	  .provoke = fill_pv },
};

static struct refused_host host_of(const struct refusal_case *c)
{
	static char topology[512];

	snprintf(topology, sizeof(topology),
		 "{\"version\":1,\"pf\":[{\"name\":\"p\",\"bdf\":\"%.12s\"}],\"domain\":["
		 "{\"name\":\"lv1\",\"devices\":[{\"pf\":\"p\",\"index\":\"0\"%s}]}]}",
		 c->dev ? c->dev : PF, c->json ? c->json : "");
	return (struct refused_host){ .host = &fake_xen.root.host,
				      .ops = &xen_backend,
				      .backend = env.backend,
				      .dev = c->dev ? c->dev : PF "/0",
				      .domain = "lv1",
				      .topology = topology };
}

static void drive_live(const struct refusal_case *c)
{
	const unsigned writes = fake_xen.kernel.n_writes, calls = fake_xen.n_calls;
	const struct refused_host h = host_of(c);

	refused_everywhere(&h, c, true);
	assert_int_equal(fake_xen.kernel.n_writes, writes);
	assert_int_equal(fake_xen.n_calls, calls);
}

static void drive_captured(const struct refusal_case *c)
{
	struct refused_host h = host_of(c);
	struct captured_host captured;

	capture_open(&captured);
	h.host = &captured.host;
	h.backend = captured.backend;
	captured_verb_is_refused(&h, c->cause);
	capture_done(&captured);
}

static void every_row_has_a_case(void **state UNUSED)
{
	refusals_have_cases(xen_backend.attach_refusals, rows, ARRAY_SIZE(rows));
}

/* Each row gets a host of its own. */
static void every_row_is_asked_by_all(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (i) {
			env_teardown(state);
			env_setup(state);
		}
		print_message("  %s: %s\n", rows[i].name, rows[i].cause);
		rows[i].provoke();
		assert_int_equal(env_assign(0), 0);
		drive_live(&rows[i]);
		drive_captured(&rows[i]);
	}
}

static void nothing_refuses_a_plain_domain(void **state UNUSED)
{
	static const struct refusal_case plain = { .name = "none" };
	struct refused_host h = host_of(&plain);

	start_pv();
	assert_int_equal(env_assign(0), 0);
	refused_nowhere(&h);
	refused_not_by_the_run(&h);
	assert_int_equal(env_state(0), VF_ATTACHED);
}

#define T(f) cmocka_unit_test_setup_teardown(f, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	T(every_row_has_a_case),
	T(every_row_is_asked_by_all),
	T(nothing_refuses_a_plain_domain),
};

TEST_MAIN(tests)
