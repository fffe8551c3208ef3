/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a command on a fake site, as main() does after it has read the command line. The test
 * includes the command's own .c file beside this. */
#ifndef VFY_TESTS_FAKE_CLI_H
#define VFY_TESTS_FAKE_CLI_H

#include "cli/cli.h"
#include "fake_site.h"

/* One run: what is asked for, then what came of it. */
struct fake_run {
	bool json, dry_run, no_backend;
	char letter;	   /* one of the command's own options */
	const char *value; /* of that option */

	int r;
	struct err e;
	char out[4096]; /* standard output */
};

/* @args are operands, separated by blanks. Returns what the command returned. */
int fake_cli_run(struct fake_site *s, const struct cmd *cmd, struct fake_run *run,
		 const char *args);

#endif
