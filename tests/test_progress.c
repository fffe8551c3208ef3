// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <poll.h>
#include <unistd.h>

#include "engine/run/progress.h"
#include "fake_site.h"

static void wait_ms(int ms)
{
	poll(NULL, 0, ms);
}

/* Returns what a run of three steps prints when it is not on a terminal; the first step takes
 * @first_ms. */
static char *lines_of(struct fake_site *s, int first_ms)
{
	struct plan p = { 0 };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct progress *progress = progress_new(out, false);

	fake_site_plan(s, &p, STEP_ASSIGN, 3);
	progress_step(progress, &p, 0);
	wait_ms(first_ms);
	progress_step(progress, &p, 1);
	progress_step(progress, &p, 2);
	progress_free(progress);
	fclose(out);
	plan_done(&p);
	return text;
}

static void a_short_run_says_nothing(void **state)
{
	char *text = lines_of(*state, 0);

	assert_string_equal(text, "");
	free(text);
}

static void a_long_run_says_a_line_now_and_then(void **state)
{
	char *text = lines_of(*state, 1100);

	assert_non_null(strstr(text, "vfyard: [2/3] assign net0/1 (0000:05:10.2): driver igbvf, "));
	assert_non_null(strstr(text, " s\n"));
	assert_null(strstr(text, "[1/3]"));
	assert_null(strstr(text, "[3/3]"));
	assert_null(strchr(text, '\033'));
	free(text);
}

static size_t read_all(int fd, char *buf, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = 0;
	ssize_t got;

	while (n < size - 1 && poll(&p, 1, 0) > 0 && (got = read(fd, buf + n, size - 1 - n)) > 0)
		n += (size_t)got;
	buf[n] = '\0';
	return n;
}

static void a_terminal_shows_a_step_that_takes_its_time(void **state)
{
	struct fake_site *s = *state;
	struct plan p = { 0 };
	struct progress *progress;
	char buf[4096];
	int fds[2], master;
	FILE *out;

	/* this is not a terminal, so 80 columns are assumed */
	assert_int_equal(pipe(fds), 0);
	master = fds[0];
	out = fdopen(fds[1], "w");
	progress = progress_new(out, true);
	fake_site_plan(s, &p, STEP_ASSIGN, 1);
	progress_step(progress, &p, 0);
	read_all(master, buf, sizeof(buf));
	assert_string_equal(buf, "");
	/* within one step, without anything from the run */
	for (int i = 0; i < 100 && !strstr(buf, "[1/1]"); i++) {
		wait_ms(100);
		read_all(master, buf, sizeof(buf));
	}
	assert_non_null(strstr(buf, "\r\033[Kvfyard: [1/1] assign net0/0 "));
	assert_true(strcspn(strstr(buf, "vfyard"), "\r") < 80);
	assert_int_equal(buf[strlen(buf) - 1], 's');
	progress_clear(progress);
	fflush(out);
	wait_ms(10);
	read_all(master, buf, sizeof(buf));
	assert_string_equal(buf + strlen(buf) - 4, "\r\033[K");
	progress_free(progress);
	fclose(out);
	close(master);
	plan_done(&p);
}

static void no_progress_at_all_is_fine(void **state)
{
	struct fake_site *s = *state;
	struct plan p = { 0 };

	fake_site_plan(s, &p, STEP_ASSIGN, 1);
	progress_step(NULL, &p, 0);
	progress_clear(NULL);
	progress_free(NULL);
	plan_done(&p);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(a_short_run_says_nothing),
	T(a_long_run_says_a_line_now_and_then),
	T(a_terminal_shows_a_step_that_takes_its_time),
	T(no_progress_at_all_is_fine),
};

TEST_MAIN(tests)
