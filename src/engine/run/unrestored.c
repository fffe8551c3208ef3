// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/unrestored.h"

#include <string.h>

bool unrestored_is_refusal(int r)
{
	switch (-r) {
	case EINVAL:
	case EOPNOTSUPP:
	case EPROTONOSUPPORT:
	case ENOSYS:
	case EPERM:
	case EACCES:
	case ERANGE:
	case EADDRNOTAVAIL: /* not a valid address (Linux net/ethernet/eth.c) */
	case EADDRINUSE:
	case EEXIST:
	case ENOSPC:
		return true;
	}
	return false;
}

bool unrestored_is_none(enum vf_setting s, const struct vf_attrs *old)
{
	switch (s) {
	case VF_SET_MAC:
		return mac_is_zero(old->mac);
	case VF_SET_NODE_GUID:
		return !old->node_guid;
	case VF_SET_PORT_GUID:
		return !old->port_guid;
	default:
		return false;
	}
}

#define VALUES_TEXT 160

/* Writes "vlan=7 qos=2": those of @bits that are given, and that differ in @than. */
static const char *values(char buf[VALUES_TEXT], const struct vf_attrs *a, unsigned bits,
			  const struct vf_attrs *than)
{
	char one[VF_ATTR_TEXT];
	size_t n = 0;

	buf[0] = '\0';
	for (unsigned i = 0; i < VF_ATTR_N; i++) {
		enum vf_attr bit = (enum vf_attr)(1u << i);

		if (!(bits & a->given & bit) ||
		    ((than->given & bit) && vf_attrs_agree(a, than, bit)))
			continue;
		n += (size_t)snprintf(buf + n, VALUES_TEXT - n, "%s%s", n ? " " : "",
				      vf_attr_text(one, a, bit));
	}
	return buf;
}

/* Says what it means to the VF that a value stays. */
static const char *meaning(enum vf_setting s, const struct vf_attrs *old)
{
	if (!unrestored_is_none(s, old))
		return "";
	return s == VF_SET_MAC ? ", the address that its driver uses from now on, until another is "
				 "set through the PF or the VF is made again"
			       : ", until another is set through the PF or the VF is made again";
}

/* Writes "was vlan=7, which the PF's driver does not take back (CAUSE); it stays vlan=100". */
static void say(char *buf, size_t size, enum vf_setting s, const struct vf_attrs *old,
		const struct vf_attrs *now, const struct err *why)
{
	char was[VALUES_TEXT], is[VALUES_TEXT];
	unsigned bits = vf_setting_bits(s);

	values(was, old, bits, now);
	values(is, now, bits, old);
	snprintf(
		buf, size,
		"was %.80s, which the PF's driver does not take back (%.120s); it stays %.80s%.160s",
		was, why->cause, *is ? is : "as it is", meaning(s, old));
}

void unrestored_note(const struct host *h, const char *object, enum vf_setting s,
		     const struct vf_attrs *old, const struct vf_attrs *now, const struct err *why)
{
	char text[sizeof(why->cause)];

	say(text, sizeof(text), s, old, now, why);
	log_note(&h->log, "%s: %s: %s", object, vf_setting_name(s), text);
}

static void add_further(struct err *e, const char *label, const struct step *s)
{
	err_append(e, ", and so %s of %.*s", vf_setting_name(s->setting), (int)strcspn(label, " "),
		   label);
}

void unrestored_leave(struct unrestored *u, const struct host *h, struct plan *p, struct step *s,
		      const struct vf_attrs *now, const struct err *why)
{
	char label[VF_LABEL_MAX], text[sizeof(why->cause)];

	step_object(label, s);
	s->outcome = OUTCOME_LEFT;
	unrestored_note(h, label, s->setting, &s->want, now, why);
	if (unrestored_is_none(s->setting, &s->want))
		return;
	p->has_left = true;
	if (u->n++) {
		add_further(&u->first, label, s);
		return;
	}
	say(text, sizeof(text), s->setting, &s->want, now, why);
	err_set(&u->first, why->code, "%s", text);
	err_status(&u->first, 0, EXIT_LEFT);
	err_at(&u->first, 0, label, vf_setting_name(s->setting));
	err_fix(&u->first, 0,
		"everything else is done, and the old value stays remembered; see dmesg | tail, "
		"fix the cause, then run: vfyard release %.*s",
		(int)strcspn(label, " "), label);
}

bool unrestored_keeps(const struct plan *p, struct bdf pf, unsigned index)
{
	for (size_t i = 0; p->has_left && i < p->n; i++) {
		const struct step *s = &p->v[i];

		if (s->kind == STEP_SET && s->is_restore && s->outcome == OUTCOME_LEFT &&
		    s->vf.index == index && !bdf_cmp(s->vf.pf->bdf, pf) &&
		    !unrestored_is_none(s->setting, &s->want))
			return true;
	}
	return false;
}

int unrestored_end(const struct unrestored *u, struct err *e)
{
	return u->n ? err_copy(e, &u->first) : 0;
}
