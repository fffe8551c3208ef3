// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/confirm.h"

#include <stdlib.h>
#include <unistd.h>

static bool is_yes(void)
{
	char line[16] = "";

	fputs("Go on? [y/N] ", stderr);
	fflush(stderr);
	return fgets(line, sizeof(line), stdin) && (line[0] == 'y' || line[0] == 'Y');
}

static int ask(const struct cli *cli, const char *text, size_t n, struct err *e)
{
	if (cli->yes || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return interrupts_decide(&cli->s.host, text, n, cli->yes, e);
	fputs(text, stderr);
	if (is_yes())
		return 0;
	err_refuse(e, ECANCELED, "not confirmed, nothing was changed");
	return err_at(e, -ECANCELED, "host", "interrupt what runs");
}

int confirm_plan(const struct cli *cli, const struct plan *p, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	size_t n = 0;
	int r = cli->s.dry_run ? 0 : interrupts_text(&cli->s.host, p, &text, &n, e);

	return r < 0 || !n ? r : ask(cli, text, n, e);
}
