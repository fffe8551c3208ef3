/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fake QEMU is made of. */
#ifndef VFY_TESTS_FAKE_QMP_MODEL_H
#define VFY_TESTS_FAKE_QMP_MODEL_H

#include "fake_qmp.h"

/* {"error":...} */
json_t *fake_qmp_error(const char *class, const char *desc);

/* Executes it, and returns the answer without an id; what happens goes to @events. */
json_t *fake_qmp_execute(struct fake_qmp *f, const char *command, const json_t *args,
			 json_t *events);

#endif
