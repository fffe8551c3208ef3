// SPDX-License-Identifier: GPL-2.0-or-later
/* Refusals ahead of time, each with its number and its cure. */
#include "fake_libxl_env.h"

#include "backend/xen/domain_config.h"
#include "topology/domain_slots.h"

static unsigned slots_of(const char *const *bdfs)
{
	struct slot_dev v[512];
	size_t n = 0;

	for (; bdfs[n]; n++) {
		assert_true(bdf_scan(&v[n].bdf, bdfs[n]));
		v[n].is_vf = true;
	}
	return pv_slots(v, n);
}

/* Seen on a real Xen: 10.0 | 10.2 10.4 10.6 | 11.0 | 11.2 11.4. */
static void seven_vfs_of_an_82576_take_four_slots(void **state UNUSED)
{
	static const char *const v[] = { "0000:05:11.4", "0000:05:10.0",
					 "0000:05:10.6", "0000:05:11.2",
					 "0000:05:10.2", "0000:05:11.0",
					 "0000:05:10.4", NULL };

	assert_int_equal(slots_of(v), 4);
}

static void function_zero_takes_a_slot_alone_others_share(void **state UNUSED)
{
	static const char *const alone[] = { "0000:05:10.0", "0000:05:11.0", NULL };
	static const char *const shared[] = { "0000:05:10.1", "0000:05:10.7", NULL };
	static const char *const segments[] = { "0000:05:10.1", "0001:05:10.1", NULL };

	assert_int_equal(slots_of(alone), 2);
	assert_int_equal(slots_of(shared), 1);
	assert_int_equal(slots_of(segments), 2);
	assert_int_equal(pv_slots(NULL, 0), 0);
}

static void a_card_that_is_no_vf_keeps_its_functions_together(void **state UNUSED)
{
	struct slot_dev v[] = { { .bdf = { .bus = 3, .fn = 0 } },
				{ .bdf = { .bus = 3, .fn = 1 } } };

	assert_int_equal(pv_slots(v, 2), 1);
}

static void eight_82576_fill_a_pv_domain_and_the_57th_vf_does_not_fit(void **state UNUSED)
{
	struct slot_dev v[57];

	for (unsigned i = 0; i < 57; i++)
		v[i] = (struct slot_dev){
			bdf_vf((struct bdf){ .bus = (uint8_t)(i / 7 + 1) }, 128, 2, i % 7), true
		};
	assert_int_equal(pv_slots(v, 56), PV_SLOTS);
	assert_int_equal(pv_slots(v, 57), PV_SLOTS + 1);
}

#define PV_PLAIN "{\"c_info\":{\"type\":\"pv\"},\"b_info\":{\"type.pv\":{}}}"
#define PV_ENABLED                                                                                 \
	"{\"c_info\":{\"type\":\"pv\",\"passthrough\":\"enabled\"},"                               \
	"\"b_info\":{\"type.pv\":{\"e820_host\":\"True\"}}}"
#define PV_WITH_PCI                                                                                \
	"{\"c_info\":{\"type\":\"pv\"},\"b_info\":{\"type.pv\":{\"e820_host\":\"True\"}},"         \
	"\"pcidevs\":[{\"bus\":5}]}"
#define PV_DISABLED                                                                                \
	"{\"c_info\":{\"type\":\"pv\",\"passthrough\":\"disabled\"},\"b_info\":{\"type.pv\":{}},"  \
	"\"pcidevs\":[{\"bus\":5}]}"

static void a_domain_without_pci_line_was_created_without_passthrough(void **state UNUSED)
{
	assert_true(created_parse(PV_PLAIN, strlen(PV_PLAIN)).no_passthrough);
	assert_true(created_parse(PV_PLAIN, strlen(PV_PLAIN)).no_e820_host);
	assert_true(created_parse(PV_DISABLED, strlen(PV_DISABLED)).no_passthrough);
	assert_false(created_parse(PV_ENABLED, strlen(PV_ENABLED)).no_passthrough);
	assert_false(created_parse(PV_ENABLED, strlen(PV_ENABLED)).no_e820_host);
	assert_false(created_parse(PV_WITH_PCI, strlen(PV_WITH_PCI)).no_passthrough);
}

static void what_cannot_be_read_is_no_reason_to_refuse(void **state UNUSED)
{
	static const char *const junk[] = { "", "{", "[]", "{}", "null", "\xff" };

	for (size_t i = 0; i < ARRAY_SIZE(junk); i++) {
		struct created c = created_parse(junk[i], strlen(junk[i]));

		assert_false(c.is_known || c.no_passthrough || c.no_e820_host);
	}
}

/* Operations. */

static int limits_n(const char *name, unsigned n)
{
	struct dev_options options[7];
	struct vf_ref vfs[7];
	struct domain d;
	int r;

	for (unsigned i = 0; i < n; i++) {
		vfs[i] = env_vf(i);
		options[i] = (struct dev_options)DEV_OPTIONS_INIT;
	}
	env.e = (struct err){ 0 };
	assert_int_equal(xen_backend.domain_find(env.backend, name, &d, &env.e), 0);
	r = asked_to_attach(&xen_backend, &fake_xen.root.host, env.backend, &d, vfs, options, n,
			    &env.e);
	xen_backend.domain_done(&d);
	return r;
}

static void xen_line(const char *text)
{
	snprintf(fake_xen.commandline, sizeof(fake_xen.commandline), "%s", text);
}

static void xen_is(int major, int minor, const char *extra)
{
	fake_xen.major = major;
	fake_xen.minor = minor;
	fake_xen.extra = extra;
}

static void vfs_that_fit_pass(void **state UNUSED)
{
	struct fake_domain *d = fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);

	d->json = PV_ENABLED;
	for (unsigned i = 0; i < 7; i++)
		fake_xen_give_msix(env_bdf(i), 3);
	assert_int_equal(limits_n("web1", 7), 0);
	assert_int_equal(fake_xen.n_calls, 0);
}

static void pvh_has_no_passthrough(void **state UNUSED)
{
	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PVH);
	assert_true(limits_n("web1", 1) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("domain web1 is PVH, which has no pass-through");
	assert_fix("type=\"hvm\" or type=\"pv\"");
}

static void a_domain_created_without_passthrough_is_refused_before_it_bites(void **state UNUSED)
{
	struct fake_domain *d = fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);

	d->json = PV_PLAIN;
	assert_true(limits_n("web1", 1) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("created without pass-through");
	assert_fix("passthrough=\"enabled\" and e820_host=1");
	d->json = PV_WITH_PCI;
	assert_int_equal(limits_n("web1", 1), 0);
	d->json = NULL;
	assert_int_equal(limits_n("web1", 1), 0);
}

static void a_domain_that_does_not_run_is_not_taken_for_dom0(void **state UNUSED)
{
	const struct dev_options o = DEV_OPTIONS_INIT;
	struct domain d = { .name = "web1", .type = DOMAIN_PV };
	const struct vf_ref vf = env_vf(0);

	fake_xen_add_domain(0, "Domain-0", LIBXL_DOMAIN_TYPE_PV)->json = PV_PLAIN;
	assert_int_equal(asked_to_attach(&xen_backend, &fake_xen.root.host, env.backend, &d, &vf,
					 &o, 1, &env.e),
			 0);
	d.type = DOMAIN_PVH;
	assert_true(asked_to_attach(&xen_backend, &fake_xen.root.host, env.backend, &d, &vf, &o, 1,
				    &env.e) < 0);
}

/* Trap 14: attach reports success, the guest gets no MSI-X. */
static void more_vectors_than_interrupts_are_refused_with_both_numbers(void **state UNUSED)
{
	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	for (unsigned i = 0; i < 7; i++)
		fake_xen_give_msix(env_bdf(i), 5);
	assert_int_equal(limits_n("web1", 6), 0);
	assert_true(limits_n("web1", 7) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says(
		"domain web1 has 32 interrupts (PIRQs), but 7 devices have up to 35 MSI-X vectors");
	assert_fix("extra_guest_irqs=64 nr_irqs=5120");
	xen_line("extra_guest_irqs=64");
	assert_int_equal(limits_n("web1", 7), 0);
}

/* Seen on 4.20.4: "domU IRQs bounded to 16", and -28 for every VF of every domain. */
static void extra_interrupts_without_nr_irqs_are_none_from_4_19_on(void **state UNUSED)
{
	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	fake_xen_give_msix(env_bdf(0), 3);
	xen_line("extra_guest_irqs=512");
	xen_is(4, 18, ".5");
	assert_int_equal(limits_n("web1", 1), 0);
	xen_is(4, 19, ".0");
	assert_true(limits_n("web1", 1) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("domain web1 has 0 interrupts (PIRQs), as every domain has: Xen 4.19 sets");
	assert_fix("extra_guest_irqs=64 nr_irqs=5120");
	assert_fix("xl info xen_commandline");
	xen_is(4, 20, ".4");
	assert_true(limits_n("web1", 1) < 0);
	xen_line("extra_guest_irqs=512 nr_irqs=1024");
	assert_int_equal(limits_n("web1", 1), 0);
	xen_line("extra_guest_irqs=32");
	assert_int_equal(limits_n("web1", 1), 0);
}

/* A VF has nothing but MSIs, so its table need not be read to know that. */
static void no_interrupts_at_all_are_too_few_for_any_vf(void **state UNUSED)
{
	static const char *const forced[] = { "web1" };

	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	xen_line("extra_guest_irqs=64");
	xen_is(4, 21, ".0");
	assert_true(limits_n("web1", 1) < 0);
	assert_says("0 interrupts");
	fake_xen.root.host.forced = forced;
	fake_xen.root.host.n_forced = 1;
	assert_int_equal(limits_n("web1", 1), 0);
}

/* nr_irqs= replaces Xen's own number, so it is never less than 208 for each CPU. */
static void the_advice_covers_the_hosts_cpus(void **state UNUSED)
{
	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	for (unsigned i = 0; i < 7; i++)
		fake_xen_give_msix(env_bdf(i), 16);
	fake_xen.cpus = 64; /* 13312 + 128 */
	assert_true(limits_n("web1", 7) < 0);
	assert_fix("extra_guest_irqs=128 nr_irqs=14336");
	fake_xen.cpus = 0; /* not told */
	assert_true(limits_n("web1", 7) < 0);
	assert_fix("extra_guest_irqs=128 nr_irqs=33792");
}

/* Moves VF 0 to another segment, as behind a VMD or on a host with many sockets. */
static int limits_in_segment(const char *name, uint32_t segment)
{
	const struct dev_options o = DEV_OPTIONS_INIT;
	const struct vf_ref vf = env_vf(0);
	struct domain d;

	env.inv->pfs[0].vfs[0].bdf.domain = segment;
	env.e = (struct err){ 0 };
	assert_int_equal(xen_backend.domain_find(env.backend, name, &d, &env.e), 0);
	return asked_to_attach(&xen_backend, &fake_xen.root.host, env.backend, &d, &vf, &o, 1,
			       &env.e);
}

static void an_hvm_domain_takes_nothing_outside_segment_0_on_an_old_xen(void **state UNUSED)
{
	static const struct {
		int minor;
		const char *extra;
		bool works;
	} all[] = {
		{ 17, ".7", false }, { 18, ".6", false }, { 19, ".3", false }, { 19, ".4", true },
		{ 20, ".2", false }, { 20, ".3", true },  { 21, ".0", true },
	};

	fake_xen_add_domain(3, "win", LIBXL_DOMAIN_TYPE_HVM);
	fake_xen_add_domain(4, "web1", LIBXL_DOMAIN_TYPE_PV);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		xen_is(4, all[i].minor, all[i].extra);
		assert_int_equal(limits_in_segment("win", 0), 0);
		assert_int_equal(limits_in_segment("web1", 1), 0);
		assert_int_equal(limits_in_segment("win", 1) == 0, all[i].works);
		if (all[i].works)
			continue;
		assert_int_equal(env.e.status, EXIT_REFUSED);
		assert_says("0001:05:10.0 is outside PCI segment 0");
		assert_fix("type=\"pv\"");
		assert_fix("--force win");
	}
}

static void a_backported_fix_is_forced(void **state UNUSED)
{
	static const char *const forced[] = { "win" };

	fake_xen_add_domain(3, "win", LIBXL_DOMAIN_TYPE_HVM);
	assert_true(limits_in_segment("win", 1) < 0);
	fake_xen.root.host.forced = forced;
	fake_xen.root.host.n_forced = 1;
	assert_int_equal(limits_in_segment("win", 1), 0);
}

static void vectors_of_devices_the_domain_has_count(void **state UNUSED)
{
	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	for (unsigned i = 0; i < 7; i++)
		fake_xen_give_msix(env_bdf(i), 16);
	for (unsigned i = 4; i < 6; i++) {
		assert_int_equal(env_assign(i), 0);
		assert_int_equal(env_attach("web1", i), 0);
	}
	assert_true(limits_n("web1", 1) < 0);
	assert_says("3 devices have up to 48 MSI-X vectors (2 devices have 32 now)");
}

static void force_overrides_interrupts_for_one_domain(void **state UNUSED)
{
	static const char *const forced[] = { "web1" };

	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	for (unsigned i = 0; i < 7; i++)
		fake_xen_give_msix(env_bdf(i), 16);
	assert_true(limits_n("web1", 7) < 0);
	fake_xen.root.host.forced = forced;
	fake_xen.root.host.n_forced = 1;
	assert_int_equal(limits_n("web1", 7), 0);
}

static void virtual_slots_are_refused_for_all_at_once(void **state UNUSED)
{
	char text[64];

	fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	for (unsigned i = 0; i < 29; i++) {
		snprintf(text, sizeof(text), "0000:80:%02x.0", i);
		fake_xs_set(text, "/local/domain/0/backend/pci/1/0/dev-%u", i);
		snprintf(text, sizeof(text), "sys/bus/pci/devices/0000:80:%02x.0/physfn/", i);
		fake_root_add(&fake_xen.root, text);
	}
	fake_xs_set("", "/libxl/1/device/pci/0/backend");
	fake_xs_set("29", "/local/domain/0/backend/pci/1/0/num_devs");
	assert_int_equal(limits_n("web1", 4), 0); /* 10.0 | 10.2 10.4 10.6 */
	assert_int_equal(limits_n("web1", 5), 0); /* 11.0 */
	assert_true(limits_n("web1", 6) < 0);	  /* 11.2 */
	assert_says("domain web1 would need 33 virtual PCI slots for 35 devices, but it has 32");
	assert_says("29 devices take 29 now");
	/* The guest then sees the host's own buses. */
	fake_root_add(&fake_xen.root, "sys/module/xen_pciback/parameters/passthrough=Y");
	assert_int_equal(limits_n("web1", 6), 0);
}

static void an_hvm_bus_has_thirty_slots_at_most(void **state UNUSED)
{
	char text[32];

	fake_xen_add_domain(3, "win", LIBXL_DOMAIN_TYPE_HVM);
	for (unsigned i = 0; i < 30; i++) {
		snprintf(text, sizeof(text), "0000:80:%02x.0", i);
		fake_xs_set(text, "/local/domain/0/backend/pci/3/0/dev-%u", i);
	}
	fake_xs_set("", "/libxl/3/device/pci/0/backend");
	fake_xs_set("29", "/local/domain/0/backend/pci/3/0/num_devs");
	assert_int_equal(limits_n("win", 1), 0);
	fake_xs_set("30", "/local/domain/0/backend/pci/3/0/num_devs");
	assert_true(limits_n("win", 1) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("room for at most 30 devices, but 31 are asked for");
}

static int limits_at(const char *name, int8_t vslot_a, int8_t vslot_b)
{
	struct dev_options o[] = { DEV_OPTIONS_INIT, DEV_OPTIONS_INIT };
	struct vf_ref vfs[] = { env_vf(0), env_vf(1) };
	struct domain d;

	o[0].vslot = vslot_a;
	o[1].vslot = vslot_b;
	env.e = (struct err){ 0 };
	assert_int_equal(xen_backend.domain_find(env.backend, name, &d, &env.e), 0);
	return asked_to_attach(&xen_backend, &fake_xen.root.host, env.backend, &d, vfs, o, 2,
			       &env.e);
}

static void a_slot_that_is_taken_is_refused(void **state UNUSED)
{
	fake_xen_add_domain(3, "win", LIBXL_DOMAIN_TYPE_HVM);
	assert_int_equal(env_assign(5), 0);
	assert_int_equal(env_attach("win", 5), 0); /* in slot 04 */
	assert_int_equal(limits_at("win", 5, 6), 0);
	assert_int_equal(limits_at("win", 0, OPTION_NOT_GIVEN), 0);
	assert_true(limits_at("win", 5, 5) < 0);
	assert_says("slot 05 of HVM domain win is for another one of these");
	assert_true(limits_at("win", 5, 4) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("slot 04 of HVM domain win is for a device it has");
	assert_true(limits_at("win", 1, OPTION_NOT_GIVEN) < 0);
	assert_says("slot 01 of HVM domain win is for the ISA bridge");
}

static void two_segments_with_one_address_collide_in_qemu(void **state UNUSED)
{
	fake_xen_add_domain(3, "win", LIBXL_DOMAIN_TYPE_HVM);
	fake_xs_set("0001:05:10.0", "/local/domain/0/backend/pci/3/0/dev-0");
	fake_xs_set("", "/libxl/3/device/pci/0/backend");
	fake_xs_set("1", "/local/domain/0/backend/pci/3/0/num_devs");
	assert_true(limits_n("win", 1) < 0);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("0001:05:10.0 and 0000:05:10.0 have the same name");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(seven_vfs_of_an_82576_take_four_slots),
	cmocka_unit_test(function_zero_takes_a_slot_alone_others_share),
	cmocka_unit_test(a_card_that_is_no_vf_keeps_its_functions_together),
	cmocka_unit_test(eight_82576_fill_a_pv_domain_and_the_57th_vf_does_not_fit),
	cmocka_unit_test(a_domain_without_pci_line_was_created_without_passthrough),
	cmocka_unit_test(what_cannot_be_read_is_no_reason_to_refuse),
	TEST(vfs_that_fit_pass),
	TEST(pvh_has_no_passthrough),
	TEST(a_domain_created_without_passthrough_is_refused_before_it_bites),
	TEST(a_domain_that_does_not_run_is_not_taken_for_dom0),
	TEST(more_vectors_than_interrupts_are_refused_with_both_numbers),
	TEST(extra_interrupts_without_nr_irqs_are_none_from_4_19_on),
	TEST(no_interrupts_at_all_are_too_few_for_any_vf),
	TEST(the_advice_covers_the_hosts_cpus),
	TEST(an_hvm_domain_takes_nothing_outside_segment_0_on_an_old_xen),
	TEST(a_backported_fix_is_forced),
	TEST(vectors_of_devices_the_domain_has_count),
	TEST(force_overrides_interrupts_for_one_domain),
	TEST(virtual_slots_are_refused_for_all_at_once),
	TEST(an_hvm_bus_has_thirty_slots_at_most),
	TEST(a_slot_that_is_taken_is_refused),
	TEST(two_segments_with_one_address_collide_in_qemu),
};

TEST_MAIN(tests)
