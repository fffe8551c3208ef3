/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands: one file, one const entry each; main.c checks counts and runs them. */
#ifndef VFY_CLI_CLI_H
#define VFY_CLI_CLI_H

#include "engine/session/session.h"

enum color_when {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER,
};

/* One run of the program: the session and the options that shape its output. */
struct cli {
	struct session s;
	bool json;
	bool yes; /* --yes: what is interrupted is meant to be */
	enum color_when color;
	const char *qmp;       /* --qmp PATH, NULL when not given */
	int verbosity;	       /* enum log_level */
	const char **forced;   /* owned array behind s.host.forced */
	char command[256];     /* the whole command line, for the lock */
	const char *opts[128]; /* the command's own options, by letter; see cli_opt() */
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
	const char *help;	      /* one line */
	const char *optstring;	      /* short options of its own, "" for none */
	const struct cmd_long *longs; /* long names of them, ended by { 0 }; NULL for none */
	const char *opts_help;	      /* their lines for --help; NULL for none */
	unsigned flags;
	int min_args, max_args; /* after options; max -1: no limit */
	/* argv[0..argc-1] are the operands; its own options are asked with cli_opt(). Returns 0 or
	 * -errno; *e.status is the exit status, EXIT_PENDING may come with return 0. */
	int (*run)(struct cli *cli, int argc, char **argv, struct err *e);
};

/* Value of the command's own option -@letter ("" for one without value), NULL when not given. */
const char *cli_opt(const struct cli *cli, char letter);

/* The domain a command is about: @operand, or the one behind --qmp; a backend takes a path where a
 * name stands. */
static inline const char *cli_domain(const struct cli *cli, const char *operand)
{
	return cli->qmp ? cli->qmp : operand;
}

extern const struct cmd *const commands[]; /* NULL-terminated, src/cli/commands.c */

/* The command called @name, or NULL. */
const struct cmd *cmd_find(const char *name);
void cmd_print_help(const struct cmd *cmd, FILE *out);
void cmd_print_overview(FILE *out);

/*
 * Reads the command line: global options stand before or after the command, its own after it.
 * *ret_cmd is NULL when --help or --version was answered; operands are at argv[*ret_first].
 */
int cli_parse(struct cli *cli, int argc, char **argv, const struct cmd **ret_cmd, int *ret_first,
	      struct err *e);

/* True when stdout should carry colours. */
bool cli_colors(const struct cli *cli);

#endif
