/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal as text, shared by writer and reader. */
#ifndef VFY_ENGINE_RUN_JOURNAL_TEXT_H
#define VFY_ENGINE_RUN_JOURNAL_TEXT_H

#include "engine/run/journal.h"

#define JOURNAL_FILE HOST_RUN_DIR "/journal"
#define JOURNAL_HEAD "vfyard journal 1"

/* The first lines; free() them, NULL when out of memory. */
char *journal_head(const struct host *h, const char *command);

/*
 * A comment for people, and "do 3 assign pf=... vf=... at=... driver=... override=... domain=..."
 * ("undo" for an undoing). Spaces, '%' and control characters of values are written as %XX, "" as
 * "-".
 */
void journal_print_step(const struct step *s, const struct before *b, size_t i, bool is_undo,
			FILE *out);

/* The kind called @name, as step_name() says it with '-' for spaces. False when there is none. */
bool journal_kind(const char *name, enum step_kind *ret);

#endif
