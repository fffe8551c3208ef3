// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "fake_model.h"

static const struct fake_pf two_ports[] = {
	{ "0000:05:00.0", "enp5s0f0", "igb", "igbvf", 7, 7, 128, 2, -1 },
	{ "0000:05:00.1", "enp5s0f1", "igb", "igbvf", 7, 7, 128, 2, -1 },
};

/* There is a card with 64 VFs on a bus of their own, and one whose VFs follow it on its bus. */
static const struct fake_pf big[] = {
	{ "0000:3b:00.0", "ens1", "ixgbe", "ixgbevf", 64, 64, 256, 1, -1 },
	{ "0000:5e:00.0", "ens2", "ice", "iavf", 128, 128, 8, 1, -1 },
};

#define PF(name, bdf, n) "{\"name\":\"" name "\",\"bdf\":\"" bdf "\",\"numvfs\":" n "}"
#define DEV(pf, index)	 "{\"pf\":\"" pf "\",\"index\":\"" index "\"}"

static const char web_and_spare[] =
	"{\"version\":1,\"pf\":[" PF("net0", "0000:05:00.0", "7") "," PF(
		"net1", "0000:05:00.1",
		"7") "],\"vf\":[{\"pf\":\"net1\",\"index\":\"0-1\",\"driver\":\"assign\"},"
		     "{\"pf\":\"net1\",\"index\":\"1\",\"driver\":\"host\"}],\"domain\":[{\"name\":"
		     "\"web1\",\"devices\":[" DEV("net0", "0-2") "]}]}";

static const char both_ports[] = "{\"version\":1,\"pf\":[" PF("net0", "0000:05:00.0", "7") "," PF(
	"net1", "0000:05:00.1",
	"7") "],\"domain\":[{\"name\":\"a\",\"devices\":[" DEV("net0", "*") "," DEV("net1",
										    "*") "]}]}";

static const char big_card[] = "{\"version\":1,\"pf\":[" PF(
	"x", "0000:3b:00.0", "64") "],\"domain\":[{\"name\":\"a\",\"devices\":[" DEV("x",
										     "*") "]}]}";

static const char two_big_cards[] = "{\"version\":1,\"pf\":[" PF("x", "0000:3b:00.0", "64") "," PF(
	"y", "0000:5e:00.0",
	"128") "],\"domain\":[{\"name\":\"a\",\"devices\":[" DEV("x", "*") "," DEV("y", "*") "]}"
											     "]}";

/* Returns the text of hide=, "" when there is none. */
static const char *hide_of(const char *text, char buf[2048])
{
	const char *s = text ? strstr(text, " xen-pciback.hide=") : NULL;

	buf[0] = '\0';
	if (s) {
		s += strlen(" xen-pciback.hide=");
		snprintf(buf, 2048, "%.*s", (int)strcspn(s, "\""), s);
	}
	return buf;
}

static void vfs_of_domains_and_those_to_be_held_are_hidden(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, two_ports, 2, web_and_spare);
	m.in.cmdline = "placeholder root=/dev/sda1 ro quiet xen-pciback.hide=(0000:01:00.0)";
	m.in.own_hide = true;
	text = fake_model_render(&m, "grub", NULL);
	assert_golden("render/grub", text);
	fake_model_done(&m);
}

static void shell_reads_the_file_and_keeps_what_was_set(void **state UNUSED)
{
	static const char want[] = "quiet splash xen-pciback.hide=(0000:05:10.0)(0000:05:10.1)"
				   "(0000:05:10.2)(0000:05:10.4)|dom0_mem=1G\n"
				   "console=hvc0 xen-pciback.hide=(0000:05:10.0)(0000:05:10.1)"
				   "(0000:05:10.2)(0000:05:10.4)|dom0_mem=1G\n";
	_cleanup_file_ FILE *sh = NULL;
	char got[512];
	size_t n;

	sh = popen("for r in '' console=hvc0; do (set -eu; GRUB_CMDLINE_LINUX_DEFAULT='quiet "
		   "splash' GRUB_CMDLINE_XEN=dom0_mem=1G; [ -z \"$r\" ] || "
		   "GRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT=$r; . ./tests/golden/render/grub; "
		   "echo \"$GRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT|$GRUB_CMDLINE_XEN\"); done",
		   "r");
	assert_non_null(sh);
	n = fread(got, 1, sizeof(got) - 1, sh);
	got[n] = '\0';
	assert_int_equal(pclose(STEAL(sh)), 0);
	assert_string_equal(got, want);
}

static void interrupts_beyond_the_default_go_to_the_line_of_xen(void **state UNUSED)
{
	static const int vectors[] = { 3, 3 };
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, two_ports, 2, both_ports);
	m.in.vectors = vectors;
	text = fake_model_render(&m, "grub", NULL);
	assert_golden("render/grub-irqs", text);
	fake_model_done(&m);
}

static void ten_vfs_of_three_vectors_fit_the_default(void **state UNUSED)
{
	static const int vectors[] = { 3, 2 };
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, two_ports, 2, both_ports);
	m.in.vectors = vectors;
	m.topo->domains[0].devs[1].range = (struct topo_range){ 1, false, 0, 4 };
	text = fake_model_render(&m, "grub", NULL);
	assert_non_null(text); /* 7 * 3 + 5 * 2 = 31 */
	assert_null(strstr(text, "extra_guest_irqs"));
	m.topo->domains[0].devs[1].range.last = 5;
	free(text);
	text = fake_model_render(&m, "grub", NULL); /* 33 */
	assert_non_null(strstr(text, " extra_guest_irqs=64 nr_irqs=33792\""));
	assert_non_null(strstr(text, "enough for 162 CPUs: write 208 for each"));
	m.in.cpus = 256;
	free(text);
	text = fake_model_render(&m, "grub", NULL);
	assert_non_null(strstr(text, " extra_guest_irqs=64 nr_irqs=54272\"")); /* 53248 + 64 */
	assert_non_null(strstr(text, "enough for its 256 CPUs."));
	fake_model_done(&m);
}

static void assumed_vectors_are_said_to_be(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, two_ports, 2, both_ports);
	text = fake_model_render(&m, "grub", NULL);
	assert_non_null(text); /* 14 * 5 = 70 */
	assert_non_null(strstr(text, "70 MSI-X vectors (assumed where not readable)"));
	assert_non_null(strstr(text, "extra_guest_irqs=96"));
	fake_model_done(&m);
}

static void compact_covers_a_device_whose_functions_are_all_hidden(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	char hide[2048];
	struct fake_model m;

	fake_model_init(&m, two_ports, 2, both_ports);
	m.in.compact = true;
	text = fake_model_render(&m, "grub", NULL);
	assert_string_equal(hide_of(text, hide), "(0000:05:10.*)(0000:05:11.*)");
	assert_non_null(strstr(text, "wildcards match nothing else"));
	fake_model_done(&m);
}

static void compact_covers_a_bus_of_vfs_only(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	char hide[2048];
	struct fake_model m;

	fake_model_init(&m, big, 1, big_card);
	m.in.compact = true;
	text = fake_model_render(&m, "grub", NULL);
	assert_string_equal(hide_of(text, hide), "(0000:3c:*.*)");
	fake_model_done(&m);
}

static void compact_spares_a_vf_that_stays_with_the_host(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	char hide[2048];
	struct fake_model m;

	fake_model_init(&m, two_ports, 2, both_ports);
	m.in.compact = true;
	m.topo->domains[0].devs[1].range = (struct topo_range){ 1, false, 1, 6 };
	text = fake_model_render(&m, "grub", NULL); /* net1/0 is 10.1 */
	assert_string_equal(hide_of(text, hide),
			    "(0000:05:10.0)(0000:05:10.2)(0000:05:10.3)(0000:05:10.4)"
			    "(0000:05:10.5)(0000:05:10.6)(0000:05:10.7)(0000:05:11.*)");
	fake_model_done(&m);
}

static void compact_spares_a_vf_that_could_be_made(void **state UNUSED)
{
	/* An eighth VF of net0 would be 11.6. */
	static const struct fake_pf more[] = {
		{ "0000:05:00.0", NULL, "igb", "igbvf", 8, 7, 128, 2, -1 },
		{ "0000:05:00.1", NULL, "igb", "igbvf", 7, 7, 128, 2, -1 },
	};
	_cleanup_free_ char *text = NULL;
	char hide[2048];
	struct fake_model m;

	fake_model_init(&m, more, 2, both_ports);
	m.in.compact = true;
	text = fake_model_render(&m, "grub", NULL);
	assert_string_equal(hide_of(text, hide),
			    "(0000:05:10.*)(0000:05:11.0)(0000:05:11.1)(0000:05:11.2)"
			    "(0000:05:11.3)(0000:05:11.4)(0000:05:11.5)");
	fake_model_done(&m);
}

static void compact_spares_a_bridge_on_the_bus(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	char hide[2048];
	struct fake_model m;

	fake_model_init(&m, big, 1, big_card);
	fake_root_add(&m.root, "sys/bus/pci/devices/0000:3c:1f.0/class=0x060400");
	fake_model_reread(&m);
	m.in.compact = true;
	text = fake_model_render(&m, "grub", NULL);
	assert_string_equal(hide_of(text, hide),
			    "(0000:3c:00.*)(0000:3c:01.*)(0000:3c:02.*)(0000:3c:03.*)"
			    "(0000:3c:04.*)(0000:3c:05.*)(0000:3c:06.*)(0000:3c:07.*)");
	fake_model_done(&m);
}

static void compact_proves_nothing_beside_a_pf_that_hides_its_vfs(void **state UNUSED)
{
	static const struct fake_pf pfs[] = {
		{ "0000:3b:00.0", NULL, "ixgbe", "ixgbevf", 8, 8, 256, 1, -1 },
		{ "0000:81:00.0", NULL, "ice", NULL, 8, 0, 0, 0, -1 },
	};
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, pfs, 2,
			"{\"version\":1,\"pf\":[" PF("x", "0000:3b:00.0",
						     "8") "],\"domain\":[{\"name\":\"a\","
							  "\"devices\":[" DEV("x", "*") "]}]}");
	m.in.compact = true;
	text = fake_model_render(&m, "grub", NULL);
	assert_non_null(text);
	assert_null(strchr(text, '*'));
	assert_non_null(strstr(text, "do not tell yet where their VFs will be"));
	fake_model_done(&m);
}

static void more_than_1024_characters_are_refused_with_the_number(void **state UNUSED)
{
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(&m, big, 2, two_big_cards);
	assert_null(fake_model_render(&m, "grub", &e));
	assert_int_equal(e.status, EXIT_REFUSED);
	assert_string_equal(e.object, "hide=");
	assert_string_equal(e.cause, "192 VFs make 2688 characters, but the kernel takes 1024");
	assert_non_null(strstr(e.fix, "--compact"));
	assert_non_null(strstr(e.fix, "systemctl enable vfyard"));
	fake_model_done(&m);
}

static void compact_brings_192_vfs_below_the_limit(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	char hide[2048];
	struct fake_model m;

	fake_model_init(&m, big, 2, two_big_cards);
	m.in.compact = true;
	text = fake_model_render(&m, "grub", NULL);
	hide_of(text, hide);
	assert_int_equal(strncmp(hide, "(0000:3c:*.*)(0000:5e:01.*)(0000:5e:02.*)", 41), 0);
	assert_int_equal(strlen(hide), 13 + 16 * 14);
	fake_model_done(&m);
}

/* 72 VFs take 1008 characters, which fits into hide=, but not with the words around it. */
static void line_of_more_than_1023_bytes_is_refused_with_the_number(void **state UNUSED)
{
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(&m, big, 2, two_big_cards);
	m.topo->domains[0].devs[1].range = (struct topo_range){ 1, false, 0, 7 };
	assert_null(fake_model_render(&m, "grub", &e));
	assert_string_equal(e.cause,
			    "dom0's command line becomes 1025 bytes, but Xen cuts it at 1023");
	assert_non_null(strstr(e.fix, "render modprobe"));
	assert_int_equal(e.status, EXIT_REFUSED);
	fake_model_done(&m);
}

static void running_line_counts_without_the_hide_that_is_replaced(void **state UNUSED)
{
	char line[1024] = "placeholder xen-pciback.hide=(0000:3c:00.0) ", *text;
	struct fake_model m;
	struct err e = { 0 };

	/* 64 VFs take 896 characters, 914 with the word and a blank, so 109 are left. */
	fake_model_init(&m, big, 1, big_card);
	memset(line + strlen(line), 'x', 97);
	m.in.cmdline = line;
	m.in.own_hide = true;
	text = fake_model_render(&m, "grub", &e);
	assert_non_null(text);
	assert_non_null(strstr(text, "becomes 1023 of 1023 bytes"));
	free(text);
	line[strlen(line)] = 'x';
	assert_null(fake_model_render(&m, "grub", &e));
	assert_non_null(strstr(e.cause, "1024 bytes"));
	fake_model_done(&m);
}

static void a_hide_that_stands_elsewhere_stays_and_counts(void **state UNUSED)
{
	char line[1024] = "placeholder xen-pciback.hide=(0000:3c:00.0) ";
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(&m, big, 1, big_card);
	memset(line + strlen(line), 'x', 97);
	m.in.cmdline = line;
	assert_null(fake_model_render(&m, "grub", &e)); /* 31 more, and a blank */
	assert_non_null(strstr(e.cause, "1055 bytes"));
	fake_model_done(&m);
}

/* Of several hide= only the last one counts. */
static void what_is_hidden_already_is_kept(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL, *modprobe = NULL;
	char hide[2048];
	struct fake_model m;

	fake_model_init(&m, two_ports, 2, web_and_spare);
	/* There are a GPU, a bus of something, a VF of net0 that the topology leaves to the host,
	 * one that it hides anyway, and a wildcard over VFs only. */
	m.in.hidden = "(0b:00.0)(0000:0c:*.*) (0000:05:11.0)(0000:05:10.0)(05:10.*)";
	text = fake_model_render(&m, "grub", NULL);
	assert_string_equal(hide_of(text, hide),
			    "(0b:00.0)(0000:0c:*.*)(0000:05:10.0)(0000:05:10.1)(0000:05:10.2)"
			    "(0000:05:10.4)");
	assert_non_null(strstr(text, "# The first 2 entries are hidden already and kept"));
	modprobe = fake_model_render(&m, "modprobe", NULL);
	assert_non_null(strstr(modprobe, " hide=(0b:00.0)(0000:0c:*.*)(0000:05:10.0)"));
	fake_model_done(&m);
}

/* Renders, and counts notes that have @cause in them. */
static size_t count_notes(struct fake_model *m, const char *format, const char *cause)
{
	_cleanup_free_ char *text = NULL;
	size_t n = 0;

	problems_done(&m->notes);
	text = fake_model_render(m, format, NULL);
	assert_non_null(text);
	for (size_t i = 0; i < m->notes.n; i++)
		n += strstr(m->notes.v[i].err.cause, cause) != NULL;
	return n;
}

static void other_places_that_set_it_are_notes(void **state UNUSED)
{
	static char gpu[] = "(0b:00.0)";
	struct hide_source v[] = {
		{ "/etc/modprobe.d/a.conf", false, gpu },
		{ "/etc/modprobe.d/vfyard.conf", false, gpu },
		{ "/etc/modprobe.d/z.conf", false, gpu },
		{ HIDE_LINE, true, gpu },
		{ HIDE_LINE, true, gpu },
	};
	struct hide_sources s = { .v = v, .n = ARRAY_SIZE(v) };
	struct fake_model m;

	fake_model_init(&m, two_ports, 2, web_and_spare);
	m.in.hide_sources = &s;
	assert_int_equal(count_notes(&m, "grub", "only that of the command line counts"), 3);
	assert_int_equal(m.notes.n, 3);
	assert_int_equal(
		count_notes(&m, "modprobe", "only that one counts: this file has no effect"), 1);
	assert_int_equal(m.notes.n, 3);
	assert_int_equal(count_notes(&m, "modprobe", "a.conf, too, and only vfyard.conf counts"),
			 1);
	assert_int_equal(count_notes(&m, "modprobe", "z.conf, too, and only that one counts"), 1);
	s = (struct hide_sources){ .v = v + 1, .n = 1 };
	assert_int_equal(count_notes(&m, "modprobe", "hide="), 0);
	fake_model_done(&m);
}

static void computed_addresses_are_counted(void **state UNUSED)
{
	static const struct fake_pf pfs[] = {
		{ "0000:05:00.0", "enp5s0f0", "igb", "igbvf", 7, 7, 128, 2, -1 },
		{ "0000:05:00.1", "enp5s0f1", "igb", "igbvf", 7, 0, 128, 2, -1 },
	};
	_cleanup_free_ char *text = NULL, *modprobe = NULL, *made = NULL;
	struct fake_model m;

	fake_model_init(&m, pfs, 2, web_and_spare);
	text = fake_model_render(&m, "grub", NULL);
	assert_non_null(strstr(text, "# 1 of the addresses is computed (1 of net1): "));
	modprobe = fake_model_render(&m, "modprobe", NULL);
	assert_non_null(strstr(modprobe, "# 1 of the addresses is computed (1 of net1): "));
	fake_model_done(&m);
	fake_model_init(&m, two_ports, 2, web_and_spare);
	made = fake_model_render(&m, "grub", NULL);
	assert_null(strstr(made, "computed"));
	fake_model_done(&m);
}

static void a_bad_entry_or_one_that_takes_a_pf_is_named(void **state UNUSED)
{
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(&m, two_ports, 2, web_and_spare);
	m.in.hidden = "(0000:82.0.0)(0000:0b:00.0)";
	assert_null(fake_model_render(&m, "grub", &e));
	assert_non_null(strstr(e.cause, "'(0000:82.0.0)'"));
	m.in.hidden = "(0000:0b:00.0)(05:00.*)";
	e = (struct err){ 0 };
	assert_null(fake_model_render(&m, "modprobe", &e));
	assert_int_equal(e.status, EXIT_REFUSED);
	assert_non_null(strstr(e.cause, "(05:00.*) of the kernel's command line takes PF"));
	fake_model_done(&m);
}

static void segment_of_five_digits_would_disable_pciback(void **state UNUSED)
{
	static const struct fake_pf vmd = { "10000:e1:00.0", NULL, "nvme", "nvme", 7, 2, 1, 1, -1 };
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(
		&m, &vmd, 1,
		"{\"version\":1,\"pf\":[" PF("s", "10000:e1:00.0",
					     "2") "],\"domain\":[{\"name\":"
						  "\"d\",\"devices\":[" DEV("s", "*") "]}]}");
	assert_null(fake_model_render(&m, "grub", &e));
	assert_int_equal(e.status, EXIT_REFUSED);
	assert_string_equal(e.object, "10000:e1:00.2");
	assert_non_null(strstr(e.fix, "systemctl enable vfyard"));
	fake_model_done(&m);
}

static void autoprobe_0_is_said_to_defeat_it(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, two_ports, 2, both_ports);
	m.topo->pfs[1].has_autoprobe = true;
	text = fake_model_render(&m, "grub", NULL);
	assert_non_null(text);
	assert_non_null(strstr(text, "# net1 has autoprobe=0: nothing probes its VFs"));
	assert_null(strstr(text, "# net0 has autoprobe=0"));
	fake_model_done(&m);
}

static void nothing_to_hide_is_a_comment(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, two_ports, 2,
			"{\"version\":1,\"pf\":[" PF("net0", "0000:05:00.0", "7") "]}");
	text = fake_model_render(&m, "grub", NULL);
	assert_string_equal(
		text, "# No VF is given to a domain or has driver=assign: nothing to hide.\n");
	fake_model_done(&m);
}

static void topology_for_kvm_has_no_dom0(void **state UNUSED)
{
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(&m, two_ports, 2, both_ports);
	m.topo->hypervisor = TOPO_KVM;
	assert_null(fake_model_render(&m, "grub", &e));
	assert_int_equal(e.status, EXIT_USAGE);
	assert_non_null(strstr(e.fix, "render modprobe"));
	fake_model_done(&m);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(vfs_of_domains_and_those_to_be_held_are_hidden),
	cmocka_unit_test(shell_reads_the_file_and_keeps_what_was_set),
	cmocka_unit_test(interrupts_beyond_the_default_go_to_the_line_of_xen),
	cmocka_unit_test(ten_vfs_of_three_vectors_fit_the_default),
	cmocka_unit_test(assumed_vectors_are_said_to_be),
	cmocka_unit_test(compact_covers_a_device_whose_functions_are_all_hidden),
	cmocka_unit_test(compact_covers_a_bus_of_vfs_only),
	cmocka_unit_test(compact_spares_a_vf_that_stays_with_the_host),
	cmocka_unit_test(compact_spares_a_vf_that_could_be_made),
	cmocka_unit_test(compact_spares_a_bridge_on_the_bus),
	cmocka_unit_test(compact_proves_nothing_beside_a_pf_that_hides_its_vfs),
	cmocka_unit_test(more_than_1024_characters_are_refused_with_the_number),
	cmocka_unit_test(compact_brings_192_vfs_below_the_limit),
	cmocka_unit_test(line_of_more_than_1023_bytes_is_refused_with_the_number),
	cmocka_unit_test(a_hide_that_stands_elsewhere_stays_and_counts),
	cmocka_unit_test(what_is_hidden_already_is_kept),
	cmocka_unit_test(other_places_that_set_it_are_notes),
	cmocka_unit_test(computed_addresses_are_counted),
	cmocka_unit_test(a_bad_entry_or_one_that_takes_a_pf_is_named),
	cmocka_unit_test(running_line_counts_without_the_hide_that_is_replaced),
	cmocka_unit_test(segment_of_five_digits_would_disable_pciback),
	cmocka_unit_test(autoprobe_0_is_said_to_defeat_it),
	cmocka_unit_test(nothing_to_hide_is_a_comment),
	cmocka_unit_test(topology_for_kvm_has_no_dom0),
};

TEST_MAIN(tests)
