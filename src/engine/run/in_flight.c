// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/in_flight.h"

#include "engine/plan/refuse.h"
#include "engine/run/actions.h"

/* What is in its group is known only when a driver has it, and then it is asked about once more. */
static bool is_late(const struct engine *en, const struct step *s)
{
	return en->ops->group_comes && en->ops->group_comes(en->host, s->vf);
}

/* One that is assignable only gets a name. */
static int refuse_new(struct engine *en, const struct step *s, struct err *e)
{
	const struct refuse ask = { en->host, en->ops, en->backend, en->takes };

	return vf_of(s->vf)->state == VF_ASSIGNABLE ? 0 : refuse_assign(&ask, s->vf, e);
}

static int start_assign(struct engine *en, const struct step *s, struct in_flight *f, struct err *e)
{
	if (is_late(en, s))
		return actions[STEP_ASSIGN].run(en, s, e);
	return en->ops->assign_start(en->backend, s->vf, s->options.name, &f->of_backend, e);
}

static int start_unassign(struct engine *en, const struct step *s, struct in_flight *f,
			  struct err *e)
{
	return en->ops->unassign_start(en->backend, s->vf, &f->of_backend, e);
}

static int go_on_backend(struct engine *en, struct in_flight *f, struct err *e)
{
	return en->ops->go_on(en->backend, f->of_backend, e);
}

static int start_restore(struct engine *en, const struct step *s, struct in_flight *f,
			 struct err *e)
{
	int r = bind_give_back_start(en->host, vf_of(s->vf)->bdf, s->saved->driver, &f->bind, e);

	return r < 0 ? r : 1;
}

static int finish_restore(struct engine *en UNUSED, struct in_flight *f, struct err *e)
{
	return bind_give_back_finish(&f->bind, f->step->saved->driver_override, e);
}

static int start_unbind(struct engine *en, const struct step *s, struct in_flight *f, struct err *e)
{
	int r = bind_unbind_start(en->host, vf_of(s->vf)->bdf, &f->bind, e);

	return r < 0 ? r : 1;
}

static int finish_unbind(struct engine *en UNUSED, struct in_flight *f, struct err *e)
{
	return bind_unbind_finish(&f->bind, e);
}

static const struct {
	int (*refuse)(struct engine *en, const struct step *s, struct err *e); /* NULL: nothing */
	int (*start)(struct engine *en, const struct step *s, struct in_flight *f, struct err *e);
	int (*go_on)(struct engine *en, struct in_flight *f, struct err *e);
} parts[N_STEP_KINDS] = {
	[STEP_ASSIGN] = { refuse_new, start_assign, go_on_backend },
	[STEP_UNASSIGN] = { NULL, start_unassign, go_on_backend },
	[STEP_RESTORE] = { NULL, start_restore, finish_restore },
	[STEP_UNBIND] = { NULL, start_unbind, finish_unbind },
};

bool flights_wait(const struct engine *en, enum step_kind kind)
{
	if (kind == STEP_ASSIGN)
		return en->ops->assign_start;
	if (kind == STEP_UNASSIGN)
		return en->ops->unassign_start;
	return parts[kind].start;
}

int flights_look(struct engine *en, enum step_kind kind, struct err *e)
{
	bool is_backends = kind == STEP_ASSIGN || kind == STEP_UNASSIGN;

	return is_backends && en->ops->look ? en->ops->look(en->backend, e) : 0;
}

int flight_refuse(struct engine *en, const struct step *s, struct err *e)
{
	return parts[s->kind].refuse ? parts[s->kind].refuse(en, s, e) : 0;
}

int flight_start(struct engine *en, const struct step *s, struct in_flight *ret, struct err *e)
{
	*ret = (struct in_flight){ .step = s };
	return parts[s->kind].start(en, s, ret, e);
}

int flight_go_on(struct engine *en, struct in_flight *f, struct err *e)
{
	return parts[f->step->kind].go_on(en, f, e);
}
