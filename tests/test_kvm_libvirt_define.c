// SPDX-License-Identifier: GPL-2.0-or-later
/* Definitions of libvirt's domains: what the next start has, beside what runs. */
#include "test.h"

#include <string.h>

#include "fake_virt_env.h"
#include "backend/kvm/kvm.h"
#include "backend/kvm/libvirt/definition.h"
#include "render/topology_print.h"

static void the_next_start_is_defined_apart_from_the_running_machine(void **state UNUSED)
{
	lv_give(3);
	assert_int_equal(lv_defined("lv1", 3), DEFINED_KNOWN | DEFINED_DEVICE);
	assert_int_equal(lv_define("lv1", 3, true), 0);
	assert_string_equal(lv_config(VF3)->alias, "ua-vfyard-net0-3");
	assert_int_equal(lv_defined("lv1", 3),
			 DEFINED_KNOWN | DEFINED_NEXT | DEFINED_DEVICE | DEFINED_BY_US);
	assert_int_equal(lv_define("lv1", 3, true), 0);
	assert_int_equal(fake_virt->n_attaches, 2);
	assert_int_equal(lv_define("lv1", 3, false), 0);
	assert_null(lv_config(VF3));
	assert_non_null(lv_live(VF3));
	lv1->is_persistent = false;
	env_reload();
	assert_int_equal(lv_defined("lv1", 3), DEFINED_DEVICE);
}

/* After numvfs changed, or in another slot. */
static void the_former_address_of_a_vf_leaves_the_definition(void **state UNUSED)
{
	lv_give(3);
	fake_virt_put(lv1, &lv1->config, "0000:07:10.6", "ua-vfyard-net0-3");
	fake_virt_put(lv1, &lv1->config, "0000:07:10.4", "hostdev0");
	env_reload();
	assert_int_equal(lv_define("lv1", 3, true), 0);
	assert_non_null(lv_config(VF3));
	assert_null(lv_config("0000:07:10.6"));
	assert_non_null(lv_config("0000:07:10.4"));
}

static void what_libvirt_itself_sets_is_left_to_it(void **state UNUSED)
{
	struct fake_virt_device *dev = &lv1->live.devs[0];

	assert_int_equal(env_assign(3), 0);
	fake_virt_put(lv1, &lv1->live, VF3, "hostdev0");
	dev->is_interface = dev->is_managed = true;
	snprintf(dev->mac, sizeof(dev->mac), "52:54:00:aa:bb:cc");
	env_open(lv1->pid, "14");
	env_reload();
	assert_int_equal(lv_defined("lv1", 3), DEFINED_KNOWN | DEFINED_MANAGED | DEFINED_INTERFACE);
	assert_int_equal(env_detach("lv1", 3), -ENOTSUP);
	assert_says("domain lv1 has it as a network interface");
	assert_says("virsh detach-interface lv1 hostdev --mac 52:54:00:aa:bb:cc");
	assert_int_equal(fake_virt->n_detaches, 0);
}

/* Planned is nothing that the run refuses. */
static void an_owners_vf_is_left_to_its_owner(void **state UNUSED)
{
	struct domain d;

	assert_int_equal(env_assign(3), 0);
	fake_virt_put(lv1, &lv1->live, VF3, "hostdev0");
	lv1->metadata = "<nova:instance xmlns:nova='http://openstack.org/xmlns/libvirt/nova/1.1'/>";
	env_open(lv1->pid, "14");
	env_reload();
	assert_int_equal(kvm_backend.domain_find(env.backend, "lv1", &d, &env.e), 0);
	assert_int_equal(kvm_backend.may_detach(env.backend, &d, env_vf(3), false, &env.e), -EBUSY);
	assert_int_equal(env_detach("lv1", 3), -EBUSY);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("OpenStack runs domain lv1, and a change behind its back");
	assert_says("openstack server remove port 884340da-b075-4444-b09b-c5074ce23501 PORT");
	/* What vfyard gave it is vfyard's. */
	snprintf(lv1->live.devs[0].alias, sizeof(lv1->live.devs[0].alias), "ua-vfyard-net0-3");
	env_reload();
	assert_int_equal(env_detach("lv1", 3), 0);
}

static void a_domain_that_is_off_is_found_by_its_definition(void **state UNUSED)
{
	struct fake_virt_domain *off = fake_virt_add("db1", false, 4);
	struct domain d;

	fake_root_add(&env.root, "run/libvirt/libvirt-sock=");
	env_reload();
	assert_int_equal(kvm_backend.domain_find(env.backend, "db1", &d, &env.e), 0);
	assert_int_equal(d.id, 0);
	assert_string_equal(d.name, "db1");
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(lv_define("db1", 3, true), 0);
	assert_non_null(fake_virt_find(&off->config, VF3));
	assert_int_equal(off->live.n, 0);
	assert_int_equal(kvm_backend.domain_find(env.backend, "none", &d, &env.e), -ESRCH);
}

static void a_vf_in_another_definition_is_refused_by_name(void **state UNUSED)
{
	struct fake_virt_domain *off = fake_virt_add("db1", false, 4);

	assert_int_equal(env_assign(3), 0);
	fake_virt_put(off, &off->config, VF3, "hostdev0");
	env_reload();
	assert_int_equal(env_limits("lv1", 3, 1), -EBUSY);
	assert_says("domain db1 of libvirt, which is off, has " VF3 " in its definition");
	assert_says("virsh edit db1");
	/* A guest that is not libvirt's neither. */
	assert_int_equal(env_limits("web1", 3, 1), -EBUSY);
	assert_int_equal(env_limits("web1", 2, 1), 0);
}

static void a_running_domain_gets_it_in_both_definitions(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"lv1\"");
	struct refused_host h;

	assert_int_equal(env_assign(3), 0);
	assert_lv_steps(topology, "attach net0/3 (" VF3
				  "): domain shop (the topology gives it to this domain)\n" DEFINE);
	h = lv_host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), 0);
	assert_non_null(lv_live(VF3));
	assert_non_null(lv_config(VF3));
	assert_lv_steps(topology, "");
	/* Each one that is missing is a difference. */
	lv1->config.n = 0;
	assert_lv_steps(topology, DEFINE);
	h = lv_host_with(topology);
	assert_int_equal(verb_detach(&h, &env.e), 0);
	assert_null(lv_live(VF3));
	assert_null(lv_config(VF3));
	h = lv_host_with(topology);
	assert_int_equal(verb_attach(&h, &env.e), 0);
	assert_non_null(lv_live(VF3));
	assert_non_null(lv_config(VF3));
}

static void release_takes_out_what_vfyard_defined(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"lv1\"");
	struct refused_host h;

	assert_int_equal(env_assign(3), 0);
	h = lv_host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), 0);
	assert_non_null(lv_config(VF3));
	h = lv_host_with(topology);
	assert_int_equal(verb_release(&h, &env.e), 0);
	assert_null(lv_live(VF3));
	assert_null(lv_config(VF3));
	/* Somebody else's stays. */
	fake_virt_put(lv1, &lv1->config, VF3, "hostdev0");
	h = lv_host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), 0);
	h = lv_host_with(topology);
	assert_int_equal(verb_release(&h, &env.e), 0);
	assert_null(lv_live(VF3));
	assert_non_null(lv_config(VF3));
}

static void release_takes_vfs_out_of_domains_that_are_off(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"db1\",\"uri\":\"qemu:///session\"");
	struct fake_virt_domain *off = fake_virt_add("db1", false, 4),
				*copy = fake_virt_add("copy", false, 4);
	struct refused_host h;

	h = lv_host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), 0);
	assert_int_equal(off->config.n, 1);
	/* A device that vfyard did not put there stays, as does one of another VF. */
	fake_virt_put(copy, &copy->config, VF3, "hostdev0");
	fake_virt_put(off, &off->config, "0000:05:10.2", "ua-vfyard-net0-1");
	h = lv_host_with(topology);
	assert_int_equal(verb_release(&h, &env.e), 0);
	assert_null(fake_virt_find(&off->config, VF3));
	assert_int_equal(off->config.n, 1);
	assert_int_equal(copy->config.n, 1);
	assert_int_equal(env_state(3), VF_HOST);
	copy->config.n = 0;
	/* libvirt is gone: what it has cannot be changed, and the rest goes on, with a note. */
	h = lv_host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), 0);
	snprintf(fake_virt->refuse_open, sizeof(fake_virt->refuse_open), "it is on holiday");
	h = lv_host_with(topology);
	assert_int_equal(verb_release(&h, &env.e), 0);
	assert_int_equal(env_state(3), VF_HOST);
	assert_int_equal(off->config.n, 2);
	assert_non_null(strstr(env_notes(),
			       "what domains of libvirt at qemu:///session are started with is not "
			       "known, and stays as it is: libvirt: it is on holiday"));
}

/* A name of two: its number tells which one is meant. */
static void a_domain_that_is_off_is_found_by_its_number(void **state UNUSED)
{
	struct fake_virt_domain *off = fake_virt_add("web1", false, 4);
	struct attachment *v;
	struct domain d;
	size_t n;

	fake_root_add(&env.root, "run/libvirt/libvirt-sock=");
	fake_virt_put(off, &off->config, VF3, "ua-vfyard-net0-3");
	env_reload();
	assert_int_equal(kvm_backend.list_defined(env.backend, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	assert_string_equal(v[0].domain, off->uuid);
	assert_string_equal(v[0].uuid, off->uuid);
	assert_int_equal(kvm_backend.domain_find(env.backend, "web1", &d, &env.e), 0);
	assert_int_equal(d.id, WEB1_PID);
	assert_int_equal(kvm_backend.domain_find(env.backend, v[0].domain, &d, &env.e), 0);
	assert_int_equal(d.id, 0);
	assert_int_equal(kvm_backend.domain_find(env.backend, lv1->uuid, &d, &env.e), 0);
	assert_int_equal(d.id, lv1->pid);
	free(v);
}

static void a_failure_later_takes_back_what_was_defined(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"lv1\"");
	struct refused_host h;

	assert_int_equal(env_assign(3), 0);
	h = lv_host_with(topology);
	/* A definition of its own, by somebody else: it is left when the attach fails. */
	fake_virt_put(lv1, &lv1->config, VF3, "ua-mine");
	fake_virt->lies_on_attach = true;
	assert_int_equal(topology_apply(&h, &env.e), -EIO);
	assert_string_equal(lv_config(VF3)->alias, "ua-mine");
	/* And one of ours: the attach before it is undone. */
	lv1->config.n = 0;
	fake_virt->lies_on_attach = false;
	fake_virt->refuse_define = true;
	h = lv_host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), -EREMOTEIO);
	assert_null(lv_live(VF3));
	assert_null(lv_config(VF3));
}

static void a_domain_that_is_off_gets_its_definition_only(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"db1\",\"uri\":\"qemu:///session\"");
	struct fake_virt_domain *off = fake_virt_add("db1", false, 1);
	struct refused_host h;

	assert_int_equal(env_assign(3), 0);
	assert_lv_steps(topology, DEFINE);
	h = lv_host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), 0);
	assert_non_null(strstr(fake_virt->uris, "qemu:///session "));
	assert_non_null(fake_virt_find(&off->config, VF3));
	assert_int_equal(off->live.n, 0);
	assert_lv_steps(topology, "");
	h = lv_host_with(topology);
	assert_int_equal(verb_detach(&h, &env.e), 0);
	assert_int_equal(off->config.n, 0);
	h = lv_host_with(topology);
	assert_int_equal(verb_attach(&h, &env.e), 0);
	assert_int_equal(off->config.n, 1);
}

/* libvirt cannot be asked: shop, which is its domain, is refused, and web1 gets its VF. */
static void assert_blocks_its_own(void)
{
	static const char topology[] =
		"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],\"domain\":[{"
		"\"name\":\"shop\",\"kvm\":{\"libvirt\":\"lv1\"},\"devices\":[{\"pf\":\"net0\","
		"\"index\":\"3\"}]},{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\",\"index\":"
		"\"1\"}]}]}";
	struct refused_host h;

	snprintf(fake_virt->refuse_open, sizeof(fake_virt->refuse_open), "it is on holiday");
	h = lv_host_with(topology);
	refused_for_one_domain(&h,
			       "libvirt runs domain lv1, and cannot be asked: libvirt: it is on "
			       "holiday",
			       "web1");
}

static void a_libvirt_that_does_not_answer_blocks_its_own_domains_only(void **state UNUSED)
{
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_assign(1), 0);
	assert_blocks_its_own();
}

/* It has all its VFs, and nobody knows what it is started with the next time. */
static void a_definition_that_cannot_be_read_is_not_in_sync(void **state UNUSED)
{
	lv_give(3);
	assert_int_equal(env_assign(1), 0);
	assert_blocks_its_own();
}

/* As one does that its socket starts, or that has many domains. Who only lists does not spoil it
 * for those after him. */
static void a_libvirt_that_takes_its_time_is_waited_for(void **state UNUSED)
{
	struct attachment *v;
	size_t n;

	lv_give(3);
	env_reload();
	env.root.host.timeout_ms = 20000;
	fake_virt->list_ms = SURVEY_TIMEOUT_MS + 200;
	assert_int_equal(kvm_backend.list(env.backend, NULL, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	assert_string_equal(v[0].guest_addr, "pci.1");
	free(v);
	assert_int_equal(env_assign(4), 0);
	assert_int_equal(env_limits("lv1", 4, 1), 0);
}

static void a_managed_device_has_a_note(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"lv1\"");
	_cleanup_free_ char *notes = NULL;
	struct refused_host h;

	assert_int_equal(env_assign(3), 0);
	fake_virt_put(lv1, &lv1->config, VF3, "hostdev0");
	h = lv_host_with(topology);
	notes = topology_notes(&h);
	assert_null(strstr(notes, "managed"));
	free(notes);
	lv1->config.devs[0].is_managed = true;
	h = lv_host_with(topology);
	notes = topology_notes(&h);
	assert_non_null(strstr(notes,
			       "note: net0/3: managed='yes' in the definition of domain shop: "
			       "when it ends, the VF may go back to the host's driver; write "
			       "managed='no' there, run: virsh edit lv1"));
}

static void a_definition_that_the_topology_left_behind_has_a_note(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"lv1\"");
	struct fake_virt_domain *off = fake_virt_add("db1", false, 4);
	_cleanup_free_ char *notes = NULL;
	struct refused_host h;

	fake_root_add(&env.root, "run/libvirt/libvirt-sock=");
	assert_int_equal(env_assign(3), 0);
	fake_virt_put(off, &off->config, "0000:05:10.4", "ua-vfyard-net0-2");
	fake_virt_put(off, &off->config, "0000:05:10.2", "hostdev0");
	fake_virt_put(lv1, &lv1->config, VF3, "ua-vfyard-net0-3");
	h = lv_host_with(topology);
	notes = topology_notes(&h);
	assert_non_null(strstr(notes, "note: net0/2 (0000:05:10.4): "));
	assert_non_null(
		strstr(notes, "domain db1 is started with it the next time, and the topology gives "
			      "it to none; run: vfyard pci-detach db1 net0/2"));
	assert_null(strstr(notes, "net0/3"));
	assert_null(strstr(notes, "net0/1"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, lv_setup, lv_teardown)

static const struct CMUnitTest tests[] = {
	T(the_next_start_is_defined_apart_from_the_running_machine),
	T(the_former_address_of_a_vf_leaves_the_definition),
	T(what_libvirt_itself_sets_is_left_to_it),
	T(an_owners_vf_is_left_to_its_owner),
	T(a_domain_that_is_off_is_found_by_its_definition),
	T(a_vf_in_another_definition_is_refused_by_name),
	T(a_running_domain_gets_it_in_both_definitions),
	T(release_takes_out_what_vfyard_defined),
	T(release_takes_vfs_out_of_domains_that_are_off),
	T(a_domain_that_is_off_is_found_by_its_number),
	T(a_failure_later_takes_back_what_was_defined),
	T(a_domain_that_is_off_gets_its_definition_only),
	T(a_libvirt_that_does_not_answer_blocks_its_own_domains_only),
	T(a_definition_that_cannot_be_read_is_not_in_sync),
	T(a_libvirt_that_takes_its_time_is_waited_for),
	T(a_managed_device_has_a_note),
	T(a_definition_that_the_topology_left_behind_has_a_note),
};

TEST_MAIN(tests)
