/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libxl is asked and changes nothing: of the running host, or of one that was captured. */
#ifndef VFY_BACKEND_XEN_ASK_H
#define VFY_BACKEND_XEN_ASK_H

#include "backend/xen/xen.h"

/*
 * A capture's answers are texts below CAPTURE_DIR: "xenstore" (xenstore-ls -f of what concerns
 * pass-through), "xl-list" and "xl-info" (of these commands), and "xen-created/DOMID" (libxl's
 * configuration of a domain, as far as domain_config.h reads it). tests/capture.sh writes them.
 */
#define CAPTURED_STORE CAPTURE_DIR "/xenstore"

struct captured;

/* Reads a capture; -ENODATA when it has no answers: an old one, or one made without root. Free with
 * captured_free(). */
int captured_read(struct captured **ret, const struct host *h, struct err *e);
void captured_free(struct captured *c);

/*
 * As the functions of libxl that they stand for, with its codes and types; the backend is
 * connected.
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
/* libxl_get_physinfo(), as far as the IOMMU and the number of CPUs. */
int ask_physinfo(struct backend *b, libxl_physinfo *ret);

#endif
