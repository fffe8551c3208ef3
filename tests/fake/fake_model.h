/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A topology in JSON on a host of fake PFs, ready to be rendered. */
#ifndef VFY_TESTS_FAKE_MODEL_H
#define VFY_TESTS_FAKE_MODEL_H

#include "fake_root.h"
#include "render/render.h"

struct fake_model {
	struct fake_root root;
	struct inventory *inv;
	struct topology *topo;
	struct pf **pfs; /* topology PFs, by their bdf= */
	struct bdf *devices;
	struct render_driver *drivers;
	size_t n_drivers;
	struct problems notes;
	struct render_in in;
};

/* @topology is JSON; a topology with errors ends the test program. */
void fake_model_init(struct fake_model *m, const struct fake_pf *pfs, size_t n,
		     const char *topology);
/* Reads the host again, after the test changed it. */
void fake_model_reread(struct fake_model *m);
void fake_model_done(struct fake_model *m);

/* Returns what a renderer writes, which the caller frees; NULL with @e when it failed. */
char *fake_model_render(struct fake_model *m, const char *format, struct err *e);

/* Fails the test unless @text is, byte for byte, what tests/golden/@name holds. With GOLDEN=write
 * in the environment it writes the file instead. */
void assert_golden(const char *name, const char *text);

#endif
