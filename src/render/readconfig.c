// SPDX-License-Identifier: GPL-2.0-or-later
/* The same devices as render qemu, as a file for -readconfig. */
#include "render/guest.h"

static int readconfig(const struct render_in *in, FILE *out, struct problems *notes, struct err *e)
{
	_cleanup_(guest_done) struct guest g = { 0 };
	struct qdev d;
	int r = guest_make(in, &g, notes, e);

	if (r < 0)
		return r;
	fputs("# ", out);
	guest_print_head(&g, in, "readconfig", out);
	fputc('\n', out);
	for (size_t i = 0; guest_qdev(&g, i, &d); i++) {
		if (guest_is_computed(&g, i))
			fputs("\n# " RENDER_COMPUTED ": " RENDER_COMPUTED_MEANS, out);
		fprintf(out, "\n[device \"%s\"]\n  driver = \"%s\"\n", d.id, d.driver);
		for (size_t p = 0; p < d.n; p++)
			fprintf(out, "  %s = \"%s\"\n", d.props[p].key, d.props[p].value);
	}
	return 0;
}

const struct renderer render_readconfig = {
	.name = "readconfig",
	.help = "the same devices as a file for QEMU's -readconfig",
	.takes_domain = true,
	.takes = RENDER_TAKES_RESERVE,
	.fn = readconfig,
};
