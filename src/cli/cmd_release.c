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
		r = release_devices(en, cli->s.topo, cli->s.topo_pfs, argv[0], devs, e);
	if (r != -ESRCH)
		return r;
	return session_devices(&cli->s, argc, (const char *const *)argv, devs, e);
}

static int run(struct engine *en, const struct devlist *devs, struct cli *cli, struct err *e)
{
	struct release rel = { 0 };
	struct plan_report p = { .hypervisor = en->inv->hypervisor,
				 .plan = &rel.plan,
				 .topo = cli->s.topo };
	int r = release_plan(en, devs, &rel, e);

	if (r == 0)
		r = confirm_plan(cli, &rel.plan, e);
	/* With both the document has the plan. */
	if (r == 0 && !(cli->s.dry_run && cli->json))
		r = engine_run(en, &rel.plan, e);
	if (!cli->s.dry_run || cli->json)
		r = plan_outcome(cli, &p, r, e);
	release_done(&rel, en->ops);
	return r;
}

static int release(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(devlist_done) struct devlist devs = { 0 };
	struct engine en;
	int r = session_engine(&cli->s, &en, e);

	if (r == 0 && argc)
		r = devices(cli, &en, argc, argv, &devs, e);
	return r < 0 ? r : run(&en, argc ? &devs : NULL, cli, e);
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
