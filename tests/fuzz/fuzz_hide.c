// SPDX-License-Identifier: GPL-2.0-or-later
/* hide= lists, on a command line and alone. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "host/boot/hide_list.h"
#include "base/err.h"

static void check_value(const char *value)
{
	size_t pos = 0, last = 0;
	struct hide_entry h;
	struct err e = { 0 };
	int r;

	while ((r = hide_list_next(value, &pos, &h)) == 1) {
		require(pos > last && pos <= strlen(value));
		require(h.at + h.len <= pos);
		hide_entry_has(&h, h.bdf);
		last = pos;
	}
	require((hide_list_check(value, &e) < 0) == (r < 0));
	if (r < 0)
		fuzz_sentence(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), value[256];
	size_t pos = 0;

	check_value(text);
	if (hide_list_of_line(text, "xen-pciback", value, sizeof(value)))
		check_value(value);
	while (hide_list_next_word(text, &pos, "xen-pciback", value, sizeof(value)))
		require(pos <= strlen(text));
	pos = 0;
	while (hide_list_next_word(text, &pos, NULL, value, sizeof(value)))
		require(pos <= strlen(text));
	free(text);
	return 0;
}
