/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps that wait for the kernel, in parts, so that several of a batch wait at once. */
#ifndef VFY_ENGINE_RUN_IN_FLIGHT_H
#define VFY_ENGINE_RUN_IN_FLIGHT_H

#include "engine/engine.h"
#include "engine/plan/step.h"
#include "host/pci/bind.h"

/* So many wait at once. The kernel resets a function in 100 ms, during which it sleeps, and each
 * that waits costs a process. */
#define FLIGHTS_MAX 16

/* A step that has begun. It must stay where it is until it has ended. */
struct in_flight {
	const struct step *step;
	struct flight *of_backend; /* ASSIGN, UNASSIGN */
	struct bind_flight bind;   /* RESTORE, UNBIND */
};

/* Tells whether steps of this kind wait at once. The others are done one after the other. */
bool flights_wait(const struct engine *en, enum step_kind kind);

/* Looks, once for all steps of this kind in a batch, at who holds what. Returns 0 or -errno. */
int flights_look(struct engine *en, enum step_kind kind, struct err *e);

/* Asks what refuses the step, before the first of its batch begins. Returns 0 or -errno. */
int flight_refuse(struct engine *en, const struct step *s, struct err *e);

/**
 * flight_start - begin a step, which flight_refuse() has been asked about
 *
 * Returns 1: it is in flight, and flight_go_on() is called until it has ended; 0: it is done;
 * -errno: it has failed, as action.run says.
 */
int flight_start(struct engine *en, const struct step *s, struct in_flight *ret, struct err *e);

/* Waits for what it waits for, and does all up to the next such thing. Returns the same. */
int flight_go_on(struct engine *en, struct in_flight *f, struct err *e);

#endif
