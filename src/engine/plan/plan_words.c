// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/plan/plan_words.h"

#include <string.h>

#include "host/guard/guard.h"
#include "engine/plan/plan_load.h"

struct dev_word dev_word(struct vf_ref vf)
{
	struct dev_word w;

	vf_label(w.text, vf);
	w.text[strcspn(w.text, " ")] = '\0';
	return w;
}

int refuse_held(struct vf_ref vf, struct err *e)
{
	const char *domain = vf_of(vf)->domain ? vf_of(vf)->domain : "?";

	err_refuse(e, EBUSY, "held by domain %s", domain);
	return err_fix(e, -EBUSY, "run: vfyard pci-detach %s %s", domain, dev_word(vf).text);
}

int refuse_unsure(const struct engine *en, struct vf_ref vf, struct err *e)
{
	const struct vf *v = vf_of(vf);
	char label[VF_LABEL_MAX];
	const char *why = v->why ? v->why : "its state is not clear";

	vf_label(label, vf);
	if (guard_is_forced(en->host, v->bdf, label)) {
		log_note(&en->host->log, "%s: %s: %s; overridden by --force", label,
			 vf_state_name(v->state), why);
		return 0;
	}
	err_refuse(e, EBUSY, "%s: %s", vf_state_name(v->state), why);
	if (v->state == VF_STALE)
		return err_fix(e, -EBUSY, "clear the claim, run: vfyard pci-assignable-remove %s",
			       dev_word(vf).text);
	return err_fix(e, -EBUSY, "repair it first, or add --force %s", dev_word(vf).text);
}

int refuse_kept(const struct engine *en, struct vf_ref vf, struct err *e)
{
	enum vf_state state = (enum vf_state)vf_of(vf)->state;

	if ((state != VF_ASSIGNABLE && state != VF_ATTACHED) || !en->ops->may_unassign)
		return 0;
	return en->ops->may_unassign(en->backend, vf, e);
}

int takes_of_devs(struct takes *ret, const struct devlist *devs, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < devs->n; i++)
		r = takes_add(ret, vf_of(devs->vfs[i])->bdf, e);
	takes_sort(ret);
	return r;
}

static bool assigns(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].kind == STEP_ASSIGN)
			return true;
	return false;
}

int ready_to_assign(const struct engine *en, struct plan *p, struct err *e)
{
	const struct refuse ask = { en->host, en->ops, en->backend, NULL };
	int r = assigns(p) ? refuse_host(&ask, e) : 0;

	if (r < 0)
		return err_at(e, r, "host", "make assignable");
	return load_plan(en->host, en->ops, p, e);
}

int refuse_detach(const struct engine *en, const struct step *detach, struct err *e)
{
	return en->ops->may_detach ? en->ops->may_detach(en->backend, detach->domain, detach->vf,
							 detach->force, e)
				   : 0;
}

int operand_failed(struct vf_ref vf, const char *step, int r, struct err *e)
{
	char label[VF_LABEL_MAX];

	return err_at(e, r, vf_label(label, vf), step);
}
