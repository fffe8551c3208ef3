// SPDX-License-Identifier: GPL-2.0-or-later
/* xenstore as text, as a capture has it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/xen/dump.h"
#include "fuzz.h"

/* Checks that every node which a folder lists exists, or is a folder. */
static void walk(const struct dump *d, const char *path, unsigned depth)
{
	unsigned n = 0;
	char **names = dump_list(d, path, &n);

	for (unsigned i = 0; names && i < n; i++) {
		char *node = NULL;

		require(asprintf(&node, "%s/%s", path, names[i]) > 0);
		dump_read(d, node);
		if (depth < 6 && *names[i])
			walk(d, node, depth + 1);
		free(node);
	}
	free(names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;
	struct dump *d;

	/* walking is quadratic */
	if (size > 2000)
		return 0;
	text = fuzz_text(data, size);
	d = dump_parse(text);
	require(d != NULL);
	walk(d, "", 0);
	walk(d, "/local/domain/0/backend/pci", 0);
	dump_free(d);
	free(text);
	return 0;
}
