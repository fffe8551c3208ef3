// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <fcntl.h>
#include <string.h>

#include "host/pci/msix.h"
#include "fake_root.h"

#define BDF	"0000:05:10.0"
#define CONFIG	"sys/bus/pci/devices/" BDF "/config"
#define UNTOLD	77u
#define MSIX_AT 0x70

static const struct bdf vf = { 0, 5, 0x10, 0 };

/* The config space of an 82576 VF, as far as it matters: MSI-X at 0x70, with three vectors, then
 * PCI Express at 0xa0. Its ids read as ones, as for every VF. */
static void vf_config(unsigned char c[256])
{
	memset(c, 0, 256);
	memset(c, 0xff, 4);
	c[0x06] = 0x10;
	c[0x34] = MSIX_AT;
	c[MSIX_AT] = 0x11;
	c[MSIX_AT + 1] = 0xa0;
	c[MSIX_AT + 2] = 2;
	c[0xa0] = 0x10;
}

static int ask(const unsigned char *config, size_t size, unsigned *ret)
{
	struct fake_root f;
	int fd, r;

	fake_root_init(&f, NULL);
	fake_root_add(&f, "sys/bus/pci/devices/" BDF "/");
	fd = root_openat(&f.host.root, O_WRONLY | O_CREAT, CONFIG);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, config, size), size);
	close(fd);
	*ret = UNTOLD;
	r = msix_vectors(&f.host, vf, ret);
	fake_root_done(&f);
	return r;
}

static void table_size_is_one_more_than_its_field(void **state UNUSED)
{
	unsigned char c[256];
	unsigned n;

	vf_config(c);
	assert_int_equal(ask(c, sizeof(c), &n), 0);
	assert_int_equal(n, 3);
	/* All eleven bits count; the enable and mask bits above them do not. */
	c[MSIX_AT + 2] = 0xff;
	c[MSIX_AT + 3] = 0xc7;
	assert_int_equal(ask(c, sizeof(c), &n), 0);
	assert_int_equal(n, 2048);
}

static int ask_enabled(const unsigned char *config, bool *ret)
{
	struct fake_root f;
	int fd, r;

	fake_root_init(&f, NULL);
	fake_root_add(&f, "sys/bus/pci/devices/" BDF "/");
	fd = root_openat(&f.host.root, O_WRONLY | O_CREAT, CONFIG);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, config, 256), 256);
	close(fd);
	r = msix_enabled(&f.host, vf, ret);
	fake_root_done(&f);
	return r;
}

static void either_capability_may_be_switched_on(void **state UNUSED)
{
	unsigned char c[256];
	bool on = true;

	vf_config(c);
	assert_int_equal(ask_enabled(c, &on), 0);
	assert_false(on);
	c[MSIX_AT + 3] = 0x80;
	assert_int_equal(ask_enabled(c, &on), 0);
	assert_true(on);
	/* MSI comes behind it; a masked MSI-X alone is not on. */
	c[MSIX_AT + 3] = 0x40;
	c[0xa0] = 0x05;
	assert_int_equal(ask_enabled(c, &on), 0);
	assert_false(on);
	c[0xa0 + 2] = 1;
	assert_int_equal(ask_enabled(c, &on), 0);
	assert_true(on);
}

static void what_has_neither_cannot_be_on(void **state UNUSED)
{
	unsigned char c[256];
	bool on = false;

	vf_config(c);
	c[MSIX_AT] = 0x01;
	assert_int_equal(ask_enabled(c, &on), -ENOTSUP);
	memset(c, 0xff, sizeof(c));
	assert_int_equal(ask_enabled(c, &on), -ENODEV);
}

static void msi_counts_where_there_is_no_msix(void **state UNUSED)
{
	unsigned char c[256];
	unsigned n;

	vf_config(c);
	c[MSIX_AT] = 0x05;
	c[MSIX_AT + 2] = 2 << 1;
	assert_int_equal(ask(c, sizeof(c), &n), 0);
	assert_int_equal(n, 4);
}

static void msix_wins_over_msi_before_it(void **state UNUSED)
{
	unsigned char c[256];
	unsigned n;

	vf_config(c);
	c[0x34] = 0x50;
	c[0x50] = 0x05;
	c[0x51] = MSIX_AT;
	assert_int_equal(ask(c, sizeof(c), &n), 0);
	assert_int_equal(n, 3);
}

static void function_without_capabilities_has_none(void **state UNUSED)
{
	unsigned char c[256];
	unsigned n;

	vf_config(c);
	c[0x06] = 0;
	assert_int_equal(ask(c, sizeof(c), &n), 0);
	assert_int_equal(n, 0);
}

static void first_64_bytes_are_not_enough(void **state UNUSED)
{
	unsigned char c[256];
	unsigned n;

	vf_config(c);
	assert_int_equal(ask(c, 64, &n), -EPERM);
	assert_int_equal(n, UNTOLD);
}

static void list_that_bites_its_tail_ends(void **state UNUSED)
{
	unsigned char c[256];
	unsigned n;

	vf_config(c);
	c[MSIX_AT] = 0x01;
	c[0xa1] = MSIX_AT;
	assert_int_equal(ask(c, sizeof(c), &n), -EPROTO);
	assert_int_equal(n, UNTOLD);
}

static void pointer_into_the_header_is_refused(void **state UNUSED)
{
	unsigned char c[256];
	unsigned n;

	vf_config(c);
	c[0x34] = 0x10;
	assert_int_equal(ask(c, sizeof(c), &n), -EPROTO);
}

static void function_off_the_bus_is_gone(void **state UNUSED)
{
	unsigned char c[256];
	unsigned n;

	memset(c, 0xff, sizeof(c));
	assert_int_equal(ask(c, sizeof(c), &n), -ENODEV);
}

static void short_or_missing_config_is_an_error(void **state UNUSED)
{
	unsigned char c[256];
	struct fake_root f;
	unsigned n = UNTOLD;

	vf_config(c);
	assert_int_equal(ask(c, 12, &n), -EPROTO);
	fake_root_init(&f, NULL);
	assert_int_equal(msix_vectors(&f.host, vf, &n), -ENODEV);
	assert_int_equal(n, UNTOLD);
	fake_root_done(&f);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(table_size_is_one_more_than_its_field),
	cmocka_unit_test(either_capability_may_be_switched_on),
	cmocka_unit_test(what_has_neither_cannot_be_on),
	cmocka_unit_test(msi_counts_where_there_is_no_msix),
	cmocka_unit_test(msix_wins_over_msi_before_it),
	cmocka_unit_test(function_without_capabilities_has_none),
	cmocka_unit_test(first_64_bytes_are_not_enough),
	cmocka_unit_test(list_that_bites_its_tail_ends),
	cmocka_unit_test(pointer_into_the_header_is_refused),
	cmocka_unit_test(function_off_the_bus_is_gone),
	cmocka_unit_test(short_or_missing_config_is_an_error),
};

TEST_MAIN(tests)
