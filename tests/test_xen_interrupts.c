// SPDX-License-Identifier: GPL-2.0-or-later
/* Attached, acknowledged, and without interrupts: Dom0's kernel or the device model says so. */
#include <fcntl.h>
#include <unistd.h>

#include "fake_libxl_env.h"

#include "backend/xen/said.h"

static const struct bdf vf = { 0, 5, 0x10, 2 };

static int kernel_says(const char *record)
{
	struct said s = said_by_kernel(record, vf, 1);

	return s.is_failure ? s.code : -1;
}

static void records_of_the_kernel_are_understood(void **state UNUSED)
{
	assert_int_equal(
		kernel_says(
			"3,1234,5678,-;pciback 0000:05:10.2: xen map irq failed -28 for 1 domain\n"
			" SUBSYSTEM=pci\n DEVICE=+pci:0000:05:10.2\n"),
		28);
	assert_int_equal(kernel_says("4,5,6,-,caller=T1;pciback 0000:05:10.2: error enabling MSI-X "
				     "for guest 1: err -22!\n"),
			 22);
	/* This is from before Linux 5.8; and one that names its module, too. */
	assert_int_equal(kernel_says("4,5,6,-;xen-pciback: 0000:05:10.2: error enabling MSI for "
				     "guest 1: err -28\n"),
			 28);
	assert_int_equal(kernel_says("4,5,6,-;pciback 0000:05:10.2: xen_pciback: error enabling "
				     "MSI-X for guest 1: err -22!"),
			 22);
	/* There are several at once, as a file gives them. */
	assert_int_equal(
		kernel_says("6,1,2,-;usb 1-1: new\n K=V\n3,2,3,-;pciback 0000:05:10.2: xen "
			    "map irq failed -28 for 1 domain\n"),
		28);
}

static void records_about_something_else_do_not_count(void **state UNUSED)
{
	static const char *const others[] = {
		"",
		"\n",
		"no record at all",
		";pciback 0000:05:10.2:",
		"3,1,2,-;pciback 0000:05:10.4: xen map irq failed -28 for 1 domain\n",
		"3,1,2,-;pciback 0000:05:10.2: xen map irq failed -28 for 11 domain\n",
		"3,1,2,-;pciback 0000:05:10.2: xen map irq failed -28 for 32752 domain\n",
		"3,1,2,-;pciback 0000:05:10.2: xen map irq failed\n",
		"3,1,2,-;pciback 0000:05:10.2: error enabling MSI-X for guest\n",
		"4,1,2,-;pciback 0000:05:10.2: error enabling MSI-X for guest 2: err -28!\n",
		"6,1,2,-;pciback 0000:05:10.2: enabling device (0000 -> 0002)\n",
		/* Facility 1 means that a program wrote it. */
		"11,1,2,-;pciback 0000:05:10.2: xen map irq failed -28 for 1 domain\n",
		" pciback;0000:05:10.2: xen map irq failed -28 for 1 domain\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_int_equal(kernel_says(others[i]), -1);
}

static void lines_of_a_device_model_are_understood(void **state UNUSED)
{
	static const char line[] = "[00:05.0] msi_msix_setup: Error: Mapping of MSI-X (err: 28, "
				   "vec: 0xb1, entry 0x0)";

	assert_true(said_by_qemu(line, 5 << 3).is_failure);
	assert_int_equal(said_by_qemu(line, 5 << 3).code, 28);
	assert_false(said_by_qemu(line, 6 << 3).is_failure);
	assert_false(said_by_qemu("[00:05.0] xen_pt_realize: Real device", 5 << 3).is_failure);
	assert_false(said_by_qemu("", 0).is_failure);
	assert_int_equal(said_by_qemu("[00:05.0] x: Mapping of MSI", 5 << 3).code, 0);
}

/* A line is written in pieces, and reported once it is complete. */
static void a_file_is_read_by_lines(void **state UNUSED)
{
	struct said_log l;
	char text[SAID_MAX];
	struct fake_root f;
	FILE *out;

	fake_root_init(&f, NULL);
	fake_root_add(&f, "var/log/xen/qemu-dm-d.log=of before");
	said_open(&l, &f.host, "d", false);
	assert_true(l.fd >= 0);
	assert_false(said_next(&l, text, sizeof(text)));
	out = fdopen(root_openat(&f.host.root, O_WRONLY | O_APPEND, "var/log/xen/qemu-dm-d.log"),
		     "w");
	assert_non_null(out);
	fputs("one\ntw", out);
	fflush(out);
	assert_true(said_next(&l, text, sizeof(text)));
	assert_string_equal(text, "one");
	assert_false(said_next(&l, text, sizeof(text)));
	fputs("o\n", out);
	for (int i = 0; i < 700; i++) /* longer than anything that counts */
		fputc('x', out);
	fputs("\nend\n", out);
	fclose(out);
	assert_true(said_next(&l, text, sizeof(text)));
	assert_string_equal(text, "two");
	do
		assert_true(said_next(&l, text, sizeof(text)));
	while (strcmp(text, "end") != 0);
	assert_false(said_next(&l, text, sizeof(text)));
	said_close(&l);
	/* There is no log, and no way out of the directory. */
	said_open(&l, &f.host, "none", false);
	assert_false(said_next(&l, text, sizeof(text)));
	said_open(&l, &f.host, "../xen/qemu-dm-d", true);
	assert_int_equal(l.fd, -1);
	fake_root_done(&f);
}

/* These run on a host with logs, where VF 0 and 1 can be attached. */

static struct fake_domain *web1, *win;

static int setup(void **state)
{
	int r = env_setup(state);

	fake_root_add(&fake_xen.root,
		      "dev/kmsg=3,1,2,-;pciback 0000:05:10.0: xen map irq failed -28 "
		      "for 1 domain");
	fake_root_add(&fake_xen.root,
		      "var/log/xen/qemu-dm-win.log=[00:04.0] msi_msix_setup: Error: "
		      "Mapping of MSI-X (err: 28, of before)");
	web1 = fake_xen_add_domain(1, "web1", LIBXL_DOMAIN_TYPE_PV);
	win = fake_xen_add_domain(3, "win", LIBXL_DOMAIN_TYPE_HVM);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(env_assign(i), 0);
		fake_xen_give_msix(env_bdf(i), 3);
	}
	return r;
}

static void a_driver_with_interrupts_is_waited_for_not_at_all(void **state UNUSED)
{
	web1->has_driver = true;
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(env_state(0), VF_ATTACHED);
	assert_int_equal(env.backend->silent_domid, 0);
}

static void a_driver_without_interrupts_is_a_failed_attach(void **state UNUSED)
{
	web1->has_driver = true;
	web1->irq_errno = ENOSPC;
	assert_int_equal(env_attach("web1", 0), -EIO);
	assert_int_equal(env.e.status, EXIT_FAILED);
	assert_says(
		"the driver in domain web1 got no interrupts for it, and Dom0's kernel says: No "
		"space");
	assert_fix("extra_guest_irqs=64 nr_irqs=5120");
	/* It is as before, and free. */
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
	assert_int_equal(fake_xen_device(env_bdf(0))->owner, OWNER_IO);
	assert_null(env_node(0, "domid"));
}

static void another_reason_is_told_where_to_look(void **state UNUSED)
{
	web1->has_driver = true;
	web1->irq_errno = EINVAL;
	assert_int_equal(env_attach("web1", 0), -EIO);
	assert_fix("dmesg | grep 0000:05:10.0");
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
}

static void a_driver_that_goes_on_with_fewer_is_fine(void **state UNUSED)
{
	web1->has_driver = true;
	web1->irq_errno = ENOSPC;
	web1->takes_fewer = true;
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(env_state(0), VF_ATTACHED);
}

/* The record of an earlier attach is there, too. */
static void a_guest_without_a_driver_is_fine_and_waited_for_once(void **state UNUSED)
{
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(env_state(0), VF_ATTACHED);
	assert_int_equal(env.backend->silent_domid, 1);
	assert_int_equal(env_attach("web1", 1), 0);
}

/* The wait is over for that domain, but the check is not. */
static void a_domain_that_was_silent_is_still_looked_at(void **state UNUSED)
{
	assert_int_equal(env_attach("web1", 0), 0);
	web1->has_driver = true;
	web1->irq_errno = ENOSPC;
	assert_int_equal(env_attach("web1", 1), -EIO);
	assert_int_equal(env_state(1), VF_ASSIGNABLE);
	assert_int_equal(env_state(0), VF_ATTACHED);
}

static void force_makes_a_note_of_it(void **state UNUSED)
{
	static const char *const forced[] = { "web1" };

	web1->has_driver = true;
	web1->irq_errno = ENOSPC;
	fake_xen.root.host.forced = forced;
	fake_xen.root.host.n_forced = 1;
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(env_state(0), VF_ATTACHED);
}

static void without_the_log_nothing_is_known_and_nothing_waited_for(void **state UNUSED)
{
	unlinkat(fake_xen.root.host.root.fd, "dev/kmsg", 0);
	unlinkat(fake_xen.root.host.root.fd, "dev", AT_REMOVEDIR);
	web1->has_driver = true;
	web1->irq_errno = ENOSPC;
	assert_int_equal(env_attach("web1", 0), 0);
	assert_int_equal(env.backend->silent_domid, 0);
}

/* Its guest is never told, so that MSI-X is switched on says nothing. */
static void a_device_model_that_cannot_map_is_a_failed_attach(void **state UNUSED)
{
	win->has_driver = true;
	win->irq_errno = ENODEV;
	assert_int_equal(env_attach("win", 0), -EIO);
	assert_says("got no interrupts for it, and its device model says: No such device");
	assert_fix("tail /var/log/xen/qemu-dm-win.log");
	assert_int_equal(env_state(0), VF_ASSIGNABLE);
}

static void a_device_model_that_maps_is_fine(void **state UNUSED)
{
	win->has_driver = true;
	assert_int_equal(env_attach("win", 0), 0);
	assert_int_equal(env_state(0), VF_ATTACHED);
}

static struct attachment *list_all(size_t *n)
{
	struct attachment *v = NULL;

	env.e = (struct err){ 0 };
	assert_int_equal(xen_backend.list(env.backend, NULL, &v, n, &env.e), 0);
	return v;
}

/* This is about what xl did, or about a driver that came after the attach. */
static void the_list_knows_what_the_kernel_said_before(void **state UNUSED)
{
	_cleanup_free_ struct attachment *v = NULL;
	size_t n = 0;

	web1->has_driver = true;
	web1->irq_errno = ENOSPC;
	assert_int_equal(naive_attach(1, 1), 0);
	web1->irq_errno = 0;
	assert_int_equal(naive_attach(1, 2), 0);
	v = list_all(&n);
	assert_int_equal(n, 2);
	assert_int_equal(bdf_cmp(v[0].bdf, env_bdf(1)), 0);
	assert_false(v[0].is_ready);
	assert_string_equal(v[0].why, "the guest's driver got no interrupts for it");
	assert_true(v[1].is_ready);
	assert_null(v[1].why);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, env_teardown)

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(records_of_the_kernel_are_understood),
	cmocka_unit_test(records_about_something_else_do_not_count),
	cmocka_unit_test(lines_of_a_device_model_are_understood),
	cmocka_unit_test(a_file_is_read_by_lines),
	TEST(a_driver_with_interrupts_is_waited_for_not_at_all),
	TEST(a_driver_without_interrupts_is_a_failed_attach),
	TEST(another_reason_is_told_where_to_look),
	TEST(a_driver_that_goes_on_with_fewer_is_fine),
	TEST(a_guest_without_a_driver_is_fine_and_waited_for_once),
	TEST(a_domain_that_was_silent_is_still_looked_at),
	TEST(force_makes_a_note_of_it),
	TEST(without_the_log_nothing_is_known_and_nothing_waited_for),
	TEST(a_device_model_that_cannot_map_is_a_failed_attach),
	TEST(a_device_model_that_maps_is_fine),
	TEST(the_list_knows_what_the_kernel_said_before),
};

TEST_MAIN(tests)
