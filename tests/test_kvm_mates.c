// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions of one slot in a running guest: plugged into one port, function 0 last, and out as one.
 */
#include "fake_kvm.h"
#include "fake_refusals.h"
#include "topology/build/load.h"

#define GPU   "0000:0b:00.0"
#define AUDIO "0000:0b:00.1"
#define USB   "0000:0b:00.3"
#define ID(x) "vf-0000-0b-00." #x

static const char topology[] =
	"{\"version\":1,\"dev\":[{\"name\":\"gpu0\",\"bdf\":\"" GPU "\",\"functions\":\"all\"}],"
	"\"domain\":[{\"name\":\"web1\",\"devices\":[{\"dev\":\"gpu0\"}]}]}";

static int setup(void **state)
{
	int r = env_setup(state);

	env_add_function(GPU, 40);
	env_add_function(AUDIO, 41);
	env_add_function(USB, 42);
	env_reload();
	return r;
}

static struct refused_host host_of(const char *dev)
{
	env_reload();
	return (struct refused_host){ .host = &env.root.host,
				      .ops = &kvm_backend,
				      .backend = env.backend,
				      .dev = dev,
				      .domain = "web1",
				      .topology = topology };
}

static int attach(const char *dev)
{
	const struct refused_host h = host_of(dev);

	env.e = (struct err){ 0 };
	return verb_attach(&h, &env.e);
}

static int detach(const char *dev)
{
	const struct refused_host h = host_of(dev);

	env.e = (struct err){ 0 };
	return verb_detach(&h, &env.e);
}

static const struct fake_qmp_device *device(const char *id)
{
	for (unsigned i = 0; i < env.qmp.n_devs; i++)
		if (!strcmp(env.qmp.devs[i].id, id))
			return &env.qmp.devs[i];
	return NULL;
}

/* "vfrp0.0+ vfrp0.1 vfrp0.3 ": the port and function of each that the guest has; '+': says that
 * there are others; '!': the guest has not seen it. */
static const char *places(void)
{
	static const char *const ids[] = { ID(0), ID(1), ID(3) };
	static char text[128];
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		const struct fake_qmp_device *d = device(ids[i]);

		if (d)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s.%u%s%s ", d->bus,
					      d->fn, d->is_multifunction ? "+" : "",
					      d->is_numbered ? "" : "!");
	}
	return text;
}

static void attached(const char *dev)
{
	if (attach(dev) < 0)
		fail_msg("%s: %s", env.e.object, env.e.cause);
}

static void fail_add(unsigned skip)
{
	fake_qmp_fail(&env.qmp, (struct fake_qmp_rule){ .command = "device_add",
							.act = FAKE_QMP_ERROR,
							.class = "GenericError",
							.text = "no",
							.skip = skip });
}

static void all_go_into_one_port_and_function_0_is_last(void **state UNUSED)
{
	attached("gpu0,seize=1");
	assert_string_equal(places(), "vfrp0.0+ vfrp0.1 vfrp0.3 ");
	assert_string_equal(env.qmp.devs[4].id, ID(3));
	assert_string_equal(env.qmp.devs[5].id, ID(1));
	assert_string_equal(env.qmp.devs[6].id, ID(0));
	assert_int_equal(fake_qmp_count(&env.qmp, "device_add"), 3);
}

static void one_request_takes_all_of_them_out(void **state UNUSED)
{
	attached("gpu0,seize=1");
	assert_int_equal(detach("gpu0"), 0);
	assert_string_equal(places(), "");
	assert_int_equal(fake_qmp_count(&env.qmp, "device_del"), 1);
	attached("gpu0");
	assert_string_equal(places(), "vfrp0.0+ vfrp0.1 vfrp0.3 ");
}

/* DEVICE_DELETED of each is awaited, or that it is gone. */
static void lost_events_are_looked_after(void **state UNUSED)
{
	attached("gpu0,seize=1");
	env.qmp.guest = FAKE_GUEST_QUIET;
	assert_int_equal(detach("gpu0"), 0);
	assert_string_equal(places(), "");
}

static void guest_that_keeps_one_keeps_all(void **state UNUSED)
{
	attached("gpu0,seize=1");
	env.qmp.guest = FAKE_GUEST_IGNORES;
	assert_int_equal(detach("gpu0"), -ETIMEDOUT);
	assert_says("the guest has not released it");
	assert_string_equal(places(), "vfrp0.0+ vfrp0.1 vfrp0.3 ");
}

static void part_of_it_is_refused_and_nothing_is_asked_of_the_guest(void **state UNUSED)
{
	attached("gpu0,seize=1");
	assert_int_equal(detach(AUDIO), -EBUSY);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("domain web1 has it in one device with " GPU " " USB
		    ", and a guest releases all functions of a device or none");
	assert_says("run: vfyard pci-detach web1 " AUDIO " " GPU " " USB);
	assert_int_equal(fake_qmp_count(&env.qmp, "device_del"), 0);
}

/* Function 0 is refused: the guest never looked, and the others go without it. */
static void refused_function_0_takes_the_others_back(void **state UNUSED)
{
	fail_add(2);
	assert_true(attach("gpu0,seize=1") < 0);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_string_equal(places(), "");
}

static void refused_function_beside_it_takes_the_others_back(void **state UNUSED)
{
	fail_add(1);
	assert_true(attach("gpu0,seize=1") < 0);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_string_equal(places(), "");
}

/* What comes later cannot be of the device any more, for the guest has looked. */
static void later_function_of_the_slot_is_refused(void **state UNUSED)
{
	attached(GPU ",seize=1");
	assert_string_equal(places(), "vfrp0.0 ");
	assert_int_equal(attach(AUDIO ",seize=1"), -EBUSY);
	assert_says(AUDIO " is of one slot with " GPU ", which web1 has already");
	assert_says("run: vfyard pci-detach web1 " GPU ", then vfyard pci-attach web1 " GPU
		    " " AUDIO);
	assert_int_equal(fake_qmp_count(&env.qmp, "device_add"), 1);
}

static void vslot_keeps_them_apart(void **state UNUSED)
{
	attached(GPU ",seize=1");
	attached(AUDIO ",seize=1,vslot=3");
	assert_string_equal(places(), "vfrp0.0 vfrp2.0 ");
	assert_int_equal(detach(AUDIO), 0);
	assert_string_equal(places(), "vfrp0.0 ");
}

/* A run that was killed before function 0 came left the others; the next one completes them. */
static void function_0_joins_those_that_wait_for_it(void **state UNUSED)
{
	attached(USB ",seize=1,vslot=2");
	snprintf(env.qmp.devs[4].bus, sizeof(env.qmp.devs[4].bus), "vfrp1");
	env.qmp.devs[4].fn = 3;
	env.qmp.devs[4].is_numbered = false;
	assert_string_equal(places(), "vfrp1.3! ");
	assert_int_equal(attach(GPU ",seize=1"), 0);
	assert_string_equal(places(), "vfrp1.0+ vfrp1.3 ");
}

static void those_that_wait_leave_without_the_guest(void **state UNUSED)
{
	attached(USB ",seize=1,vslot=2");
	env.qmp.devs[4].fn = 3;
	env.qmp.devs[4].is_numbered = false;
	assert_int_equal(detach(USB), 0);
	assert_string_equal(places(), "");
}

/* A port counts once, and is looked for before anything is changed. */
static void one_free_port_is_enough(void **state UNUSED)
{
	for (unsigned i = 0; i < 3; i++)
		env.qmp.devs[i].no_hotplug = true;
	attached("gpu0,seize=1");
	assert_string_equal(places(), "vfrp3.0+ vfrp3.1 vfrp3.3 ");
}

static void slots_of_a_root_bus_take_them_too(void **state UNUSED)
{
	snprintf(env.qmp.machine, sizeof(env.qmp.machine), "pc-i440fx-9.2-machine");
	env.qmp.n_devs = 0;
	attached("gpu0,seize=1");
	assert_string_equal(places(), "pci.0.0+ pci.0.1 pci.0.3 ");
	assert_int_equal(device(ID(0))->addr, 31);
	assert_int_equal(device(ID(3))->addr, 31);
	assert_int_equal(detach("gpu0"), 0);
	assert_string_equal(places(), "");
}

static void topology_is_in_sync_with_them(void **state UNUSED)
{
	struct refused_host h;
	_cleanup_free_ char *steps = NULL, *left = NULL;

	h = host_of("gpu0");
	steps = topology_steps(&h);
	assert_non_null(strstr(steps, "attach gpu0/2 (" USB "): domain web1"));
	assert_true(strstr(steps, "attach gpu0/2") < strstr(steps, "attach gpu0/1"));
	assert_true(strstr(steps, "attach gpu0/1") < strstr(steps, "attach gpu0/0"));
	assert_int_equal(topology_apply(&h, &env.e), 0);
	assert_string_equal(places(), "vfrp0.0+ vfrp0.1 vfrp0.3 ");
	h = host_of("gpu0");
	left = topology_steps(&h);
	assert_string_equal(left, "");
	assert_int_equal(verb_release(&h, &env.e), 0);
	assert_string_equal(places(), "");
	assert_int_equal(fake_qmp_count(&env.qmp, "device_del"), 1);
}

/* Everything was out when the last step failed: it comes back as it was, as one device. */
static void failed_release_puts_all_of_them_back(void **state UNUSED)
{
	struct refused_host h;

	attached("gpu0,seize=1");
	fake_kernel_fail(&env.kernel, (struct fake_fault){ .path = "drivers/nouveau/bind",
							   .code = EIO,
							   .skip = 2,
							   .forever = true });
	h = host_of("gpu0");
	env.e = (struct err){ 0 };
	assert_true(verb_release(&h, &env.e) < 0);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_string_equal(places(), "vfrp0.0+ vfrp0.1 vfrp0.3 ");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(all_go_into_one_port_and_function_0_is_last, setup,
					env_teardown),
	cmocka_unit_test_setup_teardown(one_request_takes_all_of_them_out, setup, env_teardown),
	cmocka_unit_test_setup_teardown(lost_events_are_looked_after, setup, env_teardown),
	cmocka_unit_test_setup_teardown(guest_that_keeps_one_keeps_all, setup, env_teardown),
	cmocka_unit_test_setup_teardown(part_of_it_is_refused_and_nothing_is_asked_of_the_guest,
					setup, env_teardown),
	cmocka_unit_test_setup_teardown(refused_function_0_takes_the_others_back, setup,
					env_teardown),
	cmocka_unit_test_setup_teardown(refused_function_beside_it_takes_the_others_back, setup,
					env_teardown),
	cmocka_unit_test_setup_teardown(later_function_of_the_slot_is_refused, setup, env_teardown),
	cmocka_unit_test_setup_teardown(vslot_keeps_them_apart, setup, env_teardown),
	cmocka_unit_test_setup_teardown(function_0_joins_those_that_wait_for_it, setup,
					env_teardown),
	cmocka_unit_test_setup_teardown(those_that_wait_leave_without_the_guest, setup,
					env_teardown),
	cmocka_unit_test_setup_teardown(one_free_port_is_enough, setup, env_teardown),
	cmocka_unit_test_setup_teardown(slots_of_a_root_bus_take_them_too, setup, env_teardown),
	cmocka_unit_test_setup_teardown(topology_is_in_sync_with_them, setup, env_teardown),
	cmocka_unit_test_setup_teardown(failed_release_puts_all_of_them_back, setup, env_teardown),
};

TEST_MAIN(tests)
