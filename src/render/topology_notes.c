// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/topology_notes.h"

#include "base/array.h"
#include "base/text.h"

#define NOTE_MAX 1024

static int add(struct topo_notes *l, const struct topo_note *note, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

static int add(struct topo_notes *l, const struct topo_note *note, const char *fmt, va_list ap)
{
	struct topo_note *to;
	char line[NOTE_MAX];

	text_format(line, sizeof(line), fmt, ap);
	if (ARRAY_GROW(l->v, l->n) < 0)
		return -ENOMEM;
	to = &l->v[l->n];
	*to = *note;
	if (asprintf(&to->text, "%s%s", note->is_missing ? "NOT IMPORTED: " : "", line) < 0)
		return -ENOMEM;
	l->n++;
	l->n_missing += note->is_missing;
	return 0;
}

int topo_note(struct topo_notes *l, enum note_place place, size_t index, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = add(l, &(struct topo_note){ .place = place, .index = index }, fmt, ap);
	va_end(ap);
	return r;
}

int topo_note_missing(struct topo_notes *l, enum note_place place, size_t index, const char *fmt,
		      ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = add(l, &(struct topo_note){ .place = place, .index = index, .is_missing = true }, fmt,
		ap);
	va_end(ap);
	return r;
}

void topo_notes_drop(struct topo_notes *l, enum note_place place, size_t index)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		struct topo_note *note = &l->v[i];

		if (note->place == place && note->index == index) {
			l->n_missing -= note->is_missing;
			free(note->text);
			continue;
		}
		note->index -= note->place == place && note->index > index;
		l->v[n++] = *note;
	}
	l->n = n;
}

void topo_notes_done(struct topo_notes *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].text);
	free(l->v);
	*l = (struct topo_notes){ 0 };
}
