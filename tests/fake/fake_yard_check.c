// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include "fake_yard_check.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"

void yard_must(struct fake_yard *y, enum yard_command c)
{
	char line[sizeof(struct err)];
	int r = fake_yard_run(y, c);

	if (r < 0)
		print_error("%s\n", err_format(&y->e, line, sizeof(line)));
	assert_int_equal(r, 0);
}

void yard_fails(struct fake_yard *y, enum yard_command c, enum exit_status status,
		const char *words)
{
	_cleanup_free_ char *before = fake_yard_snapshot(y), *after = NULL;

	assert_true(fake_yard_run(y, c) < 0);
	assert_int_equal(y->e.status, status);
	if (!strstr(y->e.cause, words) && !strstr(fake_yard_notes(y), words))
		print_error("'%s' is not in: %s\n%s", words, y->e.cause, fake_yard_notes(y));
	assert_true(strstr(y->e.cause, words) || strstr(fake_yard_notes(y), words));
	after = fake_yard_snapshot(y);
	assert_string_equal(after, before);
}

void yard_driver_is(struct fake_yard *y, unsigned pf, unsigned i, const char *want)
{
	char driver[DRIVER_MAX];

	assert_int_equal(bind_driver_of(&y->root.host, fake_yard_bdf(pf, i), driver, NULL), 0);
	assert_string_equal(driver, want);
}

const char *yard_domain_of(struct fake_yard *y, unsigned pf, unsigned i)
{
	const struct fake_device *d = fake_backend_device(&y->backend, fake_yard_bdf(pf, i));

	return d ? d->domain : "";
}

unsigned yard_number(struct fake_yard *y, const char *pf, const char *file)
{
	uint64_t n = 99;

	root_read_u64(&y->root.host.root, &n, "sys/bus/pci/devices/%s/%s", pf, file);
	return (unsigned)n;
}

#define PF0 "{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":%s}]%s}"

void yard_topology(struct fake_yard *y, const char *numvfs, const char *rest)
{
	char text[1024];

	snprintf(text, sizeof(text), PF0, numvfs, rest);
	fake_yard_topology(y, text);
}
