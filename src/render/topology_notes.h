/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said beside a topology that was made and not written: comments of its text. */
#ifndef VFY_RENDER_TOPOLOGY_NOTES_H
#define VFY_RENDER_TOPOLOGY_NOTES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <errno.h>

#include "base/mem.h"

enum note_place {
	NOTE_HEAD,   /* before everything */
	NOTE_PF,     /* above an entry of pf or dev, which are one list */
	NOTE_VF,     /* above an entry of vf */
	NOTE_DOMAIN, /* above an entry of domain */
	NOTE_END,    /* behind everything */
};

struct topo_note {
	enum note_place place;
	size_t index;	 /* of the entry in its list; 0 for the head and the end */
	bool is_missing; /* something of the host that the topology does not say */
	char *text;	 /* one line, without the # */
};

struct topo_notes {
	struct topo_note *v; /* as they were added */
	size_t n, n_missing;
};

/* Adds a line, cleaned (base/text.h): whatever a name from outside has in it, it stays a comment.
 * @index: of the entry; 0 for NOTE_HEAD and NOTE_END. 0 or -ENOMEM. */
int topo_note(struct topo_notes *l, enum note_place place, size_t index, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* The same of what the topology does not say: "NOT IMPORTED: " stands before it. */
int topo_note_missing(struct topo_notes *l, enum note_place place, size_t index, const char *fmt,
		      ...) PRINTF_LIKE(4, 5);

/* Entry @index of @place is taken out of its list: so are its notes, and those behind it move. */
void topo_notes_drop(struct topo_notes *l, enum note_place place, size_t index);

void topo_notes_done(struct topo_notes *l);

#endif
