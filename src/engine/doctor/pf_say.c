// SPDX-License-Identifier: GPL-2.0-or-later
/* What the facts of a PF mean. Pure. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "engine/doctor/doctor_parts.h"
#include "base/text.h"
#include "host/inventory/pf_driver.h"

struct saying {
	const struct pf_facts *f;
	struct findings *ret;
	char object[VF_LABEL_MAX];
};

static struct finding *add(const struct saying *s, enum finding_level level, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

static struct finding *add(const struct saying *s, enum finding_level level, const char *fmt, ...)
{
	char text[sizeof(((struct finding *)0)->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return finding_add(s->ret, level, s->object, "%s", text);
}

/* ": 3 assignable, 4 attached" */
static void count_text(const struct pf_facts *f, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (unsigned i = VF_HOST; i < ARRAY_SIZE(f->count); i++)
		if (f->count[i] && n < size)
			n += (size_t)snprintf(buf + n, size - n, "%s%u %s", n ? ", " : ": ",
					      f->count[i], vf_state_name((enum vf_state)i));
}

static void say_whole(const struct saying *s)
{
	const struct pf *pf = s->f->pf;
	char counts[128], vectors[48] = "";

	count_text(s->f, counts, sizeof(counts));
	if (s->f->vectors > 0)
		snprintf(vectors, sizeof(vectors), "; %d interrupt%s each", s->f->vectors,
			 s->f->vectors == 1 ? "" : "s");
	add(s, FINDING_OK, "%s%s, %u of %u VF%s%s%s", pf->driver ? "driver " : "no driver",
	    pf->driver ? pf->driver : "", pf->numvfs, pf->totalvfs, text_s(pf->totalvfs), counts,
	    vectors);
}

/* Where VFs are there already, there was room for so many. */
static bool say_room(const struct saying *s)
{
	const struct pf_facts *f = s->f;
	struct finding *x;

	if (f->pf->numvfs)
		return false;
	if (f->is_without_memory) {
		x = add(s, FINDING_PROBLEM,
			"the machine has no room for the memory of its VFs (%" PRIu64
			" KiB for all %u): the kernel cannot make any",
			f->memory >> 10, f->pf->totalvfs);
		finding_fix(x, "switch SR-IOV and Above 4G Decoding on in the machine's firmware, "
			       "or boot with pci=realloc");
		return true;
	}
	if (f->n_buses < f->pf->totalvfs) {
		x = add(s, f->n_buses ? FINDING_NOTE : FINDING_PROBLEM,
			"%u of its %u VFs have a bus number: the bridge above ends at bus %02x",
			f->n_buses, f->pf->totalvfs, f->last_bus);
		if (f->n_buses)
			finding_fix(x, "write numvfs=%u or less, or boot with pci=assign-busses",
				    f->n_buses);
		finding_fix(x, "boot with pci=assign-busses, or put the card into another slot");
		return !f->n_buses;
	}
	return false;
}

static void say_notes(const struct saying *s)
{
	const struct pf_facts *f = s->f;
	const struct pf *pf = f->pf;

	if (f->other_card)
		finding_fix(add(s, FINDING_NOTE,
				"another card is here than the one that is remembered (%s)",
				f->other_card),
			    "nothing is needed: what that one was before is not used");
	if (f->is_down && !f->no_vfs.cause[0])
		finding_fix(add(s, FINDING_NOTE,
				"network device %s is down: many a VF has no link then",
				pf->netdev),
			    "run: ip link set %s up; or write up=1 for this PF", pf->netdev);
	if (f->needed.cause[0])
		finding_fix(add(s, FINDING_NOTE,
				"%s: vfyard does not change the number of its VFs, and those that "
				"are there can be given",
				f->needed.cause),
			    "%s", f->needed.fix);
	if (pf->is_switchdev)
		finding_fix(
			add(s, FINDING_NOTE,
			    "its eswitch is in switchdev mode: MAC, VLAN, trust and rates of "
			    "VFs are set on their representors, not on the PF"),
			"leave these keys out, or change it to legacy mode while it has no VFs");
	if (pf->autoprobe == 0)
		finding_fix(add(s, FINDING_NOTE,
				"sriov_drivers_autoprobe is 0: new VFs get no driver of the host"),
			    "write autoprobe=1 for this PF if they shall");
	if (f->n_shared)
		finding_fix(
			add(s, FINDING_NOTE,
			    "%u of its VFs share their IOMMU group with another one: a group "
			    "goes to one guest as a whole",
			    f->n_shared),
			"put the card into a slot behind a port with ACS; see each, run: vfyard "
			"list");
	if (f->ari == 0 && pf->totalvfs > 7)
		add(s, FINDING_NOTE,
		    "the bridge above does not forward ARI: VFs take more bus numbers");
}

void pf_facts_say(const struct pf_facts *f, struct findings *ret)
{
	struct saying s = { f, ret, "" };
	char name[BDF_STRLEN], bdf[BDF_STRLEN];
	const char *label = pf_label(name, f->pf);

	if (strcmp(label, bdf_str(bdf, f->pf->bdf)) != 0)
		snprintf(s.object, sizeof(s.object), "%.60s (%s)", label, bdf);
	else
		snprintf(s.object, sizeof(s.object), "%s", bdf);
	if (f->no_vfs.cause[0])
		finding_of_err(ret, FINDING_PROBLEM, s.object, &f->no_vfs);
	else if (!say_room(&s))
		say_whole(&s);
	say_notes(&s);
}
