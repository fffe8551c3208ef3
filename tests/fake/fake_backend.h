/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hypervisor in memory, behind the backend operations; each operation can be told to fail. */
#ifndef VFY_TESTS_FAKE_BACKEND_H
#define VFY_TESTS_FAKE_BACKEND_H

#include "backend/backend.h"

#define FAKE_DRIVER	  "fakeback"
#define FAKE_OTHER_DRIVER "igb-fakeback" /* a card's own driver of the same kind */

/* A call that is to fail. */
struct fake_op_fault {
	const char *op;		 /* "attach", "limits", ... */
	unsigned skip;		 /* it works this many times first */
	int code;		 /* negative: it does not fail, but signal -code comes meanwhile */
	enum exit_status status; /* 0: EXIT_FAILED */
};

/* What a device is to the hypervisor. */
struct fake_device {
	struct bdf bdf;
	char domain[32]; /* "" while assignable */
	struct dev_options options;
	const char *why;	    /* list: why it is of no use to the guest */
	enum vf_state forced_state; /* the survey reports it when it is not VF_ABSENT */
};

/* A device in what a domain is started with the next time; vfyard put it there. */
struct fake_kept {
	struct bdf bdf;
	char domain[32];
};

struct backend {
	const struct host *host;
	char domains[8][32];
	unsigned n_domains;
	struct fake_device devices[64];
	unsigned n_devices;
	struct fake_op_fault faults[8];
	unsigned n_faults;
	char remembered[64];	/* what another tool remembers, for every device */
	const char *own_driver; /* makes its VFs assignable by itself; NULL: none does */
	bool follows_driver;	/* survey: only what FAKE_DRIVER holds is assignable */
	bool keeps_override;	/* keeps the user's override while it holds a device; otherwise it
				 * sets its own */
	const char *mute;	/* a domain that runs and about which nobody can find out anything;
				 * NULL: none */
	unsigned max_vfs;	/* limits: per domain; 0: no limit */
	char calls[4096];	/* "assign 0000:05:10.0;attach web1 ...;" */
	char keepers[4][32];	/* domains with definitions, running or not */
	unsigned n_keepers;
	struct fake_kept kept[32];
	unsigned n_kept;
};

extern const struct backend_ops fake_backend_ops;

void fake_backend_init(struct backend *b, const struct host *h);
void fake_backend_add_domain(struct backend *b, const char *name);
/* The domain has a definition; it is off when it was not added as one that runs. */
void fake_backend_add_keeper(struct backend *b, const char *name);
void fake_backend_fail(struct backend *b, struct fake_op_fault fault);

/* Returns what the hypervisor has about a device, NULL when the host has the device. */
struct fake_device *fake_backend_device(struct backend *b, struct bdf bdf);

/* Puts a device into a state by the back door, as an accident would. */
void fake_backend_set_state(struct backend *b, struct bdf bdf, enum vf_state state);

#endif
