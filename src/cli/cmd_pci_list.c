// SPDX-License-Identifier: GPL-2.0-or-later
/* Shows what is attached, and where the guest really sees it. */
#include <string.h>

#include "cli/cli.h"
#include "report/attached.h"

static int list_attached(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(attached_done) struct attached l = { 0 };
	int r = attached_read(&cli->s, cli_domain(cli, argc ? argv[0] : NULL), &l, e);

	if (r < 0)
		return r;
	if (cli->json)
		return cli_document(cli, attached_json(&l), e);
	r = attached_text(&l, stdout);
	attached_notes(&l, &cli->s.host.log);
	return r < 0 ? err_set(e, -r, "print: %s", strerror(-r)) : 0;
}

extern const struct cmd cmd_pci_list;
const struct cmd cmd_pci_list = {
	.name = "pci-list",
	.args = "[DOMAIN]",
	.help = "list what is attached, with the address the guest sees",
	.optstring = "",
	.examples = "vfyard pci-list\n"
		    "vfyard pci-list web1",
	.max_args = 1,
	.run = list_attached,
};
