// SPDX-License-Identifier: GPL-2.0-or-later
/* apply, status and release on a whole fake host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/bind.h"
#include "fake_yard.h"

static void must(struct fake_yard *y, enum yard_command c)
{
	char line[sizeof(struct err)];
	int r = fake_yard_run(y, c);

	if (r < 0)
		print_error("%s\n", err_format(&y->e, line, sizeof(line)));
	assert_int_equal(r, 0);
}

/* The command fails with this status and these words, and the host is as it was. */
static void fails(struct fake_yard *y, enum yard_command c, enum exit_status status,
		  const char *words)
{
	_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;

	assert_true(fake_yard_run(y, c) < 0);
	assert_int_equal(y->e.status, status);
	if (!strstr(y->e.cause, words) && !strstr(fake_yard_notes(y), words))
		print_error("'%s' is not in: %s\n%s", words, y->e.cause, fake_yard_notes(y));
	assert_true(strstr(y->e.cause, words) || strstr(fake_yard_notes(y), words));
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
}

static void driver_is(struct fake_yard *y, unsigned pf, unsigned i, const char *want)
{
	char driver[DRIVER_MAX];

	assert_int_equal(bind_driver_of(&y->root.host, fake_yard_bdf(pf, i), driver, NULL), 0);
	assert_string_equal(driver, want);
}

static const char *domain_of(struct fake_yard *y, unsigned pf, unsigned i)
{
	const struct fake_device *d = fake_backend_device(&y->backend, fake_yard_bdf(pf, i));

	return d ? d->domain : "";
}

static unsigned number(struct fake_yard *y, const char *pf, const char *file)
{
	uint64_t n = 99;

	root_read_u64(&y->root.host.root, &n, "sys/bus/pci/devices/%s/%s", pf, file);
	return (unsigned)n;
}

static void apply_reaches_the_topology(void **state)
{
	struct fake_yard *y = *state;
	const struct vf_attrs *a;

	must(y, YARD_APPLY);
	assert_int_equal(number(y, "0000:05:00.0", "sriov_numvfs"), 5);
	assert_int_equal(number(y, "0000:06:00.0", "sriov_numvfs"), 4);
	assert_int_equal(number(y, "0000:05:00.0", "sriov_drivers_autoprobe"), 1);
	assert_int_equal(number(y, "0000:06:00.0", "sriov_drivers_autoprobe"), 0);
	driver_is(y, 0, 0, FAKE_DRIVER);
	driver_is(y, 0, 2, FAKE_DRIVER);
	driver_is(y, 0, 3, "igbvf");
	driver_is(y, 0, 4, FAKE_DRIVER);
	driver_is(y, 1, 1, "");
	driver_is(y, 1, 3, "");
	assert_string_equal(domain_of(y, 0, 1), "web1");
	assert_string_equal(domain_of(y, 1, 0), "web1");
	assert_string_equal(domain_of(y, 0, 2), "");
	a = fake_netvf_vf(&y->netvf, "eth0", 2);
	assert_int_equal(a->vlan, 100);
	assert_int_equal(a->qos, 2);
	assert_true(fake_netvf_vf(&y->netvf, "eth0", 4)->trust);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth0", 4)->max_tx_rate, 100);
	assert_false(fake_netvf_vf(&y->netvf, "eth1", 0)->spoofchk);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth1", 0)->link, VF_LINK_ON);
}

static void a_second_apply_does_nothing(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = NULL, *second = NULL;

	must(y, YARD_APPLY);
	first = fake_yard_snapshot(y);
	must(y, YARD_APPLY);
	assert_int_equal(y->n_steps, 0);
	assert_int_equal(y->changes, 0);
	second = fake_yard_snapshot(y);
	assert_string_equal(first, second);
}

static void plan_and_status_change_nothing(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;

	must(y, YARD_PLAN);
	assert_true(y->n_steps >= 20);
	must(y, YARD_STATUS);
	assert_int_equal(y->changes, 0);
	after = fake_yard_snapshot(y);
	assert_string_equal(before, after);
}

static void auto_addresses_differ_and_come_again(void **state)
{
	struct fake_yard *y = *state;
	uint8_t mac[5][6];

	must(y, YARD_APPLY);
	for (unsigned i = 0; i < 5; i++) {
		memcpy(mac[i], fake_netvf_vf(&y->netvf, "eth0", i)->mac, 6);
		assert_int_equal(mac[i][0] & 3, 2);
		for (unsigned k = 0; k < i; k++)
			assert_memory_not_equal(mac[i], mac[k], 6);
	}
	must(y, YARD_RELEASE);
	must(y, YARD_APPLY);
	for (unsigned i = 0; i < 5; i++)
		assert_memory_equal(mac[i], fake_netvf_vf(&y->netvf, "eth0", i)->mac, 6);
}

static void a_driver_unbound_by_hand_is_one_step_of_drift(void **state)
{
	struct fake_yard *y = *state;

	must(y, YARD_APPLY);
	assert_int_equal(bind_unbind(&y->root.host, fake_yard_bdf(0, 4), &y->e), 0);
	must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 1);
	must(y, YARD_APPLY);
	driver_is(y, 0, 4, FAKE_DRIVER);
}

static void an_address_set_by_hand_is_one_step_of_drift(void **state)
{
	struct fake_yard *y = *state;

	must(y, YARD_APPLY);
	fake_netvf_vf(&y->netvf, "eth0", 1)->mac[5] ^= 1;
	must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 1);
	must(y, YARD_APPLY);
	must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 0);
}

static void a_vf_detached_by_hand_is_attached_again(void **state)
{
	struct fake_yard *y = *state;

	must(y, YARD_APPLY);
	fake_backend_device(&y->backend, fake_yard_bdf(0, 0))->domain[0] = '\0';
	must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 1);
	must(y, YARD_APPLY);
	assert_string_equal(domain_of(y, 0, 0), "web1");
}

/* That one was detached behind our back cannot be seen then. */
static void a_host_whose_domains_are_not_seen_is_not_in_sync(void **state)
{
	struct fake_yard *y = *state;

	must(y, YARD_APPLY);
	must(y, YARD_STATUS);
	assert_true(y->in_sync);
	y->no_survey = true;
	must(y, YARD_STATUS);
	assert_false(y->in_sync);
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_string_equal(y->e.cause, "told to fail");
}

static void other_vfs_of_a_running_guest_are_not_touched(void **state)
{
	struct fake_yard *y = *state;

	must(y, YARD_APPLY);
	fake_netvf_vf(&y->netvf, "eth0", 4)->trust = false;
	y->backend.calls[0] = '\0';
	must(y, YARD_APPLY);
	assert_null(strstr(y->backend.calls, "tach"));
	assert_null(strstr(y->backend.calls, "assign"));
	assert_int_equal(y->changes, 1);
}

#define PF0  "{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":%s}]%s}"
#define WEB1 ",\"domain\":[{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"0\"}]}]"

static void topology(struct fake_yard *y, const char *numvfs, const char *rest)
{
	char text[1024];

	snprintf(text, sizeof(text), PF0, numvfs, rest);
	fake_yard_topology(y, text);
}

static void no_vf_is_unmade_under_a_guest(void **state)
{
	struct fake_yard *y = *state;

	topology(y, "4", WEB1);
	must(y, YARD_APPLY);
	assert_string_equal(domain_of(y, 0, 0), "web1");
	topology(y, "3", WEB1);
	fails(y, YARD_APPLY, EXIT_REFUSED, "net0/0 (domain web1)");
}

static void force_does_not_unmake_it_either(void **state)
{
	static const char *const forced[] = { "net0", "net0/0", "web1" };
	struct fake_yard *y = *state;

	topology(y, "4", WEB1);
	must(y, YARD_APPLY);
	topology(y, "3", WEB1);
	y->root.host.forced = forced;
	y->root.host.n_forced = ARRAY_SIZE(forced);
	fails(y, YARD_APPLY, EXIT_REFUSED, "net0/0 (domain web1)");
}

static void a_number_changes_by_way_of_zero(void **state)
{
	struct fake_yard *y = *state;

	topology(y, "2", "");
	must(y, YARD_APPLY);
	topology(y, "5", "");
	fake_kernel_reset(&y->kernel);
	must(y, YARD_APPLY);
	assert_int_equal(fake_kernel_count(&y->kernel, "/sriov_numvfs"), 2);
	assert_int_equal(number(y, "0000:05:00.0", "sriov_numvfs"), 5);
	must(y, YARD_RELEASE);
	assert_int_equal(number(y, "0000:05:00.0", "sriov_numvfs"), 0);
}

static void the_way_out_of_the_host_is_not_changed(void **state)
{
	struct fake_yard *y = *state;

	fake_root_add(&y->root, "proc/net/route=Iface Destination Gateway Flags RefCnt Use "
				"Metric Mask\\neth0 00000000 0100000A 0003 0 0 0 00000000");
	topology(y, "4", "");
	fails(y, YARD_APPLY, EXIT_REFUSED, "default route");
}

#define VF0 "sys/devices/pci0000:06/0000:06:10.0"

/* The host's only way out is a VF of its own, with one thing about it to be changed. */
static void way_out_is_kept(struct fake_yard *y, const char *change)
{
	char text[512];

	fake_root_add(&y->root, VF0 "/net/vf0/flags=0x1003");
	fake_root_add(&y->root,
		      "sys/class/net/vf0 -> ../../devices/pci0000:06/0000:06:10.0/net/vf0");
	fake_root_add(&y->root, "proc/net/route=Iface Destination Gateway Flags RefCnt Use Metric "
				"Mask\\nvf0 00000000 0100000A 0003 0 0 0 00000000");
	snprintf(text, sizeof(text),
		 "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\"}],\"vf\":["
		 "{\"pf\":\"net1\",\"index\":\"0\",%s}]}",
		 change);
	fake_yard_topology(y, text);
	fails(y, YARD_APPLY, EXIT_REFUSED,
	      "net1/0 (0000:06:10.0): the host needs it: vf0 carries the default route; move that "
	      "off it first, or add: --force net1/0");
	assert_int_equal(y->changes, 0);
}

static void a_vf_the_host_lives_on_keeps_its_driver(void **state)
{
	way_out_is_kept(*state, "\"driver\":\"none\"");
}

static void a_vf_the_host_lives_on_keeps_its_settings(void **state)
{
	struct fake_yard *y = *state;
	static const char *const forced[] = { "net1/0" };

	way_out_is_kept(y, "\"vlan\":5,\"trust\":true");
	y->root.host.forced = forced;
	y->root.host.n_forced = 1;
	must(y, YARD_APPLY);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth1", 0)->vlan, 5);
}

static void a_vf_the_host_lives_on_is_not_taken_for_a_domain(void **state)
{
	way_out_is_kept(*state, "\"vlan\":5,\"driver\":\"assign\"");
}

static void a_pf_of_another_host_is_refused(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:99:00.0\","
			      "\"numvfs\":1}]}");
	fails(y, YARD_APPLY, EXIT_REFUSED, "no PF of this host matches");
}

static void a_pf_without_numvfs_is_never_written_to(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\","
			      "\"autoprobe\":false}],\"vf\":[{\"pf\":\"net1\",\"index\":\"0\","
			      "\"driver\":\"assign\"}]}");
	must(y, YARD_APPLY);
	assert_int_equal(fake_kernel_count(&y->kernel, "/sriov_numvfs"), 0);
	assert_int_equal(fake_kernel_count(&y->kernel, "/sriov_drivers_autoprobe"), 0);
	driver_is(y, 1, 0, FAKE_DRIVER);
}

#define STOP "\"on_error\":\"stop\","

/* The kernel asks its drivers when it makes a VF, and says nothing when none takes it. */
/* Not even for a while: the kernel finds a VF no driver then, and the apply says why. */
static void autoprobe_of_a_pf_without_numvfs_is_left_alone(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y,
			   "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\"}],"
			   "\"vf\":[{\"pf\":\"net1\",\"index\":\"0\",\"driver\":\"host\"}]}");
	fake_root_add(&y->root, "sys/bus/pci/devices/0000:06:00.0/sriov_drivers_autoprobe=0");
	assert_int_equal(bind_unbind(&y->root.host, fake_yard_bdf(1, 0), &y->e), 0);
	fails(y, YARD_APPLY, EXIT_FAILED, "sriov_drivers_autoprobe 0");
	assert_non_null(strstr(y->e.fix, "numvfs="));
}

static void a_new_vf_for_the_host_has_a_driver_or_the_apply_fails(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\","
			      "\"numvfs\":2}],\"vf\":[{\"pf\":\"net0\",\"index\":\"*\","
			      "\"driver\":\"host\"}]}");
	y->kernel.native = "not-loaded";
	y->root.host.timeout_ms = 20;
	fails(y, YARD_APPLY, EXIT_FAILED, "no driver of the host takes it");
	y->kernel.native = "igbvf";
	must(y, YARD_APPLY);
	driver_is(y, 0, 1, "igbvf");
	must(y, YARD_STATUS);
	assert_true(y->in_sync);
}

/* udev renames it between our first look and the request. */
static void settings_go_to_the_pf_under_its_new_name(void **state)
{
	struct fake_yard *y = *state;
	char from[512], to[512];

	fake_yard_topology(y,
			   "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\"}],"
			   "\"vf\":[{\"pf\":\"net1\",\"index\":\"0\",\"vlan\":5}]}");
	snprintf(from, sizeof(from), "%s/sys/bus/pci/devices/0000:06:00.0/net/eth1", y->root.dir);
	snprintf(to, sizeof(to), "%s/sys/bus/pci/devices/0000:06:00.0/net/enp6s0", y->root.dir);
	assert_int_equal(rename(from, to), 0);
	must(y, YARD_APPLY);
	assert_int_equal(fake_netvf_vf(&y->netvf, "enp6s0", 0)->vlan, 5);
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth1", 0)->vlan, 0);
}

static unsigned reads_of_an_apply_of(struct fake_yard *y, unsigned n)
{
	char text[512];

	snprintf(
		text, sizeof(text),
		"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":%u}],"
		"\"vf\":[{\"pf\":\"net0\",\"index\":\"*\",\"mac\":\"auto\",\"driver\":\"assign\"}]}",
		n);
	fake_yard_topology(y, text);
	y->netvf.reads = 0;
	must(y, YARD_APPLY);
	n = y->netvf.reads;
	must(y, YARD_RELEASE);
	return n;
}

/* Some drivers ask their firmware for each VF of each read. */
static void the_driver_is_not_asked_more_often_for_more_vfs(void **state)
{
	struct fake_yard *y = *state;

	assert_int_equal(reads_of_an_apply_of(y, 2), reads_of_an_apply_of(y, 7));
}

static void on_error_stop_leaves_what_was_done_and_says_so(void **state)
{
	struct fake_yard *y = *state;
	char text[2048];

	snprintf(text, sizeof(text), "{" STOP "%s", fake_yard_example + 1);
	fake_yard_topology(y, text);
	fake_netvf_fail(&y->netvf, (struct fake_netvf_fault){ .netdev = "eth0",
							      .index = 4,
							      .setting = VF_SET_TRUST,
							      .code = EIO });
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_LEFT);
	assert_non_null(strstr(y->e.cause, "these stand: autoprobe net0"));
	assert_non_null(strstr(y->e.cause, "more"));
	assert_non_null(strstr(y->e.fix, "vfyard release"));
	assert_int_equal(number(y, "0000:05:00.0", "sriov_numvfs"), 5);
	must(y, YARD_APPLY);
	must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 0);
}

/* Nothing was set: nothing is to be undone, also where nobody knows what it was. */
static void a_setting_the_driver_does_not_have_is_no_incomplete_rollback(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = NULL, *after = NULL;

	fake_yard_topology(y, "{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\","
			      "\"numvfs\":3}],\"vf\":[{\"pf\":\"net1\",\"index\":\"0\","
			      "\"vlan\":5,\"trust\":true}]}");
	fake_netvf_vf(&y->netvf, "eth1", 0)->given &= ~(unsigned)VF_ATTR_TRUST;
	before = fake_yard_snapshot(y);
	fake_netvf_fail(&y->netvf, (struct fake_netvf_fault){ .netdev = "eth1",
							      .setting = VF_SET_TRUST,
							      .code = EOPNOTSUPP });
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_FAILED);
	assert_null(strstr(y->e.cause, "rollback"));
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
}

static unsigned sets_of_an_apply_that_ends_with(struct fake_yard *y, int code)
{
	y->netvf.sets = 0;
	fake_netvf_fail(&y->netvf, (struct fake_netvf_fault){ .netdev = "eth0",
							      .index = 4,
							      .setting = VF_SET_TRUST,
							      .code = code });
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	return y->netvf.sets;
}

/* All settings wait for one lock: each undo would wait as long as the one that hung. */
static void settings_are_not_undone_behind_one_that_hangs(void **state)
{
	struct fake_yard *y = *state;
	unsigned undone = sets_of_an_apply_that_ends_with(y, EIO);

	assert_int_equal(y->e.status, EXIT_FAILED);
	assert_true(sets_of_an_apply_that_ends_with(y, ETIMEDOUT) < undone);
	assert_int_equal(y->e.status, EXIT_LEFT);
}

static void an_undo_that_fails_is_named(void **state)
{
	struct fake_yard *y = *state;

	fake_netvf_fail(&y->netvf, (struct fake_netvf_fault){ .netdev = "eth0",
							      .index = 4,
							      .setting = VF_SET_TRUST,
							      .code = EIO });
	/* twice on the way there, and then not back */
	fake_kernel_fail(&y->kernel, (struct fake_fault){ .path = "0000:05:00.0/sriov_numvfs",
							  .value = "0",
							  .code = EBUSY,
							  .forever = true });
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_int_equal(y->e.status, EXIT_LEFT);
	assert_non_null(strstr(y->e.cause, "rollback incomplete: net0 (0000:05:00.0)"));
	assert_non_null(strstr(y->e.fix, "vfyard release"));
	fake_kernel_reset(&y->kernel);
	must(y, YARD_RELEASE);
	assert_int_equal(number(y, "0000:05:00.0", "sriov_numvfs"), 0);
}

static void a_damaged_memory_stops_the_run_before_it_begins(void **state)
{
	struct fake_yard *y = *state;
	int fd;

	must(y, YARD_APPLY);
	fd = openat(y->root.host.root.fd, "var/lib/vfyard/state.json", O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, "{\"version\": 1, \"vfs\": [", 23), 23);
	close(fd);
	assert_true(fake_yard_run(y, YARD_RELEASE) < 0);
	assert_non_null(strstr(y->e.object, "state.json"));
	assert_non_null(strstr(y->e.cause, "damaged"));
	assert_int_equal(y->changes, 0);
}

static void a_damaged_journal_stops_the_run_before_it_begins(void **state)
{
	struct fake_yard *y = *state;

	fake_root_add(&y->root, "run/vfyard/journal=rubbish");
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_non_null(strstr(y->e.object, "journal"));
	assert_int_equal(y->changes, 0);
	assert_true(root_exists(&y->root.host.root, "run/vfyard/journal"));
}

static void a_memory_that_cannot_be_written_stops_the_run_before_it_begins(void **state)
{
	struct fake_yard *y = *state;

	fake_root_add(&y->root, "var/lib/vfyard=not a directory");
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	assert_non_null(strstr(y->e.object, "state.json"));
	assert_true(y->e.fix[0]);
	assert_int_equal(y->changes, 0);
}

static void release_brings_back_what_was(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *before = NULL, *after = NULL;

	/* an address and an override somebody set by hand before */
	memcpy(fake_netvf_vf(&y->netvf, "eth1", 1)->mac, "\x02\x11\x22\x33\x44\x55", 6);
	fake_netvf_vf(&y->netvf, "eth1", 2)->vlan = 7;
	assert_int_equal(bind_set_override(&y->root.host, fake_yard_bdf(1, 2), "igbvf", &y->e), 0);
	before = fake_yard_snapshot(y);
	must(y, YARD_APPLY);
	must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
	must(y, YARD_RELEASE);
	assert_int_equal(y->n_steps, 0);
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
	must(y, YARD_APPLY);
	y->release_dev = "0000:06:10.0";
	must(y, YARD_RELEASE);
	driver_is(y, 1, 0, "igbvf");
	assert_int_equal(fake_netvf_vf(&y->netvf, "eth1", 0)->vlan, 42);
	must(y, YARD_RELEASE);
	assert_int_equal(y->n_steps, 0);
	y->release_dev = NULL;
	must(y, YARD_RELEASE);
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
	must(y, YARD_APPLY);
	memcpy(fake_netvf_vf(&y->netvf, "eth1", 0)->mac, "\x02\x99\x99\x99\x99\x99", 6);
	must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
}

static void release_refuses_while_a_stranger_holds_a_vf(void **state)
{
	struct fake_yard *y = *state;
	struct fake_device *d;

	topology(y, "4", "");
	must(y, YARD_APPLY);
	/* xl gave it to a guest, vfyard knows nothing of it */
	assert_int_equal(bind_unbind(&y->root.host, fake_yard_bdf(0, 2), &y->e), 0);
	assert_int_equal(bind_to(&y->root.host, fake_yard_bdf(0, 2), FAKE_DRIVER, &y->e), 0);
	must(y, YARD_PLAN);
	d = fake_backend_device(&y->backend, fake_yard_bdf(0, 2));
	assert_non_null(d);
	snprintf(d->domain, sizeof(d->domain), "web1");
	fails(y, YARD_RELEASE, EXIT_REFUSED, "held by domain web1");
}

static void what_is_remembered_of_a_card_that_is_gone_is_forgotten(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *after = NULL;

	topology(y, "4", WEB1);
	must(y, YARD_APPLY);
	fake_backend_device(&y->backend, fake_yard_bdf(0, 0))->domain[0] = '\0';
	fake_root_add(&y->root, "sys/bus/pci/devices/0000:05:00.0/device=0x1234");
	fake_root_add(&y->root, "sys/bus/pci/devices/0000:05:00.0/sriov_vf_device=1235");
	must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_null(strstr(after, "remembered"));
	assert_int_equal(number(y, "0000:05:00.0", "sriov_numvfs"), 4);
}

static void a_reboot_begins_anew_and_release_still_knows(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *first = fake_yard_snapshot(y), *after = NULL;

	fake_root_add(&y->root, "proc/sys/kernel/random/boot_id=1111");
	must(y, YARD_APPLY);
	/* power loss in the middle of the next run, and a kernel that starts afresh */
	fake_root_add(&y->root, "run/vfyard/journal=vfyard journal 1\\nboot 1111\\nrun 9 vfyard "
				"apply\\ndo 0 assign pf=0000:05:00.0 vf=0 at=0000:05:10.0 "
				"driver=nonsense override=-");
	fake_root_add(&y->root, "proc/sys/kernel/random/boot_id=2222");
	y->backend.n_devices = 0;
	for (unsigned p = 0; p < 2; p++)
		for (unsigned i = 0; i < (p ? 4 : 5); i++)
			bind_unbind(&y->root.host, fake_yard_bdf(p, i), &y->e);
	y->kernel_write(&y->kernel, "sys/bus/pci/devices/0000:05:00.0/sriov_numvfs", "0");
	fake_netvf_forget(&y->netvf, "eth0");
	must(y, YARD_APPLY);
	assert_non_null(strstr(fake_yard_notes(y), "booted anew"));
	must(y, YARD_STATUS);
	assert_int_equal(y->n_steps, 0);
	must(y, YARD_RELEASE);
	after = fake_yard_snapshot(y);
	assert_string_equal(after, first);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(apply_reaches_the_topology),
		T(a_second_apply_does_nothing),
		T(plan_and_status_change_nothing),
		T(auto_addresses_differ_and_come_again),
		T(a_driver_unbound_by_hand_is_one_step_of_drift),
		T(an_address_set_by_hand_is_one_step_of_drift),
		T(a_vf_detached_by_hand_is_attached_again),
		T(a_host_whose_domains_are_not_seen_is_not_in_sync),
		T(other_vfs_of_a_running_guest_are_not_touched),
		T(no_vf_is_unmade_under_a_guest),
		T(force_does_not_unmake_it_either),
		T(a_number_changes_by_way_of_zero),
		T(the_way_out_of_the_host_is_not_changed),
		T(a_vf_the_host_lives_on_keeps_its_driver),
		T(a_vf_the_host_lives_on_keeps_its_settings),
		T(a_vf_the_host_lives_on_is_not_taken_for_a_domain),
		T(a_pf_of_another_host_is_refused),
		T(a_pf_without_numvfs_is_never_written_to),
		T(autoprobe_of_a_pf_without_numvfs_is_left_alone),
		T(a_new_vf_for_the_host_has_a_driver_or_the_apply_fails),
		T(settings_go_to_the_pf_under_its_new_name),
		T(the_driver_is_not_asked_more_often_for_more_vfs),
		T(on_error_stop_leaves_what_was_done_and_says_so),
		T(a_setting_the_driver_does_not_have_is_no_incomplete_rollback),
		T(settings_are_not_undone_behind_one_that_hangs),
		T(an_undo_that_fails_is_named),
		T(a_damaged_memory_stops_the_run_before_it_begins),
		T(a_damaged_journal_stops_the_run_before_it_begins),
		T(a_memory_that_cannot_be_written_stops_the_run_before_it_begins),
		T(release_brings_back_what_was),
		T(release_of_one_vf_and_then_of_all_brings_back_what_was),
		T(release_clears_the_address_a_guest_made_up),
		T(release_refuses_while_a_stranger_holds_a_vf),
		T(what_is_remembered_of_a_card_that_is_gone_is_forgotten),
		T(a_reboot_begins_anew_and_release_still_knows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
