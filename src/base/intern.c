// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/intern.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 64u
#define CHUNK_SIZE  4096u

/* Text lives in chunks and not in one growing buffer, because it must never move. */
struct chunk {
	struct chunk *next;
	char text[];
};

struct intern {
	const char **slots; /* open addressing; a power of two, at most half of them taken */
	size_t n_slots, n;
	struct chunk *chunks; /* the newest first */
	size_t left;	      /* bytes free at @at in it */
	char *at;
};

/* FNV-1a. */
static uint32_t hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

/* Returns the slot that holds @s, or the free one where it belongs. */
static const char **slot_of(const char **slots, size_t n_slots, const char *s)
{
	size_t i = hash(s) & (n_slots - 1);

	while (slots[i] && strcmp(slots[i], s) != 0)
		i = (i + 1) & (n_slots - 1);
	return &slots[i];
}

static int grow(struct intern *in)
{
	size_t n_slots = in->n_slots * 2;
	const char **slots = calloc(n_slots, sizeof(*slots));

	if (!slots)
		return -1;
	for (size_t i = 0; i < in->n_slots; i++)
		if (in->slots[i])
			*slot_of(slots, n_slots, in->slots[i]) = in->slots[i];
	free(in->slots);
	in->slots = slots;
	in->n_slots = n_slots;
	return 0;
}

static const char *saved(struct intern *in, const char *s)
{
	size_t size = strlen(s) + 1;
	struct chunk *c;
	char *to;

	if (size > in->left) {
		size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;

		c = malloc(sizeof(*c) + room);
		if (!c)
			return NULL;
		c->next = in->chunks;
		in->chunks = c;
		in->at = c->text;
		in->left = room;
	}
	to = in->at;
	memcpy(to, s, size);
	in->at += size;
	in->left -= size;
	return to;
}

struct intern *intern_new(void)
{
	struct intern *in = calloc(1, sizeof(*in));

	if (!in)
		return NULL;
	in->n_slots = FIRST_SLOTS;
	in->slots = calloc(in->n_slots, sizeof(*in->slots));
	if (!in->slots) {
		intern_free(in);
		return NULL;
	}
	return in;
}

void intern_free(struct intern *in)
{
	if (!in)
		return;
	for (struct chunk *c = in->chunks, *next; c; c = next) {
		next = c->next;
		free(c);
	}
	free(in->slots);
	free(in);
}

const char *intern_add(struct intern *in, const char *s)
{
	const char **slot;

	if (!s)
		return NULL;
	slot = slot_of(in->slots, in->n_slots, s);
	if (*slot)
		return *slot;
	if (in->n * 2 >= in->n_slots) {
		if (grow(in) < 0)
			return NULL;
		slot = slot_of(in->slots, in->n_slots, s);
	}
	*slot = saved(in, s);
	if (*slot)
		in->n++;
	return *slot;
}
