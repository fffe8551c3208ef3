/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A backend as a shared object of our own: what it shows, and how it is loaded. No public
 * interface: program and modules are of one build. */
#ifndef VFY_BACKEND_MODULE_H
#define VFY_BACKEND_MODULE_H

#include "backend/backend.h"

/* The one name that backend-NAME.so exports is vfyard_backend_NAME. */
struct backend_module {
	const char *build; /* BUILD of when it was compiled */
	const struct backend_ops *ops;
};

#define MODULE_EXPORT __attribute__((visibility("default")))

/**
 * backend_load - the operations of a hypervisor's module
 *
 * It is in one folder, which is compiled in, and nothing in the environment says otherwise. Beside
 * the program or library itself is where one looks that is run from its build. The module stays
 * loaded: its constants are borrowed by what it returns. Refuses with a sentence a module that is
 * not there, that others than root and the owner of this program could have written, that is of
 * another build, or whose libraries are missing.
 */
int backend_load(const struct backend_ops **ret, const struct hypervisor *hv, struct err *e);

#endif
