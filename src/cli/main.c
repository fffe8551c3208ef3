// SPDX-License-Identifier: GPL-2.0-or-later
/* vfyard: gives SR-IOV virtual functions to virtual machines. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "engine/progress.h"

/* A listing that did not reach its reader has failed, also when only the last flush tells. */
static int flush_stdout(int r, struct err *e)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return r;
	if (r < 0)
		return r;
	err_set(e, EIO, "%s", strerror(errno ? errno : EIO));
	return err_at(e, -EIO, "standard output", "write");
}

/* Before anything is written: below --root not even the lock and the memory. */
static int may_change(const struct host *h, struct err *e)
{
	if (geteuid() != 0)
		return err_fix(e, err_set(e, EPERM, "needs root"), "run it with sudo");
	if (!root_is_tree(&h->root))
		return 0;
	return err_fix(e,
		       err_refuse(e, ENOTSUP,
				  "devices are changed on the running host only, not below --root"),
		       "run it without --root on the host itself, or add --dry-run");
}

static int run(struct cli *cli, int argc, char **argv, struct err *e)
{
	const struct cmd *cmd;
	int r, first;

	r = cli_parse(cli, argc, argv, &cmd, &first, e);
	if (r < 0 || !cmd)
		return flush_stdout(r, e);
	r = (cmd->flags & CMD_MUTATES) && !cli->s.dry_run ? may_change(&cli->s.host, e) : 0;
	if (r < 0)
		return err_at(e, r, cmd->name, NULL);
	if ((cmd->flags & CMD_MUTATES) && cli->s.host.log.level >= LOG_NOTE)
		cli->s.progress = progress_new(stderr, isatty(STDERR_FILENO));
	r = cmd->run(cli, argc - first, argv + first, e);
	progress_free(cli->s.progress);
	return flush_stdout(r, e);
}

int main(int argc, char **argv)
{
	struct cli cli = { .s.hypervisor = "auto", .s.lock_fd = -1 };
	struct err e = { 0 };
	int r;

	/* A reader that goes away (list | head) must not kill a run between two steps. */
	signal(SIGPIPE, SIG_IGN);
	r = run(&cli, argc, argv, &e);
	session_close(&cli.s);
	free(cli.forced);
	if (r < 0 && e.status == EXIT_DONE)
		e.status = EXIT_FAILED;
	if (r < 0 && e.cause[0])
		err_print(&e, stderr);
	return (int)e.status;
}
