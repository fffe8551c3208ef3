/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host with one VF of igbvf, net0/0 at 0000:05:10.0, for tests of the guard. */
#ifndef VFY_TESTS_FAKE_GUARD_H
#define VFY_TESTS_FAKE_GUARD_H

#include "host/guard/guard.h"
#include "fake_root.h"

#define FAKE_GUARD_LABEL "net0/0 (0000:05:10.0)"
#define DEV		 "sys/devices/pci0000:05/0000:05:10.0" /* the VF's directory */

struct fake_guard {
	struct fake_root root;
	struct host *host;
	struct bdf vf;
	struct err e;
	char *notes;
	size_t notes_size;
};

/* cmocka setup and teardown; *state is the host. */
int fake_guard_setup(void **state);
int fake_guard_teardown(void **state);

/* Takes a line as fake_root_add() does. */
void fake_guard_add(struct fake_guard *t, const char *line);

/* Asserts that the guard lets the VF go. */
void fake_guard_is_free(struct fake_guard *t);
/* Asserts that it does not, for this reason, and that the sentence is complete. */
void fake_guard_refuses(struct fake_guard *t, const char *why);
/* Asserts the same for a use that is not the host's own. */
void fake_guard_in_use(struct fake_guard *t, const char *why);

#endif
