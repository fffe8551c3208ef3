/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of doctor share. */
#ifndef VFY_ENGINE_DOCTOR_DOCTOR_PARTS_H
#define VFY_ENGINE_DOCTOR_DOCTOR_PARTS_H

#include "engine/doctor/doctor.h"
#include "engine/plan/refuse.h"

/* The tables of refusals, as check, plan and the run ask them. */
struct refuse doctor_asks(const struct doctor *d);

/* A row of a table that was asked: a refuse_say() whose @arg is one of these. */
struct doctor_row {
	struct doctor *doctor;
	bool is_refused;  /* one was refused */
	const char *skip; /* this row is not told, because another line says it; or NULL */
};
void doctor_say_row(void *row, const struct refusal *refusal, const struct err *why,
		    bool is_unseen);

/* Is it only that somebody who may see more has to ask? */
bool doctor_is_unseen(const struct doctor *d, const struct err *why);

/* What one PF is, read of the host. */
struct pf_facts {
	const struct pf *pf;
	unsigned count[VF_BROKEN + 1]; /* of its VFs in each state */
	struct err no_vfs;	       /* why it cannot have VFs; without a cause: it can */
	struct err needed;	       /* what the host needs it for */
	bool is_down;		       /* its network device */
	int vectors;		       /* of one VF, or UNKNOWN */
	unsigned n_shared;	       /* VFs that share their IOMMU group */
	const char *other_card;	       /* that is remembered in its slot, NULL: none */
	uint64_t memory;
	unsigned n_buses, last_bus;
	bool is_without_memory;
	int8_t ari;
};

/* Reads them; then what they mean, which is pure: data in, findings out. */
void pf_facts_read(const struct doctor *d, struct pf *pf, struct pf_facts *ret);
void pf_facts_say(const struct pf_facts *f, struct findings *ret);

#endif
