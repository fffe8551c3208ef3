/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Xen in memory, in place of the calls of libxl that need one, with libxl's own misbehaviour. */
#ifndef VFY_TESTS_FAKE_LIBXL_H
#define VFY_TESTS_FAKE_LIBXL_H

#include <libxl.h>

#include "fake_pciback.h"
#include "fake_xs.h"

/* Owners a device can have besides a domain. */
#define OWNER_DOM0 0u
#define OWNER_IO   0x7ff1u /* DOMID_IO: quarantine */

struct fake_domain {
	uint32_t id;
	const char *name;
	libxl_domain_type type;
	bool no_passthrough; /* created without pass-through: the hypervisor refuses devices */
	int assign_errno;    /* xc_assign_device() fails with it, EPERM for reserved memory */
	const char *json;    /* libxl's stored configuration, NULL for none */
	bool dying;
	bool shutdown;
	bool no_frontend;      /* PV: no pcifront answers. HVM: the guest ignores the eject */
	unsigned slow;	       /* how often its backend's state is read until pcifront answers */
	bool closes;	       /* PV: it closes each new frontend */
	unsigned slow_drivers; /* how often its frontend's state is read until that is connected */
	bool let_go_late;      /* HVM: ejected after libxl has given up waiting */
	unsigned next_slot;    /* HVM: the device model's */
	bool has_driver;       /* the guest's driver asks for MSI-X as soon as it is attached */
	int irq_errno;	       /* and it fails with this errno */
	bool takes_fewer;      /* PV: it then tries again, with success */
	/* What pciback has exported to it, in order of arrival. */
	struct bdf exported[64];
	unsigned n_exported;
};

struct fake_device {
	struct bdf bdf;
	uint32_t owner; /* according to the hypervisor */
	unsigned resets;
	uint32_t reset_under;  /* the owner at the last reset */
	bool reset_of_a_guest; /* a reset hit another domain than the one that was meant */
};

struct fake_xen {
	struct fake_root root;
	struct fake_kernel kernel;
	struct fake_pciback pciback;
	struct fake_domain domains[8];
	unsigned n_domains;
	struct fake_device devices[64];
	unsigned n_devices;
	bool no_iommu;
	bool no_quarantine; /* xc_assign_device(DOMID_IO) fails */
	char commandline[128];
	int major, minor;  /* 4.17, unless a test says otherwise */
	const char *extra; /* ".7" */
	unsigned cpus;
	int alloc_rc;	  /* libxl_ctx_alloc() fails with it */
	unsigned waits;	  /* waits of ten seconds each, for a backend that does not connect */
	unsigned n_calls; /* libxl calls that may change something */
	char calls[2048]; /* their names, each followed by ';' */
};

/* The Xen that libxl sees. */
extern struct fake_xen fake_xen;

/* Makes a Dom0 with one PF 0000:05:00.0 and seven VFs at 0000:05:10.0, .2 ... as of an 82576, bound
 * to igbvf; pciback is loaded, and there are no domains. */
void fake_xen_init(void);
void fake_xen_done(void);

struct fake_domain *fake_xen_add_domain(uint32_t id, const char *name, libxl_domain_type type);
/* Ends the domain without libxl: its nodes stay, and its devices go to the quarantine. */
void fake_xen_kill_domain(uint32_t id);
struct fake_domain *fake_xen_domain(uint32_t id);

/* Returns a device, which is made on first use, and owned by Dom0. */
struct fake_device *fake_xen_device(struct bdf dev);

/* Does what pciback and the guest do after libxl has written to xenstore: publish, connect,
 * close. */
void fake_xen_run_backend(struct fake_domain *d);

/* Gives it a config space with an MSI-X table of @n vectors, switched off. */
void fake_xen_give_msix(struct bdf dev, unsigned n);

/* Does what a guest's driver does with a device at @devfn of its bus. */
void fake_xen_run_driver(const struct fake_domain *d, struct bdf dev, unsigned devfn);

/* Appends to a log below the root; does nothing when there is no directory for it. */
void fake_xen_say(const char *file, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Appends "SUBJECT-VERB;" to the list of calls. */
void fake_xen_called(const char *what);

/* Logs as libxl does: "libxl_pci.c:1:FUNC: Domain N:TEXT". @code 0 means none. */
void fake_xen_log(libxl_ctx *ctx, xentoollog_level level, int code, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

#endif
