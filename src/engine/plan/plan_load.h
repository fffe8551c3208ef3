/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module of the driver that holds assignable functions: it is loaded when it is missing. */
#ifndef VFY_ENGINE_PLAN_PLAN_LOAD_H
#define VFY_ENGINE_PLAN_PLAN_LOAD_H

#include "engine/plan/step.h"

/* Tells whether the backend's driver is there, or no module needs to be loaded for it. */
bool load_is_there(const struct host *h, const struct backend_ops *ops);

/* Checks that it is there or can be loaded. Returns as module_can_load() does. Asks captured hosts,
 * too. */
int load_check(const struct host *h, const struct backend_ops *ops, struct err *e);

/* For a plan that makes something assignable, puts a step that loads the module before all others;
 * adds nothing when the driver is there. Fails with what load_check() says. */
int load_plan(const struct host *h, const struct backend_ops *ops, struct plan *p, struct err *e);

#endif
