// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/assignable.h"

#include "base/text.h"
#include "report/json_text.h"

static const char *name_of(const struct session *s, struct vf_ref vf)
{
	const struct vf_saved *o = s->saved ? state_find_vf(s->saved, vf) : NULL;

	return o && o->name[0] ? o->name : NULL;
}

static void print_line(const struct session *s, bool with_names, struct vf_ref vf, FILE *out)
{
	const char *name = with_names ? name_of(s, vf) : NULL;
	char buf[BDF_STRLEN];

	text_line(out, "%s%s%s", bdf_str(buf, vf_of(vf)->bdf), name ? " " : "", name ? name : "");
}

static json_t *as_json(const struct session *s, struct vf_ref vf)
{
	const struct vf *v = vf_of(vf);
	char bdf[BDF_STRLEN], pf_bdf[BDF_STRLEN], buf[BDF_STRLEN];
	bool is_vf = !vf_is_whole(vf);

	return json_pack("{s:s, s:o, s:s?, s:o, s:o, s:o, s:o}", "bdf", bdf_str(bdf, v->bdf), "pf",
			 json_text(is_vf ? pf_label(buf, vf.pf) : NULL), "pf_bdf",
			 is_vf ? bdf_str(pf_bdf, vf.pf->bdf) : NULL, "index",
			 is_vf ? json_integer(vf.index) : json_null(), "name",
			 json_text(name_of(s, vf)), "driver", json_text(v->driver), "iommu_group",
			 v->iommu_group == NO_GROUP ? json_null() : json_integer(v->iommu_group));
}

/* The next assignable one after @at, which begins as { NULL }. */
static bool next(const struct inventory *inv, struct vf_ref *at)
{
	while (inventory_next(inv, at))
		if (vf_of(*at)->state == VF_ASSIGNABLE)
			return true;
	return false;
}

void assignable_text(const struct session *s, bool with_names, FILE *out)
{
	struct vf_ref vf = { 0 };

	while (next(s->inv, &vf))
		print_line(s, with_names, vf, out);
}

json_t *assignable_json(const struct session *s)
{
	json_t *list = json_array();
	json_t *doc = json_pack("{s:i, s:s, s:o}", "version", 1, "hypervisor", s->inv->hypervisor,
				"assignable", list);
	struct vf_ref vf = { 0 };
	int r = doc ? 0 : -1;

	while (r == 0 && next(s->inv, &vf))
		r = json_array_append_new(list, as_json(s, vf));
	/* In a capture without domains, some of these may be in one. */
	if (r == 0 && s->inv->domains_unseen)
		r = json_object_set_new(doc, "unseen", json_pack("[s]", "domain"));
	if (r == 0)
		return doc;
	json_decref(doc);
	return NULL;
}

static int open_all(struct session *s, bool wants_names, struct err *e)
{
	const struct backend_ops *ops;
	struct err unseen = { 0 };
	int r = session_backend(s, true, e);

	if (r < 0)
		return r;
	ops = s->ops;
	if (!root_exists(&s->host.root, "sys/bus/pci/drivers/%s", ops->driver))
		return err_fix(e, err_set(e, ENOENT, "driver %s is not loaded", ops->driver),
			       "run: modprobe %s", ops->module ? ops->module : ops->driver);
	r = session_inventory(s, INVENTORY_FUNCTIONS, e);
	if (r < 0)
		return r;
	if (s->inv->domains_unseen && !root_is_captured(&s->host.root))
		return err_fix(e, err_set(e, EACCES, "the domains could not be seen"),
			       "run as root");
	r = session_state(s, &unseen);
	if (r == -EACCES && wants_names)
		log_note(&s->host.log, "names are not shown: only root can read %s", unseen.object);
	else if (r < 0 && r != -EACCES)
		*e = unseen;
	return r == -EACCES ? 0 : r;
}

int assignable_look(struct session *s, bool wants_names, struct err *e)
{
	int r = open_all(s, wants_names, e);

	/* Problems of the topology have a place already. */
	return r < 0 && !s->faults.n_errors ? err_at(e, r, "host", "list assignable devices") : r;
}
