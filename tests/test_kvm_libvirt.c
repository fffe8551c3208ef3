// SPDX-License-Identifier: GPL-2.0-or-later
/* Guests of libvirt: through its own API, in both definitions, with the guest's consent. */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_kvm.h"
#include "fake_refusals.h"
#include "fake_virt.h"
#include "backend/kvm/kvm.h"
#include "backend/kvm/libvirt/definition.h"
#include "render/topology_print.h"
#include "topology/build/load.h"

#define VF3 "0000:05:10.6"

/* Nothing waits so long but on a machine that is busy; what ends by itself has a shorter one. */
#define PATIENT_MS 20000
#define SHORT_MS   400

static struct fake_virt_domain *lv1;

static int setup(void **state)
{
	env_setup(state);
	fake_virt_init(&env.root.host);
	env.root.host.timeout_ms = PATIENT_MS;
	lv1 = fake_virt_add("lv1", true, 4);
	env_reload();
	return 0;
}

static int teardown(void **state)
{
	env_teardown(state);
	fake_virt_done();
	return 0;
}

static const struct fake_virt_device *live(const char *host)
{
	return fake_virt_find(&lv1->live, host);
}

static const struct fake_virt_device *config(const char *host)
{
	return fake_virt_find(&lv1->config, host);
}

static void give(unsigned i)
{
	assert_int_equal(env_assign(i), 0);
	assert_int_equal(env_attach("lv1", i), 0);
}

static void attach_goes_through_libvirt_and_into_the_running_machine(void **state UNUSED)
{
	give(3);
	assert_non_null(live(VF3));
	assert_null(config(VF3));
	assert_string_equal(live(VF3)->alias, "ua-vfyard-net0-3");
	assert_string_equal(fake_virt->uri, "qemu:///system");
	assert_int_equal(env.qmp.connections, 0);
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ATTACHED);
	assert_string_equal(vf_of(env_vf(3))->domain, "lv1");
	/* Again: nothing to do. */
	assert_int_equal(env_attach("lv1", 3), 0);
	assert_int_equal(fake_virt->n_attaches, 1);
}

static void vslot_is_the_port_that_libvirt_calls_so(void **state UNUSED)
{
	struct dev_options o = DEV_OPTIONS_INIT;

	o.vslot = 3;
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_attach_options("lv1", 3, &o), 0);
	assert_int_equal(live(VF3)->bus, 3);
	assert_int_equal(env_assign(4), 0);
	assert_int_equal(env_attach_options("lv1", 4, &o), -ENOSPC);
	assert_says("domain lv1 has no free PCIe port with controller index 3 (vslot=3)");
}

static void full_ports_are_counted_ahead(void **state UNUSED)
{
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(env_assign(i), 0);
	assert_int_equal(env_limits("lv1", 0, 4), 0);
	assert_int_equal(env_limits("lv1", 0, 5), -ENOSPC);
	assert_says("domain lv1 has 4 free PCIe ports of 4, 5 are needed");
	assert_says("vfyard render libvirt --ports 3");
	assert_int_equal(fake_virt->n_attaches, 0);
}

static void detach_ends_when_the_guest_has_let_go(void **state UNUSED)
{
	static const enum fake_virt_guest guests[] = { FAKE_VIRT_OBEYS, FAKE_VIRT_OBEYS_LATE };

	for (size_t i = 0; i < ARRAY_SIZE(guests); i++) {
		lv1->guest = guests[i];
		give(3);
		assert_int_equal(env_detach("lv1", 3), 0);
		assert_null(live(VF3));
		assert_int_equal(env_survey(), 0);
		assert_int_equal(env_state(3), VF_ASSIGNABLE);
	}
	assert_int_equal(env_detach("lv1", 3), -ENOENT);
	assert_says("domain lv1 does not have it");
}

/* libvirt has said success. */
static void a_guest_that_ignores_a_detach_keeps_the_vf(void **state UNUSED)
{
	lv1->guest = FAKE_VIRT_IGNORES;
	give(3);
	env.root.host.timeout_ms = SHORT_MS;
	assert_int_equal(env_detach("lv1", 3), -ETIMEDOUT);
	assert_int_equal(fake_virt->n_detaches, 1);
	assert_says("the guest has not released it within");
	assert_says("the request stands");
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ATTACHED);
}

static void a_guest_that_refuses_is_believed_at_once(void **state UNUSED)
{
	lv1->guest = FAKE_VIRT_REFUSES;
	give(3);
	assert_int_equal(env_detach("lv1", 3), -EBUSY);
	assert_says("the guest refuses to release it; it stays attached");
	assert_non_null(live(VF3));
}

static void a_group_that_stays_open_is_said(void **state UNUSED)
{
	give(3);
	fake_root_add(&env.root, "proc/901/fd/99 -> /dev/vfio/14");
	env.root.host.timeout_ms = SHORT_MS;
	assert_int_equal(env_detach("lv1", 3), -ETIMEDOUT);
	assert_says("lv1 (pid 901) gave it back but still has its IOMMU group 14 open");
}

static void libvirts_words_get_their_cure(void **state UNUSED)
{
	snprintf(fake_virt->refuse_attach, sizeof(fake_virt->refuse_attach),
		 "internal error: No more available PCI slots");
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_attach("lv1", 3), -EREMOTEIO);
	assert_says("libvirt: internal error: No more available PCI slots");
	assert_says("vfyard render libvirt --ports N");
	snprintf(fake_virt->refuse_attach, sizeof(fake_virt->refuse_attach),
		 "unable to execute QEMU command 'device_add': vfio " VF3
		 ": failed to open /dev/vfio/14: Device or resource busy");
	assert_int_equal(env_attach("lv1", 3), -EREMOTEIO);
	assert_says("another process has the group open");
	snprintf(fake_virt->refuse_attach, sizeof(fake_virt->refuse_attach),
		 "Requested operation is not valid: PCI device " VF3
		 " is in use by driver QEMU, domain db1");
	assert_int_equal(env_attach("lv1", 3), -EREMOTEIO);
	assert_says("take it out of that domain first");
	fake_virt->refuse_attach[0] = '\0';
	give(3);
	snprintf(fake_virt->refuse_detach, sizeof(fake_virt->refuse_detach),
		 "device ua-vfyard-net0-3 is already in the process of unplug");
	assert_int_equal(env_detach("lv1", 3), -EREMOTEIO);
	assert_says("libvirt: device ua-vfyard-net0-3 is already in the process of unplug");
	assert_says("the guest was asked already and has not followed");
}

static void success_is_looked_at(void **state UNUSED)
{
	fake_virt->lies_on_attach = true;
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_attach("lv1", 3), -EIO);
	assert_says("libvirt reports success, but the running definition of lv1 does not have it");
	fake_virt->lies_on_attach = false;
	fake_virt->opens_nothing = true;
	env.root.host.knows_processes = true;
	assert_int_equal(env_attach("lv1", 3), -EIO);
	assert_says("has neither its IOMMU group 14 nor its own node open");
	/* Taken out again. */
	assert_null(live(VF3));
	assert_int_equal(fake_virt->n_detaches, 1);
}

static void a_libvirt_that_hangs_ends_with_the_deadline(void **state UNUSED)
{
	fake_virt->hangs_on_attach = true;
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_limits("lv1", 3, 1), 0);
	env.root.host.timeout_ms = SHORT_MS;
	assert_int_equal(env_attach("lv1", 3), -ETIMEDOUT);
	assert_int_equal(env.e.status, EXIT_LEFT);
	assert_says("libvirt may still attach it, look again: vfyard pci-list lv1");
	/* The next question is a new conversation. */
	fake_virt->hangs_on_attach = false;
	env.root.host.timeout_ms = PATIENT_MS;
	assert_int_equal(env_detach("lv1", 3), 0);
	assert_int_equal(fake_virt->n_opens, 2);
}

static void a_libvirt_that_dies_in_a_detach_is_asked_anew(void **state UNUSED)
{
	lv1->guest = FAKE_VIRT_IGNORES;
	give(3);
	fake_virt->dies_on_detach = true;
	assert_int_equal(env_detach("lv1", 3), -EPIPE);
	assert_says("libvirt went away while the guest was to release it");
	fake_virt->dies_on_detach = false;
	lv1->guest = FAKE_VIRT_OBEYS;
	env_reload();
	assert_int_equal(env_detach("lv1", 3), 0);
}

/* Nobody but the kernel knows that QEMU has it. */
static void a_libvirt_that_dies_in_an_attach_leaves_what_it_forgot(void **state UNUSED)
{
	static const char command[] =
		"virsh qemu-monitor-command lv1 "
		"'{\"execute\":\"device_del\",\"arguments\":{\"id\":\"ua-vfyard-net0-3\"}}'";
	unsigned flags;
	struct domain d;

	assert_int_equal(env_assign(3), 0);
	fake_virt->dies_on_attach = true;
	assert_int_equal(env_attach("lv1", 3), -EPIPE);
	assert_int_equal(env.e.status, EXIT_LEFT);
	assert_says("libvirt went away: End of file while reading data");
	assert_says("QEMU of domain lv1 has " VF3 " open, and libvirt does not know of it");
	/* Later runs neither call that in sync nor deny it. */
	fake_virt->dies_on_attach = false;
	env_reload();
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ATTACHED);
	assert_int_equal(kvm_backend.domain_find(env.backend, "lv1", &d, &env.e), 0);
	assert_int_equal(kvm_backend.defined(env.backend, &d, env_vf(3), &flags, &env.e), -ESTALE);
	assert_says(command);
	assert_int_equal(kvm_backend.may_detach(env.backend, &d, env_vf(3), false, &env.e),
			 -ESTALE);
	assert_int_equal(env_detach("lv1", 3), -ESTALE);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says(command);
	env_close(lv1->pid, "14");
	env_reload();
	assert_int_equal(env_detach("lv1", 3), -ENOENT);
}

static void hold_sigterm(sigset_t *ret)
{
	sigemptyset(ret);
	sigaddset(ret, SIGTERM);
	assert_int_equal(sigprocmask(SIG_BLOCK, ret, NULL), 0);
}

/* The fakes' threads hold it, too. */
static int setup_holding(void **state)
{
	sigset_t held;

	hold_sigterm(&held);
	return setup(state);
}

/* The signal is held for the run, and what libvirt may have begun is taken back all the same. */
static void a_signal_ends_the_wait_and_the_attach_is_undone(void **state UNUSED)
{
	struct stop stop = { .is_on = true }, *own = env.root.host.stop;
	const struct timespec none = { 0 };

	hold_sigterm(&stop.held);
	env.root.host.stop = &stop;
	assert_int_equal(env_assign(3), 0);
	fake_virt->signals_on_attach = true;
	assert_int_equal(env_attach("lv1", 3), -EINTR);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_null(live(VF3));
	assert_int_equal(fake_virt->n_detaches, 1);
	assert_int_equal(sigtimedwait(&stop.held, NULL, &none), SIGTERM);
	assert_int_equal(sigprocmask(SIG_UNBLOCK, &stop.held, NULL), 0);
	env.root.host.stop = own;
}

/* The child that talks to libvirt has inherited the lock, and does not outlive who was killed. */
static void a_killed_run_leaves_no_process(void **state UNUSED)
{
	int fds[2];
	char byte;
	pid_t pid;

	assert_int_equal(env_assign(3), 0);
	fake_virt->hangs_on_attach = true;
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		env_attach("lv1", 3);
		_exit(0);
	}
	close(fds[1]);
	while (!live(VF3))
		poll(NULL, 0, 5);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	/* Its end of the pipe is closed in the child, too. */
	assert_int_equal(poll(&(struct pollfd){ .fd = fds[0], .events = POLLIN }, 1, 5000), 1);
	assert_int_equal(read(fds[0], &byte, 1), 0);
	close(fds[0]);
	/* libvirt has done it; the next run sees what is. */
	fake_virt->hangs_on_attach = false;
	env.root.host.timeout_ms = PATIENT_MS;
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_state(3), VF_ATTACHED);
	assert_int_equal(env_attach("lv1", 3), 0);
	assert_int_equal(env_detach("lv1", 3), 0);
}

static void *no_symbol(void *arg UNUSED, const char *library UNUSED, const char *name UNUSED)
{
	return NULL;
}

static void without_libvirt_the_command_of_virsh_is_said(void **state UNUSED)
{
	assert_int_equal(env_assign(3), 0);
	env.root.host.symbol = no_symbol;
	assert_int_equal(env_limits("lv1", 3, 1), -ELIBACC);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("libvirt runs domain lv1, and cannot be asked: libvirt's library cannot be "
		    "used: libvirt.so.0 has no virSetErrorFunc");
	assert_says("apt install libvirt0");
	assert_says("vfyard render libvirt --hostdev PF/INDEX | virsh attach-device lv1 /dev/stdin "
		    "--live --config");
}

static void a_libvirt_that_refuses_is_asked_once(void **state UNUSED)
{
	snprintf(fake_virt->refuse_open, sizeof(fake_virt->refuse_open),
		 "Failed to connect socket to '/var/run/libvirt/libvirt-sock'");
	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_limits("lv1", 3, 1), -EREMOTEIO);
	assert_int_equal(env_limits("lv1", 3, 1), -EREMOTEIO);
	assert_says("Failed to connect socket");
	assert_int_equal(fake_virt->n_opens, 1);
}

static void another_libvirts_domain_is_not_taken_for_ours(void **state UNUSED)
{
	assert_int_equal(env_assign(3), 0);
	lv1->uuid[0] = '0';
	assert_int_equal(env_limits("lv1", 3, 1), -ESRCH);
	assert_int_equal(env.e.status, EXIT_REFUSED);
	assert_says("another libvirt than that at qemu:///system runs domain lv1 (pid 901)");
	assert_says("kvm: uri=");
}

static void nobody_is_asked_with_no_attach(void **state UNUSED)
{
	struct domain d;

	assert_int_equal(env_assign(3), 0);
	env.root.host.leaves_guests = true;
	assert_int_equal(kvm_backend.domain_find(env.backend, "lv1", &d, &env.e), 0);
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_limits("lv1", 3, 1), -ECANCELED);
	assert_int_equal(fake_virt->n_opens, 0);
}

static void the_list_has_libvirts_port_and_number(void **state UNUSED)
{
	struct attachment *v;
	struct domain d;
	size_t n;

	give(3);
	assert_int_equal(kvm_backend.domain_find(env.backend, "lv1", &d, &env.e), 0);
	assert_int_equal(kvm_backend.list(env.backend, &d, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	assert_string_equal(v[0].guest_addr, "pci.1");
	assert_string_equal(v[0].uuid, lv1->uuid);
	assert_false(v[0].is_broken);
	free(v);
}

static unsigned defined(const char *domain, unsigned i)
{
	struct domain d;
	unsigned flags = 0;

	assert_int_equal(kvm_backend.domain_find(env.backend, domain, &d, &env.e), 0);
	assert_int_equal(kvm_backend.defined(env.backend, &d, env_vf(i), &flags, &env.e), 0);
	return flags;
}

static int define(const char *domain, unsigned i, bool on)
{
	struct domain d;

	assert_int_equal(kvm_backend.domain_find(env.backend, domain, &d, &env.e), 0);
	return kvm_backend.define(env.backend, &d, env_vf(i), on, &env.e);
}

static void the_next_start_is_defined_apart_from_the_running_machine(void **state UNUSED)
{
	give(3);
	assert_int_equal(defined("lv1", 3), DEFINED_KNOWN | DEFINED_DEVICE);
	assert_int_equal(define("lv1", 3, true), 0);
	assert_string_equal(config(VF3)->alias, "ua-vfyard-net0-3");
	assert_int_equal(defined("lv1", 3),
			 DEFINED_KNOWN | DEFINED_NEXT | DEFINED_DEVICE | DEFINED_BY_US);
	assert_int_equal(define("lv1", 3, true), 0);
	assert_int_equal(fake_virt->n_attaches, 2);
	assert_int_equal(define("lv1", 3, false), 0);
	assert_null(config(VF3));
	assert_non_null(live(VF3));
	lv1->is_persistent = false;
	env_reload();
	assert_int_equal(defined("lv1", 3), DEFINED_DEVICE);
}

/* After numvfs changed, or in another slot. */
static void the_former_address_of_a_vf_leaves_the_definition(void **state UNUSED)
{
	give(3);
	fake_virt_put(lv1, &lv1->config, "0000:07:10.6", "ua-vfyard-net0-3");
	fake_virt_put(lv1, &lv1->config, "0000:07:10.4", "hostdev0");
	env_reload();
	assert_int_equal(define("lv1", 3, true), 0);
	assert_non_null(config(VF3));
	assert_null(config("0000:07:10.6"));
	assert_non_null(config("0000:07:10.4"));
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
	assert_int_equal(defined("lv1", 3), DEFINED_KNOWN | DEFINED_MANAGED | DEFINED_INTERFACE);
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
	assert_int_equal(define("db1", 3, true), 0);
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

#define TOPOLOGY(kvm)                                                                              \
	"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],\"domain\":[{"       \
	"\"name\":\"shop\",\"kvm\":{" kvm "},\"devices\":[{\"pf\":\"net0\",\"index\":\"3\"}]}]}"

static struct refused_host host_with(const char *text)
{
	struct problems problems = { 0 };

	topology_free(env.topo);
	env.topo = NULL;
	assert_int_equal(topology_parse(&env.topo, text, strlen(text), "t.json", &problems, &env.e),
			 0);
	problems_done(&problems);
	env_reload();
	return (struct refused_host){ .host = &env.root.host,
				      .ops = &kvm_backend,
				      .backend = env.backend,
				      .dev = "net0/3",
				      .domain = "shop",
				      .topology = text };
}

static void assert_steps(const char *text, const char *want)
{
	struct refused_host h = host_with(text);
	_cleanup_free_ char *steps = topology_steps(&h);

	assert_string_equal(steps, want);
}

#define DEFINE                                                                                     \
	"define net0/3 (" VF3 "): definition of domain shop (the topology gives it to this "       \
	"domain)\n"

static void a_running_domain_gets_it_in_both_definitions(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"lv1\"");
	struct refused_host h;

	assert_int_equal(env_assign(3), 0);
	assert_steps(topology, "attach net0/3 (" VF3
			       "): domain shop (the topology gives it to this domain)\n" DEFINE);
	h = host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), 0);
	assert_non_null(live(VF3));
	assert_non_null(config(VF3));
	assert_steps(topology, "");
	/* Each one that is missing is a difference. */
	lv1->config.n = 0;
	assert_steps(topology, DEFINE);
	h = host_with(topology);
	assert_int_equal(verb_detach(&h, &env.e), 0);
	assert_null(live(VF3));
	assert_null(config(VF3));
	h = host_with(topology);
	assert_int_equal(verb_attach(&h, &env.e), 0);
	assert_non_null(live(VF3));
	assert_non_null(config(VF3));
}

static void release_takes_out_what_vfyard_defined(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"lv1\"");
	struct refused_host h;

	assert_int_equal(env_assign(3), 0);
	h = host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), 0);
	assert_non_null(config(VF3));
	h = host_with(topology);
	assert_int_equal(verb_release(&h, &env.e), 0);
	assert_null(live(VF3));
	assert_null(config(VF3));
	/* Somebody else's stays. */
	fake_virt_put(lv1, &lv1->config, VF3, "hostdev0");
	h = host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), 0);
	h = host_with(topology);
	assert_int_equal(verb_release(&h, &env.e), 0);
	assert_null(live(VF3));
	assert_non_null(config(VF3));
}

static void release_takes_vfs_out_of_domains_that_are_off(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"db1\",\"uri\":\"qemu:///session\"");
	struct fake_virt_domain *off = fake_virt_add("db1", false, 4),
				*copy = fake_virt_add("copy", false, 4);
	struct refused_host h;

	h = host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), 0);
	assert_int_equal(off->config.n, 1);
	/* A device that vfyard did not put there stays, as does one of another VF. */
	fake_virt_put(copy, &copy->config, VF3, "hostdev0");
	fake_virt_put(off, &off->config, "0000:05:10.2", "ua-vfyard-net0-1");
	h = host_with(topology);
	assert_int_equal(verb_release(&h, &env.e), 0);
	assert_null(fake_virt_find(&off->config, VF3));
	assert_int_equal(off->config.n, 1);
	assert_int_equal(copy->config.n, 1);
	assert_int_equal(env_state(3), VF_HOST);
	copy->config.n = 0;
	/* libvirt is gone: what it has cannot be changed, and the rest goes on, with a note. */
	h = host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), 0);
	snprintf(fake_virt->refuse_open, sizeof(fake_virt->refuse_open), "it is on holiday");
	h = host_with(topology);
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
	h = host_with(topology);
	/* A definition of its own, by somebody else: it is left when the attach fails. */
	fake_virt_put(lv1, &lv1->config, VF3, "ua-mine");
	fake_virt->lies_on_attach = true;
	assert_int_equal(topology_apply(&h, &env.e), -EIO);
	assert_string_equal(config(VF3)->alias, "ua-mine");
	/* And one of ours: the attach before it is undone. */
	lv1->config.n = 0;
	fake_virt->lies_on_attach = false;
	fake_virt->refuse_define = true;
	h = host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), -EREMOTEIO);
	assert_null(live(VF3));
	assert_null(config(VF3));
}

static void a_domain_that_is_off_gets_its_definition_only(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"db1\",\"uri\":\"qemu:///session\"");
	struct fake_virt_domain *off = fake_virt_add("db1", false, 1);
	struct refused_host h;

	assert_int_equal(env_assign(3), 0);
	assert_steps(topology, DEFINE);
	h = host_with(topology);
	assert_int_equal(topology_apply(&h, &env.e), 0);
	assert_non_null(strstr(fake_virt->uris, "qemu:///session "));
	assert_non_null(fake_virt_find(&off->config, VF3));
	assert_int_equal(off->live.n, 0);
	assert_steps(topology, "");
	h = host_with(topology);
	assert_int_equal(verb_detach(&h, &env.e), 0);
	assert_int_equal(off->config.n, 0);
	h = host_with(topology);
	assert_int_equal(verb_attach(&h, &env.e), 0);
	assert_int_equal(off->config.n, 1);
}

static void a_libvirt_that_does_not_answer_blocks_its_own_domains_only(void **state UNUSED)
{
	static const char topology[] =
		"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],\"domain\":[{"
		"\"name\":\"shop\",\"kvm\":{\"libvirt\":\"lv1\"},\"devices\":[{\"pf\":\"net0\","
		"\"index\":\"3\"}]},{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\",\"index\":"
		"\"1\"}]}]}";
	struct refused_host h;

	assert_int_equal(env_assign(3), 0);
	assert_int_equal(env_assign(1), 0);
	snprintf(fake_virt->refuse_open, sizeof(fake_virt->refuse_open), "it is on holiday");
	h = host_with(topology);
	refused_for_one_domain(&h,
			       "libvirt runs domain lv1, and cannot be asked: libvirt: it is on "
			       "holiday",
			       "web1");
}

/* It has all its VFs, and nobody knows what it is started with the next time. */
static void a_definition_that_cannot_be_read_is_not_in_sync(void **state UNUSED)
{
	static const char topology[] =
		"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],\"domain\":[{"
		"\"name\":\"shop\",\"kvm\":{\"libvirt\":\"lv1\"},\"devices\":[{\"pf\":\"net0\","
		"\"index\":\"3\"}]},{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\",\"index\":"
		"\"1\"}]}]}";
	struct refused_host h;

	give(3);
	assert_int_equal(env_assign(1), 0);
	snprintf(fake_virt->refuse_open, sizeof(fake_virt->refuse_open), "it is on holiday");
	h = host_with(topology);
	refused_for_one_domain(&h,
			       "libvirt runs domain lv1, and cannot be asked: libvirt: it is on "
			       "holiday",
			       "web1");
}

/* As one does that its socket starts, or that has many domains. Who only lists does not spoil it
 * for those after him. */
static void a_libvirt_that_takes_its_time_is_waited_for(void **state UNUSED)
{
	struct attachment *v;
	size_t n;

	give(3);
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
	h = host_with(topology);
	notes = topology_notes(&h);
	assert_null(strstr(notes, "managed"));
	free(notes);
	lv1->config.devs[0].is_managed = true;
	h = host_with(topology);
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
	h = host_with(topology);
	notes = topology_notes(&h);
	assert_non_null(strstr(notes, "note: net0/2 (0000:05:10.4): "));
	assert_non_null(
		strstr(notes, "domain db1 is started with it the next time, and the topology gives "
			      "it to none; run: vfyard pci-detach db1 net0/2"));
	assert_null(strstr(notes, "net0/3"));
	assert_null(strstr(notes, "net0/1"));
}

static void assert_finding(const struct findings *f, const char *object, const char *text)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->v[i].object, object) && strstr(f->v[i].text, text))
			return;
	fail_msg("nothing says of %s: %s", object, text);
}

/* doctor says what check says, also of one that is off; import has words for it. */
static void doctor_knows_room_and_who_else_sets_a_vf(void **state UNUSED)
{
	struct fake_virt_domain *off = fake_virt_add("db1", false, 4);
	struct findings found = { 0 };
	struct topo_domain said = { 0 };
	struct attachment *v;
	struct domain d;
	size_t n;

	fake_root_add(&env.root, "run/libvirt/libvirt-sock=");
	give(3);
	fake_virt_put(lv1, &lv1->config, VF3, "hostdev0");
	fake_virt_put(off, &off->config, "0000:05:10.4", "hostdev0");
	off->config.devs[0].is_interface = off->config.devs[0].is_managed = true;
	env_reload();
	assert_int_equal(kvm_backend.domain_find(env.backend, "lv1", &d, &env.e), 0);
	kvm_backend.diagnose_domain(env.backend, &d, NULL, 0, &found);
	assert_int_equal(found.n, 1);
	assert_finding(&found, "room", "3 of its 4 PCIe ports are free");
	findings_done(&found);
	assert_int_equal(kvm_backend.list(env.backend, &d, &v, &n, &env.e), 0);
	assert_true(v[0].is_unasked);
	free(v);
	assert_int_equal(kvm_backend.domain_find(env.backend, "db1", &d, &env.e), 0);
	kvm_backend.diagnose_domain(env.backend, &d, NULL, 0, &found);
	assert_int_equal(found.n, 3);
	assert_finding(&found, "room", "3 of its 4 PCIe ports are free");
	assert_finding(&found, "interface", "0000:05:10.4 is a network interface");
	assert_finding(&found, "managed", "managed='yes' of 0000:05:10.4");
	findings_done(&found);
	/* A QEMU that nobody manages has room, too. */
	assert_int_equal(kvm_backend.domain_find(env.backend, "web1", &d, &env.e), 0);
	kvm_backend.diagnose_domain(env.backend, &d, NULL, 0, &found);
	assert_finding(&found, "room", "4 of its 4 PCIe ports are free");
	findings_done(&found);
	lv1->config.devs[0].is_managed = true;
	env_reload();
	assert_int_equal(kvm_backend.describe(env.backend, "lv1", &said, &env.e), 0);
	assert_says("managed='yes': libvirt gives its devices back to the host's drivers");
	assert_string_equal(said.libvirt, "lv1");
	topo_domain_done(&said);
	lv1->metadata = "<ovirt-vm:vm xmlns:ovirt-vm='http://ovirt.org/vm/1.0'/>";
	env_reload();
	assert_int_equal(kvm_backend.describe(env.backend, "lv1", &said, &env.e), -EBUSY);
	assert_says("oVirt gives it its VFs, and sets them up");
}

/* Where it is, is said again. */
static void another_libvirt_is_described_by_its_uri(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"lv1\",\"uri\":\"qemu:///session\"");
	_cleanup_free_ char *text = NULL, *json = NULL;
	struct topo_domain said = { 0 };
	json_t *doc;
	size_t size;
	FILE *out;

	host_with(topology);
	assert_int_equal(kvm_backend.describe(env.backend, "shop", &said, &env.e), 0);
	assert_string_equal(said.uri, "qemu:///session");
	topo_domain_done(&said);
	out = open_memstream(&text, &size);
	topology_print_text(env.topo, NULL, out);
	fclose(out);
	assert_non_null(strstr(text, "kvm: libvirt=lv1, uri=qemu:///session"));
	doc = topology_json(env.topo);
	json = json_dumps(doc, JSON_COMPACT);
	json_decref(doc);
	assert_non_null(strstr(json, "\"uri\":\"qemu:///session\""));
}

static char *as_read(const char *xml)
{
	json_t *o = definition_of(xml);
	char *text = o ? json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(o);
	return text;
}

static void assert_reads(const char *xml, const char *want)
{
	_cleanup_free_ char *text = as_read(xml);

	assert_non_null(text);
	assert_string_equal(text, want);
}

#define DOMAIN(devices)                                                                            \
	"<domain type='kvm' id='2'><name>a</name><metadata><x><devices><hostdev/></devices></x>"   \
	"</metadata><devices>" devices "</devices></domain>"

static void definitions_are_read_as_libvirt_prints_them(void **state UNUSED)
{
	_cleanup_free_ char *none = NULL;

	assert_reads(
		DOMAIN("<controller type='pci' index='0' model='pcie-root'><alias "
		       "name='pcie.0'/></controller>"
		       "<controller type='pci' index='1' model='pcie-root-port'><target "
		       "chassis='1' port='0x8'/><address type='pci' domain='0x0000' bus='0x00' "
		       "slot='0x01' function='0x0' multifunction='on'/></controller>"
		       "<controller type='pci' index='2' model='pcie-root-port'><target "
		       "chassis='2' port='0x9' hotplug='off'/></controller>"
		       "<controller type='pci' index='3' model='pcie-switch-upstream-port'>"
		       "<address type='pci' domain='0x0000' bus='0x01' slot='0x00' "
		       "function='0x0'/></controller>"
		       "<controller type='pci' index='4' model='pcie-switch-downstream-port'/>"),
		"{\"devices\":[],\"express\":true,\"ports\":[{\"bus\":1,\"free\":false},"
		"{\"bus\":4,\"free\":true}]}");
	/* A trunk's first VLAN; USB devices and those of mediated drivers are none of ours. */
	assert_reads(
		DOMAIN("<controller type='pci' index='0' model='pci-root'/>"
		       "<interface type='hostdev' managed='yes'><mac "
		       "address='52:54:00:aa:bb:cc'/><source><address type='pci' "
		       "domain='0x0001' bus='0xaf' slot='0x1f' function='0x7'/></source><vlan "
		       "trunk='yes'><tag id='42'/><tag id='47'/></vlan></interface>"
		       "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1'/>"
		       "<address bus='1' device='2'/></source></hostdev>"
		       "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source><address "
		       "uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/></source></hostdev>"
		       "<hostdev mode='subsystem' type='pci'><source><address domain='0x0000' "
		       "bus='0x100' slot='0x00' function='0x0'/></source></hostdev>"),
		"{\"devices\":[{\"alias\":\"\",\"host\":\"0001:af:1f.7\",\"interface\":true,"
		"\"mac\":\"52:54:00:aa:bb:cc\",\"managed\":true,\"vlan\":42}],\"express\":false,"
		"\"ports\":[]}");
	/* What a pool gave, as it stands in libvirt's own files. */
	assert_reads(DOMAIN("<interface type='network'><source network='pool'/><actual "
			    "type='hostdev' managed='yes'><source><address type='pci' "
			    "domain='0x0000' bus='0x05' slot='0x10' function='0x6'/></source>"
			    "</actual><address type='pci' domain='0x0000' bus='0x01' slot='0x00' "
			    "function='0x0'/></interface>"),
		     "{\"devices\":[{\"alias\":\"\",\"bus\":1,\"function\":0,\"host\":"
		     "\"0000:05:10.6\",\"interface\":true,\"managed\":true,\"slot\":0}],"
		     "\"express\":false,\"ports\":[]}");
	none = as_read("<domain><devices><hostdev></devices></domain>");
	assert_null(none);
	none = as_read("");
	assert_null(none);
}

/* What is asked of the host, and of its capture. */
static void says_what_there_is(const struct fake_virt_domain *off)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"lv1\"");
	struct attachment *v;
	struct domain d;
	size_t n;

	/* The running machine has it, its next start has it not. */
	assert_steps(topology, DEFINE);
	assert_int_equal(env_survey(), 0);
	assert_string_equal(vf_of(env_vf(3))->domain, "shop");
	assert_int_equal(kvm_backend.domain_find(env.backend, "lv1", &d, &env.e), 0);
	assert_int_equal(kvm_backend.list(env.backend, &d, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	assert_string_equal(v[0].guest_addr, "pci.1");
	assert_string_equal(v[0].uuid, lv1->uuid);
	assert_false(v[0].is_broken);
	free(v);
	assert_int_equal(kvm_backend.domain_find(env.backend, "off one", &d, &env.e), 0);
	assert_int_equal(d.id, 0);
	assert_int_equal(kvm_backend.list_defined(env.backend, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	assert_string_equal(v[0].domain, "off one");
	assert_string_equal(v[0].uuid, off->uuid);
	free(v);
	assert_int_equal(env_limits("lv1", 3, 4), -ENOSPC);
	assert_says("domain lv1 has 2 free PCIe ports of 3, 3 are needed");
	assert_int_equal(env_limits("lv1", 2, 1), -EBUSY);
	assert_says("domain off one of libvirt, which is off, has 0000:05:10.4 in its definition");
}

static void a_capture_says_what_the_host_said(void **state UNUSED)
{
	struct fake_virt_domain *off = fake_virt_add("off one", false, 4);
	unsigned n_opens;

	fake_root_add(&env.root, "run/libvirt/libvirt-sock=");
	fake_virt_put(off, &off->config, "0000:05:10.4", "ua-vfyard-net0-2");
	lv1->n_ports = 3;
	give(3);
	says_what_there_is(off);
	n_opens = fake_virt->n_opens;
	assert_true(n_opens > 0);
	fake_virt_capture(&env.root);
	env.root.host.root.write = NULL;
	env.root.host.symbol = NULL;
	env_reload();
	says_what_there_is(off);
	assert_int_equal(fake_virt->n_opens, n_opens);
}

static void what_a_capture_lacks_is_not_known(void **state UNUSED)
{
	struct attachment *v;
	struct domain d;
	size_t n;

	give(3);
	env.root.host.root.write = NULL;
	env_reload();
	assert_int_equal(kvm_backend.domain_find(env.backend, "lv1", &d, &env.e), 0);
	assert_int_equal(env_limits("lv1", 4, 1), -ENODATA);
	assert_says("what libvirt at qemu:///system says is not in this capture");
	/* What its process has open is. */
	assert_int_equal(kvm_backend.list(env.backend, &d, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	free(v);
	/* A file that leads elsewhere names no domain. */
	fake_root_add(&env.root,
		      "vfyard/libvirt/domains="
		      "../../../../../../../../etc/passwd-00000000 running persistent a");
	env_reload();
	assert_int_equal(env_limits("lv1", 4, 1), -ESRCH);
	assert_says("another libvirt than that at qemu:///system runs domain lv1");
}

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
	h = host_with(topology);
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

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	T(attach_goes_through_libvirt_and_into_the_running_machine),
	T(vslot_is_the_port_that_libvirt_calls_so),
	T(full_ports_are_counted_ahead),
	T(detach_ends_when_the_guest_has_let_go),
	T(a_guest_that_ignores_a_detach_keeps_the_vf),
	T(a_guest_that_refuses_is_believed_at_once),
	T(a_group_that_stays_open_is_said),
	T(libvirts_words_get_their_cure),
	T(success_is_looked_at),
	T(a_libvirt_that_hangs_ends_with_the_deadline),
	T(a_libvirt_that_dies_in_a_detach_is_asked_anew),
	T(a_libvirt_that_dies_in_an_attach_leaves_what_it_forgot),
	cmocka_unit_test_setup_teardown(a_signal_ends_the_wait_and_the_attach_is_undone,
					setup_holding, teardown),
	T(a_killed_run_leaves_no_process),
	T(without_libvirt_the_command_of_virsh_is_said),
	T(a_libvirt_that_refuses_is_asked_once),
	T(another_libvirts_domain_is_not_taken_for_ours),
	T(nobody_is_asked_with_no_attach),
	T(the_list_has_libvirts_port_and_number),
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
	T(functions_of_a_slot_are_not_plugged_into_what_runs),
	T(functions_of_a_slot_are_defined_as_one_device),
	T(ports_of_others_are_left_alone_in_a_definition),
	T(functions_of_a_slot_stay_while_it_runs),
	T(a_libvirt_that_does_not_answer_blocks_its_own_domains_only),
	T(a_definition_that_cannot_be_read_is_not_in_sync),
	T(a_libvirt_that_takes_its_time_is_waited_for),
	T(a_managed_device_has_a_note),
	T(a_definition_that_the_topology_left_behind_has_a_note),
	T(doctor_knows_room_and_who_else_sets_a_vf),
	T(another_libvirt_is_described_by_its_uri),
	T(definitions_are_read_as_libvirt_prints_them),
	T(a_capture_says_what_the_host_said),
	T(what_a_capture_lacks_is_not_known),
};

TEST_MAIN(tests)
