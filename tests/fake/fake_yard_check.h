/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests of whole runs assert about the fake host; each ends the test when it does not hold. */
#ifndef VFY_TESTS_FAKE_YARD_CHECK_H
#define VFY_TESTS_FAKE_YARD_CHECK_H

#include "fake_yard.h"

/* Asserts that the command succeeds. */
void yard_must(struct fake_yard *y, enum yard_command c);

/* Asserts that the command fails with this status and these words, and that the host is as it
 * was. */
void yard_fails(struct fake_yard *y, enum yard_command c, enum exit_status status,
		const char *words);

/* Asserts the driver of VF @i of PF @pf, "" for none. */
void yard_driver_is(struct fake_yard *y, unsigned pf, unsigned i, const char *want);

/* Returns which domain has it; "" for none. */
const char *yard_domain_of(struct fake_yard *y, unsigned pf, unsigned i);

/* Returns a number from a file of the PF at this address. */
unsigned yard_number(struct fake_yard *y, const char *pf, const char *file);

/* Sets the topology of the next runs: net0 with so many VFs and, as JSON from the comma on,
 * more. */
void yard_topology(struct fake_yard *y, const char *numvfs, const char *rest);

/* Part of such a topology: net0/0 is web1's. */
#define WEB1 ",\"domain\":[{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"0\"}]}]"

#endif
