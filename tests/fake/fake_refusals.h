/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One refusal, asked for in every way that a user can ask: check, plan, dry run and run. */
#ifndef VFY_TESTS_FAKE_REFUSALS_H
#define VFY_TESTS_FAKE_REFUSALS_H

#include "test.h"

#include "backend/backend.h"

/* The host, and what is asked for. */
struct refused_host {
	const struct host *host;
	const struct backend_ops *ops;
	struct backend *backend;
	const char *dev;      /* operand of pci-assignable-add or pci-attach */
	const char *domain;   /* operand of pci-attach; NULL: pci-assignable-add */
	const char *topology; /* asks for the same, as JSON */
};

/* A reason why a function, or the host, cannot be used. */
struct refusal_case {
	const char *name;  /* name of the row, which may have several cases, or of no row */
	const char *cause; /* in the sentence of each of the ways */
	/* What check and plan say instead, because they speak of a topology. */
	const char *check_cause;
	void (*provoke)(void);
	/* For an attach: which domain, which device, and what else its entry has; NULL: the
	 * usual. */
	const char *domain, *dev, *json;
	bool is_of_start; /* about a domain that does not run, which only a topology can name */
	bool is_unseen;	  /* a capture does not tell */
};

/*
 * Asserts that check, plan, apply, the dry run and the run of the command all refuse with status
 * EXIT_REFUSED and, for a row, that a plan that was made without asking refuses right before its
 * change. @is_row: c->name is a row of ops->refusals or, when a domain is named, of
 * ops->attach_refusals.
 */
void refused_everywhere(const struct refused_host *h, const struct refusal_case *c, bool is_row);

/* Asserts that check, plan and apply refuse. */
void topology_refused(const struct refused_host *h, const char *cause);

/* check, plan and apply refuse one domain for @cause, and the plan gives @other its VFs. */
void refused_for_one_domain(const struct refused_host *h, const char *cause, const char *other);

/* The steps of h->topology, a line each; nothing may refuse. free() it. */
char *topology_steps(const struct refused_host *h);
/* What check and plan note, a line each. free() it. */
char *topology_notes(const struct refused_host *h);
/* And does them, with the look after that. 0 or -errno. */
int topology_apply(const struct refused_host *h, struct err *e);
/* A verb's step lines for h->dev and h->domain, and what comes of them. */
int verb_attach(const struct refused_host *h, struct err *e);
int verb_detach(const struct refused_host *h, struct err *e);
int verb_release(const struct refused_host *h, struct err *e);

/* check and plan of a captured host. */
void captured_is_refused(const struct refused_host *h, const char *cause);
void captured_is_not_refused(const struct refused_host *h);
/* Asserts that the dry run of the command refuses, too. */
void captured_verb_is_refused(const struct refused_host *h, const char *cause);

/* Asserts that nothing of it refuses; otherwise a host that refuses everything would pass. */
void refused_nowhere(const struct refused_host *h);

/* Asserts that the command does it, too. */
void refused_not_by_the_run(const struct refused_host *h);
/* Only the verb's run refuses, because only it can know. */
void refused_by_the_run(const struct refused_host *h, const char *cause);

/* It does, and could not take back what it had done: EXIT_LEFT. */
void run_leaves(const struct refused_host *h, const char *left);

/* check and plan have a note about that topology, and no error. */
void topology_is_noted(const struct refused_host *h, const char *cause);

/* Asserts that with --no-attach there is nothing to refuse. */
void refused_not_without_attach(const struct refused_host *h);

/* Asserts that every row of @table has at least one case, and that no case is about a row that does
 * not exist. */
void refusals_have_cases(const struct refusal *table, const struct refusal_case *cases, size_t n);

#endif
