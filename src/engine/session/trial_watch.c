// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/session/trial_watch.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UNIT "vfyard-confirm"

void trial_sleep(int64_t ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	clock_nanosleep(CLOCK_BOOTTIME, 0, &t, NULL);
}

static void be_nobodys(void)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; null >= 0 && fd < 3; fd++)
		dup2(null, fd);
	setsid();
	signal(SIGHUP, SIG_IGN);
}

#define MAX_ARGS 16

/* What runs as root gets no environment of others. */
static _Noreturn void become(const char *const words[MAX_ARGS])
{
	char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", language[] = "LC_ALL=C";
	char *const envp[] = { path, language, NULL };
	char *argv[MAX_ARGS + 1] = { NULL };

	for (size_t i = 0; i < MAX_ARGS && words[i]; i++)
		argv[i] = strdup(words[i]);
	be_nobodys();
	if (argv[0])
		execve(argv[0], argv, envp);
	_exit(127);
}

/* Runs it as a grandchild, whom nobody waits for, or waits for it. Returns 0 or -errno. */
static int start(const char *const words[MAX_ARGS], bool is_waited_for)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (!is_waited_for && fork() != 0)
			_exit(0);
		become(words);
	}
	if (child < 0)
		return -errno;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

static int by_systemd(const struct session *s)
{
	const char *const words[MAX_ARGS] = { "/usr/bin/systemd-run",
					      "--quiet",
					      "--collect",
					      "--unit=" UNIT,
					      "--description=undoes what nobody confirms",
					      "--property=Restart=on-abnormal",
					      "--property=RestartForceExitStatus=SIGKILL",
					      s->program,
					      "-H",
					      s->ops->name,
					      "confirm",
					      "--when-due",
					      NULL };

	if (!root_exists(&s->host.root, "run/systemd/system"))
		return -ENOENT;
	return start(words, true);
}

int trial_watch(const struct session *s, struct err *e)
{
	const char *const words[MAX_ARGS] = { s->program, "-H",		s->ops->name,
					      "confirm",  "--when-due", NULL };
	int r;

	if (!s->program)
		return 0;
	r = by_systemd(s);
	if (r < 0)
		r = start(words, false);
	if (r == 0)
		return 0;
	err_set(e, -r, "cannot start what undoes it, %s confirm --when-due: %s", s->program,
		strerror(-r));
	return err_at(e, r, "host", "await confirmation");
}
