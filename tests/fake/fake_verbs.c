// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_verbs.h"

#include "engine/run/run.h"

static int run(struct engine *en, struct change *c, int r, struct err *e)
{
	if (r == 0 && !en->dry_run)
		r = engine_run(en, &c->plan, e);
	change_done(c, en->ops);
	return r;
}

int run_assign(struct engine *en, const struct devlist *devs, const char *name, struct err *e)
{
	struct change c;

	return run(en, &c, change_assign(en, devs, name, &c, e), e);
}

int run_unassign(struct engine *en, const struct devlist *devs, bool give_back, struct err *e)
{
	struct change c;

	return run(en, &c, change_unassign(en, devs, give_back, &c, e), e);
}

int run_attach(struct engine *en, const char *domain, const struct devlist *devs, struct err *e)
{
	struct change c;

	return run(en, &c, change_attach(en, domain, devs, &c, e), e);
}

int run_detach(struct engine *en, const char *domain, const struct devlist *devs, bool force,
	       struct err *e)
{
	struct change c;

	return run(en, &c, change_detach(en, domain, devs, force, &c, e), e);
}
