// SPDX-License-Identifier: GPL-2.0-or-later
/* Guests of libvirt that run: through its own API, with the guest's consent. */
#include "test.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_virt_env.h"
#include "backend/kvm/kvm.h"
#include "backend/kvm/libvirt/definition.h"

static void attach_goes_through_libvirt_and_into_the_running_machine(void **state UNUSED)
{
	lv_give(3);
	assert_non_null(lv_live(VF3));
	assert_null(lv_config(VF3));
	assert_string_equal(lv_live(VF3)->alias, "ua-vfyard-net0-3");
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
	assert_int_equal(lv_live(VF3)->bus, 3);
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
		lv_give(3);
		assert_int_equal(env_detach("lv1", 3), 0);
		assert_null(lv_live(VF3));
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
	lv_give(3);
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
	lv_give(3);
	assert_int_equal(env_detach("lv1", 3), -EBUSY);
	assert_says("the guest refuses to release it; it stays attached");
	assert_non_null(lv_live(VF3));
}

static void a_group_that_stays_open_is_said(void **state UNUSED)
{
	lv_give(3);
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
	lv_give(3);
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
	assert_null(lv_live(VF3));
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
	lv_give(3);
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
	return lv_setup(state);
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
	assert_null(lv_live(VF3));
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
	while (!lv_live(VF3))
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

	lv_give(3);
	assert_int_equal(kvm_backend.domain_find(env.backend, "lv1", &d, &env.e), 0);
	assert_int_equal(kvm_backend.list(env.backend, &d, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	assert_string_equal(v[0].guest_addr, "pci.1");
	assert_string_equal(v[0].uuid, lv1->uuid);
	assert_false(v[0].is_broken);
	free(v);
}

#define T(f) cmocka_unit_test_setup_teardown(f, lv_setup, lv_teardown)

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
					setup_holding, lv_teardown),
	T(a_killed_run_leaves_no_process),
	T(without_libvirt_the_command_of_virsh_is_said),
	T(a_libvirt_that_refuses_is_asked_once),
	T(another_libvirts_domain_is_not_taken_for_ours),
	T(nobody_is_asked_with_no_attach),
	T(the_list_has_libvirts_port_and_number),
};

TEST_MAIN(tests)
