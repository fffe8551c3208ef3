// SPDX-License-Identifier: GPL-2.0-or-later
/* Single settings, for those who would write "ip link set ... vf" or echo into sysfs. */
#include "cli/plan_common.h"
#include "engine/session/set.h"

static int set(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(apply_done) struct apply a = { .s = &cli->s };
	int r = apply_tries(cli, &a, &cli->s, e);

	if (r == 0)
		r = set_open(&a, &cli->s, (size_t)argc, (const char *const *)argv, e);

	return apply_outcome(cli, &a, r, e);
}

extern const struct cmd cmd_set;
const struct cmd cmd_set = {
	.name = "set",
	.args = "[--confirm SEC] PF|DEV KEY=VALUE...",
	.help = "set numvfs of a PF, or MAC, VLAN, ... of VFs; release undoes it",
	.optstring = "u:",
	.longs = (const struct cmd_long[]){ { "confirm", 'u' }, { 0 } },
	.opts_help =
		"  (none of its own)\n"
		"\n"
		"Settings:\n"
		"  of a PF  numvfs=N, autoprobe=, up=\n"
		"  of VFs   mac=auto or an address, vlan=, qos=, proto=, spoofchk=, trust=,\n"
		"           link=, min_tx_rate=, max_tx_rate=, node_guid=, port_guid=, driver=\n",
	.examples = "vfyard set net0 numvfs=7\n"
		    "vfyard set net0/3 mac=auto vlan=100 trust=on",
	.flags = CMD_MUTATES,
	.min_args = 1,
	.max_args = -1,
	.run = set,
};
