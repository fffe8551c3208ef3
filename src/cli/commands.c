// SPDX-License-Identifier: GPL-2.0-or-later
/* All commands, in the order in which help shows them. */
#include <string.h>

#include "cli/cli.h"

extern const struct cmd cmd_list, cmd_doctor, cmd_check, cmd_plan, cmd_apply, cmd_status,
	cmd_release;
extern const struct cmd cmd_render, cmd_import;
extern const struct cmd cmd_assignable_list, cmd_assignable_add, cmd_assignable_remove;
extern const struct cmd cmd_attach, cmd_detach, cmd_pci_list;

const struct cmd *const commands[] = {
	&cmd_list,   &cmd_doctor,	   &cmd_check,		&cmd_plan,
	&cmd_apply,  &cmd_status,	   &cmd_release,	&cmd_render,
	&cmd_import, &cmd_assignable_list, &cmd_assignable_add, &cmd_assignable_remove,
	&cmd_attach, &cmd_detach,	   &cmd_pci_list,	NULL,
};

static const char global_help[] =
	"Global options, before or after the command:\n"
	"  -C, --config FILE        topology (default /etc/vfyard/topology.cfg)\n"
	"  -H, --hypervisor NAME    auto, xen or kvm\n"
	"  -N, --dry-run            say what would be done, change nothing\n"
	"  -j, --json               one JSON document on standard output\n"
	"  -v, --verbose            say each step; twice: each effect on the host, too\n"
	"  -q, --quiet              errors only\n"
	"  -c, --color WHEN         auto, always or never\n"
	"      --timeout SEC        for each slow step (default 30)\n"
	"      --force OBJECT       override one refusal for one PF, VF or domain\n"
	"      --yes                do not ask before running domains or the host lose devices\n"
	"      --root DIR           look for every host path below DIR\n"
	"      --qmp PATH           the domain behind this QEMU monitor; ignores DOMAIN\n"
	"  -h, --help  -V, --version\n"
	"\n"
	"DEV is an address (0000:05:10.0), PF/INDEX, PF/A-B, PF/* or a name given with\n"
	"pci-assignable-add -n; PF is a topology name, a network device or an address.\n"
	"Exit: 0 done, 1 failed, 2 usage, 3 changes pending, 4 refused, 5 locked, 6 left.\n";

const struct cmd *cmd_find(const char *name)
{
	for (const struct cmd *const *c = commands; *c; c++)
		if (!strcmp((*c)->name, name))
			return *c;
	return NULL;
}

void cmd_print_help(const struct cmd *cmd, FILE *out)
{
	fprintf(out, "Usage: vfyard [OPTION...] %s%s%s\n%s\n\n", cmd->name, *cmd->args ? " " : "",
		cmd->args, cmd->help);
	if (cmd->opts_help)
		fprintf(out, "Options:\n%s\n", cmd->opts_help);
	fputs(global_help, out);
}

void cmd_print_overview(FILE *out)
{
	fputs("Usage: vfyard [OPTION...] COMMAND [ARG...]\n"
	      "Gives SR-IOV virtual functions to virtual machines on Xen and KVM.\n"
	      "\nCommands:\n",
	      out);
	for (const struct cmd *const *c = commands; *c; c++)
		fprintf(out, "  %-22s %s\n", (*c)->name, (*c)->help);
	fprintf(out, "\n%s", global_help);
}
