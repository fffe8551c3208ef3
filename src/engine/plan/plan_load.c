// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/plan_load.h"

#include "host/module.h"

bool load_is_there(const struct host *h, const struct backend_ops *ops)
{
	return !ops->module || root_exists(&h->root, "sys/bus/pci/drivers/%s", ops->driver);
}

int load_check(const struct host *h, const struct backend_ops *ops, struct err *e)
{
	struct err why = { 0 };
	int r = load_is_there(h, ops) ? 0 : module_can_load(h, ops->module, &why);

	if (r == 0)
		return 0;
	err_refuse(e, -r, "driver %s is not loaded: %s", ops->driver, why.cause);
	return err_fix(e, r, "%s", why.fix);
}

int load_plan(const struct host *h, const struct backend_ops *ops, struct plan *p, struct err *e)
{
	struct step s = { .kind = STEP_LOAD,
			  .vf = { .index = NO_VF },
			  .options = DEV_OPTIONS_INIT,
			  .module = ops->module,
			  .is_intermediate = true,
			  .why = "it stays loaded" };
	int r;

	for (size_t i = 0; i < p->n && !s.vf.pf; i++)
		if (p->v[i].kind == STEP_ASSIGN)
			s.vf.pf = p->v[i].vf.pf;
	if (!s.vf.pf || load_is_there(h, ops))
		return 0;
	r = load_check(h, ops, e);
	if (r < 0)
		return err_at(e, r, ops->module, "load");
	return plan_add_first(p, &s, e);
}
