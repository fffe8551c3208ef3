// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/session/release.h"

#include <string.h>

#include "engine/plan/plan_release.h"

static int devices(struct session *s, const struct engine *en, size_t n,
		   const char *const *operands, struct devlist *devs, struct err *e)
{
	int r = -ESRCH;

	if (n == 1 && !strpbrk(operands[0], "/*"))
		r = release_devices(en, &s->bound, operands[0], devs, e);
	return r != -ESRCH ? r : session_devices(s, (int)n, operands, devs, e);
}

int release_open(struct session *s, struct engine *en, size_t n, const char *const *operands,
		 struct change *ret, struct err *e)
{
	_cleanup_(devlist_done) struct devlist devs = { 0 };
	int r = session_engine(s, en, e);

	if (r == 0 && n)
		r = devices(s, en, n, operands, &devs, e);
	return r < 0 ? r : change_release(en, n ? &devs : NULL, ret, e);
}
