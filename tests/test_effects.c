// SPDX-License-Identifier: GPL-2.0-or-later
/* -vv shows each effect on the host, with its result, and nothing else. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "fake_yard_check.h"
#include "host/module.h"

/* What the fake host was asked for, in the words of the log. */
static struct {
	char text[32768];
	size_t n;
	const struct vf_link_ops *link;
	root_write_fn write;
} seen;

static void see(int r, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void see(int r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	seen.n += (size_t)vsnprintf(seen.text + seen.n, sizeof(seen.text) - seen.n, fmt, ap);
	va_end(ap);
	seen.n += (size_t)snprintf(seen.text + seen.n, sizeof(seen.text) - seen.n, ": %s\n",
				   r < 0 ? strerror(-r) : "done");
	assert_true(seen.n < sizeof(seen.text));
}

static int see_write(void *arg, const char *path, const char *value)
{
	int r = seen.write(arg, path, value);

	see(r, "write '%.*s' to /%s", (int)strcspn(value, "\n"), value, path);
	return r;
}

static int see_set(void *arg, const char *netdev, unsigned index, enum vf_setting s,
		   const struct vf_attrs *a, struct err *e)
{
	int r = seen.link->set(arg, netdev, index, s, a, e);
	char values[256] = "", one[VF_ATTR_TEXT];

	for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
		if (a->given & vf_setting_bits(s) & 1u << bit)
			snprintf(values + strlen(values), sizeof(values) - strlen(values), "%s%s",
				 values[0] ? ", " : "",
				 vf_attr_text(one, a, (enum vf_attr)(1u << bit)));
	see(r, "set %s of VF %u through %s", values, index, netdev);
	return r;
}

static int see_up(void *arg, const char *netdev, bool up)
{
	int r = seen.link->up(arg, netdev, up);

	see(r, "bring network device %s %s", netdev, up ? "up" : "down");
	return r;
}

static struct vf_link_ops seeing = { .set = see_set, .up = see_up };

static int setup(void **state)
{
	int r = fake_yard_setup(state);
	struct fake_yard *y = *state;
	struct host *h = &y->root.host;

	memset(&seen, 0, sizeof(seen));
	seen.write = h->root.write;
	seen.link = h->vf_link;
	seeing.read = seen.link->read;
	h->root.write = see_write;
	h->vf_link = &seeing;
	h->log.level = LOG_DEBUG;
	return r;
}

/* Returns the lines of the log that are effects; free() it. */
static char *effects_shown(struct fake_yard *y)
{
	static const char *const words[] = { "write '", "set ", "bring ", "modprobe " };
	char *text = strdup(fake_yard_notes(y)), *ret = calloc(1, strlen(text) + 1), *save = NULL;

	for (char *s = strtok_r(text, "\n", &save); s; s = strtok_r(NULL, "\n", &save))
		for (size_t i = 0; i < ARRAY_SIZE(words); i++)
			if (!strncmp(s, "vfyard: ", 8) &&
			    !strncmp(s + 8, words[i], strlen(words[i])))
				strcat(strcat(ret, s + 8), "\n");
	free(text);
	return ret;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Returns the lines of @text in the order of the alphabet; free() it. */
static char *sorted(const char *text)
{
	char *copy = strdup(text), *ret = calloc(1, strlen(text) + 1), *save = NULL;
	char *lines[1024];
	size_t n = 0;

	for (char *s = strtok_r(copy, "\n", &save); s; s = strtok_r(NULL, "\n", &save)) {
		assert_true(n < ARRAY_SIZE(lines));
		lines[n++] = s;
	}
	qsort(lines, n, sizeof(*lines), by_text);
	for (size_t i = 0; i < n; i++)
		strcat(strcat(ret, lines[i]), "\n");
	free(copy);
	return ret;
}

/* Those of several devices that wait at once are shown when each has ended. */
static void shown_is_seen(struct fake_yard *y)
{
	_cleanup_free_ char *all = effects_shown(y), *shown = sorted(all),
			    *asked = sorted(seen.text);

	assert_string_equal(shown, asked);
}

static void an_apply_and_a_release_show_what_they_did(void **state)
{
	struct fake_yard *y = *state;
	size_t applied;

	yard_must(y, YARD_APPLY);
	shown_is_seen(y);
	assert_non_null(strstr(seen.text, "write '5' to /sys/bus/pci/devices/0000:05:00.0/"
					  "sriov_numvfs: done\n"));
	assert_non_null(strstr(seen.text,
			       "set vlan=100, qos=2, proto=802.1q of VF 0 through eth0: done\n"));
	assert_non_null(strstr(seen.text, "bring network device eth0 up: done\n"));
	applied = seen.n;
	yard_must(y, YARD_RELEASE);
	shown_is_seen(y);
	assert_non_null(strstr(seen.text + applied, "sriov_numvfs: done\n"));
	assert_non_null(strstr(seen.text + applied, "bring network device eth0 down: done\n"));
}

/* It also shows what was tried in vain, and what undid the rest. */
static void a_failed_apply_shows_the_reason_and_what_was_undone(void **state)
{
	struct fake_yard *y = *state;

	y->fail_at = 6;
	y->fail_code = EBUSY;
	assert_true(fake_yard_run(y, YARD_APPLY) < 0);
	shown_is_seen(y);
	assert_non_null(strstr(seen.text, ": Device or resource busy\n"));
	assert_non_null(strstr(strstr(seen.text, ": Device or resource busy\n"), ": done\n"));
}

static void plan_and_status_have_no_effects(void **state)
{
	struct fake_yard *y = *state;

	fake_yard_run(y, YARD_PLAN);
	fake_yard_run(y, YARD_STATUS);
	assert_string_equal(seen.text, "");
	shown_is_seen(y);
}

static void fewer_words_show_none(void **state)
{
	struct fake_yard *y = *state;
	_cleanup_free_ char *shown = NULL;

	y->root.host.log.level = LOG_INFO;
	yard_must(y, YARD_APPLY);
	shown = effects_shown(y);
	assert_true(seen.n > 0);
	assert_string_equal(shown, "");
	assert_non_null(strstr(fake_yard_notes(y), "numvfs"));
}

static int load(void *arg, const char *module UNUSED)
{
	return *(const int *)arg;
}

static void a_module_is_shown_with_what_came_of_it(void **state)
{
	struct fake_yard *y = *state;
	int codes[] = { 0, -EIO };
	struct err e = { 0 };

	y->root.host.load_module = load;
	y->root.host.load_arg = &codes[0];
	assert_int_equal(module_load(&y->root.host, "vfio-pci", &e), 0);
	y->root.host.load_arg = &codes[1];
	assert_int_equal(module_load(&y->root.host, "igbvf", &e), -EIO);
	see(0, "modprobe vfio-pci");
	see(-EIO, "modprobe igbvf");
	shown_is_seen(y);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	test(an_apply_and_a_release_show_what_they_did),
	test(a_failed_apply_shows_the_reason_and_what_was_undone),
	test(plan_and_status_have_no_effects),
	test(fewer_words_show_none),
	test(a_module_is_shown_with_what_came_of_it),
};

TEST_MAIN(tests)
