/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host that xl-cfg/topology.cfg describes. */
#ifndef VFY_TESTS_FAKE_EXAMPLE_HOST_H
#define VFY_TESTS_FAKE_EXAMPLE_HOST_H

#include "fake_root.h"

void fake_example_host_init(struct fake_root *f);

#endif
