// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/definition.h"

#include <stdarg.h>

#include "base/array.h"

void definition_done(struct definition *d)
{
	topo_domain_done(&d->domain);
	for (size_t i = 0; i < d->n_notes; i++)
		free(d->notes[i].text);
	free(d->notes);
	free(d->devs);
	*d = (struct definition){ 0 };
}

struct definition_dev *definition_add(struct definition *d, unsigned line, struct bdf bdf)
{
	struct definition_dev *dev;

	if (ARRAY_GROW(d->devs, d->n_devs) < 0)
		return NULL;
	dev = &d->devs[d->n_devs++];
	*dev = (struct definition_dev){ .line = line, .bdf = bdf, .options = DEV_OPTIONS_INIT };
	return dev;
}

int definition_note(struct definition *d, unsigned line, bool is_missing, const char *fmt, ...)
{
	struct definition_note *note;
	va_list ap;
	int r;

	if (ARRAY_GROW(d->notes, d->n_notes) < 0)
		return -ENOMEM;
	note = &d->notes[d->n_notes];
	*note = (struct definition_note){ .line = line, .is_missing = is_missing };
	va_start(ap, fmt);
	r = vasprintf(&note->text, fmt, ap);
	va_end(ap);
	if (r < 0)
		return -ENOMEM;
	d->n_notes++;
	return 0;
}
