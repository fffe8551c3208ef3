// SPDX-License-Identifier: GPL-2.0-or-later
/* What is read from a QEMU's arguments. */
#include "fake_kvm.h"

#include <time.h>

#include "backend/kvm/cmdline.h"
#include "backend/kvm/qemu_opts.h"

static struct cmdline c;

/* Words are separated by blanks; '~' is a blank. */
static int parse(const char *words)
{
	char text[2048];
	size_t n = strlen(words) + 1;

	assert_true(n < sizeof(text));
	memcpy(text, words, n);
	for (size_t i = 0; i < n; i++)
		text[i] = text[i] == ' ' ? '\0' : text[i] == '~' ? ' ' : text[i];
	cmdline_done(&c);
	return cmdline_parse(&c, text, n);
}

static int teardown(void **state UNUSED)
{
	cmdline_done(&c);
	return 0;
}

static void programs_of_these_names_are_qemu(void **state UNUSED)
{
	static const char *const yes[] = { "qemu-system-x86_64 -S", "/usr/bin/qemu-system-aarch64",
					   "/usr/libexec/qemu-kvm", "kvm" };
	static const char *const no[] = { "bash", "qemu-img", "/usr/libexec/xen-qemu-system-i386",
					  "/usr/bin/python3 qemu-system-x86_64", "kvmtool" };

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		assert_int_equal(parse(yes[i]), 0);
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		assert_int_equal(parse(no[i]), -ENOENT);
	assert_int_equal(cmdline_parse(&c, "", 0), -ENOENT);
	assert_int_equal(cmdline_parse(&c, "qemu-kvm", 4), -ENOENT);
}

static void a_name_comes_in_three_forms(void **state UNUSED)
{
	assert_int_equal(parse("qemu-kvm -name web1"), 0);
	assert_string_equal(c.name, "web1");
	assert_int_equal(parse("qemu-kvm -name guest=web2,debug-threads=on"), 0);
	assert_string_equal(c.name, "web2");
	assert_int_equal(parse("qemu-kvm --name web3,process=x"), 0);
	assert_string_equal(c.name, "web3");
	assert_int_equal(parse("qemu-kvm -name debug-threads=on"), 0);
	assert_string_equal(c.name, "");
	assert_int_equal(parse("qemu-kvm -name a,,b"), 0);
	assert_string_equal(c.name, "a,b");
}

static void a_name_longer_than_any_is_cut(void **state UNUSED)
{
	char words[600] = "qemu-kvm -name ";

	memset(words + strlen(words), 'x', 500);
	assert_int_equal(parse(words), 0);
	assert_int_equal(strlen(c.name), sizeof(c.name) - 1);
}

static void a_monitor_is_found_in_each_form(void **state UNUSED)
{
	static const char *const forms[] = {
		"qemu-kvm -qmp unix:/run/a.qmp,server=on,wait=off",
		"qemu-kvm --qmp unix:/run/a.qmp,server,nowait",
		"qemu-kvm -qmp-pretty unix:/run/a.qmp,server",
		"qemu-kvm -qmp tcp:localhost:4444 -qmp unix:/run/a.qmp,server",
		"qemu-kvm -chardev socket,id=m0,path=/run/a.qmp,server=on -mon "
		"chardev=m0,mode=control",
		"qemu-kvm -mon m0,mode=control,pretty=on -chardev socket,path=/run/a.qmp,"
		"id=m0,server=on",
		"qemu-kvm -chardev stdio,id=m1 -mon m1 -chardev socket,id=m0,path=/run/a.qmp,server=on "
		"-mon chardev=m0,mode=control",
		"qemu-kvm -qmp unix:path=/run/a.qmp,server=on,wait=off",
		"qemu-kvm -qmp unix:server=on,path=/run/a.qmp",
		"qemu-kvm -qmp unix:/run/z.qmp,server,path=/run/a.qmp",
		"qemu-kvm -qmp unix:fd=3,server=on -qmp unix:path=/run/a.qmp,server=yes",
		"qemu-kvm -qmp unix:/run/a.qmp,nowait,server=true",
		"qemu-kvm -chardev socket,id=m0,path=/run/a.qmp,server -qmp chardev:m0",
		"qemu-kvm --chardev socket,id=m0,path=/run/a.qmp,server=y --mon "
		"mode=control,chardev=m0",
		/* Proxmox has it like this: the event monitor connects to its daemon. */
		"kvm -chardev socket,id=ev,path=/run/qmeventd.sock,reconnect-ms=5000 -mon "
		"chardev=ev,mode=control -chardev socket,id=m0,path=/run/a.qmp,server=on,wait=off "
		"-mon chardev=m0,mode=control",
		/* A monitor for people comes first. */
		"qemu-kvm -monitor unix:/run/a.hmp,server=on -mon chardev=m1 -chardev "
		"socket,id=m1,path=/run/b.hmp,server=on -qmp unix:/run/a.qmp,server=on",
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		assert_int_equal(parse(forms[i]), 0);
		assert_string_equal(c.qmp, "/run/a.qmp");
		assert_string_equal(c.qmp_more, "");
	}
	assert_int_equal(parse("qemu-kvm -qmp unix:/run/a,,b.qmp,server"), 0);
	assert_string_equal(c.qmp, "/run/a,b.qmp");
}

static void a_second_monitor_is_kept(void **state UNUSED)
{
	assert_int_equal(parse("qemu-kvm -qmp unix:/run/a,server -chardev "
			       "socket,id=m,path=/run/b,server=on -mon m,mode=control -qmp "
			       "unix:/run/c,server"),
			 0);
	assert_string_equal(c.qmp, "/run/a");
	assert_string_equal(c.qmp_more, "/run/b");
}

static void monitors_for_others_are_told(void **state UNUSED)
{
	static const struct {
		const char *words, *other;
	} forms[] = {
		{ "qemu-kvm -qmp unix:fd=3,server=on", "-qmp unix:fd=3,server=on" },
		{ "qemu-kvm -qmp tcp:localhost:4444,server=on",
		  "-qmp tcp:localhost:4444,server=on" },
		{ "qemu-kvm -mon chardev=m,mode=control", "-mon chardev=m,mode=control" },
		{ "qemu-kvm -qmp none", "" },
		{ "qemu-kvm -monitor stdio -mon m", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		assert_int_equal(parse(forms[i].words), 0);
		assert_string_equal(c.other, forms[i].other);
	}
}

static void other_monitors_are_none(void **state UNUSED)
{
	static const char *const forms[] = {
		"qemu-kvm",
		"qemu-kvm -qmp stdio",
		"qemu-kvm -qmp",
		"qemu-kvm -monitor unix:/run/a.hmp,server",
		"qemu-kvm -chardev socket,id=m0,path=/run/a.qmp -mon m0",
		"qemu-kvm -chardev socket,id=m0,fd=30,server=on -mon chardev=m0,mode=control",
		"qemu-kvm -chardev file,id=m0,path=/run/a.qmp -mon chardev=m0,mode=control",
		"qemu-kvm -mon chardev=m0,mode=control",
		"qemu-kvm -qmp unix:fd=3,server=on,wait=off",
		"qemu-kvm -qmp unix:/run/a.qmp",
		"qemu-kvm -qmp unix:/run/a.qmp,server=off",
		"qemu-kvm -qmp unix:/run/a.qmp,server=on,noserver",
		"qemu-kvm -qmp unix:/run/a.qmp,server=on,abstract=on",
		"qemu-kvm -qmp unix:path=,server=on",
		"qemu-kvm -qmp chardev:m0",
		"qemu-kvm -qmp vsock:3:1,server=on",
		"qemu-kvm -chardev socket,id=m0,path=/run/a.qmp,reconnect=1 -mon m0,mode=control",
		"qemu-kvm -chardev socket,id=m0,path=/run/a.hmp,server=on -mon m0,mode=readline",
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		assert_int_equal(parse(forms[i]), 0);
		assert_string_equal(c.qmp, "");
	}
}

static void libvirt_is_known_by_its_files(void **state UNUSED)
{
	assert_int_equal(parse("qemu-kvm -object {\"qom-type\":\"secret\",\"file\":\"/var/lib/"
			       "libvirt/qemu/domain-3-web1/master-key.aes\"}"),
			 0);
	assert_true(c.is_libvirt);
	assert_int_equal(parse("qemu-kvm -name web1 -drive file=/srv/libvirt.img"), 0);
	assert_false(c.is_libvirt);
}

static void vms_of_proxmox_are_known_by_their_files(void **state UNUSED)
{
	assert_int_equal(parse("/usr/bin/kvm -id 100 -name web1,debug-threads=on -chardev "
			       "socket,id=qmp,path=/var/run/qemu-server/100.qmp,server=on,wait=off "
			       "-mon chardev=qmp,mode=control"),
			 0);
	assert_string_equal(c.vmid, "100");
	assert_string_equal(c.qmp, "/var/run/qemu-server/100.qmp");
	cmdline_done(&c);
	assert_int_equal(parse("kvm -name a -pidfile /run/qemu-server/4100.pid"), 0);
	assert_string_equal(c.vmid, "4100");
	cmdline_done(&c);
	assert_int_equal(parse("kvm -name a -drive file=/srv/run/qemu-server/7/a.img -pidfile "
			       "/run/qemu-server/a.pid"),
			 0);
	assert_string_equal(c.vmid, "");
	cmdline_done(&c);
}

static void incus_and_lxd_are_known_by_their_files(void **state UNUSED)
{
	assert_int_equal(parse("/opt/incus/bin/qemu-system-x86_64 -S -name web1 -nodefaults "
			       "-readconfig /run/incus/web1/qemu.conf -pidfile "
			       "/run/incus/web1/qemu.pid"),
			 0);
	assert_string_equal(c.incus, "Incus");
	assert_string_equal(c.qmp, "");
	assert_int_equal(parse("qemu-system-x86_64 -name u1_web1 -readconfig "
			       "/var/snap/lxd/common/lxd/logs/web1/qemu.conf"),
			 0);
	assert_string_equal(c.incus, "LXD");
	assert_int_equal(
		parse("qemu-kvm -name a -drive file=/srv/incus/a.img -pidfile /run/qemu.pid"), 0);
	assert_null(c.incus);
}

static void host_devices_are_read_in_each_form(void **state UNUSED)
{
	char buf[BDF_STRLEN];

	assert_int_equal(
		parse("qemu-kvm -device vfio-pci,host=05:10.0,bus=p0 -device "
		      "{\"driver\":\"vfio-pci\",\"host\":\"0000:05:10.2\",\"id\":\"a\"} -device "
		      "virtio-net-pci -device vfio-pci,sysfsdev=/sys/bus/pci/devices/10000:01:00.0 "
		      "-device vfio-pci,host=nonsense -device {broken -device vfio-pci,id=x"),
		0);
	assert_int_equal(c.n_hosts, 3);
	assert_string_equal(bdf_str(buf, c.hosts[0]), "0000:05:10.0");
	assert_string_equal(bdf_str(buf, c.hosts[1]), "0000:05:10.2");
	assert_string_equal(bdf_str(buf, c.hosts[2]), "10000:01:00.0");
}

static void a_device_without_an_address_is_counted(void **state UNUSED)
{
	assert_int_equal(parse("qemu-kvm -device vfio-pci,fd=7 -device "
			       "vfio-pci,sysfsdev=/sys/bus/mdev/devices/a-b -device e1000e"),
			 0);
	assert_int_equal(c.n_hosts, 0);
	assert_int_equal(c.n_unread, 2);
}

static void a_machine_comes_in_each_form(void **state UNUSED)
{
	assert_int_equal(parse("qemu-kvm -machine pc-q35-8.2,accel=kvm"), 0);
	assert_string_equal(c.machine, "pc-q35-8.2");
	assert_int_equal(parse("qemu-kvm -M virt"), 0);
	assert_string_equal(c.machine, "virt");
	assert_int_equal(parse("qemu-kvm -machine accel=kvm,type=q35"), 0);
	assert_string_equal(c.machine, "q35");
	assert_int_equal(parse("qemu-kvm -machine accel=kvm"), 0);
	assert_string_equal(c.machine, "");
}

static void arguments_without_end_are_read_all_the_same(void **state UNUSED)
{
	static const char text[] = "qemu-kvm\0-name\0web1";

	assert_int_equal(cmdline_parse(&c, text, sizeof(text) - 1), 0);
	assert_string_equal(c.name, "web1");
}

static void options_are_found_by_their_whole_key(void **state UNUSED)
{
	char v[16];

	assert_true(qemu_opt("a,b=1,c=2", "x", "c", v, sizeof(v)));
	assert_string_equal(v, "2");
	assert_true(qemu_opt("a,b=1", "x", "x", v, sizeof(v)));
	assert_string_equal(v, "a");
	assert_false(qemu_opt("a,bb=1,nobb", "x", "b", v, sizeof(v)));
	assert_false(qemu_opt("", "x", "x", v, sizeof(v)));
	assert_true(qemu_opt("b=", "x", "b", v, sizeof(v)));
	assert_string_equal(v, "");
	assert_true(qemu_opt("a,b=1,b=2", "x", "b", v, sizeof(v)));
	assert_string_equal(v, "2");
	assert_true(qemu_opt("a,b", "x", "b", v, sizeof(v)));
	assert_string_equal(v, "on");
	assert_true(qemu_opt("a,nob", "x", "b", v, sizeof(v)));
	assert_string_equal(v, "off");
}

/* Makes @n monitors with a character device each, as libvirt does; the last one is a socket. */
static char *many_monitors(unsigned n, const char *more, size_t *ret_len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_len);

	fprintf(out, "qemu-kvm%c", 0);
	for (unsigned i = 0; i < n; i++)
		fprintf(out, "-mon%cmode=control,chardev=a%u%c", 0, i, 0);
	for (unsigned i = 0; i < n; i++)
		fprintf(out, "-chardev%csocket,id=b%u%c", 0, i, 0);
	fprintf(out, "%s%c%s%c", more ? "-qmp" : "-S", 0, more ? more : "", 0);
	fclose(out);
	return text;
}

static double seconds_for(unsigned n)
{
	size_t len;
	_cleanup_free_ char *text = many_monitors(n, NULL, &len);
	clock_t start = clock();

	for (unsigned i = 0; i < 8; i++) {
		cmdline_done(&c);
		assert_int_equal(cmdline_parse(&c, text, len), 0);
	}
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* 16 times as many take 16 times as long, not 256 times. */
static void the_time_grows_with_the_arguments_only(void **state UNUSED)
{
	double few, many;

	seconds_for(100);
	few = seconds_for(1500);
	many = seconds_for(24000);
	if (many > 64 * few + 0.05)
		fail_msg("%g s, and %g s for 16 times as many", few, many);
}

static void a_monitor_behind_many_others_is_found(void **state UNUSED)
{
	size_t len;
	_cleanup_free_ char *text = many_monitors(200, "unix:/run/x.qmp,server=on", &len);

	cmdline_done(&c);
	assert_int_equal(cmdline_parse(&c, text, len), 0);
	assert_string_equal(c.qmp, "/run/x.qmp");
}

static void no_more_monitors_are_read_than_a_machine_has(void **state UNUSED)
{
	size_t len;
	_cleanup_free_ char *text = many_monitors(4000, "unix:/run/x.qmp,server=on", &len);

	cmdline_done(&c);
	assert_int_equal(cmdline_parse(&c, text, len), 0);
	assert_string_equal(c.qmp, "");
}

#define TEST(f) cmocka_unit_test_teardown(f, teardown)

static const struct CMUnitTest tests[] = {
	TEST(programs_of_these_names_are_qemu),
	TEST(a_name_comes_in_three_forms),
	TEST(a_name_longer_than_any_is_cut),
	TEST(a_monitor_is_found_in_each_form),
	TEST(a_second_monitor_is_kept),
	TEST(monitors_for_others_are_told),
	TEST(other_monitors_are_none),
	TEST(libvirt_is_known_by_its_files),
	TEST(vms_of_proxmox_are_known_by_their_files),
	TEST(incus_and_lxd_are_known_by_their_files),
	TEST(host_devices_are_read_in_each_form),
	TEST(a_device_without_an_address_is_counted),
	TEST(a_machine_comes_in_each_form),
	TEST(arguments_without_end_are_read_all_the_same),
	TEST(options_are_found_by_their_whole_key),
	TEST(the_time_grows_with_the_arguments_only),
	TEST(a_monitor_behind_many_others_is_found),
	TEST(no_more_monitors_are_read_than_a_machine_has),
};

TEST_MAIN(tests)
