// SPDX-License-Identifier: GPL-2.0-or-later
/* Puts things back as they were. The operand is a domain if one has that name, otherwise
 * devices. */
#include "cli/confirm.h"
#include "cli/plan_common.h"
#include "engine/session/release.h"

static int release(struct cli *cli, int argc, char **argv, struct err *e)
{
	struct change c = { 0 };
	struct engine en;
	int r = release_open(&cli->s, &en, (size_t)argc, (const char *const *)argv, &c, e);

	if (r == 0)
		r = confirm_plan(cli, &c.plan, e);
	return change_outcome(cli, &en, &c, true, r, e);
}

extern const struct cmd cmd_release;
const struct cmd cmd_release = {
	.name = "release",
	.args = "[DOMAIN | DEV...]",
	.help = "undo what vfyard changed: everything, or these VFs",
	.optstring = "",
	.examples = "vfyard release web1\n"
		    "vfyard release 'net0/*'",
	.flags = CMD_MUTATES,
	.max_args = -1,
	.run = release,
};
