// SPDX-License-Identifier: GPL-2.0-or-later
/* The arguments of a process that may be a QEMU, as in /proc: anybody may have made them. */
#include <stdlib.h>
#include <string.h>

#include "backend/kvm/cmdline.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cmdline c = { 0 };
	uint8_t *copy = malloc(size ? size : 1);

	require(copy != NULL);
	memcpy(copy, data, size);
	if (cmdline_parse(&c, (const char *)copy, size) == 0) {
		require(memchr(c.name, '\0', sizeof(c.name)) != NULL);
		require(memchr(c.qmp, '\0', sizeof(c.qmp)) != NULL);
		require(memchr(c.qmp_more, '\0', sizeof(c.qmp_more)) != NULL);
		require(c.qmp[0] || !c.qmp_more[0]);
		cmdline_done(&c);
	}
	free(copy);
	return 0;
}
