/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an import of a fake host must be: a topology whose check has nothing new to say, and whose
 * plan is empty. */
#ifndef VFY_TESTS_FAKE_IMPORT_H
#define VFY_TESTS_FAKE_IMPORT_H

#include "backend/backend.h"
#include "report/import.h"

/* The host as one run of the program finds it. */
struct fake_import {
	const struct host *host;       /* borrowed, stays open */
	const struct backend_ops *ops; /* NULL: that of the host itself, from its files */
	struct backend *backend;       /* with @ops; NULL: opened anew each time */
	const char *what;	       /* for messages: which host this is */
	struct import_options options;
};

/* Imports it; free() the text. *ret_missing, unless NULL: how many notes say NOT IMPORTED. */
char *fake_import(const struct fake_import *f, size_t *ret_missing);

/* Ends the test unless @text is a topology, printed again is the same, and on this host has an
 * empty plan and no problem that `version = 1` alone has not. */
void fake_import_holds(const struct fake_import *f, const char *text);

#endif
