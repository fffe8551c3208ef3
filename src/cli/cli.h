/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands: one file, one const entry each; main.c checks counts and runs them. */
#ifndef VFY_CLI_CLI_H
#define VFY_CLI_CLI_H

#include "core/backend.h"
#include "core/devarg.h"
#include "core/lock.h"
#include "core/store.h"
#include "engine/steps.h"

enum color_when {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER,
};

/* One run of the program: global options, and what commands open on demand. */
struct cli {
	struct host host;
	const char *config;	 /* -C, NULL when not given */
	const char *hypervisor;	 /* -H, "auto" */
	const char *const *argv; /* the whole command line, NULL-terminated, for the lock */
	bool dry_run, json;
	enum color_when color;
	int verbosity;	       /* enum log_level */
	const char **forced;   /* owned array behind host.forced */
	const char *opts[128]; /* the command's own options, by letter; see cli_opt() */

	/* opened by the functions below, closed by main() */
	struct topology *topo;
	struct pf **topo_pfs; /* of topology_bind() */
	struct inventory *inv;
	const struct backend_ops *ops;
	struct backend *backend;
	struct store *store;
	int lock_fd; /* -1: not taken */
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

/*
 * Things commands need, opened once, in any order; each opens what it rests on. All are closed by
 * cli_close().
 */

/*
 * The topology given with -C, or the default file when it exists. Its problems are printed here;
 * status EXIT_USAGE. Not @required: no file is fine, and a broken default file is only a note.
 */
int cli_topology(struct cli *cli, bool required, struct err *e);

/*
 * The PFs and VFs of this host (@flags as of inventory_read()), topology names on PFs where there
 * is a topology, and the backend's survey where there is a hypervisor. For reading: what could not
 * be seen is said as a note and left as sysfs tells it.
 */
int cli_inventory(struct cli *cli, unsigned flags, struct err *e);

/* The backend of this host, open. @required: a host without a hypervisor is an error. */
int cli_backend(struct cli *cli, bool required, struct err *e);
int cli_store(struct cli *cli, struct err *e);

/* All a mutating command needs: the host lock (not with --dry-run), and under it store, backend,
 * inventory and a survey that saw everything. */
int cli_engine(struct cli *cli, struct engine *ret, struct err *e);
void cli_close(struct cli *cli);

/* DEV operands [first, argc) into a list. */
int cli_devices(struct cli *cli, int argc, char **argv, struct devlist *ret, struct err *e);

/* True when stdout should carry colours. */
bool cli_colors(const struct cli *cli);

#endif
