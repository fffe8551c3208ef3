// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

int fake_memory_setup(void **state)
{
	struct fake_memory *t = calloc(1, sizeof(*t));

	fake_root_init(&t->root, NULL);
	t->host = &t->root.host;
	*state = t;
	return 0;
}

int fake_memory_teardown(void **state)
{
	struct fake_memory *t = *state;

	state_close(t->saved);
	fake_root_done(&t->root);
	free(t);
	return 0;
}

struct vf_saved fake_memory_vf(unsigned index, const char *driver, const char *name)
{
	struct vf_saved o = { .pf = { .bus = 5 },
			      .bdf = { .bus = 5, .dev = 16 },
			      .index = index,
			      .vendor = 0x8086,
			      .device = 0x10ca };

	snprintf(o.driver, sizeof(o.driver), "%s", driver);
	snprintf(o.name, sizeof(o.name), "%s", name);
	return o;
}

void fake_memory_reopen(struct fake_memory *t)
{
	state_close(t->saved);
	t->saved = NULL;
	assert_int_equal(state_open(&t->saved, t->host, &t->e), 0);
}

void fake_memory_write(struct fake_memory *t, const char *text)
{
	int fd;

	fake_root_add(&t->root, MEMORY_FILE "=");
	fd = openat(t->host->root.fd, MEMORY_FILE, O_WRONLY | O_TRUNC | O_CLOEXEC);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

void fake_memory_read(struct fake_memory *t, char *buf, size_t size)
{
	assert_true(root_read(&t->host->root, buf, size, MEMORY_FILE) >= 0);
}

void fake_memory_refused(struct fake_memory *t, const char *text, const char *cause)
{
	char path[160], after[512];

	fake_memory_write(t, text);
	memset(&t->e, 0, sizeof(t->e));
	assert_true(state_open(&t->saved, t->host, &t->e) < 0);
	assert_null(t->saved);
	if (!strstr(t->e.cause, cause))
		fail_msg("'%s' is not in '%s'", cause, t->e.cause);
	snprintf(path, sizeof(path), "%s/%s", t->root.dir, MEMORY_FILE);
	assert_string_equal(t->e.object, path);
	assert_non_null(strstr(t->e.fix, "mv "));
	assert_int_equal(t->e.status, EXIT_FAILED);
	fake_memory_read(t, after, sizeof(after));
	assert_string_equal(after, text);
}
