/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Xen behind the backend's operations: what its files share. */
#ifndef VFY_BACKEND_XEN_XEN_H
#define VFY_BACKEND_XEN_XEN_H

#include <libxl.h>
#include <libxl_event.h>
#include <libxl_utils.h>

#include "backend/xen/version.h"
#include "backend/xen/pci_backends.h"
#include "backend/xen/libxl_log.h"
#include "backend/xen/xenstore.h"
#include "backend/backend.h"

extern const struct backend_ops xen_backend;

#define PCIBACK_MODULE "xen-pciback"
#define PCIBACK	       "pciback"
#define PCIBACK_DIR    "sys/bus/pci/drivers/" PCIBACK

/* One run's connection; libxl and xenstore are opened by the first operation that needs them. */
struct backend {
	const struct host *host;
	const struct topology *topo; /* NULL when there is none */
	struct xlog xlog;
	libxl_ctx *ctx;
	struct xstore *xs;
	struct captured *captured; /* stands in for libxl; NULL on a running host (ask.h) */
	struct view view;
	bool has_looked;       /* the view is fresh enough for a start (backend_ops.look) */
	bool has_iommu;	       /* asked once */
	uint32_t silent_domid; /* a domain in which no driver asked for interrupts; 0: none */
};

/* Opens libxl and xenstore. Returns -EACCES when not root. Idempotent. */
int xen_connect(struct backend *b, struct err *e);

/* Returns the running hypervisor's version, which libxl asks once. The backend must be
 * connected. */
struct xen_version xen_version_of(struct backend *b);

/* Checks that we are root on a Dom0 that can give devices away, and connects. */
int xen_reach(struct backend *b, struct err *e);

/* Asked first by every operation that changes something: xen_reach(), and pciback is there. */
int xen_ready(struct backend *b, struct err *e);

/* boot.c: says why pciback cannot be loaded. Returns -EINVAL for a bad entry of hide=. */
int xen_hidden_well(const struct host *h, struct err *e);

/* boot.c: checks hide= as the driver will get it; backend_ops.boot. */
int xen_boot(const struct host *h, const struct topology *t, struct pf *const *pfs,
	     struct problems *ret, struct err *e);

/* iommu.c: returns -ENODEV when Xen runs without an IOMMU. */
int xen_iommu(struct backend *b, struct err *e);

/* refusals.c: reasons not to give a function to pciback; backend_ops.refusals. */
extern const struct refusal xen_refusals[];

/* held.c: a PF that pciback holds makes no VFs; says how it goes back to its driver. */
int xen_pf_held(const struct host *h, struct bdf pf, struct err *e);

/* Convert into and out of libxl's own form. The caller disposes of it. */
void xen_pci_init(libxl_device_pci *ret, struct bdf dev);

/**
 * xen_failed - make libxl's messages since xlog_start() the cause of a failed call
 * @rc:   libxl's ERROR_*
 * @what: the call in the user's words, "make assignable"
 *
 * Returns -errno.
 */
int xen_failed(struct backend *b, int rc, const char *what, struct err *e);

/* Domains (domains.c). */
int xen_domain_find(struct backend *b, const char *name, struct domain *ret, struct err *e);
void xen_domain_done(struct domain *d);
/* Writes the name of a domain, "domain N" when it has none. */
void xen_domain_name(struct backend *b, uint32_t domid, char *buf, size_t size);
/* *ret is true while the hypervisor lists it, even when it is dying: only a domain that is not
 * listed holds nothing. */
int xen_domain_exists(struct backend *b, uint32_t domid, bool *ret, struct err *e);
/* Checks that it still exists, is not dying, and may get a device. */
int xen_domain_check(struct backend *b, const struct domain *d, struct err *e);

/* survey.c */
int xen_survey(struct backend *b, struct inventory *inv, struct err *e);
void xen_glance(const struct host *h, struct inventory *inv);

/* list.c */
int xen_list(struct backend *b, const struct domain *d, struct attachment **ret, size_t *ret_n,
	     struct err *e);

/* describe.c */
int xen_describe(struct backend *b, const char *name, struct topo_domain *ret, struct err *e);

/* attach_refusals.c: what keeps functions from a domain; backend_ops.attach_refusals. */
extern const struct refusal xen_attach_refusals[];

/* limits.c: checks what must hold even when an undo attaches: virtual slots of a PV domain, and no
 * backend that another domain left. The view must be fresh. */
int xen_limits_slots(struct backend *b, const struct domain *d, struct bdf dev, struct err *e);

/* previous_driver.c */
int xen_previous_driver(struct backend *b, struct vf_ref vf, char ret[64], struct err *e);

/* assign.c, unassign.c */
int xen_assign(struct backend *b, struct vf_ref vf, const char *name, struct err *e);
int xen_unassign(struct backend *b, struct vf_ref vf, struct err *e);
int xen_assign_start(struct backend *b, struct vf_ref vf, const char *name, struct flight **ret,
		     struct err *e);
int xen_unassign_start(struct backend *b, struct vf_ref vf, struct flight **ret, struct err *e);
int xen_look(struct backend *b, struct err *e);

/* attach.c, detach.c */
int xen_attach(struct backend *b, const struct domain *d, struct vf_ref vf,
	       const struct dev_options *options, struct err *e);
int xen_detach(struct backend *b, const struct domain *d, struct vf_ref vf, bool force,
	       struct err *e);

/* recover.c, permissive.c */
int xen_recover(struct backend *b, const struct domain *d, struct vf_ref vf, struct err *e);
int xen_recover_binding(struct backend *b, struct vf_ref vf, const char *driver,
			const char *override, struct err *e);
int xen_permissive(struct backend *b, const struct domain *d, struct vf_ref vf, struct err *e);

#endif
