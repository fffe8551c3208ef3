/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Typed steps, of which a plan consists. They are data; nothing here touches a host. */
#ifndef VFY_ENGINE_PLAN_STEP_H
#define VFY_ENGINE_PLAN_STEP_H

#include <limits.h>

#include "backend/backend.h"
#include "state/state.h"

enum step_kind {
	STEP_AUTOPROBE,	 /* sriov_drivers_autoprobe of a PF */
	STEP_LOAD,	 /* a module of the kernel; its PF stands for the host */
	STEP_UP,	 /* a PF's network device up, or down again */
	STEP_NUMVFS,	 /* sriov_numvfs of a PF */
	STEP_SET,	 /* one setting of a VF, through its PF's netdev */
	STEP_UNBIND,	 /* host driver -> no driver */
	STEP_PROBE,	 /* no driver -> the host's driver that takes it */
	STEP_ASSIGN,	 /* host driver or none -> assignable */
	STEP_UNASSIGN,	 /* assignable -> no driver */
	STEP_RESTORE,	 /* no driver -> the driver and override it had before */
	STEP_ATTACH,	 /* assignable -> in a domain */
	STEP_DETACH,	 /* in a domain -> assignable */
	STEP_PERMISSIVE, /* in a domain: its guest may write all of the config space */
	STEP_DEFINE,	 /* into what a domain is started with the next time */
	STEP_UNDEFINE,	 /* out of that */
};

#define N_STEP_KINDS 15

enum step_outcome {
	OUTCOME_NONE, /* not begun */
	OUTCOME_DONE,
	OUTCOME_FAILED, /* failed, and left nothing */
	OUTCOME_HALF,	/* failed, and may have left something: not what was asked, or half done */
	OUTCOME_UNDONE,
	OUTCOME_LEFT, /* done or half done, and could not be undone */
};

struct step {
	enum step_kind kind;
	struct vf_ref vf;	      /* for a step about a PF: index NO_VF */
	unsigned from, to;	      /* AUTOPROBE, UP, NUMVFS */
	enum vf_setting setting;      /* SET */
	struct vf_attrs was, want;    /* SET: its bits; @was as far as it is known */
	struct domain *domain;	      /* ATTACH to UNDEFINE; borrowed */
	struct dev_options options;   /* ATTACH; DETACH: as it is attached; ASSIGN: its name */
	const struct vf_saved *saved; /* RESTORE: to what it was; borrowed from the state */
	const char *module;	      /* LOAD; static */
	bool force;		      /* DETACH */
	bool is_restore;      /* SET: back to what it was; a refusal is left and is not a failure */
	bool is_new;	      /* about a VF that an earlier step makes: the one that exists now is
			       * another one */
	bool gives_way;	      /* UNASSIGN: nobody asked for it, but it is in the way of others */
	bool is_intermediate; /* prepares for another step: not a difference to the topology by
			       * itself */
	const char *why;      /* static text; may be NULL */
	enum step_outcome outcome; /* written by engine_run() */
};

#define NO_VF UINT_MAX

static inline bool step_is_about_pf(const struct step *s)
{
	return s->vf.index == NO_VF;
}

/* What a run forgets when everything is done; index NO_VF: the PF itself. */
struct plan_forget {
	struct bdf pf;
	unsigned index;
};

struct plan {
	struct step *v;
	size_t n;
	struct plan_forget *forget;
	size_t n_forget;
	bool stop_on_error; /* on_error = "stop": what was done stays */
	bool has_left;	    /* written by engine_run(): see engine/run/unrestored.h */
	bool remember_all;  /* ATTACH and SET also remember VFs that are not remembered yet */
};

int plan_add(struct plan *p, const struct step *s, struct err *e);
/* Adds it as the first one. */
int plan_add_first(struct plan *p, const struct step *s, struct err *e);
int plan_add_forget(struct plan *p, struct bdf pf, unsigned index, struct err *e);
void plan_done(struct plan *p);

/* Returns "assign", "numvfs", ... */
const char *step_name(enum step_kind k);
const char *step_outcome_name(enum step_outcome o);

/* Tells whether it takes away something that is there for others: a device of a domain, VFs with
 * all their settings, or a VF that was kept assignable. */
bool step_is_disruptive(const struct step *s);

/* Writes "net0/3 (0000:05:10.6)", or "net0 (0000:05:00.0)" for a PF. Returns @buf. */
const char *step_object(char buf[VF_LABEL_MAX], const struct step *s);

/* Returns "assign net0/3 (0000:05:10.6): driver igbvf", without a newline. free() it; NULL when out
 * of memory. */
char *step_line(const struct step *s);

/* Writes one such line for each step, for --dry-run. Returns 0 or -ENOMEM. */
int plan_print(const struct plan *p, FILE *out);

/**
 * step_change - say what a step changes, for drift and for JSON
 *
 * Fills in the property ("numvfs", "mac", "driver", "domain", "permissive"), what it is now and
 * what it should be, as texts: "mac" "00:00:00:00:00:00" "02:00:00:00:00:03". A text is "" when it
 * is not known.
 */
struct step_change {
	char property[16], now[128], want[128];
};
void step_change(const struct step *s, struct step_change *ret);

/*
 * Tells whether step @i is a difference between host and topology. A step that only prepares for
 * another is not, nor is the second step for one property. The value now is the one before the
 * first step that changes it: 4 for the steps 4 -> 0 and 0 -> 7. A VF that is made anew, and is
 * already as it should be, is no difference.
 */
bool plan_drift(const struct plan *p, size_t i, struct step_change *ret);

#endif
