/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands: each has one file and one const entry; main.c counts operands and runs the command. */
#ifndef VFY_CLI_CLI_H
#define VFY_CLI_CLI_H

#include "engine/session/session.h"
#include "report/problem_json.h"

enum color_when {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER,
};

/* One run of the program: the session and the options that shape its output. */
struct cli {
	struct session s;
	bool json;
	bool yes; /* --yes: what the plan interrupts may be interrupted */
	enum color_when color;
	const char *qmp;       /* --qmp PATH, NULL when not given */
	int verbosity;	       /* enum log_level */
	const char **forced;   /* owned array behind s.host.forced */
	char command[256];     /* the whole command line, for the lock */
	const char *opts[128]; /* the command's own options, by letter; read them with cli_opt() */
	bool has_document;     /* with --json: it was printed, and a failure is in it */
};

enum cmd_flags {
	CMD_MUTATES = 1, /* changes the host: needs root, unless --dry-run */
};

struct cmd_long {
	const char *name;
	char letter;
};

struct cmd {
	const char *name;
	const char *args;	      /* usage after the name: "[-n NAME] DEV..." */
	const char *help;	      /* one line for the list of commands */
	const char *optstring;	      /* its own short options, "" for none */
	const struct cmd_long *longs; /* long names for them, ended by { 0 }; NULL for none */
	const char *opts_help;	      /* their lines for --help; NULL for none */
	const char *examples;	      /* for --help, a command a line */
	unsigned flags;
	int min_args, max_args; /* number of operands; max -1: no limit */
	/* argv[0..argc-1] are the operands; cli_opt() gives the command's own options. Returns 0 or
	 * -errno; *e.status is the exit status, which may be EXIT_PENDING with return value 0. */
	int (*run)(struct cli *cli, int argc, char **argv, struct err *e);
};

/* Returns the value of the command's own option -@letter ("" for one without a value), NULL when it
 * was not given. */
const char *cli_opt(const struct cli *cli, char letter);

/* Returns the domain that a command is about: @operand, or the path of --qmp, because a backend
 * accepts a path in place of a name. */
static inline const char *cli_domain(const struct cli *cli, const char *operand)
{
	return cli->qmp ? cli->qmp : operand;
}

/* Prints the command's document and takes it over. Returns as json_print(). */
static inline int cli_document(struct cli *cli, json_t *doc, struct err *e)
{
	cli->has_document = doc != NULL;
	return json_print(doc, e);
}

extern const struct cmd *const commands[]; /* NULL-terminated, src/cli/commands.c */

/* Returns the command called @name, or the only one that begins so, as in xl; or NULL. */
const struct cmd *cmd_find(const char *name);
/* Fails with -EINVAL because there is no command @word, and names the one that may be meant, as
 * "attach" means pci-attach. */
int cmd_unknown(const char *word, struct err *e);
void cmd_print_help(const struct cmd *cmd, FILE *out);
void cmd_print_overview(FILE *out);

/*
 * Reads the command line: global options may stand before or after the command, its own options
 * after it. *ret_cmd is NULL when --help or --version was answered; the operands begin at
 * argv[*ret_first].
 */
int cli_parse(struct cli *cli, int argc, char **argv, const struct cmd **ret_cmd, int *ret_first,
	      struct err *e);

/* True when standard output should be coloured. */
bool cli_colors(const struct cli *cli);

#endif
