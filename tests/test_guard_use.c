// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions that a container or a program uses without VFIO. */
#include "test.h"

#include <string.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "host/open_files.h"
#include "host/open_nodes.h"
#include "fake_guard.h"

#define ELSEWHERE " is in another network namespace, such as a container's"

/* Adds a process with one file open, its name and its control group. */
static void add_process(struct fake_guard *t, unsigned pid, const char *comm, const char *cgroup,
			const char *file)
{
	char line[160];

	snprintf(line, sizeof(line), "proc/%u/comm=%s", pid, comm);
	fake_guard_add(t, line);
	snprintf(line, sizeof(line), "proc/%u/cgroup=%s", pid, cgroup);
	fake_guard_add(t, line);
	snprintf(line, sizeof(line), "proc/%u/fd/20 -> %s", pid, file);
	fake_guard_add(t, line);
}

static void netdev_of_a_container_is_refused(void **state)
{
	fake_guard_add(*state, DEV "/net/");
	fake_guard_in_use(*state, "its network device" ELSEWHERE);
}

static void netdev_of_a_container_behind_virtio_is_refused(void **state)
{
	fake_guard_add(*state, DEV "/virtio3/net/");
	fake_guard_in_use(*state, "its network device" ELSEWHERE);
}

static void rdma_device_of_a_container_is_refused(void **state)
{
	fake_guard_add(*state, DEV "/net/vf0/flags=0x1002");
	fake_guard_add(*state, DEV "/infiniband/");
	fake_guard_in_use(*state, "its RDMA device" ELSEWHERE);
}

static void driver_that_makes_no_netdev_is_free(void **state)
{
	fake_guard_add(*state, DEV "/msi_irqs/50=msix");
	fake_guard_add(*state, DEV "/infiniband/mlx5_3/node_type=1: CA");
	fake_guard_add(*state, DEV "/infiniband_verbs/uverbs3/dev=231:195");
	fake_guard_is_free(*state);
}

static void without_a_driver_nothing_is_in_use(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, DEV "/net/");
	assert_int_equal(unlinkat(t->host->root.fd, DEV "/driver", 0), 0);
	fake_guard_is_free(t);
}

static void pf_in_a_container_keeps_its_vfs(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, DEV "/net/");
	assert_int_equal(guard_pf(t->host, t->vf, FAKE_GUARD_LABEL, &t->e), -EBUSY);
	assert_non_null(strstr(t->e.cause, "its network device" ELSEWHERE));
}

static void program_on_uio_is_named(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, DEV "/uio/uio0/");
	add_process(t, 4999, "bash", "0::/", "/dev/uio1");
	fake_guard_is_free(t);
	add_process(t, 5000, "dpdk-testpmd", "0::/", "/dev/uio0");
	fake_guard_in_use(t, "dpdk-testpmd (pid 5000) has /dev/uio0 open");
	/* For a PF that keeps its driver it does not matter. */
	assert_int_equal(guard_pf(t->host, t->vf, FAKE_GUARD_LABEL, &t->e), 0);
}

static void guest_on_vdpa_is_named_with_its_scope(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, DEV "/vdpa0/vhost-vdpa-0/dev=508:0");
	fake_guard_add(t, DEV "/vdpa0/driver -> ../../../../bus/vdpa/drivers/vhost_vdpa");
	fake_guard_is_free(t);
	add_process(t, 4200, "qemu-system-x86",
		    "0::/machine.slice/machine-qemu-3-db1.scope/libvirt/emulator",
		    "/dev/vhost-vdpa-0");
	fake_guard_in_use(
		t, "qemu-system-x86 (pid 4200, machine-qemu-3-db1.scope) has /dev/vhost-vdpa-0 "
		   "open");
}

static void vdpa_device_of_the_host_is_refused(void **state)
{
	fake_guard_add(*state, DEV "/vdpa1/driver -> ../../../../bus/vdpa/drivers/virtio_vdpa");
	fake_guard_in_use(*state, "the host itself uses vdpa1 (driver virtio_vdpa)");
}

static void rdma_program_is_named_with_its_container(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, DEV "/infiniband_verbs/uverbs3/dev=231:195");
	add_process(t, 812, "ib_write_bw", "0::/lxc.payload.store1/init.scope",
		    "/dev/infiniband/uverbs3");
	fake_guard_in_use(t, "ib_write_bw (pid 812, lxc.payload.store1) has "
			     "/dev/infiniband/uverbs3 open");
}

static void mediated_device_is_refused(void **state)
{
	fake_guard_add(*state, DEV "/83b8f4f2-509f-382f-3c1e-e6bfe0fa1001/mdev_type -> "
				   "../mdev_supported_types/nvidia-558");
	fake_guard_in_use(*state, "it carries the mediated device "
				  "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001");
}

static void vgpu_is_in_use_while_it_has_a_type(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, DEV "/nvidia/current_vgpu_type=0");
	fake_guard_is_free(t);
	fake_guard_add(t, DEV "/nvidia/current_vgpu_type=1145");
	fake_guard_in_use(t, "it is a vGPU of type 1145");
}

static void names_from_outside_are_printed_clean(void **state)
{
	fake_guard_add(*state, DEV "/uio/uio0/");
	add_process(*state, 66, "a\033[2J b", "0::/x\033y", "/dev/uio0");
	fake_guard_in_use(*state, "a_[2J_b (pid 66, x_y) has /dev/uio0 open");
}

static void force_takes_it_and_says_so(void **state)
{
	static const char *const forced[] = { "net0/0" };
	struct fake_guard *t = *state;

	fake_guard_add(t, DEV "/net/");
	t->host->forced = forced;
	t->host->n_forced = 1;
	fake_guard_is_free(t);
	fflush(t->host->log.to);
	assert_string_equal(t->notes, "vfyard: net0/0 (0000:05:10.0): its network device" ELSEWHERE
				      "; overridden by --force\n");
}

static void assert_no_take(struct fake_guard *t, const char *fix)
{
	static const char *const forced[] = { "net0/0" };

	t->host->forced = forced;
	t->host->n_forced = 1;
	assert_int_equal(guard_take(t->host, t->vf, FAKE_GUARD_LABEL, &t->e), -ENOTSUP);
	assert_int_equal(t->e.status, EXIT_REFUSED);
	assert_string_equal(t->e.cause,
			    "its driver makes vGPUs of it, and another driver would end that");
	assert_string_equal(t->e.fix, fix);
}

static void vf_that_can_be_a_vgpu_is_never_taken(void **state)
{
	fake_guard_add(*state, DEV "/nvidia/current_vgpu_type=0");
	assert_no_take(*state,
		       "write driver=keep for it in the topology, and make the vGPU: "
		       "echo TYPE > /sys/bus/pci/devices/0000:05:10.0/nvidia/current_vgpu_type");
}

static void vf_with_types_of_mediated_devices_is_never_taken(void **state)
{
	fake_guard_add(*state, DEV "/mdev_supported_types/nvidia-558/available_instances=1");
	assert_no_take(*state, "give guests a mediated device (mdev) that is made on it");
}

/* Starts a process of this host that has @path open and waits; it ends with the test. */
static pid_t start_holder(const char *path)
{
	int ready[2], fd;
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
		if (fd < 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

struct looking {
	const char *path;
	pid_t pid;
	bool found;
};

static int look_for_zero(void *arg, const struct open_file *f)
{
	struct looking *l = arg;

	assert_int_equal(f->pid, l->pid);
	l->found |= !strcmp(f->target, l->path);
	return 0;
}

/* These are the kernel's own numbers, on this host. */
static void node_is_found_by_its_number(void **state UNUSED)
{
	struct device_node nodes[] = { { .name = "other", .number = 1 }, { .name = "zero" } };
	struct node_user user = { 0 };
	struct host h;
	const char *path = "/dev/zero", *end;
	struct looking l = { .path = path, .pid = start_holder(path) };
	struct stat st;
	bool is_partial = false;

	assert_int_equal(stat(path, &st), 0);
	nodes[1].number = st.st_rdev;
	assert_int_equal(host_open(&h, NULL, NULL), 0);
	assert_int_equal(open_files_each(&h, (uint32_t)l.pid, look_for_zero, &l, &is_partial), 0);
	assert_true(l.found);
	assert_false(is_partial);
	assert_int_equal(open_nodes_find(&h, nodes, 1, &user, &is_partial), 0);
	assert_int_equal(open_nodes_find(&h, nodes, 2, &user, &is_partial), 1);
	/* Somebody else may have it open, too, in a root directory of his own. */
	end = strstr(user.path, path);
	assert_non_null(end);
	assert_string_equal(end, path);
	/* A block device with the same number is another device. */
	nodes[1].is_block = true;
	assert_int_equal(open_nodes_find(&h, nodes, 2, &user, &is_partial), 0);
	host_close(&h);
	kill(l.pid, SIGKILL);
	assert_int_equal(waitpid(l.pid, NULL, 0), l.pid);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_guard_setup, fake_guard_teardown)

static const struct CMUnitTest tests[] = {
	T(netdev_of_a_container_is_refused),
	T(netdev_of_a_container_behind_virtio_is_refused),
	T(rdma_device_of_a_container_is_refused),
	T(driver_that_makes_no_netdev_is_free),
	T(without_a_driver_nothing_is_in_use),
	T(pf_in_a_container_keeps_its_vfs),
	T(program_on_uio_is_named),
	T(guest_on_vdpa_is_named_with_its_scope),
	T(vdpa_device_of_the_host_is_refused),
	T(rdma_program_is_named_with_its_container),
	T(mediated_device_is_refused),
	T(vgpu_is_in_use_while_it_has_a_type),
	T(names_from_outside_are_printed_clean),
	T(force_takes_it_and_says_so),
	T(vf_that_can_be_a_vgpu_is_never_taken),
	T(vf_with_types_of_mediated_devices_is_never_taken),
	cmocka_unit_test(node_is_found_by_its_number),
};

TEST_MAIN(tests)
