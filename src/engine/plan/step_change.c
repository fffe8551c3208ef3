// SPDX-License-Identifier: GPL-2.0-or-later
/* Steps as differences: a property, what it is, and what it should be. */
#include <string.h>

#include "engine/plan/step.h"

#define TEXT(field, ...) snprintf(field, sizeof(field), __VA_ARGS__)

static const char *driver_now(const struct step *s)
{
	const struct vf *vf = vf_of(s->vf);

	if (s->is_new || vf->state == VF_ABSENT)
		return "";
	return vf->driver ? vf->driver : "none";
}

/* Writes "100" for one attribute, "vlan=100 qos=2" for several. */
static void setting_text(char *buf, size_t size, const struct vf_attrs *a, unsigned bits)
{
	char one[VF_ATTR_TEXT];
	bool several = bits & (bits - 1);
	size_t n = 0;

	buf[0] = '\0';
	for (unsigned i = 0; i < VF_ATTR_N && n < size; i++) {
		enum vf_attr bit = (enum vf_attr)(1u << i);

		if (!(bits & a->given & bit))
			continue;
		vf_attr_text(one, a, bit);
		n += (size_t)snprintf(buf + n, size - n, "%s%s", n ? " " : "",
				      several ? one : strchr(one, '=') + 1);
	}
}

/* Takes only values that differ, or that are not known. */
static void change_setting(const struct step *s, struct step_change *ret)
{
	unsigned bits = vf_setting_bits(s->setting) & s->want.given, differ = 0;

	for (unsigned i = 0; i < VF_ATTR_N; i++)
		if ((bits & 1u << i) &&
		    (!(s->was.given & 1u << i) || !vf_attrs_agree(&s->was, &s->want, 1u << i)))
			differ |= 1u << i;
	bits = differ ? differ : bits;
	TEXT(ret->property, "%s",
	     bits & (bits - 1) ? vf_setting_name(s->setting)
			       : vf_attr_name((enum vf_attr)(bits & -bits)));
	setting_text(ret->now, sizeof(ret->now), &s->was, bits);
	setting_text(ret->want, sizeof(ret->want), &s->want, bits);
}

static void change_driver(const struct step *s, const char *want, struct step_change *ret)
{
	TEXT(ret->property, "driver");
	TEXT(ret->now, "%s", driver_now(s));
	TEXT(ret->want, "%s", want);
}

void step_change(const struct step *s, struct step_change *ret)
{
	*ret = (struct step_change){ .property = "" };
	switch (s->kind) {
	case STEP_AUTOPROBE:
	case STEP_UP:
	case STEP_NUMVFS:
		TEXT(ret->property, "%s", step_name(s->kind));
		TEXT(ret->now, "%u", s->from);
		TEXT(ret->want, "%u", s->to);
		break;
	case STEP_LOAD:
		TEXT(ret->property, "module");
		TEXT(ret->want, "%s", s->module);
		break;
	case STEP_SET:
		change_setting(s, ret);
		break;
	case STEP_ASSIGN:
		change_driver(s, "assignable", ret);
		break;
	case STEP_UNBIND:
	case STEP_UNASSIGN:
		change_driver(s, "none", ret);
		break;
	case STEP_PROBE:
		change_driver(s, "host", ret);
		break;
	case STEP_RESTORE:
		change_driver(s, s->saved->driver[0] ? s->saved->driver : "none", ret);
		break;
	case STEP_ATTACH:
		TEXT(ret->property, "domain");
		TEXT(ret->now, "none");
		TEXT(ret->want, "%s", s->domain->name);
		break;
	case STEP_DETACH:
		TEXT(ret->property, "domain");
		TEXT(ret->now, "%s", s->domain->name);
		TEXT(ret->want, "none");
		break;
	case STEP_PERMISSIVE:
		TEXT(ret->property, "permissive");
		TEXT(ret->now, "0");
		TEXT(ret->want, "1");
		break;
	case STEP_DEFINE:
		TEXT(ret->property, "definition");
		TEXT(ret->now, "none");
		TEXT(ret->want, "%s", s->domain->name);
		break;
	case STEP_UNDEFINE:
		TEXT(ret->property, "definition");
		TEXT(ret->now, "%s", s->domain->name);
		TEXT(ret->want, "none");
		break;
	}
}

/* Tells whether it is the same property of the same PF or VF. */
static bool is_same(const struct step *a, const struct step *b, const char *property)
{
	struct step_change c;

	if (a->vf.pf != b->vf.pf || a->vf.index != b->vf.index)
		return false;
	step_change(b, &c);
	return !strcmp(c.property, property);
}

/* Finds what is there now, for a step about a VF that exists and is made anew before. Returns false
 * when that is as it should be. */
static bool differs_now(const struct step *s, struct step_change *ret)
{
	const struct vf *vf = vf_of(s->vf);
	struct step now = *s;
	unsigned bits = vf_setting_bits(s->setting) & s->want.given;

	now.is_new = false;
	if (s->kind == STEP_SET && s->vf.pf->attrs)
		vf_attrs_take(&now.was, &s->vf.pf->attrs[s->vf.index], bits);
	step_change(&now, ret);
	switch (s->kind) {
	case STEP_SET:
		return (now.was.given & bits) != bits || !vf_attrs_agree(&now.was, &s->want, bits);
	case STEP_ASSIGN:
		return vf->state == VF_HOST;
	case STEP_PROBE:
		return vf->state != VF_HOST || !vf->driver;
	case STEP_UNBIND:
		return vf->driver;
	default:
		return true;
	}
}

bool plan_drift(const struct plan *p, size_t i, struct step_change *ret)
{
	const struct step *s = &p->v[i];
	struct step_change earlier;

	if (s->is_intermediate)
		return false;
	step_change(s, ret);
	if (s->is_new && !step_is_about_pf(s) && vf_of(s->vf)->state != VF_ABSENT &&
	    !differs_now(s, ret))
		return false;
	for (size_t k = i; k-- > 0;) {
		const struct step *before = &p->v[k];

		/* For a VF, what prepares for a step is right before it; for a PF, they are
		 * apart. */
		if (!is_same(s, before, ret->property)) {
			if (!step_is_about_pf(s))
				break;
			continue;
		}
		if (!before->is_intermediate)
			return false;
		step_change(before, &earlier);
		memcpy(ret->now, earlier.now, sizeof(ret->now));
	}
	return true;
}
