// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "fake_model.h"

static const struct fake_pf two_ports[] = {
	{ "0000:05:00.0", "enp5s0f0", "igb", "igbvf", 7, 7, 128, 2, -1 },
	{ "0000:05:00.1", "enp5s0f1", "igb", "igbvf", 7, 0, 128, 2, -1 },
};

#define PFS                                                                                        \
	"\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":7},"         \
	"{\"name\":\"net1\",\"bdf\":\"0000:05:00.1\",\"numvfs\":7}]"

static const char topology[] =
	"{" PFS ",\"domain\":["
	"{\"name\":\"web1\",\"xen\":{\"type\":\"pv\",\"permissive\":1},\"devices\":["
	"{\"pf\":\"net0\",\"index\":\"0-2\"},"
	"{\"pf\":\"net1\",\"index\":\"0\",\"permissive\":0,\"name\":\"uplink\"}]},"
	"{\"name\":\"db1\",\"xen\":{\"type\":\"hvm\"},\"devices\":["
	"{\"pf\":\"net0\",\"index\":\"3-4\",\"rdm_policy\":\"relaxed\"},"
	"{\"pf\":\"net0\",\"index\":\"5\",\"vslot\":\"1a\",\"seize\":1}]},"
	"{\"name\":\"plain\",\"devices\":[{\"pf\":\"net1\",\"index\":\"3\"}]}]}";

static void each_domain_has_its_devices_and_what_they_need(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, two_ports, 2, topology);
	text = fake_model_render(&m, "xl", NULL);
	assert_golden("render/xl", text);
	assert_int_equal(m.notes.n, 0);
	fake_model_done(&m);
}

static void one_domain_alone_is_the_same_block(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, two_ports, 2, topology);
	m.in.domain = topology_find_domain(m.topo, "db1");
	text = fake_model_render(&m, "xl", NULL);
	assert_golden("render/xl-db1", text);
	fake_model_done(&m);
}

static void domain_without_vfs_is_made_ready_for_hot_plug(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, two_ports, 2,
			"{" PFS ",\"domain\":[{\"name\":\"empty\",\"xen\":{\"type\":\"pv\"},"
			"\"devices\":[]}]}");
	text = fake_model_render(&m, "xl", NULL);
	assert_non_null(text);
	assert_non_null(strstr(text, "pci = [ ]\n"));
	assert_non_null(strstr(text, "passthrough = \"enabled\"\n"));
	assert_non_null(strstr(text, "e820_host = 1\n"));
	fake_model_done(&m);
}

static void pvh_is_refused_with_the_types_to_write(void **state UNUSED)
{
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(&m, two_ports, 2, topology);
	m.topo->domains[1].xen_type = DOMAIN_PVH;
	assert_null(fake_model_render(&m, "xl", &e));
	assert_int_equal(e.status, EXIT_REFUSED);
	assert_string_equal(e.object, "db1");
	assert_non_null(strstr(e.fix, "type=pv or type=hvm"));
	fake_model_done(&m);
}

static void slot_in_a_pv_domain_is_a_note_with_its_place(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, two_ports, 2, topology);
	m.topo->domains[1].xen_type = DOMAIN_PV;
	text = fake_model_render(&m, "xl", NULL);
	assert_non_null(text);
	assert_int_equal(m.notes.n, 1);
	assert_int_equal(m.notes.n_errors, 0);
	assert_non_null(strstr(m.notes.v[0].err.cause, "vslot has no effect"));
	assert_int_equal(m.notes.v[0].loc.line, m.topo->domains[1].devs[1].loc.line);
	fake_model_done(&m);
}

static void one_slot_for_several_vfs_is_an_error(void **state UNUSED)
{
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(&m, two_ports, 2, topology);
	m.topo->domains[1].devs[0].options.vslot = 7;
	assert_null(fake_model_render(&m, "xl", &e));
	assert_int_equal(e.status, EXIT_USAGE);
	assert_non_null(strstr(e.cause, "vslot=7 for several VFs"));
	fake_model_done(&m);
}

/* There are nine PFs like an 82576: eight of them, with 56 VFs, fill a PV domain. */
static void open_big(struct fake_model *m, const char *type, unsigned n_vfs)
{
	static char bdfs[9][BDF_STRLEN];
	struct fake_pf pfs[9];
	_cleanup_free_ char *json = NULL;
	size_t len;
	FILE *out = open_memstream(&json, &len);

	fputs("{\"version\":1,\"pf\":[", out);
	for (unsigned i = 0; i < 9; i++) {
		bdf_str(bdfs[i], (struct bdf){ 0, (uint8_t)(0x11 + i), 0, 0 });
		pfs[i] = (struct fake_pf){ bdfs[i], NULL, "igb", "igbvf", 7, 7, 128, 2, -1 };
		fprintf(out, "%s{\"name\":\"p%u\",\"bdf\":\"%s\"}", i ? "," : "", i, bdfs[i]);
	}
	fprintf(out, "],\"domain\":[{\"name\":\"big\",\"xen\":{%s},\"devices\":[", type);
	for (unsigned i = 0; i < n_vfs; i++)
		fprintf(out, "%s{\"pf\":\"p%u\",\"index\":\"%u\"}", i ? "," : "", i / 7, i % 7);
	fputs("]}]}", out);
	fclose(out);
	fake_model_init(m, pfs, 9, json);
}

static void assert_big(const char *type, unsigned n_vfs, const char *cause, const char *fix)
{
	struct fake_model m;
	struct err e = { 0 };

	open_big(&m, type, n_vfs);
	assert_null(fake_model_render(&m, "xl", &e));
	assert_int_equal(e.status, EXIT_REFUSED);
	assert_string_equal(e.object, "big");
	assert_string_equal(e.cause, cause);
	assert_non_null(strstr(e.fix, fix));
	fake_model_done(&m);
}

static void assert_big_fits(const char *type, unsigned n_vfs, bool real_buses, size_t n_notes)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	open_big(&m, type, n_vfs);
	m.in.real_buses = real_buses;
	text = fake_model_render(&m, "xl", NULL);
	assert_non_null(text);
	assert_int_equal(m.notes.n, n_notes);
	fake_model_done(&m);
}

static void vf_57_of_a_pv_domain_is_refused_with_the_slots(void **state UNUSED)
{
	static const char cause[] =
		"PV domain big would need 33 virtual PCI slots for 57 devices, but it has 32";

	assert_big_fits("\"type\":\"pv\"", 56, false, 0);
	assert_big("\"type\":\"pv\"", 57, cause, "VFs of one host slot share a virtual slot");
	assert_big("", 57, cause, "attach fewer VFs");
	assert_big_fits("\"type\":\"pv\"", 63, true, 0);
}

static void more_than_30_vfs_of_an_hvm_domain_are_refused(void **state UNUSED)
{
	assert_big("\"type\":\"hvm\"", 31,
		   "HVM domain big has room for at most 30 devices, but 31 are asked for, and each "
		   "takes a PCI slot",
		   "use a PV domain");
	assert_big_fits("\"type\":\"hvm\"", 30, true, 1);
	assert_big_fits("\"type\":\"hvm\"", 27, false, 1);
	assert_big_fits("\"type\":\"hvm\"", 26, false, 0);
}

static void slot_of_an_hvm_domain_that_is_taken_is_refused(void **state UNUSED)
{
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(&m, two_ports, 2, topology);
	m.topo->domains[1].devs[1].options.vslot = 1;
	assert_null(fake_model_render(&m, "xl", &e));
	assert_string_equal(e.cause, "slot 01 of HVM domain db1 is for the ISA bridge");
	m.topo->domains[1].devs[1].options.vslot = 7;
	m.topo->domains[1].devs[0].options.vslot = 7;
	m.topo->domains[1].devs[0].range.last = m.topo->domains[1].devs[0].range.first;
	e = (struct err){ 0 };
	assert_null(fake_model_render(&m, "xl", &e));
	assert_string_equal(e.cause, "slot 07 of HVM domain db1 is for another one of these");
	assert_int_equal(e.status, EXIT_REFUSED);
	fake_model_done(&m);
}

static void computed_addresses_are_marked(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	/* net0 has its VFs, net1 has none. */
	fake_model_init(&m, two_ports, 2, topology);
	text = fake_model_render(&m, "xl", NULL);
	assert_non_null(strstr(text, "'0000:05:10.4,permissive=1',\t# net0/2\n"));
	assert_non_null(strstr(text, "# net1/0, name uplink, computed\n"));
	assert_non_null(strstr(text, "pci = [ '0000:05:10.7' ]\t# net1/3, computed\n"));
	assert_non_null(strstr(text, "# computed: the VF is not made yet, and may get another"));
	fake_model_done(&m);
}

/* Renders @format for a topology with one PF and one VF of it. Returns NULL with @e. */
static char *render_one(const char *format, const struct fake_pf *pf, const char *numvfs,
			unsigned index, struct err *e)
{
	struct fake_model m;
	char json[256], *text;

	snprintf(json, sizeof(json),
		 "{\"version\":1,\"pf\":[{\"name\":\"p\",\"bdf\":\"%s\"%s}],\"domain\":[{"
		 "\"name\":\"d\",\"devices\":[{\"pf\":\"p\",\"index\":\"%u\"}]}]}",
		 pf->bdf, numvfs, index);
	fake_model_init(&m, pf, 1, json);
	text = fake_model_render(&m, format, e);
	fake_model_done(&m);
	return text;
}

static const char *const formats[] = { "xl", "grub", "modprobe", "qemu", "readconfig", "libvirt" };

static void assert_none_renders(const struct fake_pf *pf, const char *numvfs, unsigned index,
				const char *cause, const char *fix)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct err e = { 0 };

		assert_null(render_one(formats[i], pf, numvfs, index, &e));
		assert_int_equal(e.status, EXIT_REFUSED);
		assert_string_equal(e.cause, cause);
		assert_non_null(strstr(e.fix, fix));
	}
}

static void numvfs_that_cannot_be_is_refused(void **state UNUSED)
{
	static const struct fake_pf cx7 = {
		"0000:3b:00.0", NULL, "mlx5_core", NULL, 16, 0, 1, 1, -1
	};
	static const struct fake_pf qat = { "0000:3d:00.0", NULL, "c6xx", NULL, 16, 0, 8, 1, -1 };
	char *text = render_one("xl", &cx7, ",\"numvfs\":16", 15, NULL);

	assert_non_null(text);
	free(text);
	assert_none_renders(&cx7, ",\"numvfs\":24", 0, "numvfs=24, but the device can have 16",
			    "firmware");
	assert_none_renders(&cx7, "", 16, "the device can have 16 VFs, counted from 0",
			    "write numvfs=16 or less");
	assert_none_renders(&qat, ",\"numvfs\":4", 0,
			    "numvfs=4, but driver c6xx makes all 16 VFs or none",
			    "write numvfs=16");
}

static void vf_beyond_the_last_bus_is_refused(void **state UNUSED)
{
	static const struct fake_pf last = {
		"0000:ff:00.0", NULL, "ixgbe", NULL, 64, 0, 128, 2, -1
	};
	static const struct fake_pf beyond = {
		"0000:ff:00.1", NULL, "ixgbe", NULL, 64, 0, 130, 2, -1
	};
	char *text = render_one("xl", &last, "", 63, NULL);

	assert_non_null(text);
	assert_non_null(strstr(text, "'0000:ff:1f.6'"));
	free(text);
	assert_none_renders(&beyond, "", 63,
			    "it would be beyond bus ff, the last of its PCI segment",
			    "smaller numvfs=");
}

static void pf_that_is_not_here_is_named(void **state UNUSED)
{
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(&m, two_ports, 1, topology);
	assert_null(fake_model_render(&m, "xl", &e));
	assert_string_equal(e.object, "net1/0");
	assert_string_equal(e.cause, "PF net1 is not on this host");
	fake_model_done(&m);
}

static void address_that_shows_only_later_is_not_made_up(void **state UNUSED)
{
	static const struct fake_pf silent[] = {
		{ "0000:05:00.0", "enp5s0f0", "igb", "igbvf", 7, 0, 0, 0, -1 },
		{ "0000:05:00.1", "enp5s0f1", "igb", "igbvf", 7, 7, 128, 2, -1 },
	};
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(&m, silent, 2, topology);
	assert_null(fake_model_render(&m, "xl", &e));
	assert_non_null(strstr(e.cause, "only while the PF has some"));
	assert_non_null(strstr(e.fix, "run: vfyard apply --no-attach"));
	fake_model_done(&m);
}

static void star_of_a_pf_without_vfs_is_an_error(void **state UNUSED)
{
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(&m, &two_ports[1], 1,
			"{\"version\":1,\"pf\":[{\"name\":\"net1\",\"bdf\":\"0000:05:00.1\"}],"
			"\"domain\":[{\"name\":\"d\",\"devices\":[{\"pf\":\"net1\",\"index\":\"*\"}"
			"]}]}");
	assert_null(fake_model_render(&m, "xl", &e));
	assert_non_null(strstr(e.cause, "net1/* matches no VF"));
	assert_non_null(strstr(e.fix, "write numvfs="));
	fake_model_done(&m);
}

static const char segments[] =
	"{\"version\":1,\"pf\":[{\"name\":\"a\",\"bdf\":\"0000:05:00.0\",\"numvfs\":2},"
	"{\"name\":\"b\",\"bdf\":\"0001:05:00.0\",\"numvfs\":2}],\"domain\":[{\"name\":\"d\","
	"\"xen\":{\"type\":\"hvm\"},\"devices\":[{\"pf\":\"a\",\"index\":\"*\"},"
	"{\"pf\":\"b\",\"index\":\"0\"}]}]}";

static void equal_addresses_of_two_segments_collide_in_an_hvm_domain(void **state UNUSED)
{
	static const struct fake_pf pfs[] = {
		{ "0000:05:00.0", NULL, "igb", "igbvf", 7, 2, 128, 2, -1 },
		{ "0001:05:00.0", NULL, "igb", "igbvf", 7, 2, 128, 2, -1 },
	};
	_cleanup_free_ char *text = NULL;
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(&m, pfs, 2, segments);
	assert_null(fake_model_render(&m, "xl", &e));
	assert_string_equal(e.step, "0001:05:10.0");
	assert_non_null(strstr(e.cause, "05:10.0 in segment 0000 too"));
	m.topo->domains[0].xen_type = DOMAIN_PV;
	text = fake_model_render(&m, "xl", NULL);
	assert_non_null(text);
	assert_non_null(strstr(text, "'0001:05:10.0'"));
	fake_model_done(&m);
}

static void segment_of_five_digits_is_refused(void **state UNUSED)
{
	static const struct fake_pf vmd = { "10000:e1:00.0", NULL, "nvme", "nvme", 7, 2, 1, 1, -1 };
	struct fake_model m;
	struct err e = { 0 };

	fake_model_init(&m, &vmd, 1,
			"{\"version\":1,\"pf\":[{\"name\":\"s\",\"bdf\":\"10000:e1:00.0\"}],"
			"\"domain\":[{\"name\":\"d\",\"devices\":[{\"pf\":\"s\",\"index\":\"0\"}]}]"
			"}");
	assert_null(fake_model_render(&m, "xl", &e));
	assert_non_null(strstr(e.cause, "four digits"));
	fake_model_done(&m);
}

static void line_break_in_a_name_does_not_end_the_comment(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, two_ports, 2, topology);
	m.in.domain = &m.topo->domains[2];
	free(m.topo->domains[2].xen_vm);
	m.topo->domains[2].xen_vm = strdup("x\nname = \"evil\"\\");
	text = fake_model_render(&m, "xl", NULL);
	assert_non_null(text);
	assert_non_null(strstr(text, "# x?name = 'evil'? (taken as PV"));
	fake_model_done(&m);
}

static void unknown_format_lists_what_there_is(void **state UNUSED)
{
	const struct renderer *r = NULL;
	struct err e = { 0 };

	assert_int_equal(renderer_find(&r, "vbox", &e), -EINVAL);
	assert_int_equal(e.status, EXIT_USAGE);
	assert_string_equal(e.cause, "unknown format 'vbox'");
	assert_string_equal(e.fix,
			    "write one of xl, grub, modprobe, qemu, readconfig, libvirt, dot, svg");
	assert_null(r);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(each_domain_has_its_devices_and_what_they_need),
	cmocka_unit_test(one_domain_alone_is_the_same_block),
	cmocka_unit_test(domain_without_vfs_is_made_ready_for_hot_plug),
	cmocka_unit_test(pvh_is_refused_with_the_types_to_write),
	cmocka_unit_test(slot_in_a_pv_domain_is_a_note_with_its_place),
	cmocka_unit_test(one_slot_for_several_vfs_is_an_error),
	cmocka_unit_test(vf_57_of_a_pv_domain_is_refused_with_the_slots),
	cmocka_unit_test(more_than_30_vfs_of_an_hvm_domain_are_refused),
	cmocka_unit_test(slot_of_an_hvm_domain_that_is_taken_is_refused),
	cmocka_unit_test(computed_addresses_are_marked),
	cmocka_unit_test(numvfs_that_cannot_be_is_refused),
	cmocka_unit_test(vf_beyond_the_last_bus_is_refused),
	cmocka_unit_test(pf_that_is_not_here_is_named),
	cmocka_unit_test(address_that_shows_only_later_is_not_made_up),
	cmocka_unit_test(star_of_a_pf_without_vfs_is_an_error),
	cmocka_unit_test(equal_addresses_of_two_segments_collide_in_an_hvm_domain),
	cmocka_unit_test(segment_of_five_digits_is_refused),
	cmocka_unit_test(line_break_in_a_name_does_not_end_the_comment),
	cmocka_unit_test(unknown_format_lists_what_there_is),
};

TEST_MAIN(tests)
