/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions to libxl that change nothing, about the running host or a captured one. */
#ifndef VFY_BACKEND_XEN_ASK_H
#define VFY_BACKEND_XEN_ASK_H

#include "backend/xen/xen.h"

/*
 * A capture's answers are texts below CAPTURE_DIR: "xenstore" (xenstore-ls -f of what concerns
 * pass-through), "xl-list" and "xl-info" (the output of these commands), and "xen-created/DOMID"
 * (libxl's configuration of a domain, as far as domain_config.h reads it). tests/capture.sh writes
 * them.
 */
#define CAPTURED_STORE CAPTURE_DIR "/xenstore"

struct captured;

/* Reads a capture. Returns -ENODATA when it has no answers, because it is old, or was made without
 * root. Free it with captured_free(). */
int captured_read(struct captured **ret, const struct host *h, struct err *e);
void captured_free(struct captured *c);

/*
 * These work like the functions of libxl that they stand for, with its codes and types. The backend
 * must be connected.
 */

/* libxl_list_domain(): release with libxl_dominfo_list_free(). */
libxl_dominfo *ask_domains(struct backend *b, int *ret_n);
/* libxl_domain_info() */
int ask_domain(struct backend *b, libxl_dominfo *ret, uint32_t domid);
/* libxl_domid_to_name(): free() it. */
char *ask_name(struct backend *b, uint32_t domid);
/* libxl_domain_qualifier_to_domid() */
int ask_domid(struct backend *b, const char *name, uint32_t *ret);
/* libxl_userdata_retrieve() of "libxl-json": free() it. */
int ask_configuration(struct backend *b, uint32_t domid, uint8_t **ret, int *ret_len);
/* libxl_get_version_info(): borrowed, NULL when it does not tell. */
const libxl_version_info *ask_version(struct backend *b);
/* libxl_get_physinfo(), but only what it says about the IOMMU and the number of CPUs. */
int ask_physinfo(struct backend *b, libxl_physinfo *ret);

#endif
