// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/snapshot.h"

#include <string.h>

#include "host/pci/bind.h"
#include "host/net/vf_link.h"
#include "host/inventory/sriov.h"
#include "engine/run/unmake.h"
#include "engine/run/unrestored.h"

struct snapshot_vf {
	char driver[DRIVER_MAX], override[DRIVER_MAX];
	struct vf_attrs attrs;
};

int snapshot_take(const struct engine *en, struct pf *pf, struct snapshot *ret, struct err *e)
{
	struct snapshot x = { .v = calloc(pf->numvfs + 1u, sizeof(*x.v)), .n = pf->numvfs };
	int r = x.v ? inventory_read_attrs(en->inv, en->host, pf, e)
		    : err_set(e, ENOMEM, "out of memory");

	for (unsigned i = 0; r == 0 && i < x.n && i < pf->n_vfs; i++) {
		x.v[i].attrs = pf->attrs[i];
		r = bind_driver_of(en->host, pf->vfs[i].bdf, x.v[i].driver, e);
		if (r == 0)
			r = bind_override_of(en->host, pf->vfs[i].bdf, x.v[i].override, e);
	}
	if (r < 0)
		snapshot_done(&x);
	else
		*ret = x;
	return r;
}

/* Sets only what differs, because a driver answers "not supported" to settings that it merely
 * reports. What the driver refuses does not keep the rest from being set; the first refusal is the
 * error. */
static int set_all(struct engine *en, struct pf *pf, unsigned i, const struct vf_attrs *was,
		   struct err *e)
{
	const struct vf_attrs *now = &pf->attrs[i];
	struct vf_ref vf = { pf, i };
	char label[VF_LABEL_MAX];
	int r = 0, one = 0;

	for (unsigned s = 0; (one == 0 || unrestored_is_refusal(one)) && s < VF_SETTINGS; s++) {
		enum vf_setting setting = (enum vf_setting)s;
		struct err why = { 0 };

		one = 0;
		if (!(was->given & vf_setting_bits(setting)) ||
		    vf_attrs_agree(was, now, vf_setting_bits(setting)))
			continue;
		one = vf_link_set(en->host, pf->netdev, i, setting, was, &why);
		if (one == 0)
			continue;
		if (unrestored_is_refusal(one))
			unrestored_note(en->host, vf_label(label, vf), setting, was, now, &why);
		if (unrestored_is_refusal(one) && unrestored_is_none(setting, was))
			continue;
		if (r == 0 || !unrestored_is_refusal(one)) {
			err_copy(e, &why);
			r = one;
		}
	}
	return r;
}

/* Kernels before 4.12 have no sriov_drivers_autoprobe: what was made has the host's driver. */
static int unbind_made(const struct engine *en, const struct pf *pf, struct bdf dev,
		       const char *driver, struct err *e)
{
	char now[DRIVER_MAX];
	int r = pf->autoprobe == UNKNOWN ? bind_driver_of(en->host, dev, now, e) : 0;

	if (r < 0 || pf->autoprobe != UNKNOWN || !strcmp(now, driver))
		return r;
	return bind_unbind(en->host, dev, e);
}

static int restore_vf(struct engine *en, struct pf *pf, unsigned i, const struct snapshot_vf *was,
		      struct err *e)
{
	int r = pf->netdev ? set_all(en, pf, i, &was->attrs, e) : 0, bound;
	struct err why = { 0 };

	if (r < 0 && !unrestored_is_refusal(r))
		return r;
	bound = unbind_made(en, pf, pf->vfs[i].bdf, was->driver, &why);
	if (bound == 0)
		bound = bind_give_back(en->host, pf->vfs[i].bdf, was->driver, was->override, &why);
	if (bound < 0)
		err_copy(e, &why);
	return bound < 0 ? bound : r;
}

static int make(struct engine *en, struct pf *pf, unsigned n, struct err *e)
{
	unsigned now = pf->numvfs;
	struct err why = { 0 };
	int r = now && now != n ? unmake_refuse(en, pf, 0, e) : 0, refreshed;

	if (r < 0)
		return r;
	if (now && n && now != n)
		r = numvfs_set(en->host, pf, 0, &now, e);
	if (r == 0)
		r = numvfs_set(en->host, pf, n, &now, e);
	if (r == -ETIMEDOUT)
		return r;
	refreshed = inventory_refresh(en->inv, en->host, pf, INVENTORY_ALL, &why);
	if (r == 0 && refreshed < 0) {
		err_copy(e, &why);
		return refreshed;
	}
	return r;
}

/* Restores all of them, even after one that has a setting which the driver refuses. */
static int restore_vfs(struct engine *en, struct pf *pf, const struct snapshot *was, struct err *e)
{
	int r = 0, one = 0;

	for (unsigned i = 0;
	     (one == 0 || unrestored_is_refusal(one)) && i < was->n && i < pf->n_vfs; i++) {
		struct err why = { 0 };

		one = restore_vf(en, pf, i, &was->v[i], &why);
		if (one < 0 && (r == 0 || !unrestored_is_refusal(one))) {
			err_copy(e, &why);
			r = one;
		}
	}
	return r;
}

int snapshot_restore(struct engine *en, struct pf *pf, const struct snapshot *was, struct err *e)
{
	bool holds = was->n && pf->autoprobe == 1;
	struct err again = { 0 };
	int r = holds ? autoprobe_set(en->host, pf, false, e) : 0;

	if (r == 0)
		r = make(en, pf, was->n, e);
	if (r == 0 && was->n)
		r = inventory_read_attrs(en->inv, en->host, pf, e);
	if (r == 0)
		r = restore_vfs(en, pf, was, e);
	if (holds && autoprobe_set(en->host, pf, true, &again) < 0 && r == 0) {
		*e = again;
		r = -again.code;
	}
	return r;
}

void snapshot_done(struct snapshot *r)
{
	free(r->v);
	*r = (struct snapshot){ 0 };
}
