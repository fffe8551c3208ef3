// SPDX-License-Identifier: GPL-2.0-or-later
/* vfyard: gives SR-IOV virtual functions to virtual machines. */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "engine/session/forced.h"
#include "engine/run/progress.h"

#define STANDARD_OUTPUT "standard output"

/* A listing that did not reach its reader has failed, even when only the last flush tells. */
static int flush_stdout(int r, struct err *e)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return r;
	if (r < 0)
		return r;
	err_set(e, EIO, "%s", strerror(errno ? errno : EIO));
	return err_at(e, -EIO, STANDARD_OUTPUT, "write");
}

/* Whoever reads standard output has seen enough (list | head), so this is no error, and there is
 * nothing to say. */
static bool reader_is_gone(int r, const struct err *e)
{
	struct pollfd p = { .fd = STDOUT_FILENO };

	return ferror(stdout) && (r >= 0 || !strcmp(e->object, STANDARD_OUTPUT)) &&
	       poll(&p, 1, 0) > 0 && (p.revents & (POLLERR | POLLHUP));
}

/* Ends as every filter does, because scripts with pipefail know that status. */
static void end_by_sigpipe(void)
{
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

/* This program, which undoes what nobody confirms. */
static const char *program(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (n < 0)
		return NULL;
	path[n] = '\0';
	return path;
}

static int run(struct cli *cli, int argc, char **argv, struct err *e)
{
	char path[PATH_MAX];
	const struct cmd *cmd;
	int r, first;

	r = cli_parse(cli, argc, argv, &cmd, &first, e);
	if (r < 0 || !cmd)
		return flush_stdout(r, e);
	r = cmd->flags & CMD_MUTATES ? session_may_change(&cli->s, e) : 0;
	if (r < 0)
		return err_at(e, r, cmd->name, NULL);
	if ((cmd->flags & CMD_MUTATES) && cli->s.host.log.level >= LOG_NOTE)
		cli->s.progress = progress_new(stderr, isatty(STDERR_FILENO));
	cli->s.program = program(path);
	r = cmd->run(cli, argc - first, argv + first, e);
	progress_free(cli->s.progress);
	forced_note_unused(&cli->s);
	return flush_stdout(r, e);
}

/*
 * If a descriptor below 3 is closed, the next file or socket that is opened gets its number, and
 * output would go into that. What takes its place here accepts no output either, because a listing
 * that nobody gets has failed.
 */
static void keep_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* Every failure is a document, too; most commands have one of their own, and it has the failure. */
static void print_failure(const struct cli *cli, const struct err *e)
{
	struct err why = { 0 };

	if (json_print(failure_json(e, &cli->s.faults), &why) < 0 || fflush(stdout) != 0)
		err_print(&why, stderr);
}

int main(int argc, char **argv)
{
	struct cli cli = { .s.hypervisor = "auto", .s.lock_fd = -1 };
	struct err e = { 0 };
	bool is_said;
	int r;

	keep_standard_descriptors();
	/* A reader that goes away (list | head) must not kill a run between two steps. */
	signal(SIGPIPE, SIG_IGN);
	r = run(&cli, argc, argv, &e);
	if (r < 0 && e.status == EXIT_DONE)
		e.status = EXIT_FAILED;
	if (r < 0 && cli.json && !cli.has_document)
		print_failure(&cli, &e);
	/* The errors of the topology have been printed, and this is one of them. */
	is_said = cli.s.faults.n_errors;
	session_close(&cli.s);
	free(cli.forced);
	if (reader_is_gone(r, &e))
		end_by_sigpipe();
	if (r < 0 && e.cause[0] && !is_said)
		err_print(&e, stderr);
	return (int)e.status;
}
