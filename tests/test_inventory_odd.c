// SPDX-License-Identifier: GPL-2.0-or-later
/* Hosts that lie, break or change while they are read. */
#include "test.h"

#include <string.h>
#include <fcntl.h>

#include "host/inventory/inventory.h"
#include "fake_root.h"

#define PF "sys/devices/pci0000:05/0000:05:00.0/"

/* A host with one PF and four VFs, what was read from it, and what was said meanwhile. */
struct odd {
	struct fake_root f;
	struct inventory *inv;
	char *notes;
	FILE *said;
};

static void odd_make(struct odd *o)
{
	static const struct fake_pf pf = {
		"0000:05:00.0", "enp5s0f0", "igb", "igbvf", 7, 4, 128, 2, 14
	};

	*o = (struct odd){ 0 };
	fake_root_init(&o->f, NULL);
	fake_root_add_pf(&o->f, &pf);
}

static void odd_add(struct odd *o, const char *line)
{
	fake_root_add(&o->f, line);
}

static void odd_remove(struct odd *o, const char *path)
{
	assert_int_equal(unlinkat(o->f.host.root.fd, path, 0), 0);
}

static void odd_read(struct odd *o)
{
	struct err e = { 0 };
	size_t size;

	o->f.host.log.to = open_memstream(&o->notes, &size);
	if (inventory_read(&o->inv, &o->f.host, INVENTORY_ALL, &e) < 0)
		fail_msg("%s", e.cause);
	fclose(o->f.host.log.to);
	o->f.host.log.to = NULL;
}

static void odd_done(struct odd *o)
{
	inventory_free(o->inv);
	free(o->notes);
	fake_root_done(&o->f);
}

/* Asserts one note with this text; NULL means silence. */
static void assert_noted(const struct odd *o, const char *text)
{
	if (!text) {
		assert_string_equal(o->notes, "");
		return;
	}
	if (!strstr(o->notes, text))
		fail_msg("'%s' is not in the notes: %s", text, o->notes);
	assert_ptr_equal(strchr(o->notes, '\n') + 1, strchr(o->notes, '\0'));
}

static void assert_broken(const struct odd *o, unsigned index, const char *bdf, const char *why)
{
	const struct vf *vf = &o->inv->pfs[0].vfs[index];
	char buf[BDF_STRLEN];

	assert_string_equal(bdf_str(buf, vf->bdf), bdf);
	assert_int_equal(vf->state, VF_BROKEN);
	assert_string_equal(vf->why, why);
	assert_null(vf->driver);
	assert_int_equal(vf->iommu_group, NO_GROUP);
	for (unsigned i = 0; i < o->inv->pfs[0].n_vfs; i++)
		assert_int_equal(o->inv->pfs[0].vfs[i].state, i == index ? VF_BROKEN : VF_HOST);
}

static void vf_without_link_is_broken_where_it_should_be(void **state UNUSED)
{
	struct odd o;

	odd_make(&o);
	odd_remove(&o, PF "virtfn2");
	odd_read(&o);
	assert_int_equal(o.inv->n_vfs, 4);
	assert_broken(&o, 2, "0000:05:10.4", "its virtfn link is missing");
	odd_done(&o);
}

static void vf_whose_link_dangles_is_broken(void **state UNUSED)
{
	struct odd o;

	odd_make(&o);
	odd_add(&o, PF "virtfn1 -> ../0000:77:00.0");
	odd_read(&o);
	assert_broken(&o, 1, "0000:05:10.2", "its virtfn link leads nowhere");
	odd_done(&o);
}

static void vf_whose_link_leads_elsewhere_is_broken(void **state UNUSED)
{
	struct odd o;

	odd_make(&o);
	odd_add(&o, PF "virtfn3 -> ../../../bus");
	odd_read(&o);
	assert_broken(&o, 3, "0000:05:10.6", "its virtfn link does not lead to a PCI function");
	odd_done(&o);
}

static void vf_without_driver_and_group_is_no_broken_one(void **state UNUSED)
{
	struct odd o;

	odd_make(&o);
	odd_remove(&o, "sys/devices/pci0000:05/0000:05:10.0/driver");
	odd_remove(&o, "sys/devices/pci0000:05/0000:05:10.0/iommu_group");
	odd_read(&o);
	assert_int_equal(o.inv->pfs[0].vfs[0].state, VF_HOST);
	assert_null(o.inv->pfs[0].vfs[0].driver);
	assert_int_equal(o.inv->pfs[0].vfs[0].iommu_group, NO_GROUP);
	assert_noted(&o, NULL);
	odd_done(&o);
}

static void more_vfs_claimed_than_linked_are_all_listed(void **state UNUSED)
{
	struct odd o;

	odd_make(&o);
	odd_add(&o, PF "sriov_numvfs=65535");
	odd_read(&o);
	assert_int_equal(o.inv->n_vfs, 65535);
	assert_int_equal(o.inv->pfs[0].n_vfs, o.inv->pfs[0].numvfs);
	assert_int_equal(o.inv->pfs[0].vfs[3].state, VF_HOST);
	assert_int_equal(o.inv->pfs[0].vfs[4].state, VF_BROKEN);
	assert_int_equal(o.inv->pfs[0].vfs[65534].state, VF_BROKEN);
	odd_done(&o);
}

static void more_vfs_linked_than_claimed_are_noted(void **state UNUSED)
{
	struct odd o;

	odd_make(&o);
	odd_add(&o, PF "sriov_numvfs=2");
	odd_read(&o);
	assert_int_equal(o.inv->n_vfs, 2);
	assert_noted(&o, "0000:05:00.0: sriov_numvfs is 2, but there is a virtfn2");
	odd_done(&o);
}

static void unreadable_count_is_taken_from_the_links(void **state UNUSED)
{
	struct odd o;

	odd_make(&o);
	odd_add(&o, PF "sriov_numvfs=four");
	odd_read(&o);
	assert_int_equal(o.inv->pfs[0].numvfs, 4);
	assert_int_equal(o.inv->n_vfs, 4);
	assert_noted(&o, "0000:05:00.0: read sriov_numvfs: 'four' is not a number that fits");
	odd_done(&o);
}

static void garbage_in_an_attribute_is_unknown_and_noted(void **state UNUSED)
{
	static const char *const values[] = { "", "x", "-1", "70000", "7 7", "1\\n2", "0x" };
	static const char *const files[] = { "sriov_totalvfs", "sriov_offset", "sriov_stride",
					     "sriov_drivers_autoprobe" };
	char line[128];

	for (size_t file = 0; file < ARRAY_SIZE(files); file++)
		for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
			const struct pf *pf;
			struct odd o;

			odd_make(&o);
			snprintf(line, sizeof(line), PF "%s=%s", files[file], values[i]);
			odd_add(&o, line);
			odd_read(&o);
			pf = &o.inv->pfs[0];
			assert_int_equal(o.inv->n_vfs, 4);
			assert_int_equal(pf->totalvfs, file == 0 ? 0 : 7);
			assert_int_equal(pf->offset, file == 1 ? 0 : 128);
			assert_int_equal(pf->stride, file == 2 ? 0 : 2);
			assert_int_equal(pf->autoprobe, file == 3 ? UNKNOWN : 1);
			assert_noted(&o, files[file]);
			odd_done(&o);
		}
}

static void autoprobe_is_yes_or_no_and_nothing_else(void **state UNUSED)
{
	struct odd o;

	odd_make(&o);
	odd_add(&o, PF "sriov_drivers_autoprobe=2");
	odd_read(&o);
	assert_int_equal(o.inv->pfs[0].autoprobe, UNKNOWN);
	odd_done(&o);
}

static void attributes_older_kernels_lack_are_unknown_without_a_word(void **state UNUSED)
{
	struct odd o;

	odd_make(&o);
	odd_remove(&o, PF "sriov_drivers_autoprobe");
	odd_remove(&o, PF "sriov_vf_device");
	odd_remove(&o, PF "numa_node");
	odd_read(&o);
	assert_int_equal(o.inv->pfs[0].autoprobe, UNKNOWN);
	assert_int_equal(o.inv->pfs[0].vf_device, 0);
	assert_int_equal(o.inv->pfs[0].numa_node, UNKNOWN);
	assert_noted(&o, NULL);
	odd_done(&o);
}

static void group_that_is_no_number_is_none_and_noted(void **state UNUSED)
{
	struct odd o;

	odd_make(&o);
	odd_add(&o, "sys/devices/pci0000:05/0000:05:10.0/iommu_group -> ../../../kernel/gone");
	odd_read(&o);
	assert_int_equal(o.inv->pfs[0].vfs[0].iommu_group, NO_GROUP);
	assert_int_equal(o.inv->pfs[0].vfs[0].state, VF_HOST);
	assert_noted(&o, "0000:05:10.0: read iommu_group: 'gone' is not a number");
	odd_done(&o);
}

static void function_whose_directory_is_gone_is_left_out(void **state UNUSED)
{
	struct odd o;

	odd_make(&o);
	odd_add(&o, "sys/bus/pci/devices/0000:04:00.0 -> ../../../devices/gone/0000:04:00.0");
	odd_read(&o);
	assert_int_equal(o.inv->n_pfs, 1);
	assert_noted(&o, "0000:04:00.0: vanished while it was read, left out");
	odd_done(&o);
}

/* The PF is removed when the note about one of its attributes is written, so those after it are
 * gone. */
static ssize_t remove_pf(void *arg, const char *text, size_t size)
{
	struct odd *o = arg;

	for (unsigned i = 0; i < 4; i++) {
		char link[64];

		snprintf(link, sizeof(link), PF "virtfn%u", i);
		unlinkat(o->f.host.root.fd, link, 0);
	}
	unlinkat(o->f.host.root.fd, PF "sriov_numvfs", 0);
	unlinkat(o->f.host.root.fd, PF "sriov_totalvfs", 0);
	unlinkat(o->f.host.root.fd, "sys/bus/pci/devices/0000:05:00.0", 0);
	return fwrite(text, 1, size, o->said) == size ? (ssize_t)size : -1;
}

static void pf_that_vanishes_while_it_is_read_is_left_out(void **state UNUSED)
{
	static const struct fake_pf other = { "0000:06:00.0", NULL, "igb", NULL, 7, 1, 128, 2, -1 };
	struct err e = { 0 };
	size_t size;
	struct odd o;

	odd_make(&o);
	fake_root_add_pf(&o.f, &other);
	odd_add(&o, PF "sriov_drivers_autoprobe=x");
	o.said = open_memstream(&o.notes, &size);
	o.f.host.log.to = fopencookie(&o, "w", (cookie_io_functions_t){ .write = remove_pf });
	assert_int_equal(setvbuf(o.f.host.log.to, NULL, _IONBF, 0), 0);
	assert_int_equal(inventory_read(&o.inv, &o.f.host, INVENTORY_ALL, &e), 0);
	fclose(o.f.host.log.to);
	fclose(o.said);
	o.f.host.log.to = NULL;
	assert_int_equal(o.inv->n_pfs, 1);
	assert_int_equal(o.inv->n_vfs, 1);
	assert_int_equal(o.inv->pfs[0].bdf.bus, 6);
	assert_non_null(strstr(o.notes, "0000:05:00.0: vanished while it was read, left out"));
	odd_done(&o);
}

static void two_pfs_that_claim_one_vf_both_list_it(void **state UNUSED)
{
	static const struct fake_pf other = { "0000:05:00.1", NULL, "igb", NULL, 7, 0, 128, 2, -1 };
	struct odd o;

	odd_make(&o);
	fake_root_add_pf(&o.f, &other);
	odd_add(&o, "sys/devices/pci0000:05/0000:05:00.1/sriov_numvfs=1");
	odd_add(&o, "sys/devices/pci0000:05/0000:05:00.1/virtfn0 -> ../0000:05:10.0");
	odd_read(&o);
	assert_int_equal(o.inv->n_pfs, 2);
	assert_int_equal(o.inv->n_vfs, 5);
	odd_done(&o);
}

static void names_that_are_no_addresses_are_passed_over(void **state UNUSED)
{
	struct odd o;

	odd_make(&o);
	odd_add(&o, "sys/bus/pci/devices/junk/sriov_totalvfs=7");
	odd_add(&o, "sys/bus/pci/devices/0000:05:00.0x/sriov_totalvfs=7");
	odd_read(&o);
	assert_int_equal(o.inv->n_pfs, 1);
	assert_noted(&o, NULL);
	odd_done(&o);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(vf_without_link_is_broken_where_it_should_be),
	cmocka_unit_test(vf_whose_link_dangles_is_broken),
	cmocka_unit_test(vf_whose_link_leads_elsewhere_is_broken),
	cmocka_unit_test(vf_without_driver_and_group_is_no_broken_one),
	cmocka_unit_test(more_vfs_claimed_than_linked_are_all_listed),
	cmocka_unit_test(more_vfs_linked_than_claimed_are_noted),
	cmocka_unit_test(unreadable_count_is_taken_from_the_links),
	cmocka_unit_test(garbage_in_an_attribute_is_unknown_and_noted),
	cmocka_unit_test(autoprobe_is_yes_or_no_and_nothing_else),
	cmocka_unit_test(attributes_older_kernels_lack_are_unknown_without_a_word),
	cmocka_unit_test(group_that_is_no_number_is_none_and_noted),
	cmocka_unit_test(function_whose_directory_is_gone_is_left_out),
	cmocka_unit_test(pf_that_vanishes_while_it_is_read_is_left_out),
	cmocka_unit_test(two_pfs_that_claim_one_vf_both_list_it),
	cmocka_unit_test(names_that_are_no_addresses_are_passed_over),
};

TEST_MAIN(tests)
