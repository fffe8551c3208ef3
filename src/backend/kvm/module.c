// SPDX-License-Identifier: GPL-2.0-or-later
/* What the program finds in backend-kvm.so. */
#include "backend/kvm/kvm.h"
#include "backend/module.h"

extern const struct backend_module vfyard_backend_kvm;

MODULE_EXPORT const struct backend_module vfyard_backend_kvm = { BUILD, &kvm_backend };
