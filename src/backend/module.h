/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A backend as a shared object of our own: what it exports, and how it is loaded. This is not a
 * public interface, because program and modules come from one build. */
#ifndef VFY_BACKEND_MODULE_H
#define VFY_BACKEND_MODULE_H

#include "backend/backend.h"

/* backend-NAME.so exports one name, vfyard_backend_NAME. */
struct backend_module {
	const char *build; /* BUILD at the time when it was compiled */
	const struct backend_ops *ops;
};

#define MODULE_EXPORT __attribute__((visibility("default")))

/**
 * backend_load - load the operations of a hypervisor's module
 *
 * The module is in one folder, which is compiled in, and nothing in the environment changes that. A
 * program or library that runs from its build looks beside itself. The module stays loaded, because
 * what it returns borrows its constants. It refuses, with a sentence, a module that is missing,
 * that anybody but root and the owner of this program could have written, that is from another
 * build, or whose libraries are missing.
 */
int backend_load(const struct backend_ops **ret, const struct hypervisor *hv, struct err *e);

#endif
