// SPDX-License-Identifier: GPL-2.0-or-later
/* Back as it was. The operand is a domain where one is called so, else devices. */
#include <string.h>

#include "cli/confirm.h"
#include "cli/plan_common.h"
#include "engine/plan/plan_release.h"

static int devices(struct cli *cli, const struct engine *en, int argc, char **argv,
		   struct devlist *devs, struct err *e)
{
	int r = -ESRCH;

	if (argc == 1 && !strpbrk(argv[0], "/*"))
		r = release_devices(en, &cli->s.bound, argv[0], devs, e);
	if (r != -ESRCH)
		return r;
	return session_devices(&cli->s, argc, (const char *const *)argv, devs, e);
}

static int plan(struct cli *cli, struct engine *en, int argc, char **argv, struct change *c,
		struct err *e)
{
	_cleanup_(devlist_done) struct devlist devs = { 0 };
	int r = session_engine(&cli->s, en, e);

	if (r == 0 && argc)
		r = devices(cli, en, argc, argv, &devs, e);
	if (r == 0)
		r = change_release(en, argc ? &devs : NULL, c, e);
	return r < 0 ? r : confirm_plan(cli, &c->plan, e);
}

static int release(struct cli *cli, int argc, char **argv, struct err *e)
{
	struct change c = { 0 };
	struct engine en;
	int r = plan(cli, &en, argc, argv, &c, e);

	return change_outcome(cli, &en, &c, true, r, e);
}

extern const struct cmd cmd_release;
const struct cmd cmd_release = {
	.name = "release",
	.args = "[DOMAIN | DEV...]",
	.help = "everything, or these VFs, as before vfyard first touched them",
	.optstring = "",
	.flags = CMD_MUTATES,
	.max_args = -1,
	.run = release,
};
