// SPDX-License-Identifier: GPL-2.0-or-later
/* What facts mean: the IOMMU's, a PF's, those of files that set VFs. */
#include "test.h"

#include <string.h>

#include "backend/kvm/kvm.h"
#include "engine/doctor/doctor_parts.h"
#include "host/boot/iommu_facts.h"
#include "host/boot/owners.h"
#include "host/inventory/pf_room.h"

static void the_last_word_of_the_command_line_counts(void **state UNUSED)
{
	static const struct {
		const char *line;
		enum iommu_make make;
		const char *word;
	} lines[] = {
		{ "ro quiet", IOMMU_VTD, "" },
		{ "intel_iommu=off", IOMMU_VTD, "intel_iommu=off" },
		{ "intel_iommu=off intel_iommu=on", IOMMU_VTD, "" },
		{ "intel_iommu=on,off ro", IOMMU_VTD, "intel_iommu=on,off" },
		{ "intel_iommu=on,sm_on", IOMMU_VTD, "" },
		{ "intel_iommu=offline", IOMMU_VTD, "" },
		{ "xintel_iommu=off", IOMMU_VTD, "" },
		{ "amd_iommu=off", IOMMU_VTD, "" },
		{ "amd_iommu=off", IOMMU_AMDVI, "amd_iommu=off" },
		{ "iommu=soft", IOMMU_AMDVI, "iommu=soft" },
		{ "iommu=pt", IOMMU_AMDVI, "" },
		{ "iommu=off", IOMMU_SMMU, "" },
		{ "iommu=off", IOMMU_NONE, "iommu=off" },
		{ "iommu=", IOMMU_VTD, "" },
		{ "", IOMMU_VTD, "" },
	};
	char word[64];

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		iommu_off_word(lines[i].line, lines[i].make, word);
		assert_string_equal(word, lines[i].word);
	}
}

static void chips_tell_whether_interrupts_are_remapped(void **state UNUSED)
{
	assert_int_equal(iommu_remaps(" 24:  0  IR-PCI-MSI 16384-edge  pciehp\n"), 1);
	assert_int_equal(iommu_remaps(" 24:  0  IR-IO-APIC 2-edge  timer\n"), 1);
	assert_int_equal(iommu_remaps(" 24:  0  ITS-PCI-MSIX-0000:01:00.0  0 Edge\n"), 1);
	assert_int_equal(iommu_remaps("  0:  4  IO-APIC 2-edge  timer\n 24: 0 PCI-MSI\n"), 0);
	/* The unit's own interrupt says nothing, and neither do Xen's. */
	assert_int_equal(iommu_remaps("  0: 4 IO-APIC 2-edge timer\n 120: 0 DMAR-MSI 0-edge\n"), 0);
	assert_int_equal(iommu_remaps(" 48:  0  xen-pirq -msi-x  eth0\n 1: 2 IO-APIC\n"), UNKNOWN);
	assert_int_equal(iommu_remaps(""), UNKNOWN);
}

#define NONE  "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
#define SEVEN NONE NONE NONE NONE NONE NONE NONE

static void a_window_without_an_address_is_no_room(void **state UNUSED)
{
	struct pf_room r = { 0 };

	pf_room_resource(SEVEN "0x00000000fea00000 0x00000000fea1ffff 0x0000000000140204\n" NONE,
			 &r);
	assert_false(r.is_without_memory);
	assert_int_equal(r.memory, 0x20000);
	pf_room_resource(SEVEN "0x0000000000000000 0x000000000001ffff 0x0000000000140204\n", &r);
	assert_true(r.is_without_memory);
	r = (struct pf_room){ 0 };
	pf_room_resource(SEVEN "0x0000000000001000 0x0000000000020fff 0x0000000020140204\n", &r);
	assert_true(r.is_without_memory);
	/* The PF's own BARs are other lines; without flags nothing is wanted; half a line is none.
	 */
	r = (struct pf_room){ 0 };
	pf_room_resource("0x0 0x1ffff 0x40200\n" NONE NONE, &r);
	pf_room_resource(SEVEN NONE "0x0000000000000000 0x000", &r);
	pf_room_resource("", &r);
	assert_false(r.is_without_memory);
	assert_int_equal(r.memory, 0);
}

static void vfs_beyond_the_last_bus_are_counted_out(void **state UNUSED)
{
	struct pf pf = { .bdf = { 0, 3, 0, 0 }, .totalvfs = 7, .offset = 128, .stride = 2 };

	assert_int_equal(pf_room_buses(&pf, 3), 7);
	assert_int_equal(pf_room_buses(&pf, 2), 0);
	pf.totalvfs = 256;
	assert_int_equal(pf_room_buses(&pf, 3), 64);
	assert_int_equal(pf_room_buses(&pf, 4), 192);
	assert_int_equal(pf_room_buses(&pf, 5), 256);
	pf.totalvfs = 0;
	assert_int_equal(pf_room_buses(&pf, 3), 0);
}

static void a_line_is_found_with_its_number_and_comments_are_not(void **state UNUSED)
{
	static const char *const words[] = { "sriov_numvfs", "[SR-IOV]", NULL }, *const any[] = {
		"", NULL
	};
	const char *at;

	assert_int_equal(
		owners_find_line("a\n  # sriov_numvfs\n\t echo 4 > sriov_numvfs\n", words, &at), 3);
	assert_memory_equal(at, "echo 4", 6);
	assert_int_equal(owners_find_line("; [SR-IOV]\n[SR-IOV]", words, &at), 2);
	assert_int_equal(owners_find_line("sriov\n_numvfs\n", words, &at), 0);
	assert_int_equal(owners_find_line("", words, &at), 0);
	assert_int_equal(owners_find_line("\n", any, &at), 1);
	assert_int_equal(owners_find_line("x", any, &at), 1);
	assert_int_equal(owners_find_line("", any, &at), 0);
}

static void a_name_is_a_whole_word(void **state UNUSED)
{
	char text[] = "OriginalName=eth0 eth11 0000:01:00.0", path[] = "x/pci-0000:02:00.0";
	struct owner o = { .text = text };

	snprintf(o.path, sizeof(o.path), "%s", path);
	assert_true(owner_mentions(&o, "eth0"));
	assert_true(owner_mentions(&o, "eth11"));
	assert_false(owner_mentions(&o, "eth1"));
	assert_false(owner_mentions(&o, "th0"));
	assert_true(owner_mentions(&o, "0000:01:00.0"));
	assert_true(owner_mentions(&o, "02:00.0"));
	assert_false(owner_mentions(&o, "2:00.0"));
	assert_false(owner_mentions(&o, ""));
}

/* What is said of a PF, and how grave it is. */
static void says(const struct pf_facts *f, enum finding_level level, const char *words)
{
	struct findings all = { .area = "Cards" };
	bool is_said = false;

	pf_facts_say(f, &all);
	for (size_t i = 0; i < all.n; i++)
		is_said |= all.v[i].level == level && strstr(all.v[i].text, words);
	assert_true(is_said);
	if (level == FINDING_PROBLEM)
		assert_true(all.n_problems == 1 && all.v[0].fix[0]);
	findings_done(&all);
}

static void each_fact_of_a_pf_is_told(void **state UNUSED)
{
	const struct pf pf = { .driver = "igb", .netdev = "eth0", .totalvfs = 7, .autoprobe = 1 };
	const struct pf made = {
		.driver = "igb", .numvfs = 2, .totalvfs = 7, .autoprobe = 0, .is_switchdev = true
	};
	const struct pf_facts good = { .pf = &pf, .n_buses = 7, .vectors = UNKNOWN, .ari = 1 };
	struct pf_facts f = good;

	says(&f, FINDING_OK, "driver igb, 0 of 7 VFs");
	f.is_without_memory = true;
	says(&f, FINDING_PROBLEM, "no room for the memory");
	f = good;
	f.n_buses = 3;
	says(&f, FINDING_NOTE, "3 of its 7 VFs have a bus number");
	f.n_buses = 0;
	says(&f, FINDING_PROBLEM, "0 of its 7 VFs have a bus number");
	f = good;
	f.is_down = true;
	says(&f, FINDING_NOTE, "network device eth0 is down");
	f = good;
	f.other_card = "serial 1";
	says(&f, FINDING_NOTE, "another card is here");
	f = good;
	f.n_shared = 2;
	says(&f, FINDING_NOTE, "2 of its VFs share their IOMMU group");
	f = good;
	err_fix(&f.no_vfs, err_refuse(&f.no_vfs, ENOENT, "it makes none"), "do this");
	says(&f, FINDING_PROBLEM, "it makes none");
	/* What is there had room. */
	f = good;
	f.pf = &made;
	f.is_without_memory = true;
	f.count[VF_HOST] = 1;
	f.count[VF_ATTACHED] = 1;
	f.vectors = 3;
	says(&f, FINDING_OK, "driver igb, 2 of 7 VFs: 1 host, 1 attached; 3 interrupts each");
	says(&f, FINDING_NOTE, "sriov_drivers_autoprobe is 0");
	says(&f, FINDING_NOTE, "switchdev mode");
}

static bool has_word(const struct refusal_word *w, const char *row)
{
	for (; w->row; w++)
		if (!strcmp(w->row, row))
			return true;
	return false;
}

static void each_row_that_refuses_has_a_word_when_it_does_not(void **state UNUSED)
{
	const struct refusal *tables[] = { kvm_refusals, kvm_attach_refusals };

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		for (const struct refusal *row = tables[i]; row->name; row++)
			if (!has_word(kvm_words, row->name))
				fail_msg("no word for row '%s'", row->name);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(the_last_word_of_the_command_line_counts),
	cmocka_unit_test(chips_tell_whether_interrupts_are_remapped),
	cmocka_unit_test(a_window_without_an_address_is_no_room),
	cmocka_unit_test(vfs_beyond_the_last_bus_are_counted_out),
	cmocka_unit_test(a_line_is_found_with_its_number_and_comments_are_not),
	cmocka_unit_test(a_name_is_a_whole_word),
	cmocka_unit_test(each_fact_of_a_pf_is_told),
	cmocka_unit_test(each_row_that_refuses_has_a_word_when_it_does_not),
};

TEST_MAIN(tests)
