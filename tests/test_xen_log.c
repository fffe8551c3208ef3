// SPDX-License-Identifier: GPL-2.0-or-later
/* libxl's messages become the cause of our sentence. */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "backend/xen/libxl_log.h"

static void say(struct xlog *x, xentoollog_level level, int code, const char *text)
{
	xtl_log(&x->logger, level, code, "libxl", "%s", text);
}

/* Seen on a real Xen: an attach to a domain that was created without pass-through. */
static void the_first_error_is_the_cause_without_its_place(void **state UNUSED)
{
	struct xlog x;
	char buf[256];

	xlog_init(&x, NULL);
	say(&x, XTL_DEBUG, -1, "libxl_pci.c:1: debug");
	say(&x, XTL_ERROR, EOPNOTSUPP,
	    "libxl_pci.c:1529:pci_add_dm_done: Domain 1:xc_assign_device failed");
	say(&x, XTL_ERROR, -1,
	    "libxl_pci.c:1809:device_pci_add_done: Domain 1:libxl__device_pci_add failed for PCI "
	    "device 0:1:10.0 (rc -3)");
	say(&x, XTL_ERROR, -1, "libxl_device.c:1486:device_addrm_aocomplete: unable to add device");
	assert_string_equal(xlog_cause(&x, buf, sizeof(buf)),
			    "xc_assign_device failed: Operation not supported");
}

static void a_reset_that_failed_is_not_the_cause_of_what_failed_later(void **state UNUSED)
{
	struct xlog x;
	char buf[256];

	xlog_init(&x, NULL);
	say(&x, XTL_ERROR, -1,
	    "libxl_pci.c:1573:libxl__device_pci_reset: Domain 0:The kernel doesn't support reset");
	assert_non_null(strstr(xlog_cause(&x, buf, sizeof(buf)), "doesn't support reset"));
	say(&x, XTL_ERROR, EPERM, "libxl_pci.c:9:f: Domain 7:xc_assign_device failed");
	assert_string_equal(xlog_cause(&x, buf, sizeof(buf)),
			    "xc_assign_device failed: Operation not permitted");
}

static void messages_of_libxc_without_place_are_taken_as_they_are(void **state UNUSED)
{
	struct xlog x;
	char buf[256];

	xlog_init(&x, NULL);
	say(&x, XTL_ERROR, ENOENT, "Could not obtain handle on privileged command interface");
	assert_string_equal(xlog_cause(&x, buf, sizeof(buf)),
			    "Could not obtain handle on privileged command interface: No such file "
			    "or directory");
}

static void an_operation_begins_with_no_messages(void **state UNUSED)
{
	struct xlog x;
	char buf[256];

	xlog_init(&x, NULL);
	say(&x, XTL_WARN, -1, "timed out waiting for DM to remove pci-pt-01_10.4");
	assert_true(xlog_says(&x, "timed out waiting for DM"));
	xlog_start(&x);
	assert_false(xlog_says(&x, "timed out"));
	assert_string_equal(xlog_cause(&x, buf, sizeof(buf)), "");
}

static void a_flood_keeps_the_first_messages(void **state UNUSED)
{
	struct xlog x;
	char buf[256];

	xlog_init(&x, NULL);
	say(&x, XTL_ERROR, -1, "the first");
	for (unsigned i = 0; i < 1000; i++)
		say(&x, XTL_ERROR, -1, "and on");
	say(&x, XTL_ERROR, -1, "the last");
	assert_string_equal(xlog_cause(&x, buf, sizeof(buf)), "the first");
	assert_true(xlog_says(&x, "the last"));
}

static void messages_are_shown_at_v(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	struct log log = { .level = LOG_INFO, .to = open_memstream(&text, &size) };
	struct xlog x;

	xlog_init(&x, &log);
	say(&x, XTL_ERROR, EBUSY, "libxl_pci.c:9:f: held");
	say(&x, XTL_DEBUG, -1, "detail");
	fclose(log.to);
	assert_string_equal(text,
			    "vfyard: libxl: libxl_pci.c:9:f: held: Device or resource busy\n");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(the_first_error_is_the_cause_without_its_place),
	cmocka_unit_test(a_reset_that_failed_is_not_the_cause_of_what_failed_later),
	cmocka_unit_test(messages_of_libxc_without_place_are_taken_as_they_are),
	cmocka_unit_test(an_operation_begins_with_no_messages),
	cmocka_unit_test(a_flood_keeps_the_first_messages),
	cmocka_unit_test(messages_are_shown_at_v),
};

TEST_MAIN(tests)
