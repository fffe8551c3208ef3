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
	const char *config;	/* -C, NULL when not given */
	const char *hypervisor; /* -H, "auto" */
	const char *command;	/* the whole command line, for the lock */
	bool dry_run, json;
	enum color_when color;

	/* opened by the functions below, closed by main() */
	struct topology *topo;
	struct pf **topo_pfs; /* of topology_bind() */
	struct inventory *inv;
	const struct backend_ops *ops;
	struct backend *backend;
	struct store *store;
	int lock_fd;
	bool lock_taken;
};

enum cmd_flags {
	CMD_MUTATES = 1, /* takes the host lock unless --dry-run */
};

struct cmd {
	const char *name;
	const char *args;      /* usage after the name: "[-n NAME] DEV..." */
	const char *help;      /* one line */
	const char *optstring; /* short options of its own, "" for none */
	const char *opts_help; /* their lines for --help; NULL for none */
	unsigned flags;
	int min_args, max_args; /* after options; max -1: no limit */
	/* argv[0..argc-1] are the operands; its own options are asked with cli_opt(). Returns 0 or
	 * -errno; *e.status is the exit status, EXIT_PENDING may come with return 0. */
	int (*run)(struct cli *cli, int argc, char **argv, struct err *e);
};

/* Value of the command's own option -@letter ("" for one without value), NULL when not given. */
const char *cli_opt(const struct cli *cli, char letter);

extern const struct cmd *const commands[]; /* NULL-terminated, src/cli/commands.c */

/*
 * Things commands need, opened once, in any order; each opens what it rests on.
 */

/* The topology given with -C, or the default file when it exists. @required: its absence is an
 * error. Problems are printed; status EXIT_USAGE. */
int cli_topology(struct cli *cli, bool required, struct err *e);
/* The PFs and VFs of this host (flags as of inventory_read()), topology names on PFs where a
 * topology is there, and the backend's survey when there is a hypervisor. */
int cli_inventory(struct cli *cli, unsigned flags, struct err *e);
/* The backend of this host; @required: a host without hypervisor is an error. */
int cli_backend(struct cli *cli, bool required, struct err *e);
int cli_store(struct cli *cli, struct err *e);
/* Inventory, backend, store and engine of a mutating command, under the lock. */
int cli_engine(struct cli *cli, struct engine *ret, struct err *e);
/* DEV operands [first, argc) into a list. */
int cli_devices(struct cli *cli, int argc, char **argv, struct devlist *ret, struct err *e);

/* True when stdout should carry colours. */
bool cli_colors(const struct cli *cli);

#endif
