// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_cli.h"

#include <string.h>

const char *cli_opt(const struct cli *cli, char letter)
{
	return cli->opts[letter & 127];
}

static int split(char *text, char *argv[16])
{
	char *save = NULL;
	int n = 0;

	for (char *w = strtok_r(text, " ", &save); w && n < 15; w = strtok_r(NULL, " ", &save))
		argv[n++] = w;
	argv[n] = NULL;
	return n;
}

/* Meanwhile, what the command prints goes to a file. */
static int run_captured(struct cli *cli, const struct cmd *cmd, int argc, char **argv,
			struct fake_run *run)
{
	int saved = dup(STDOUT_FILENO), r;
	FILE *tmp = tmpfile();

	if (saved < 0 || !tmp)
		abort();
	fflush(stdout);
	dup2(fileno(tmp), STDOUT_FILENO);
	r = cmd->run(cli, argc, argv, &run->e);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(tmp);
	run->out[fread(run->out, 1, sizeof(run->out) - 1, tmp)] = '\0';
	fclose(tmp);
	return r;
}

int fake_cli_run(struct fake_site *s, const struct cmd *cmd, struct fake_run *run, const char *args)
{
	struct cli cli = { .s = { .host = s->root.host,
				  .hypervisor = "auto",
				  .command = "test",
				  .dry_run = run->dry_run,
				  .lock_fd = -1 },
			   .json = run->json };
	char text[512], *argv[16];
	int argc;

	snprintf(text, sizeof(text), "%s", args);
	argc = split(text, argv);
	if (run->letter)
		cli.opts[run->letter & 127] = run->value ? run->value : "";
	if (!run->no_backend) {
		cli.s.ops = &fake_backend_ops;
		cli.s.backend = &s->backend;
	}
	s->backend.calls[0] = '\0';
	run->e = (struct err){ 0 };
	run->r = run_captured(&cli, cmd, argc, argv, run);
	/* the site closes its host itself */
	cli.s.host.root.dir = NULL;
	session_close(&cli.s);
	return run->r;
}
