/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal as text; writer and reader share it. */
#ifndef VFY_ENGINE_RUN_JOURNAL_TEXT_H
#define VFY_ENGINE_RUN_JOURNAL_TEXT_H

#include "engine/run/journal.h"

#define JOURNAL_FILE HOST_RUN_DIR "/journal"
#define JOURNAL_HEAD "vfyard journal 1"

/* Returns the first lines; free() them; NULL when out of memory. */
char *journal_head(const struct host *h, const char *command);

/*
 * Writes a comment for people, and "do 3 assign pf=... vf=... at=... driver=... override=...
 * domain=..." ("undo" for an undoing). Spaces, '%' and control characters in values are written as
 * %XX, "" as "-".
 */
void journal_print_step(const struct step *s, const struct before *b, size_t i, bool is_undo,
			FILE *out);

/* Finds the kind called @name, which is what step_name() says with '-' for spaces. Returns false
 * when there is none. */
bool journal_kind(const char *name, enum step_kind *ret);

#endif
