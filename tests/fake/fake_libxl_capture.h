/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fake Xen as a captured host, with the texts that tests/capture.sh makes with xl and
 * xenstore-ls. */
#ifndef VFY_TESTS_FAKE_LIBXL_CAPTURE_H
#define VFY_TESTS_FAKE_LIBXL_CAPTURE_H

#include "fake_libxl_env.h"

struct captured_host {
	struct host host; /* without a root of its own */
	struct backend *backend;
	struct inventory *inv;
};

void capture_open(struct captured_host *c);
void capture_done(struct captured_host *c);

#endif
