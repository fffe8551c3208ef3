// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line: global options anywhere, a command, its own options and operands. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/closest.h"
#include "cli/cli.h"

enum {
	OPT_TIMEOUT = 256,
	OPT_FORCE,
	OPT_ROOT,
	OPT_QMP,
	OPT_YES,
};

#define GLOBAL_SHORT "C:H:Njvqc:hV"

static const struct option global_long[] = {
	{ "config", required_argument, NULL, 'C' },
	{ "hypervisor", required_argument, NULL, 'H' },
	{ "dry-run", no_argument, NULL, 'N' },
	{ "json", no_argument, NULL, 'j' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "color", required_argument, NULL, 'c' },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "force", required_argument, NULL, OPT_FORCE },
	{ "root", required_argument, NULL, OPT_ROOT },
	{ "qmp", required_argument, NULL, OPT_QMP },
	{ "yes", no_argument, NULL, OPT_YES },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
};

#define MAX_LONG (ARRAY_SIZE(global_long) + 16)

/* What was asked for besides running a command. */
struct asked {
	const char *root;
	bool help, version;
};

static int set_color(struct cli *cli, const char *s, struct err *e)
{
	static const char *const words[] = { "auto", "always", "never" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(s, words[i])) {
			cli->color = (enum color_when)i;
			return 0;
		}
	return err_fix(e, err_usage(e, "--color: '%s'", s), "use auto, always or never");
}

static int set_timeout(struct cli *cli, const char *s, struct err *e)
{
	char *end;
	unsigned long v = strtoul(s, &end, 10);

	if (*s < '0' || *s > '9' || *end || v < 1 || v > 86400)
		return err_fix(e, err_usage(e, "--timeout: '%s'", s), "use 1 to 86400 seconds");
	cli->s.host.timeout_ms = (unsigned)v * 1000;
	return 0;
}

static int add_force(struct cli *cli, const char *object, struct err *e)
{
	if (ARRAY_GROW(cli->forced, cli->s.host.n_forced) < 0)
		return err_set(e, ENOMEM, "out of memory");
	cli->forced[cli->s.host.n_forced++] = object;
	cli->s.host.forced = cli->forced;
	return 0;
}

/* Returns 1 when @c is not a global option. */
static int global_option(struct cli *cli, struct asked *ask, int c, struct err *e)
{
	switch (c) {
	case 'C':
		cli->s.config = optarg;
		return 0;
	case 'H':
		cli->s.hypervisor = optarg;
		return 0;
	case 'N':
		cli->s.dry_run = true;
		return 0;
	case 'j':
		cli->json = true;
		return 0;
	case 'v':
		cli->verbosity++;
		return 0;
	case 'q':
		cli->verbosity = LOG_QUIET;
		return 0;
	case 'c':
		return set_color(cli, optarg, e);
	case OPT_TIMEOUT:
		return set_timeout(cli, optarg, e);
	case OPT_FORCE:
		return add_force(cli, optarg, e);
	case OPT_ROOT:
		ask->root = optarg;
		return 0;
	case OPT_QMP:
		cli->qmp = optarg;
		return 0;
	case OPT_YES:
		cli->yes = true;
		return 0;
	case 'h':
		ask->help = true;
		return 0;
	case 'V':
		ask->version = true;
		return 0;
	default:
		return 1;
	}
}

/* The long option that "--jason" may be: one of the command's, or a global one. */
static const char *closest_option(const char *word, const struct cmd *cmd)
{
	const char *names[MAX_LONG + 1] = { NULL };
	char name[32];
	size_t n = 0;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	for (; n < ARRAY_SIZE(global_long); n++)
		names[n] = global_long[n].name;
	for (const struct cmd_long *l = cmd ? cmd->longs : NULL; l && l->name && n < MAX_LONG; l++)
		names[n++] = l->name;
	return closest_word(name, names);
}

static int bad_option(int c, char **argv, const struct cmd *cmd, struct err *e)
{
	const char *cause = c == ':' ? "needs a value" : "unknown option", *word = argv[optind - 1];
	int name = (int)strcspn(word, "=");
	bool is_long = !strncmp(word, "--", 2);
	const char *close;

	/* getopt knows the option, but the option takes no value. */
	if (c == '?' && optopt && is_long && word[name])
		err_usage(e, "%.*s takes no value", name, word);
	else if (optopt && is_long)
		err_usage(e, "option %s: %s", word, cause);
	else if (optopt > 0 && optopt < 256)
		err_usage(e, "option -%c: %s", optopt, cause);
	else
		err_usage(e, "%s: %s", argv[optind - 1], cause);
	close = !optopt && is_long ? closest_option(word, cmd) : NULL;
	if (close)
		return err_fix(e, -EINVAL, "did you mean --%s? run: vfyard %s%s--help", close,
			       cmd ? cmd->name : "", cmd ? " " : "");
	return err_fix(e, -EINVAL, "run: vfyard %s%s--help", cmd ? cmd->name : "", cmd ? " " : "");
}

/* Makes one getopt pass: up to the command (@cmd NULL), or over everything after it. */
static int pass(struct cli *cli, struct asked *ask, int argc, char **argv, const struct cmd *cmd,
		struct err *e)
{
	struct option longs[MAX_LONG + 1] = { 0 };
	char shorts[64];
	size_t n = ARRAY_SIZE(global_long);
	int c, r;

	memcpy(longs, global_long, sizeof(global_long));
	for (const struct cmd_long *l = cmd ? cmd->longs : NULL; l && l->name && n < MAX_LONG;
	     l++) {
		const char *spec = strchr(cmd->optstring, l->letter);

		longs[n++] = (struct option){ l->name, spec && spec[1] == ':', NULL, l->letter };
	}
	snprintf(shorts, sizeof(shorts), "%s:%s%s", cmd ? "" : "+", GLOBAL_SHORT,
		 cmd ? cmd->optstring : "");
	optind = 0; /* glibc: start afresh */
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == '?' || c == ':')
			return bad_option(c, argv, cmd, e);
		r = global_option(cli, ask, c, e);
		if (r == 1) {
			cli->opts[c & 127] = optarg ? optarg : "";
			r = 0;
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static int check_operands(const struct cmd *cmd, int n, char **argv, struct err *e)
{
	if (n < cmd->min_args)
		err_usage(e, "%s: operand missing", cmd->name);
	else if (cmd->max_args >= 0 && n > cmd->max_args)
		err_usage(e, "%s: unexpected operand '%s'", cmd->name, argv[cmd->max_args]);
	else
		return 0;
	return err_fix(e, -EINVAL, "usage: vfyard %s %s", cmd->name, cmd->args);
}

static int open_host(struct cli *cli, const struct asked *ask, struct err *e)
{
	struct host given = cli->s.host;
	int r = host_open(&cli->s.host, ask->root, e);

	if (r < 0)
		return r;
	cli->s.host.forced = given.forced;
	cli->s.host.n_forced = given.n_forced;
	if (given.timeout_ms)
		cli->s.host.timeout_ms = given.timeout_ms;
	cli->s.host.log.level = (enum log_level)cli->verbosity;
	return 0;
}

/* Keeps "vfyard pci-attach web1 net0/3", which another run is told about this one. */
static void keep_command_line(struct cli *cli, char **argv)
{
	size_t n = 0, size = sizeof(cli->command);

	for (char **a = argv; *a && n < size; a++)
		n += (size_t)snprintf(cli->command + n, size - n, "%s%s", n ? " " : "", *a);
	cli->s.command = cli->command;
}

/* Words that are wrong end the reading of options; the failure's document is wanted also when
 * --json stands behind them. */
static bool asks_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (!strcmp(argv[i], "-j") || !strcmp(argv[i], "--json"))
			return true;
	return false;
}

static int parse(struct cli *cli, int argc, char **argv, const struct cmd **ret_cmd, int *ret_first,
		 struct err *e)
{
	const struct cmd *cmd = NULL;
	struct asked ask = { 0 };
	int r, at;

	r = pass(cli, &ask, argc, argv, NULL, e);
	if (r < 0)
		return r;
	at = optind;
	if (at < argc) {
		cmd = cmd_find(argv[at]);
		if (!cmd)
			return cmd_unknown(argv[at], e);
		r = pass(cli, &ask, argc - at, argv + at, cmd, e);
		if (r < 0)
			return r;
		at += optind;
	}
	*ret_cmd = NULL;
	*ret_first = at;
	if (ask.version) {
		printf("vfyard %s\n", VERSION);
		return 0;
	}
	if (ask.help) {
		if (cmd)
			cmd_print_help(cmd, stdout);
		else
			cmd_print_overview(stdout);
		return 0;
	}
	if (!cmd)
		return err_fix(e, err_usage(e, "no command given"), "run: vfyard --help");
	r = check_operands(cmd, argc - at, argv + at, e);
	if (r < 0)
		return r;
	r = open_host(cli, &ask, e);
	if (r < 0)
		return r;
	keep_command_line(cli, argv);
	*ret_cmd = cmd;
	return 0;
}

int cli_parse(struct cli *cli, int argc, char **argv, const struct cmd **ret_cmd, int *ret_first,
	      struct err *e)
{
	/* getopt moves operands behind options. */
	bool json = asks_json(argc, argv);
	int r = parse(cli, argc, argv, ret_cmd, ret_first, e);

	if (r < 0)
		cli->json |= json;
	return r;
}

const char *cli_opt(const struct cli *cli, char letter)
{
	return cli->opts[letter & 127];
}
