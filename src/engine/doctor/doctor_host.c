// SPDX-License-Identifier: GPL-2.0-or-later
/* The host itself: hypervisor, IOMMU, driver, boot. */
#include <string.h>

#include "engine/doctor/doctor_parts.h"
#include "engine/plan/plan_load.h"

static void say_driver(struct doctor *d)
{
	struct err why = { 0 };

	if (load_check(d->host, d->ops, &why) < 0)
		finding_of_err(d->found, FINDING_PROBLEM, "driver", &why);
	else if (load_is_there(d->host, d->ops))
		finding_add(d->found, FINDING_OK, "driver", "%s is loaded", d->ops->driver);
	else
		finding_add(d->found, FINDING_OK, "driver",
			    "%s is not loaded; vfyard loads it when it is needed", d->ops->driver);
}

/* What binds devices when the host boots, in the words of check. */
static void say_boot(struct doctor *d)
{
	struct problems found = { 0 };
	struct err e = { 0 };

	if (!d->ops->boot)
		return;
	if (d->ops->boot(d->host, d->topo, d->pfs, &found, &e) < 0)
		d->found->is_cut = true;
	for (size_t i = 0; i < found.n; i++)
		finding_of_err(d->found, found.v[i].is_note ? FINDING_NOTE : FINDING_PROBLEM,
			       "boot", &found.v[i].err);
	problems_done(&found);
}

/* Source: Linux security/lockdown/lockdown.c: "none [integrity] confidentiality". */
static void say_lockdown(struct doctor *d)
{
	char text[128] = "";
	struct finding *x;

	if (root_read(&d->host->root, text, sizeof(text), "sys/kernel/security/lockdown") <= 0 ||
	    !strchr(text, '[') || strstr(text, "[none]"))
		return;
	x = finding_add(d->found, FINDING_NOTE, "lockdown",
			"the kernel is locked down (%s): giving VFs to guests works, and modules "
			"without a signature, setpci and mstconfig do not",
			strstr(text, "[integrity]") ? "integrity" : "confidentiality");
	finding_fix(x, "where one of these is needed, switch Secure Boot off for that time");
}

static void say_domains(struct doctor *d)
{
	struct finding *x;

	if (!d->unseen->cause[0])
		return;
	x = finding_add(d->found, FINDING_NOTE, "domains", "not seen: %s", d->unseen->cause);
	if (d->unseen->fix[0])
		finding_fix(x, "%s", d->unseen->fix);
}

void doctor_host(struct doctor *d, const struct err *no_hypervisor)
{
	struct doctor_row row = { .doctor = d };
	const struct refuse ask = doctor_asks(d);

	d->found->area = "Host";
	if (!d->ops) {
		finding_of_err(d->found, FINDING_PROBLEM, "hypervisor", no_hypervisor);
		say_lockdown(d);
		return;
	}
	if (d->ops->diagnose && d->backend)
		d->ops->diagnose(d->backend, d->inv, d->found);
	if (d->backend)
		refuse_host_walk(&ask, doctor_say_row, &row);
	say_driver(d);
	say_boot(d);
	say_lockdown(d);
	say_domains(d);
}
