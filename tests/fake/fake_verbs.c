// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_verbs.h"

#include <string.h>

#include "test.h"
#include "engine/run/run.h"
#include "host/pci/bind.h"

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

int site_assign(struct fake_site *s, const char *arg, const char *name)
{
	struct devlist l = fake_site_devs(s, arg);
	int r;

	memset(&s->e, 0, sizeof(s->e));
	r = run_assign(&s->en, &l, name, &s->e);
	devlist_done(&l);
	return r;
}

int site_unassign(struct fake_site *s, const char *arg, bool give_back)
{
	struct devlist l = fake_site_devs(s, arg);
	int r;

	memset(&s->e, 0, sizeof(s->e));
	r = run_unassign(&s->en, &l, give_back, &s->e);
	devlist_done(&l);
	return r;
}

void assert_site_driver(struct fake_site *s, unsigned i, const char *want)
{
	char driver[DRIVER_MAX];

	assert_string_equal(fake_site_driver(s, i, driver), want);
}

void assert_site_refused(struct fake_site *s, int r, const char *cause, const char *fix)
{
	assert_true(r < 0);
	assert_string_equal(s->e.cause, cause);
	assert_string_equal(s->e.fix, fix);
	assert_string_equal(s->e.object, VF3);
	assert_int_equal(s->e.status, EXIT_REFUSED);
	assert_string_equal(s->backend.calls, "");
	assert_int_equal(s->kernel.n_writes, 0);
}
