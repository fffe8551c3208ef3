/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file behind the memory: JSON in, JSON out. It is replaced as a whole or not at all. */
#ifndef VFY_STATE_STATE_FILE_H
#define VFY_STATE_STATE_FILE_H

#include <jansson.h>

#include "state/state.h"

/* The name of the memory in its directory; others of the same form lie beside it. */
#define STATE_NAME "state.json"

/* One VF, and the JSON object that it was read from, which may hold more than we know. */
struct state_entry {
	struct vf_saved o;
	json_t *json;
	struct state_entry *next_gone; /* the next entry that was forgotten */
};

/* Read and write members of an entry. They return -EPROTO with the name of the member. A text that
 * is null counts as "" (it had none); a missing one only when it is @optional. */
int state_get_text(const json_t *o, const char *key, char *ret, size_t size, bool optional,
		   struct err *e);
int state_get_bdf(const json_t *o, const char *key, struct bdf *ret, struct err *e);
int state_get_id(const json_t *o, const char *key, uint16_t *ret, struct err *e);
/* Omits a card that is not known, as files of older releases do. Returns 0 or -1. */
int state_set_card(json_t *o, const char *card);

/* Fills entry->o from entry->json. Returns -EPROTO with what is wrong. */
int state_entry_read(struct state_entry *entry, struct err *e);
/* Sets the members of entry->json from entry->o; other members stay. Returns -ENOMEM. */
int state_entry_write(struct state_entry *entry);

/* Reads the document, which has our version and a list "vfs"; makes a new one when there is no
 * file. */
int state_file_read(json_t **ret, const struct host *h, const char *name, struct err *e);

/* Says which file it was, and how to go on. Returns @r. */
int state_file_explain(const struct host *h, const char *name, int r, struct err *e);

/* What else the document of a memory has, by key: NULL when it has not; borrowed. The setter takes
 * over @value; NULL removes it. It is written with the next commit. */
const json_t *state_member(const struct state *s, const char *key);
int state_set_member(struct state *s, const char *key, json_t *value, struct err *e);

/* A copy of the document as it is on disk. NULL when out of memory. */
json_t *state_document(const struct state *s);

/* Writes a new file: fsync, rename, fsync of the directory. On failure the old file stays. */
int state_file_write(json_t *doc, const struct host *h, const char *name, struct err *e);

#endif
