/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One refusal, asked in every way that a user can ask: check, plan, dry run and run. */
#ifndef VFY_TESTS_FAKE_REFUSALS_H
#define VFY_TESTS_FAKE_REFUSALS_H

#include "test.h"

#include "backend/backend.h"

/* On which host, and what is asked for. */
struct refused_host {
	const struct host *host;
	const struct backend_ops *ops;
	struct backend *backend;
	const char *dev;      /* of pci-assignable-add or pci-attach */
	const char *domain;   /* of pci-attach; NULL: pci-assignable-add */
	const char *topology; /* that asks for the same, as JSON */
};

/* What keeps a function, or the host, from being used. */
struct refusal_case {
	const char *name;  /* of the row, of which there may be several cases, or of no row */
	const char *cause; /* in the sentence of each of them */
	/* Where check and plan say it in other words, because they speak of a topology. */
	const char *check_cause;
	void (*provoke)(void);
	/* To attach: to which domain, which device, and what its entry has besides; NULL: the
	 * usual. */
	const char *domain, *dev, *json;
	bool is_of_start; /* of a domain that does not run, which only a topology can have */
	bool is_unseen;	  /* of a capture it is not known */
};

/* Each of check, plan, apply, the dry run and the run of the verb refuses, with status
 * EXIT_REFUSED; and for a row, a plan that was made without asking refuses right before its change.
 * @is_row: c->name is one of ops->refusals, or, where a domain is named, ops->attach_refusals. */
void refused_everywhere(const struct refused_host *h, const struct refusal_case *c, bool is_row);

/* check, plan and apply alone. */
void topology_refused(const struct refused_host *h, const char *cause);

/* check, plan and apply refuse one domain for @cause, and the plan gives @other its VFs. */
void refused_for_one_domain(const struct refused_host *h, const char *cause, const char *other);

/* The steps of h->topology, a line each; nothing may refuse. free() it. */
char *topology_steps(const struct refused_host *h);
/* And does them, with the look after that. 0 or -errno. */
int topology_apply(const struct refused_host *h, struct err *e);
/* A verb's step lines for h->dev and h->domain, and what comes of them. */
int verb_attach(const struct refused_host *h, struct err *e);
int verb_detach(const struct refused_host *h, struct err *e);

/* check and plan of a captured host. */
void captured_is_refused(const struct refused_host *h, const char *cause);
void captured_is_not_refused(const struct refused_host *h);
/* And the dry run of the verb. */
void captured_verb_is_refused(const struct refused_host *h, const char *cause);

/* Nothing of it refuses: else a host that refuses everything would pass. */
void refused_nowhere(const struct refused_host *h);

/* And the verb does it. */
void refused_not_by_the_run(const struct refused_host *h);
/* Only the verb's run refuses, because only it can know. */
void refused_by_the_run(const struct refused_host *h, const char *cause);

/* It does, and could not take back what it had done: EXIT_LEFT. */
void run_leaves(const struct refused_host *h, const char *left);

/* check and plan have a note about that topology, and no error. */
void topology_is_noted(const struct refused_host *h, const char *cause);

/* With --no-attach there is nothing to be refused. */
void refused_not_without_attach(const struct refused_host *h);

/* Every row of @table has a case at least, and no case is of a row that is not there. */
void refusals_have_cases(const struct refusal *table, const struct refusal_case *cases, size_t n);

#endif
