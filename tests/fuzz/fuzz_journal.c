// SPDX-License-Identifier: GPL-2.0-or-later
/* The journal that a killed run left. */
#include <string.h>

#include "engine/run/journal.h"
#include "fuzz.h"

#define JOURNAL "run/vfyard/journal"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct host host;
	struct journal_found found = { 0 };
	struct err e = { 0 };
	int r;

	if (!host.root.dir) {
		require(host_open(&host, fuzz_dir(), &e) == 0);
		host.log.to = NULL;
		fuzz_write("proc/sys/kernel/random/boot_id", "b\n", 2);
	}
	fuzz_write(JOURNAL, data, size);
	r = journal_find(&host, &found, &e);
	if (r < 0)
		fuzz_sentence(&e);
	for (size_t i = 0; r == 1 && i < found.n; i++)
		require(found.v[i].kind < N_STEP_KINDS &&
			memchr(found.v[i].domain, '\0', sizeof(found.v[i].domain)));
	if (r == 1)
		journal_found_done(&found);
	return 0;
}
