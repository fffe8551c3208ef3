// SPDX-License-Identifier: GPL-2.0-or-later
/* Hot plug. xl's VSLOT operand means the same as the option vslot= of the device. */
#include <string.h>

#include "cli/plan_common.h"
#include "engine/plan/plan_assign.h"

/* Accepts "1f" or "0x5", which cannot be a device, because a device has ':' or '/', or a longer
 * name. */
static bool is_vslot(const char *s)
{
	const char *digits = strncmp(s, "0x", 2) ? s : s + 2;
	size_t n = strlen(digits);

	return n >= 1 && n <= 2 && strspn(digits, "0123456789abcdefABCDEF") == n &&
	       strtoul(digits, NULL, 16) <= 0x1f;
}

static int devices(struct cli *cli, int n, char **argv, struct devlist *devs, struct err *e)
{
	_cleanup_free_ char *with_slot = NULL;
	const char *one[1];
	bool ends_with_comma;

	if (n < 2 || !is_vslot(argv[n - 1]))
		return session_devices(&cli->s, n, (const char *const *)argv, devs, e);
	ends_with_comma = argv[0][0] && argv[0][strlen(argv[0]) - 1] == ',';
	if (n > 2)
		return err_fix(e,
			       err_usage(e, "VSLOT '%s' is for one device, but %d are named",
					 argv[n - 1], n - 1),
			       "give each its own: DEV,vslot=%s", argv[n - 1]);
	if (asprintf(&with_slot, "%s%svslot=%s", argv[0], ends_with_comma ? "" : ",", argv[1]) <
	    0) {
		with_slot = NULL;
		return err_set(e, ENOMEM, "out of memory");
	}
	one[0] = with_slot;
	return session_devices(&cli->s, 1, one, devs, e);
}

extern const struct cmd cmd_attach;

static int attach(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(devlist_done) struct devlist devs = { 0 };
	struct change c = { 0 };
	struct engine en;
	int r = session_engine(&cli->s, &en, e);

	if (r == 0)
		r = domain_comes_first(cli, cmd_attach.name, argv,
				       devices(cli, argc - 1, argv + 1, &devs, e), e);
	if (r == 0)
		r = change_attach(&en, cli_domain(cli, argv[0]), &devs, &c, e);
	return change_outcome(cli, &en, &c, false, r, e);
}

const struct cmd cmd_attach = {
	.name = "pci-attach",
	.args = "DOMAIN DEV[,permissive=1,...]... [VSLOT]",
	.help = "hot-plug devices into a running domain",
	.optstring = "",
	.examples = "vfyard pci-attach web1 net0/2\n"
		    "vfyard pci-attach web1 net0/3,permissive=1 net1/0",
	.flags = CMD_MUTATES,
	.min_args = 2,
	.max_args = -1,
	.run = attach,
};
