// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include "fake_guard.h"

#include <stdlib.h>
#include <string.h>

int fake_guard_setup(void **state)
{
	struct fake_guard *t = calloc(1, sizeof(*t));

	fake_root_init(&t->root, NULL);
	fake_root_add_pf(&t->root, &(struct fake_pf){ .bdf = "0000:05:00.0",
						      .driver = "igb",
						      .vf_driver = "igbvf",
						      .totalvfs = 7,
						      .numvfs = 2,
						      .offset = 128,
						      .stride = 2,
						      .first_group = -1 });
	t->host = &t->root.host;
	t->host->log =
		(struct log){ .level = LOG_NOTE, .to = open_memstream(&t->notes, &t->notes_size) };
	assert_int_equal(bdf_parse(&t->vf, "05:10.0", NULL), 0);
	*state = t;
	return 0;
}

int fake_guard_teardown(void **state)
{
	struct fake_guard *t = *state;

	fclose(t->host->log.to);
	free(t->notes);
	fake_root_done(&t->root);
	free(t);
	return 0;
}

void fake_guard_add(struct fake_guard *t, const char *line)
{
	fake_root_add(&t->root, line);
}

void fake_guard_is_free(struct fake_guard *t)
{
	if (guard_function(t->host, t->vf, FAKE_GUARD_LABEL, &t->e) < 0)
		fail_msg("refused: %s", t->e.cause);
}

static void refuses(struct fake_guard *t, const char *start, const char *why, const char *fix)
{
	char want[256];

	t->e = (struct err){ 0 };
	assert_int_equal(guard_function(t->host, t->vf, FAKE_GUARD_LABEL, &t->e), -EBUSY);
	snprintf(want, sizeof(want), "%s: %s", start, why);
	assert_string_equal(t->e.cause, want);
	assert_int_equal(t->e.status, EXIT_REFUSED);
	assert_string_equal(t->e.object, FAKE_GUARD_LABEL);
	assert_string_equal(t->e.step, "host guard");
	assert_string_equal(t->e.fix, fix);
}

void fake_guard_refuses(struct fake_guard *t, const char *why)
{
	refuses(t, "the host needs it", why, "move that off it first, or add --force net0/0");
}

void fake_guard_in_use(struct fake_guard *t, const char *why)
{
	refuses(t, "in use", why, "end that first, or add --force net0/0");
}
