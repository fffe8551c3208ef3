// SPDX-License-Identifier: GPL-2.0-or-later
/* kill -9 after every single write of a run: what the next run makes of it. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/pci/bind.h"
#include "fake_verbs.h"
#include "fake_site.h"

#define VFS "net0/0-3"

enum verb { ADD, GIVE_BACK };

static int run_verb(struct fake_site *s, enum verb verb)
{
	struct devlist l = fake_site_devs(s, VFS);
	int r;

	s->e = (struct err){ 0 };
	if (verb == ADD)
		r = run_assign(&s->en, &l, "", &s->e);
	else
		r = run_unassign(&s->en, &l, true, &s->e);
	devlist_done(&l);
	return r;
}

/* In the child: the kernel behind the writes, and how many writes it may still make. */
static struct {
	struct fake_kernel *kernel;
	int (*write)(void *arg, const char *path, const char *value);
	unsigned left;
} life;

static int mortal_write(void *arg UNUSED, const char *path, const char *value)
{
	if (!life.left)
		raise(SIGKILL);
	life.left--;
	return life.write(life.kernel, path, value);
}

/* Kills a run of @verb after @n writes. Returns false when it came to its end. */
static bool kill_after(struct fake_site *s, enum verb verb, unsigned n)
{
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		life.kernel = &s->kernel;
		life.write = s->root.host.root.write;
		life.left = n;
		s->root.host.root.write = mortal_write;
		/* The child ends by a signal, too, because after an exit a leak checker would
		 * complain about what it holds from the test. */
		signal(SIGUSR1, SIG_DFL);
		raise(run_verb(s, verb) == 0 ? SIGUSR1 : SIGABRT);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	if (WTERMSIG(status) == SIGKILL)
		return true;
	assert_int_equal(WTERMSIG(status), SIGUSR1);
	return false;
}

/* What the hypervisor has survives: whatever its driver holds. */
static void next_run(struct fake_site *s)
{
	struct backend *b = &s->backend;

	b->n_devices = 0;
	for (unsigned i = 0; i < 4; i++) {
		char driver[DRIVER_MAX];

		if (!strcmp(fake_site_driver(s, i, driver), FAKE_DRIVER))
			b->devices[b->n_devices++] =
				(struct fake_device){ .bdf = fake_site_bdf(s, i),
						      .options = DEV_OPTIONS_INIT };
	}
	fake_kernel_reset(&s->kernel);
	fake_site_reload(s);
}

static void must(struct fake_site *s, enum verb verb)
{
	char line[sizeof(struct err)];
	int r = run_verb(s, verb);

	if (r < 0)
		print_error("%s\n", err_format(&s->e, line, sizeof(line)));
	assert_int_equal(r, 0);
	next_run(s);
}

static void assert_as(struct fake_site *s, const char *want)
{
	_cleanup_free_ char *now = fake_site_snapshot(s);

	assert_string_equal(now, want);
}

static void killed_add_is_taken_back_by_the_next_run(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *first = fake_site_snapshot(s);
	unsigned n = 0;

	for (; kill_after(s, ADD, n); n++) {
		next_run(s);
		must(s, GIVE_BACK);
		assert_as(s, first);
	}
	assert_true(n >= 12);
}

static void killed_add_is_finished_by_the_next_run(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *first = fake_site_snapshot(s), *wanted = NULL;
	unsigned n = 0;

	must(s, ADD);
	wanted = fake_site_snapshot(s);
	must(s, GIVE_BACK);
	assert_as(s, first);
	for (; kill_after(s, ADD, n); n++) {
		next_run(s);
		must(s, ADD);
		assert_as(s, wanted);
		must(s, GIVE_BACK);
		assert_as(s, first);
	}
	assert_true(n >= 12);
}

static void killed_give_back_is_finished_by_the_next_run(void **state)
{
	struct fake_site *s = *state;
	_cleanup_free_ char *first = fake_site_snapshot(s);
	unsigned n = 0;

	must(s, ADD);
	for (; kill_after(s, GIVE_BACK, n); n++) {
		next_run(s);
		must(s, GIVE_BACK);
		assert_as(s, first);
		must(s, ADD);
	}
	assert_true(n >= 12);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_site_setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(killed_add_is_taken_back_by_the_next_run),
	T(killed_add_is_finished_by_the_next_run),
	T(killed_give_back_is_finished_by_the_next_run),
};

TEST_MAIN(tests)
