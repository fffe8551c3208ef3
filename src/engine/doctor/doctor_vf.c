// SPDX-License-Identifier: GPL-2.0-or-later
/* Why can this VF not be given? Every link from its address to "assignable". */
#include <string.h>

#include "engine/doctor/doctor_parts.h"
#include "engine/plan/plan_load.h"
#include "engine/plan/plan_words.h"

static void say_pf(struct doctor *d, struct vf_ref vf)
{
	char name[BDF_STRLEN], bdf[BDF_STRLEN], where[BDF_STRLEN];

	if (vf_is_whole(vf)) {
		finding_add(d->found, FINDING_OK, "function", "an endpoint, at %s",
			    bdf_str(where, vf_of(vf)->bdf));
		return;
	}
	finding_add(d->found, FINDING_OK, "function", "VF %u of %s (%s, driver %s), at %s",
		    vf.index, pf_label(name, vf.pf), bdf_str(bdf, vf.pf->bdf),
		    vf.pf->driver ? vf.pf->driver : "none", bdf_str(where, vf_of(vf)->bdf));
}

static void say_host_driver(struct doctor *d, const struct vf *v)
{
	finding_add(d->found, FINDING_OK, "driver", "%s%s%s%s",
		    v->driver ? "driver of the host: " : "no driver", v->driver ? v->driver : "",
		    v->netdev ? "; network device " : "", v->netdev ? v->netdev : "");
}

/* In the words of the step that would be refused. */
static void say_state(struct doctor *d, struct vf_ref vf)
{
	const struct engine en = { .host = d->host, .ops = d->ops, .backend = d->backend };
	const struct vf *v = vf_of(vf);
	struct err why = { 0 };

	switch ((enum vf_state)v->state) {
	case VF_ABSENT:
		break;
	case VF_HOST:
		say_host_driver(d, v);
		return;
	case VF_ASSIGNABLE:
		finding_add(d->found, FINDING_OK, "driver", "%s holds it for guests",
			    v->driver ? v->driver : "the hypervisor");
		return;
	case VF_ATTACHED:
		refuse_held(vf, &why);
		break;
	case VF_STALE:
	case VF_BROKEN:
		if (refuse_unsure(&en, vf, &why) == 0)
			return;
		break;
	}
	finding_of_err(d->found, FINDING_PROBLEM, "state", &why);
}

static bool is_zero(const uint8_t mac[MAC_LEN])
{
	static const uint8_t zero[MAC_LEN];

	return !memcmp(mac, zero, MAC_LEN);
}

/* The guest's driver makes one up where its PF gives none. */
static void say_mac(struct doctor *d, struct vf_ref vf)
{
	const struct vf_attrs *a =
		vf.pf->attrs && !vf_is_whole(vf) ? &vf.pf->attrs[vf.index] : NULL;
	struct finding *x;

	if (!a || !(a->given & VF_ATTR_MAC) || !is_zero(a->mac))
		return;
	x = finding_add(d->found, FINDING_NOTE, "mac",
			"its MAC is 00:00:00:00:00:00: the guest gets a random one at each start");
	finding_fix(x, "write mac=auto for it into the topology, and run: vfyard apply");
}

static void say_memory(struct doctor *d, struct vf_ref vf)
{
	const struct vf_saved *o = d->saved ? state_find_vf(d->saved, vf) : NULL;

	if (!o)
		return;
	if (!state_is_about(o, vf_identity(vf).pf))
		finding_add(d->found, FINDING_NOTE, "memory",
			    "what is remembered is of another card, and is not used");
	else
		finding_add(d->found, FINDING_OK, "memory", "before vfyard it had %s%s",
			    o->is_name_only ? "a driver that is not known"
			    : o->driver[0]  ? "driver "
					    : "no driver",
			    o->is_name_only ? "" : o->driver);
}

/* Of a VF that somebody has no table is asked: nothing is done with it. */
static void ask_tables(struct doctor *d, struct vf_ref vf)
{
	struct doctor_row row = { .doctor = d };
	const struct refuse ask = doctor_asks(d);
	struct err why = { 0 };

	if (d->backend)
		refuse_host_walk(&ask, doctor_say_row, &row);
	if (vf_of(vf)->state == VF_HOST) {
		refuse_take_walk(&ask, vf, doctor_say_row, &row);
		if (load_check(d->host, d->ops, &why) < 0)
			finding_of_err(d->found, FINDING_PROBLEM, "module", &why);
	}
}

static void say_verdict(struct doctor *d, struct vf_ref vf)
{
	bool is_ready = vf_of(vf)->state == VF_ASSIGNABLE;
	struct finding *x = finding_add(d->found, FINDING_OK, "assignable", "%s",
					is_ready ? "yes, now" : "nothing is against it");

	if (is_ready)
		finding_fix(x, "run: vfyard pci-attach DOMAIN %s", dev_word(vf).text);
	else
		finding_fix(x, "run: vfyard pci-assignable-add %s", dev_word(vf).text);
}

void doctor_vf(struct doctor *d, struct vf_ref vf)
{
	char label[VF_LABEL_MAX];
	const char *area = inventory_intern(d->inv, vf_label(label, vf));
	size_t before = d->found->n_problems;
	struct err ignored = { 0 };

	d->found->area = area ? area : "VF";
	if (vf_of(vf)->state == VF_ABSENT)
		return;
	inventory_read_attrs(d->inv, d->host, vf.pf, &ignored);
	say_pf(d, vf);
	say_state(d, vf);
	if (d->ops)
		ask_tables(d, vf);
	say_memory(d, vf);
	say_mac(d, vf);
	if (d->ops && d->found->n_problems == before)
		say_verdict(d, vf);
}
