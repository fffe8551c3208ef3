// SPDX-License-Identifier: GPL-2.0-or-later
/* All commands, in the order in which help shows them. */
#include <ctype.h>
#include <string.h>

#include "base/closest.h"
#include "cli/cli.h"

extern const struct cmd cmd_list, cmd_tree, cmd_doctor, cmd_check, cmd_plan, cmd_apply, cmd_status,
	cmd_release;
extern const struct cmd cmd_set, cmd_confirm, cmd_render, cmd_import;
extern const struct cmd cmd_assignable_list, cmd_assignable_add, cmd_assignable_remove;
extern const struct cmd cmd_attach, cmd_detach, cmd_pci_list, cmd_help;

const struct cmd *const commands[] = {
	&cmd_list,
	&cmd_tree,
	&cmd_doctor,
	&cmd_check,
	&cmd_plan,
	&cmd_apply,
	&cmd_status,
	&cmd_confirm,
	&cmd_set,
	&cmd_release,
	&cmd_render,
	&cmd_import,
	&cmd_assignable_list,
	&cmd_assignable_add,
	&cmd_assignable_remove,
	&cmd_attach,
	&cmd_detach,
	&cmd_pci_list,
	&cmd_help,
	NULL,
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
	"Exit: 0 done, 1 failed, 2 usage, 3 changes pending, 4 refused, 5 locked, 6 left.\n";

/* The next command after @c, or the first one for NULL, that begins with @word. */
static const struct cmd *const *next_like(const struct cmd *const *c, const char *word)
{
	for (c = c ? c + 1 : commands; *c; c++)
		if (!strncmp((*c)->name, word, strlen(word)))
			return c;
	return NULL;
}

const struct cmd *cmd_find(const char *name)
{
	const struct cmd *const *first;

	for (const struct cmd *const *c = commands; *c; c++)
		if (!strcmp((*c)->name, name))
			return *c;
	first = *name ? next_like(NULL, name) : NULL;
	return first && !next_like(first, name) ? *first : NULL;
}

#define COMMANDS_MAX 32

/* The command that @word may have meant; NULL: none. */
static const char *closest(const char *word)
{
	const char *names[COMMANDS_MAX + 1] = { NULL };
	size_t n = 0, len = strlen(word);

	for (; commands[n] && n < COMMANDS_MAX; n++) {
		const char *name = commands[n]->name;
		size_t k = strlen(name);

		/* "attach", "assignable-add": without the part that all of these begin with. */
		if (len && k > len && name[k - len - 1] == '-' && !strcmp(name + k - len, word))
			return name;
		names[n] = name;
	}
	return closest_word(word, names);
}

static int unknown(const char *word, const char *close, struct err *e)
{
	int r = err_usage(e, "unknown command '%s'", word);

	if (close)
		return err_fix(e, r, "did you mean %s? run: vfyard help %s", close, close);
	return err_fix(e, r, "run: vfyard --help");
}

/* It begins more than one. */
static int ambiguous(const char *word, struct err *e)
{
	char list[256] = "";

	for (const struct cmd *const *c = next_like(NULL, word); c; c = next_like(c, word))
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s",
			 list[0] ? ", " : "", (*c)->name);
	return err_fix(e, err_usage(e, "'%s' may be %s", word, list), "write more of it");
}

int cmd_unknown(const char *word, struct err *e)
{
	const char *close;

	if (*word && next_like(NULL, word))
		return ambiguous(word, e);
	close = closest(word);
	return unknown(word, close, e);
}

/* Words of a usage line, and what they stand for. */
static const struct {
	const char *word, *text;
} operands[] = {
	{ "PF", "  PF       a name of the topology, a network device, or an address\n" },
	{ "DEV", "  DEV      an address (0000:05:10.0), PF/INDEX, PF/A-B, PF/*, the VF's network\n"
		 "           device, or a name given with pci-assignable-add -n\n" },
	{ "DEV[",
	  "           after a comma: permissive, msitranslate, power_mgmt, seize (0 or 1),\n"
	  "           rdm_policy (strict or relaxed), vslot\n" },
	{ "DOMAIN", "  DOMAIN   a name, a number, or the path of a QEMU monitor\n" },
	{ "VSLOT", "  VSLOT    the slot in the guest, hexadecimal\n" },
	{ "FORMAT", "  FORMAT   xl, grub, modprobe, qemu, readconfig, libvirt, dot or svg\n" },
	{ "FILE", "  FILE     a file of the kind that the option says; without one, a topology\n" },
	{ "COMMAND", "  COMMAND  one of those that vfyard --help lists\n" },
};

/* Is it there as a whole word? What an option takes, as SEC, is told with the option. */
static bool has_operand(const char *args, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = strstr(args, word); at; at = strstr(at + 1, word))
		if ((at == args || strchr(" [|", at[-1])) &&
		    (word[n - 1] == '[' || !isalpha((unsigned char)at[n])))
			return true;
	return false;
}

static void print_operands(const struct cmd *cmd, FILE *out)
{
	const char *title = "Operands:\n";

	for (size_t i = 0; i < ARRAY_SIZE(operands); i++) {
		if (!has_operand(cmd->args, operands[i].word))
			continue;
		fprintf(out, "%s%s", title, operands[i].text);
		title = "";
	}
	if (!*title)
		putc('\n', out);
}

static void print_examples(const struct cmd *cmd, FILE *out)
{
	fputs("Examples:\n", out);
	for (const char *s = cmd->examples; s && *s; s += *s == '\n') {
		fprintf(out, "  %.*s\n", (int)strcspn(s, "\n"), s);
		s += strcspn(s, "\n");
	}
}

void cmd_print_help(const struct cmd *cmd, FILE *out)
{
	fprintf(out, "Usage: vfyard [OPTION...] %s%s%s\n%s\n\n", cmd->name, *cmd->args ? " " : "",
		cmd->args, cmd->help);
	if (cmd->opts_help)
		fprintf(out, "Options:\n%s\n", cmd->opts_help);
	print_operands(cmd, out);
	print_examples(cmd, out);
	fputs("\nGlobal options and exit statuses: vfyard --help; all of it: man 8 vfyard\n", out);
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
