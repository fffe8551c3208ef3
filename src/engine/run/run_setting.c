// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/run_setting.h"

#include "host/net/vf_link.h"

int setting_look(const struct engine *en, const struct step *s, struct vf_attrs *ret, struct err *e)
{
	struct pf *pf = s->vf.pf;
	int r = pf->attrs ? 0 : inventory_read_attrs(en->inv, en->host, pf, e);

	if (r == 0)
		*ret = pf->attrs[s->vf.index];
	return r;
}

static int no_netdev(const struct pf *pf, struct err *e)
{
	return err_fix(e,
		       err_set(e, ENODEV, "its PF has no network device (%s%s)",
			       pf->driver ? "driver " : "no driver", pf->driver ? pf->driver : ""),
		       "load the PF's driver");
}

static int write_setting(struct engine *en, const struct step *s, const struct vf_attrs *a,
			 struct err *e)
{
	struct pf *pf = s->vf.pf;
	int r;

	if (inventory_follow_netdev(en->inv, en->host, pf) < 0)
		return err_set(e, ENOMEM, "out of memory");
	if (!pf->netdev)
		return no_netdev(pf, e);
	r = vf_link_set(en->host, pf->netdev, s->vf.index, s->setting, a, e);
	/* check notes this before (engine/check/check_vf.c). */
	if (r == -EOPNOTSUPP && pf->is_switchdev)
		err_fix(e, r,
			"the PF is in switchdev mode: set it on the VF's representor, and leave %s "
			"out here",
			vf_setting_name(s->setting));
	return err_at(r < 0 ? e : NULL, r, NULL, vf_setting_name(s->setting));
}

/* Tells whether all of it is known and as wanted. */
static bool is_so(const struct vf_attrs *now, const struct vf_attrs *want, unsigned bits)
{
	bits &= want->given;
	return (now->given & bits) == bits && vf_attrs_agree(now, want, bits);
}

int setting_run(struct engine *en, const struct step *s, struct err *e)
{
	unsigned bits = vf_setting_bits(s->setting);
	struct vf_attrs now, want;
	int r = setting_look(en, s, &now, e);

	if (r < 0 || is_so(&now, &s->want, bits))
		return r;
	/* The kernel takes the values of a setting together, so those that nobody asks for must be
	 * repeated. */
	want = (struct vf_attrs){ 0 };
	vf_attrs_take(&want, &now, bits);
	vf_attrs_take(&want, &s->want, bits);
	return write_setting(en, s, &want, e);
}

static int differs(const struct step *s, const struct vf_attrs *now, struct err *e)
{
	unsigned bits = vf_setting_bits(s->setting) & s->want.given & now->given;
	char is[VF_ATTR_TEXT], want[VF_ATTR_TEXT];

	for (unsigned bit = 0; bit < VF_ATTR_N; bit++) {
		enum vf_attr attr = (enum vf_attr)(1u << bit);

		if (!(bits & attr) || vf_attrs_agree(now, &s->want, attr))
			continue;
		err_set(e, EBADE, "the kernel reports success, but the driver says %s, not %s",
			vf_attr_text(is, now, attr), vf_attr_text(want, &s->want, attr));
		return err_fix(e, -EBADE, "see what the driver says, run: dmesg | tail");
	}
	return 0;
}

int setting_compare(const struct plan *p, size_t first, size_t last, size_t *ret_failed,
		    struct err *e)
{
	int r = 0;

	for (size_t i = first; r == 0 && i < last; i++) {
		const struct step *s = &p->v[i];

		if (s->outcome != OUTCOME_LEFT)
			r = differs(s, &s->vf.pf->attrs[s->vf.index], e);
		*ret_failed = i;
	}
	return r;
}

int setting_verify(const struct engine *en, const struct plan *p, size_t first, size_t last,
		   size_t *ret_failed, struct err *e)
{
	int r = inventory_read_attrs(en->inv, en->host, p->v[first].vf.pf, e);

	*ret_failed = first;
	return r < 0 ? r : setting_compare(p, first, last, ret_failed, e);
}

int setting_undo(struct engine *en, const struct step *s, const struct before *b, struct err *e)
{
	unsigned bits = vf_setting_bits(s->setting);
	struct step back = *s;
	int r;

	if ((b->attrs.given & bits & s->want.given) != (bits & s->want.given))
		return err_set(e, ENODATA, "the driver did not say what it was before");
	back.want = (struct vf_attrs){ 0 };
	vf_attrs_take(&back.want, &b->attrs, bits);
	r = inventory_read_attrs(en->inv, en->host, s->vf.pf, e);
	if (r == 0)
		r = setting_run(en, &back, e);
	if (r == 0)
		r = inventory_read_attrs(en->inv, en->host, s->vf.pf, e);
	return r < 0 ? r : differs(&back, &s->vf.pf->attrs[s->vf.index], e);
}
