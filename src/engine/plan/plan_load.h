/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module of the driver that holds assignable functions, loaded where it is missing. */
#ifndef VFY_ENGINE_PLAN_PLAN_LOAD_H
#define VFY_ENGINE_PLAN_PLAN_LOAD_H

#include "engine/plan/step.h"

/* The backend's driver is there, or no module is to be loaded for it. */
bool load_is_there(const struct host *h, const struct backend_ops *ops);

/* Is it there, or can it be loaded? As module_can_load(). Asked of captured hosts, too. */
int load_check(const struct host *h, const struct backend_ops *ops, struct err *e);

/* Puts a step that loads it before all others of a plan that makes something assignable; nothing
 * where it is there. What load_check() says is an error. */
int load_plan(const struct host *h, const struct backend_ops *ops, struct plan *p, struct err *e);

#endif
