// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices that running domains have but cannot use. */
#include <stdlib.h>

#include "engine/check/check_parts.h"

static void note(struct check *c, const struct attachment *a)
{
	char label[VF_LABEL_MAX];
	struct vf_ref vf;
	struct err *p;

	if (!inventory_find_vf(c->inv, a->bdf, &vf))
		return;
	p = check_note(c, (struct loc){ 0, 0 }, vf_label(label, vf), "domain %s has it, but %s",
		       a->domain, a->why);
	/* Nobody can tell which view to believe, and a healthy guest keeps what it has. */
	if (a->is_broken)
		return;
	bdf_str(label, a->bdf);
	err_fix(p, 0,
		"detach it and attach it again to see the cause, run: vfyard pci-detach "
		"%s %s",
		a->domain, label);
}

int check_attached(struct check *c, struct err *e UNUSED)
{
	struct attachment *v = NULL;
	struct err ignored = { 0 };
	size_t n = 0;

	/* Others report why the devices cannot be listed. */
	if (!c->backend || !c->ops->list || c->ops->list(c->backend, NULL, &v, &n, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (v[i].why)
			note(c, &v[i]);
	free(v);
	return 0;
}
