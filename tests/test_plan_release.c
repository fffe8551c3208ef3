// SPDX-License-Identifier: GPL-2.0-or-later
/* release on a whole fake host: everything is as it was. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/pci/bind.h"
#include "fake_yard_check.h"

static void release_brings_back_what_was(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = NULL, *after = NULL;

	/* somebody set an address and an override by hand before */
	memcpy(fake_netvf_vf(&y->netvf, "eth1", 1)->mac, "\x02\x11\x22\x33\x44\x55", 6);
	fake_netvf_vf(&y->netvf, "eth1", 2)->vlan = 7;
	assert_int_equal(bind_set_override(&y->root.host, fake_yard_bdf(1, 2), "igbvf", &y->e), 0);
	before = fake_yard_snapshot(y);
	yard_must(y, YARD_APPLY);
	yard_must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
	yard_must(y, YARD_RELEASE);
	assert_int_equal(y->n_steps, 0);
}

static void release_takes_its_vfs_out_of_definitions(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;
	const char *calls;

	fake_backend_add_keeper(&y->backend, "off1");
	fake_backend_add_keeper(&y->backend, "copy");
	yard_must(y, YARD_APPLY);
	assert_int_equal(y->backend.n_kept, 1);
	/* A copy of the domain, which libvirt makes with all its devices. */
	y->backend.kept[1] = y->backend.kept[0];
	snprintf(y->backend.kept[1].domain, sizeof(y->backend.kept[1].domain), "copy");
	y->backend.n_kept = 2;
	y->release_dev = "net1/0";
	yard_must(y, YARD_RELEASE);
	assert_int_equal(y->backend.n_kept, 2);
	y->release_dev = NULL;
	y->backend.calls[0] = '\0';
	yard_must(y, YARD_RELEASE);
	assert_int_equal(y->backend.n_kept, 0);
	calls = y->backend.calls;
	assert_non_null(strstr(calls, "undefine off1 0000:05:10.4;undefine copy 0000:05:10.4;"));
	assert_true(strstr(calls, "undefine") < strstr(calls, "unassign 0000:05:10.4"));
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
}

/* What a domain's owner forbids is known before anything is done. */
static void release_refuses_what_a_domain_may_not_lose(void **state)
{
	struct fake_yard *y = *state;

	yard_must(y, YARD_APPLY);
	fake_backend_fail(&y->backend,
			  (struct fake_op_fault){ "may_detach", 1, EBUSY, EXIT_REFUSED });
	yard_fails(y, YARD_RELEASE, EXIT_REFUSED, "may_detach told to fail");
	assert_int_equal(y->changes, 0);
	yard_must(y, YARD_RELEASE);
}

/* One that fails later puts them back. */
static void definitions_come_back_with_a_release_that_is_undone(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = NULL, *after = NULL;

	fake_backend_add_keeper(&y->backend, "off1");
	yard_must(y, YARD_APPLY);
	before = fake_yard_snapshot(y);
	fake_backend_fail(&y->backend, (struct fake_op_fault){ "unassign", 0, EIO, EXIT_FAILED });
	yard_fails(y, YARD_RELEASE, EXIT_FAILED, "unassign told to fail");
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
	assert_int_equal(y->backend.n_kept, 1);
}

/* Nothing is begun that the kernel would refuse in the middle. */
static void release_refuses_while_the_pf_has_no_driver(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *link = NULL;

	yard_topology(y, "4", "");
	yard_must(y, YARD_APPLY);
	assert_true(asprintf(&link, "%s/sys/bus/pci/devices/0000:05:00.0/driver", y->root.dir) > 0);
	assert_int_equal(unlink(link), 0);
	yard_fails(y, YARD_RELEASE, EXIT_REFUSED, "no driver is bound");
	assert_string_equal(y->e.step, "numvfs");
	assert_int_equal(y->changes, 0);
	fake_root_add(&y->root, "sys/bus/pci/devices/0000:05:00.0/driver -> "
				"../../../bus/pci/drivers/" FAKE_DRIVER);
	yard_fails(y, YARD_RELEASE, EXIT_REFUSED, "the PF itself is held by " FAKE_DRIVER);
	assert_int_equal(y->changes, 0);
}

static void release_refuses_settings_while_the_pf_has_no_netdev(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *from = NULL, *to = NULL;

	fake_yard_topology(y,
			   "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\"}],"
			   "\"vf\":[{\"pf\":\"net1\",\"index\":\"0\",\"vlan\":5}]}");
	yard_must(y, YARD_APPLY);
	assert_true(asprintf(&from, "%s/sys/class/net/eth1", y->root.dir) > 0);
	assert_true(asprintf(&to, "%s/elsewhere", y->root.dir) > 0);
	assert_int_equal(rename(from, to), 0);
	yard_fails(y, YARD_RELEASE, EXIT_REFUSED, "its PF has no network device (driver igb)");
	assert_int_equal(y->changes, 0);
	assert_int_equal(rename(to, from), 0);
	yard_must(y, YARD_RELEASE);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth1", 0)->vlan, 0);
}

/* Another tool made it assignable, and took that back later: what vfyard takes then is the
 * host's. */
static void release_gives_back_what_another_tool_gave_back_before(void **state)
{
	struct fake_yard *y = *state;
	const struct bdf at = fake_yard_bdf(1, 0);
	_cleanup_free_ char *before = NULL, *after = NULL;

	fake_yard_topology(y,
			   "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\"}],"
			   "\"vf\":[{\"pf\":\"net1\",\"index\":\"0\",\"vlan\":5}],"
			   "\"domain\":[{\"name\":\"web1\",\"devices\":[{\"pf\":\"net1\","
			   "\"index\":\"0\"}]}]}");
	before = fake_yard_snapshot(y);
	assert_int_equal(bind_unbind(&y->root.host, at, &y->e), 0);
	assert_int_equal(bind_to(&y->root.host, at, FAKE_DRIVER, &y->e), 0);
	yard_must(y, YARD_APPLY);
	assert_string_equal(yard_domain_of(y, 1, 0), "web1");
	/* xl pci-detach, xl pci-assignable-remove -r */
	fake_backend_device(&y->backend, at)->domain[0] = '\0';
	assert_int_equal(bind_unbind(&y->root.host, at, &y->e), 0);
	assert_int_equal(bind_to(&y->root.host, at, "igbvf", &y->e), 0);
	assert_int_equal(bind_set_override(&y->root.host, at, "", &y->e), 0);
	yard_must(y, YARD_APPLY);
	assert_string_equal(yard_domain_of(y, 1, 0), "web1");
	yard_must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
}

#define FIRST_OF_NET1(numvfs, words)                                                               \
	"{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\"" numvfs                \
	"}],\"vf\":[{\"pf\":\"net1\",\"index\":\"0\"," words "}]}"

static void another_tool_takes_the_first(struct fake_yard *y)
{
	assert_int_equal(bind_unbind(&y->root.host, fake_yard_bdf(1, 0), &y->e), 0);
	assert_int_equal(bind_to(&y->root.host, fake_yard_bdf(1, 0), FAKE_DRIVER, &y->e), 0);
}

/* The topology had it for the host meanwhile, and its number, too. */
static void release_gives_back_what_another_tool_made_assignable(void **state)
{
	static const char *const topologies[] = {
		FIRST_OF_NET1("", "\"driver\":\"host\",\"vlan\":5"),
		FIRST_OF_NET1("", "\"driver\":\"none\""),
		FIRST_OF_NET1(",\"numvfs\":5", "\"driver\":\"host\""),
		FIRST_OF_NET1("", "\"driver\":\"assign\""),
	};
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = NULL;

	another_tool_takes_the_first(y);
	before = fake_yard_snapshot(y);
	for (size_t first = 0; first < 2; first++)
		for (size_t second = 0; second < ARRAY_SIZE(topologies); second++) {
			_cleanup_free_ char *after = NULL;

			fake_yard_topology(y, topologies[first]);
			yard_must(y, YARD_APPLY);
			yard_driver_is(y, 1, 0, first ? "" : "igbvf");
			fake_yard_topology(y, topologies[second]);
			yard_must(y, YARD_APPLY);
			yard_must(y, YARD_RELEASE);
			after = fake_yard_snapshot(y);
			assert_string_equal(after, before);
			yard_must(y, YARD_RELEASE);
			assert_int_equal(y->n_steps, 0);
		}
}

static void release_takes_nothing_back_that_the_host_uses_now(void **state)
{
	struct fake_yard *y = *state;

	another_tool_takes_the_first(y);
	fake_yard_topology(y, FIRST_OF_NET1("", "\"driver\":\"host\""));
	yard_must(y, YARD_APPLY);
	fake_root_add(&y->root, "sys/bus/pci/devices/0000:06:10.0/net/");
	yard_fails(y, YARD_RELEASE, EXIT_REFUSED, "is in another network namespace");
	yard_driver_is(y, 1, 0, "igbvf");
}

/* VFs that are made get the host's driver there. One had none, and one a stand-in. */
static void a_kernel_without_autoprobe(struct fake_yard *y)
{
	const struct bdf first = fake_yard_bdf(1, 0), second = fake_yard_bdf(1, 1);

	for (unsigned p = 0; p < 2; p++) {
		_cleanup_free_ char *file = NULL;

		assert_true(asprintf(&file,
				     "%s/sys/bus/pci/devices/0000:0%u:00.0/sriov_drivers_autoprobe",
				     y->root.dir, 5 + p) > 0);
		assert_int_equal(unlink(file), 0);
	}
	fake_kernel_add_driver(&y->kernel, "pci-stub");
	assert_int_equal(bind_unbind(&y->root.host, first, &y->e), 0);
	assert_int_equal(bind_unbind(&y->root.host, second, &y->e), 0);
	assert_int_equal(bind_to(&y->root.host, second, "pci-stub", &y->e), 0);
	fake_yard_topology(y, FIRST_OF_NET1(",\"numvfs\":5", "\"driver\":\"host\""));
}

static void release_without_autoprobe_takes_drivers_off(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = NULL, *after = NULL;

	a_kernel_without_autoprobe(y);
	before = fake_yard_snapshot(y);
	yard_must(y, YARD_APPLY);
	yard_driver_is(y, 1, 0, "igbvf");
	yard_must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
	yard_must(y, YARD_RELEASE);
	assert_int_equal(y->n_steps, 0);
}

static void a_failure_without_autoprobe_is_undone(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = NULL;
	unsigned n = 0;

	a_kernel_without_autoprobe(y);
	fake_yard_topology(y, FIRST_OF_NET1(",\"numvfs\":5", "\"driver\":\"none\",\"vlan\":5"));
	before = fake_yard_snapshot(y);
	for (n = 0;; n++) {
		_cleanup_free_ char *after = NULL;

		fake_yard_calm(y);
		y->fail_at = n + 1;
		y->fail_code = EIO;
		if (fake_yard_run(y, YARD_APPLY) == 0)
			break;
		after = fake_yard_snapshot(y);
		assert_string_equal(after, before);
	}
	assert_true(n >= 4); /* numvfs 3 -> 0 -> 5, vlan, unbind */
}

/* A guest has neighbours of one IOMMU group, of which none can go alone. */
static void release_takes_all_out_before_the_first_goes(void **state)
{
	struct fake_yard *y = *state;
	const char *in, *off;

	yard_topology(y, "2",
		      ",\"domain\":[{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\","
		      "\"index\":\"0-1\"}]}]");
	yard_must(y, YARD_APPLY);
	y->backend.calls[0] = '\0';
	yard_must(y, YARD_RELEASE);
	in = strstr(y->backend.calls, "detach web1 0000:05:10.2");
	off = strstr(y->backend.calls, "unassign 0000:05:10.0");
	assert_non_null(in);
	assert_non_null(off);
	assert_true(in < off);
}

/* xl gave the neighbour to a guest, and the kernel would let none of the group go. */
static void release_refuses_what_a_guest_has_the_neighbour_of(void **state)
{
	struct fake_yard *y = *state;

	for (unsigned i = 0; i < 4; i += 2) {
		char line[128];

		snprintf(line, sizeof(line),
			 "sys/bus/pci/devices/0000:06:10.%u/iommu_group -> "
			 "../../../kernel/iommu_groups/7",
			 i);
		fake_root_add(&y->root, line);
	}
	fake_yard_topology(y, FIRST_OF_NET1("", "\"driver\":\"assign\""));
	yard_must(y, YARD_APPLY);
	assert_int_equal(bind_unbind(&y->root.host, fake_yard_bdf(1, 1), &y->e), 0);
	assert_int_equal(bind_to(&y->root.host, fake_yard_bdf(1, 1), FAKE_DRIVER, &y->e), 0);
	yard_must(y, YARD_PLAN);
	strcpy(fake_backend_device(&y->backend, fake_yard_bdf(1, 1))->domain, "web1");
	yard_fails(y, YARD_RELEASE, EXIT_REFUSED, "its IOMMU group 7 is also that of net1/1");
	fake_backend_device(&y->backend, fake_yard_bdf(1, 1))->domain[0] = '\0';
	yard_must(y, YARD_RELEASE);
	yard_driver_is(y, 1, 0, "igbvf");
}

/* The first release gives one VF back; the second unmakes it, for its PF had other VFs before. */
static void release_of_one_vf_and_then_of_all_brings_back_what_was(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = NULL, *after = NULL;

	memcpy(fake_netvf_vf(&y->netvf, "eth1", 0)->mac, "\x02\x11\x22\x33\x44\x55", 6);
	fake_netvf_vf(&y->netvf, "eth1", 0)->vlan = 42;
	before = fake_yard_snapshot(y);
	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\","
			      "\"numvfs\":5}],\"vf\":[{\"pf\":\"net1\",\"index\":\"*\","
			      "\"driver\":\"assign\",\"mac\":\"auto\"}]}");
	yard_must(y, YARD_APPLY);
	y->release_dev = "0000:06:10.0";
	yard_must(y, YARD_RELEASE);
	yard_driver_is(y, 1, 0, "igbvf");
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth1", 0)->vlan, 42);
	yard_must(y, YARD_RELEASE);
	assert_int_equal(y->n_steps, 0);
	y->release_dev = NULL;
	yard_must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
}

static void release_clears_the_address_a_guest_made_up(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;

	fake_yard_topology(y,
			   "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\"}],"
			   "\"domain\":[{\"name\":\"web1\",\"devices\":[{\"pf\":\"net1\","
			   "\"index\":\"0\"}]}]}");
	yard_must(y, YARD_APPLY);
	memcpy(fake_netvf_vf(&y->netvf, "eth1", 0)->mac, "\x02\x99\x99\x99\x99\x99", 6);
	yard_must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
}

static void release_refuses_while_a_stranger_holds_a_vf(void **state)
{
	struct fake_yard *y = *state;
	struct fake_device *d;

	yard_topology(y, "4", "");
	yard_must(y, YARD_APPLY);
	/* xl gave it to a guest, and vfyard knows nothing about that */
	assert_int_equal(bind_unbind(&y->root.host, fake_yard_bdf(0, 2), &y->e), 0);
	assert_int_equal(bind_to(&y->root.host, fake_yard_bdf(0, 2), FAKE_DRIVER, &y->e), 0);
	yard_must(y, YARD_PLAN);
	d = fake_backend_device(&y->backend, fake_yard_bdf(0, 2));
	assert_non_null(d);
	snprintf(d->domain, sizeof(d->domain), "web1");
	yard_fails(y, YARD_RELEASE, EXIT_REFUSED, "held by domain web1");
}

static void release_refuses_while_a_container_has_a_vf(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\","
			      "\"numvfs\":5}],\"vf\":[{\"pf\":\"net1\",\"index\":\"*\","
			      "\"driver\":\"host\"}]}");
	yard_must(y, YARD_APPLY);
	fake_root_add(&y->root, "sys/bus/pci/devices/0000:06:11.0/net/");
	yard_fails(y, YARD_RELEASE, EXIT_REFUSED, "is in another network namespace");
	assert_int_equal(yard_number(y, "0000:06:00.0", "sriov_numvfs"), 5);
}

/* As with NVIDIA's vGPUs, it was given to a guest as it is, and is left so. */
static void release_leaves_the_driver_that_makes_it_assignable(void **state)
{
	struct fake_yard *y = *state;

	y->backend.own_driver = "igbvf";
	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\","
			      "\"numvfs\":3}],\"vf\":[{\"pf\":\"net1\",\"index\":\"*\","
			      "\"driver\":\"keep\"}],\"domain\":[{\"name\":\"web1\",\"devices\":["
			      "{\"pf\":\"net1\",\"index\":\"1\"}]}]}");
	yard_must(y, YARD_APPLY);
	assert_string_equal(yard_domain_of(y, 1, 1), "web1");
	yard_driver_is(y, 1, 1, "igbvf");
	yard_must(y, YARD_STATUS);
	assert_true(y->in_sync);
	yard_must(y, YARD_RELEASE);
	assert_string_equal(yard_domain_of(y, 1, 1), "");
	yard_driver_is(y, 1, 1, "igbvf");
	assert_int_equal(fake_kernel_count(&y->kernel, "unbind"), 0);
}

static void what_is_remembered_of_a_card_that_is_gone_is_forgotten(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *after = NULL;

	yard_topology(y, "4", WEB1);
	yard_must(y, YARD_APPLY);
	fake_backend_device(&y->backend, fake_yard_bdf(0, 0))->domain[0] = '\0';
	fake_root_add(&y->root, "sys/bus/pci/devices/0000:05:00.0/device=0x1234");
	fake_root_add(&y->root, "sys/bus/pci/devices/0000:05:00.0/sriov_vf_device=1235");
	yard_must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_null(strstr(after, "remembered"));
	assert_int_equal(yard_number(y, "0000:05:00.0", "sriov_numvfs"), 4);
}

static void a_reboot_begins_anew_and_release_still_knows(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y), *after = NULL;

	fake_root_add(&y->root, "proc/sys/kernel/random/boot_id=1111");
	yard_must(y, YARD_APPLY);
	/* the power goes out in the middle of the next run, and a kernel starts afresh */
	fake_root_add(&y->root, "run/vfyard/journal=vfyard journal 1\\nboot 1111\\nrun 9 vfyard "
				"apply\\ndo 0 assign pf=0000:05:00.0 vf=0 at=0000:05:10.0 "
				"driver=nonsense override=-");
	fake_root_add(&y->root, "proc/sys/kernel/random/boot_id=2222");
	fake_root_add(&y->root, "sys/class/net/eth0/flags=0x1002");
	y->backend.n_devices = 0;
	for (unsigned p = 0; p < 2; p++)
		for (unsigned i = 0; i < (p ? 4 : 5); i++)
			bind_unbind(&y->root.host, fake_yard_bdf(p, i), &y->e);
	y->kernel_write(&y->kernel, "sys/bus/pci/devices/0000:05:00.0/sriov_numvfs", "0");
	fake_netvf_forget(&y->netvf, "eth0");
	yard_must(y, YARD_APPLY);
	assert_non_null(strstr(fake_yard_notes(y), "has rebooted since"));
	yard_must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 0);
	yard_must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_string_equal(after, first);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	T(release_brings_back_what_was),
	T(release_takes_its_vfs_out_of_definitions),
	T(release_refuses_what_a_domain_may_not_lose),
	T(definitions_come_back_with_a_release_that_is_undone),
	T(release_refuses_while_the_pf_has_no_driver),
	T(release_refuses_settings_while_the_pf_has_no_netdev),
	T(release_gives_back_what_another_tool_gave_back_before),
	T(release_gives_back_what_another_tool_made_assignable),
	T(release_takes_nothing_back_that_the_host_uses_now),
	T(release_without_autoprobe_takes_drivers_off),
	T(a_failure_without_autoprobe_is_undone),
	T(release_takes_all_out_before_the_first_goes),
	T(release_refuses_what_a_guest_has_the_neighbour_of),
	T(release_of_one_vf_and_then_of_all_brings_back_what_was),
	T(release_clears_the_address_a_guest_made_up),
	T(release_refuses_while_a_stranger_holds_a_vf),
	T(release_refuses_while_a_container_has_a_vf),
	T(release_leaves_the_driver_that_makes_it_assignable),
	T(what_is_remembered_of_a_card_that_is_gone_is_forgotten),
	T(a_reboot_begins_anew_and_release_still_knows),
};

TEST_MAIN(tests)
