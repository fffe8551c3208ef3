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

/* What a renderer writes; the caller frees. NULL when it failed, with @e. */
char *fake_model_render(struct fake_model *m, const char *format, struct err *e);

/* Fails the test unless @text is what tests/golden/@name holds, byte for byte. GOLDEN=write in the
 * environment writes the file instead. */
void assert_golden(const char *name, const char *text);

#endif
