// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions of one slot in libvirt's domains: one device, or none. */
#include "test.h"

#include <string.h>

#include "fake_virt_env.h"
#include "backend/kvm/kvm.h"
#include "render/topology_print.h"

/* A card and its sound, all functions of their slot. */
static struct refused_host host_with_gpu(const char *domain)
{
	static char topology[512];
	struct refused_host h;

	snprintf(topology, sizeof(topology),
		 "{\"version\":1,\"dev\":[{\"name\":\"gpu0\",\"bdf\":\"0000:0b:00.0\","
		 "\"functions\":\"all\"}],\"domain\":[{\"name\":\"%s\",\"kvm\":{\"libvirt\":"
		 "\"%s\"},\"devices\":[{\"dev\":\"gpu0\"}]}]}",
		 domain, domain);
	if (!env.n_functions) {
		env_add_function("0000:0b:00.0", 40);
		env_add_function("0000:0b:00.1", 41);
	}
	h = lv_host_with(topology);
	h.dev = "gpu0,seize=1";
	h.domain = domain;
	return h;
}

/* libvirt plugs only function 0, and takes none of several out; so nothing is begun. */
static void functions_of_a_slot_are_not_plugged_into_what_runs(void **state UNUSED)
{
	struct refused_host h = host_with_gpu("lv1");

	assert_int_equal(verb_attach(&h, &env.e), -ENOTSUP);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("0000:0b:00.1 and 0000:0b:00.0 of one slot should be one device in domain lv1, "
		    "and libvirt plugs only function 0 of a device into a domain that runs");
	assert_says("shut domain lv1 down and run the same command");
	h = host_with_gpu("lv1");
	topology_refused(&h, "libvirt plugs only function 0");
	assert_int_equal(fake_virt->n_attaches, 0);
}

/* The definition of one that is off has them at one port, as function 0 and 1. */
static void functions_of_a_slot_are_defined_as_one_device(void **state UNUSED)
{
	struct fake_virt_domain *off = fake_virt_add("off1", false, 4);
	struct refused_host h = host_with_gpu("off1");
	const struct fake_virt_device *gpu, *audio;

	if (verb_attach(&h, &env.e) < 0)
		fail_msg("%s: %s", env.e.object, env.e.cause);
	gpu = fake_virt_find(&off->config, "0000:0b:00.0");
	audio = fake_virt_find(&off->config, "0000:0b:00.1");
	assert_true(gpu && audio && gpu->bus);
	assert_int_equal(audio->bus, gpu->bus);
	assert_int_equal(gpu->function, 0);
	assert_int_equal(audio->function, 1);
	h = host_with_gpu("off1");
	h.dev = "gpu0";
	assert_int_equal(verb_detach(&h, &env.e), 0);
	assert_int_equal(off->config.n, 0);
}

static void ports_of_others_are_left_alone_in_a_definition(void **state UNUSED)
{
	struct fake_virt_domain *off = fake_virt_add("off1", false, 4);
	struct refused_host h = host_with_gpu("off1");

	fake_virt_put(off, &off->config, "0000:05:10.0", "hostdev0");
	off->config.devs[0].bus = 1;
	off->config.devs[0].function = 1;
	assert_int_equal(verb_attach(&h, &env.e), 0);
	assert_int_equal(fake_virt_find(&off->config, "0000:0b:00.1")->bus,
			 fake_virt_find(&off->config, "0000:0b:00.0")->bus);
	assert_int_not_equal(fake_virt_find(&off->config, "0000:0b:00.0")->bus, 1);
}

/* As started with that definition. */
static void functions_of_a_slot_stay_while_it_runs(void **state UNUSED)
{
	struct refused_host h;

	fake_virt_put(lv1, &lv1->live, "0000:0b:00.0", "ua-vfyard-gpu0-0");
	fake_virt_put(lv1, &lv1->live, "0000:0b:00.1", "ua-vfyard-gpu0-1");
	lv1->live.devs[1].bus = lv1->live.devs[0].bus;
	lv1->live.devs[1].function = 1;
	lv1->config = lv1->live;
	h = host_with_gpu("lv1");
	fake_root_add(&env.root, "proc/901/fd/90 -> /dev/vfio/40");
	fake_root_add(&env.root, "proc/901/fd/91 -> /dev/vfio/41");
	for (unsigned i = 0; i < 2; i++) {
		struct bdf b = { 0, 0x0b, 0, (uint8_t)i };

		assert_int_equal(bind_unbind(&env.root.host, b, &env.e), 0);
		assert_int_equal(bind_to(&env.root.host, b, "vfio-pci", &env.e), 0);
	}
	h = host_with_gpu("lv1");
	h.dev = "gpu0";
	assert_int_equal(verb_detach(&h, &env.e), -EBUSY);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("it cannot leave domain lv1 while that runs: libvirt unplugs no function of a "
		    "device that has several");
	assert_says("shut domain lv1 down, and run the same command again");
	assert_int_equal(fake_virt->n_detaches, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, lv_setup, lv_teardown)

static const struct CMUnitTest tests[] = {
	T(functions_of_a_slot_are_not_plugged_into_what_runs),
	T(functions_of_a_slot_are_defined_as_one_device),
	T(ports_of_others_are_left_alone_in_a_definition),
	T(functions_of_a_slot_stay_while_it_runs),
};

TEST_MAIN(tests)
