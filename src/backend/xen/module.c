// SPDX-License-Identifier: GPL-2.0-or-later
/* What the program finds in backend-xen.so. */
#include "backend/xen/xen.h"
#include "backend/module.h"

extern const struct backend_module vfyard_backend_xen;

MODULE_EXPORT const struct backend_module vfyard_backend_xen = { BUILD, &xen_backend };
