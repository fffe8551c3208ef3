// SPDX-License-Identifier: GPL-2.0-or-later
/* What the host's network needs, and how --force overrides it. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "fake_guard.h"

#define ROUTES4 "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT"

/* Adds the VF's own netdev, which is up, for interfaces on it. */
static void add_netdev(struct fake_guard *t)
{
	fake_guard_add(t, DEV "/net/vf0/flags=0x1003");
	fake_guard_add(t, DEV "/net/vf0/operstate=up");
	fake_guard_add(t, "sys/class/net/vf0 -> ../../devices/pci0000:05/0000:05:10.0/net/vf0");
}

static void add_upper(struct fake_guard *t, const char *lower, const char *name, const char *kind,
		      bool up)
{
	char line[256];

	snprintf(line, sizeof(line), "sys/class/net/%s/uevent=DEVTYPE=%s\\nINTERFACE=%s", name,
		 kind, name);
	fake_guard_add(t, line);
	snprintf(line, sizeof(line), "sys/class/net/%s/flags=0x100%c", name, up ? '3' : '2');
	fake_guard_add(t, line);
	snprintf(line, sizeof(line), "sys/class/net/%s/upper_%s -> ../%s", lower, name, name);
	fake_guard_add(t, line);
}

static void add_master(struct fake_guard *t, const char *lower, const char *name, const char *kind)
{
	char line[96];

	add_upper(t, lower, name, kind, true);
	snprintf(line, sizeof(line), "sys/class/net/%s/master -> ../%s", lower, name);
	fake_guard_add(t, line);
}

static void function_without_netdev_or_disk_is_free(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, "proc/net/route=" ROUTES4
			  "\\neth9 00000000 0100000A 0003 0 0 0 00000000 0 0 0");
	fake_guard_is_free(t);
}

static void netdev_that_is_only_up_is_free(void **state)
{
	struct fake_guard *t = *state;

	add_netdev(t);
	fake_guard_add(t, "proc/net/route=" ROUTES4
			  "\\nvf0 0000000A 00000000 0001 0 0 0 00FFFFFF 0 0 0"
			  "\\neth9 00000000 0100000A 0003 0 0 0 00000000 0 0 0");
	fake_guard_is_free(t);
}

static void default_route_is_refused(void **state)
{
	struct fake_guard *t = *state;

	add_netdev(t);
	fake_guard_add(t, "proc/net/route=" ROUTES4
			  "\\nvf0 00000000 0100000A 0003 0 0 0 00000000 0 0 0");
	fake_guard_refuses(t, "vf0 carries the default route");
}

static void default_route_of_another_table_is_refused_of_a_capture(void **state)
{
	struct fake_guard *t = *state;

	add_netdev(t);
	fake_guard_add(t, "vfyard/ip-route=default dev eth9\\ndefault dev bond0 table 100");
	fake_guard_is_free(t);
	add_upper(t, "vf0", "bond0", "bond", true);
	fake_guard_refuses(t, "vf0 carries the default route through bond0");
	fake_guard_add(t, "vfyard/ip-route=default dev vf0 table 7");
	fake_guard_refuses(t, "vf0 carries the default route");
}

static void default_route_of_ipv6_is_refused(void **state)
{
	struct fake_guard *t = *state;

	add_netdev(t);
	fake_guard_add(t,
		       "proc/net/ipv6_route="
		       "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
		       "fe800000000000000000000000000001 00000400 00000001 00000000 00000003 vf0");
	fake_guard_refuses(t, "vf0 carries the default route");
}

static void route_that_rejects_or_is_not_default_is_none(void **state)
{
	struct fake_guard *t = *state;

	add_netdev(t);
	fake_guard_add(t,
		       "proc/net/ipv6_route="
		       "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
		       "00000000000000000000000000000000 ffffffff 00000001 00000000 00200200 vf0\\n"
		       "00000000000000000000000000000000 60 00000000000000000000000000000000 00 "
		       "00000000000000000000000000000000 00000100 00000001 00000000 00000001 vf0");
	fake_guard_add(t, "proc/net/route=" ROUTES4
			  "\\nvf0 00000000 00000000 0201 0 0 0 00000000 0 0 0"
			  "\\nvf0 00000000 00000000 0001 0 0 0 000000FF 0 0 0\\nshort line");
	fake_guard_is_free(t);
}

static void default_route_through_a_bond_names_the_bond(void **state)
{
	struct fake_guard *t = *state;

	add_netdev(t);
	add_master(t, "vf0", "bond0", "bond");
	fake_guard_add(t, "proc/net/route=" ROUTES4
			  "\\nbond0 00000000 0100000A 0003 0 0 0 00000000 0 0 0");
	fake_guard_refuses(t, "vf0 carries the default route through bond0");
}

static void default_route_through_whatever_stands_on_it_names_both(void **state)
{
	static const char *const kinds[] = { "bond", "bridge", "vlan", "macvlan", "team" };
	struct fake_guard *t = *state;
	char line[160], why[64];

	add_netdev(t);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		snprintf(why, sizeof(why), "up%zu", i);
		add_upper(t, "vf0", why, kinds[i], true);
		snprintf(line, sizeof(line),
			 "proc/net/route=" ROUTES4 "\\nup%zu 00000000 0100000A 0003 0 0 0 00000000",
			 i);
		fake_guard_add(t, line);
		snprintf(why, sizeof(why), "vf0 carries the default route through up%zu", i);
		fake_guard_refuses(t, why);
	}
}

static void default_route_through_vlan_on_bridge_on_bond_is_found(void **state)
{
	struct fake_guard *t = *state;

	add_netdev(t);
	add_master(t, "vf0", "bond0", "bond");
	add_master(t, "bond0", "xenbr0", "bridge");
	add_upper(t, "xenbr0", "xenbr0.7", "vlan", true);
	fake_guard_add(t, "proc/net/route=" ROUTES4
			  "\\nxenbr0.7 00000000 0100000A 0003 0 0 0 00000000 0 0 0");
	fake_guard_refuses(t, "vf0 carries the default route through xenbr0.7");
}

static void member_of_a_bond_bridge_or_team_is_refused(void **state)
{
	static const char *const kinds[] = { "bond", "bridge", "team" };
	char want[64];

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct fake_guard *t = *state;

		add_netdev(t);
		add_master(t, "vf0", "up0", kinds[i]);
		snprintf(want, sizeof(want), "vf0 is a member of %s up0", kinds[i]);
		fake_guard_refuses(t, want);
	}
}

static void parent_of_a_vlan_or_macvlan_that_is_up_is_refused(void **state)
{
	struct fake_guard *t = *state;

	add_netdev(t);
	add_upper(t, "vf0", "vf0.5", "vlan", false);
	fake_guard_is_free(t);
	add_upper(t, "vf0", "mac0", "macvlan", true);
	fake_guard_refuses(t, "vf0 is below macvlan mac0, which is up");
}

static void master_without_kind_is_still_one(void **state)
{
	struct fake_guard *t = *state;

	add_netdev(t);
	fake_guard_add(t, "sys/class/net/vf0/master -> ../ovs-system");
	fake_guard_refuses(t, "vf0 is a member of interface ovs-system");
}

static void loop_of_interfaces_ends(void **state)
{
	struct fake_guard *t = *state;

	add_netdev(t);
	add_upper(t, "vf0", "a", "vlan", false);
	add_upper(t, "a", "b", "vlan", false);
	add_upper(t, "b", "a", "vlan", false);
	fake_guard_is_free(t);
}

static void netdev_below_virtio_is_seen(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, DEV "/virtio3/net/eth7/flags=0x1003");
	fake_guard_add(
		t, "sys/class/net/eth7 -> ../../devices/pci0000:05/0000:05:10.0/virtio3/net/eth7");
	fake_guard_add(t, "proc/net/route=" ROUTES4
			  "\\neth7 00000000 0100000A 0003 0 0 0 00000000 0 0 0");
	fake_guard_refuses(t, "eth7 carries the default route");
}

/* The disk is an NVMe namespace with two partitions. */
static void force_of_that_object_overrides_with_a_note(void **state)
{
	static const char *const names[] = { "net0/0",	       "05:10.0", "0000:05:10.0",
					     FAKE_GUARD_LABEL, "vf0",	  "0000:05:00.0/0",
					     "enp5s0f0/0" };
	struct fake_guard *t = *state;

	add_netdev(t);
	fake_guard_add(t, "sys/class/net/enp5s0f0 -> "
			  "../../devices/pci0000:05/0000:05:00.0/net/enp5s0f0");
	fake_guard_add(t, "sys/bus/pci/devices/0000:05:00.0/virtfn0 -> ../0000:05:10.0");
	add_master(t, "vf0", "bond0", "bond");
	t->host->n_forced = 1;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		t->host->forced = &names[i];
		fake_guard_is_free(t);
	}
	assert_int_equal(t->e.code, 0);
	fflush(t->host->log.to);
	assert_non_null(strstr(t->notes,
			       FAKE_GUARD_LABEL ": vf0 is a member of bond bond0; overridden "
						"by --force"));
}

static void force_of_another_object_does_not(void **state)
{
	static const char *const names[] = { "net0/1", "net0",	     "net0/00", "05:10.2",
					     "",       "enp5s0f0",   "05:00.0", "05:00.0/1",
					     "rep0/0", "05:00.0/00", "../vf0" };
	struct fake_guard *t = *state;

	add_netdev(t);
	fake_guard_add(t, "sys/class/net/enp5s0f0 -> "
			  "../../devices/pci0000:05/0000:05:00.0/net/enp5s0f0");
	fake_guard_add(t, "sys/class/net/rep0 -> ../../devices/pci0000:05/0000:05:00.0/net/rep0");
	fake_guard_add(t, "sys/devices/pci0000:05/0000:05:00.0/net/rep0/phys_port_name=pf0vf0");
	fake_guard_add(t, "sys/bus/pci/devices/0000:05:00.0/virtfn0 -> ../0000:05:10.0");
	add_master(t, "vf0", "bond0", "bond");
	t->host->forced = names;
	t->host->n_forced = ARRAY_SIZE(names);
	fake_guard_refuses(t, "vf0 is a member of bond bond0");
}

static void what_cannot_be_read_is_refused(void **state)
{
	struct fake_guard *t = *state;

	add_netdev(t);
	fake_guard_add(t, "proc/net=a file");
	assert_int_equal(guard_function(t->host, t->vf, FAKE_GUARD_LABEL, &t->e), -ENOTDIR);
	assert_int_equal(t->e.status, EXIT_REFUSED);
	assert_string_equal(t->e.cause, "cannot tell whether the host needs it: Not a directory");
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_guard_setup, fake_guard_teardown)

static const struct CMUnitTest tests[] = {
	T(function_without_netdev_or_disk_is_free),
	T(netdev_that_is_only_up_is_free),
	T(default_route_is_refused),
	T(default_route_of_another_table_is_refused_of_a_capture),
	T(default_route_of_ipv6_is_refused),
	T(route_that_rejects_or_is_not_default_is_none),
	T(default_route_through_a_bond_names_the_bond),
	T(default_route_through_whatever_stands_on_it_names_both),
	T(default_route_through_vlan_on_bridge_on_bond_is_found),
	T(member_of_a_bond_bridge_or_team_is_refused),
	T(parent_of_a_vlan_or_macvlan_that_is_up_is_refused),
	T(master_without_kind_is_still_one),
	T(loop_of_interfaces_ends),
	T(netdev_below_virtio_is_seen),
	T(force_of_that_object_overrides_with_a_note),
	T(force_of_another_object_does_not),
	T(what_cannot_be_read_is_refused),
};

TEST_MAIN(tests)
