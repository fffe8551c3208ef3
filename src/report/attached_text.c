// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/attached.h"

#include <string.h>

#include "base/text.h"

/* Returns "permissive=1,vslot=5", "-" for none. free() it. */
static char *options_text(const struct dev_options *o)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	dev_options_print(o, out);
	fputs(ftell(out) > 0 ? "" : ",-", out);
	if (memstream_close(out, &text) < 0)
		return NULL;
	memmove(text, text + 1, strlen(text));
	return text;
}

/* Writes "net0/3"; "-" for a function that is not a VF of this host. */
static void vf_word(const struct inventory *inv, struct bdf bdf, char buf[VF_LABEL_MAX])
{
	struct vf_ref vf;

	snprintf(buf, VF_LABEL_MAX, "-");
	if (inventory_find_vf(inv, bdf, &vf))
		vf_label(buf, vf);
	buf[strcspn(buf, " ")] = '\0';
}

/* The last column is not padded. */
static void print_row(FILE *out, const size_t width[4], const char *const cells[4],
		      const char *domain)
{
	for (size_t c = 0; c < 4; c++)
		text_cell(out, width[c] + 1, cells[c]);
	text_put(out, domain);
	putc('\n', out);
}

/* Columns grow with what is in them; with @out NULL this only measures. */
static int print_rows(const struct attached *l, size_t width[4], FILE *out)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct attachment *a = &l->v[i];
		_cleanup_free_ char *options = options_text(&a->options);
		char bdf[BDF_STRLEN], vf[VF_LABEL_MAX];
		const char *cells[4] = { a->guest_addr[0] ? a->guest_addr : "-",
					 bdf_str(bdf, a->bdf), vf, options };

		if (!options)
			return -ENOMEM;
		vf_word(l->inv, a->bdf, vf);
		for (size_t c = 0; !out && c < ARRAY_SIZE(cells); c++)
			if (text_width(cells[c]) > width[c])
				width[c] = text_width(cells[c]);
		if (out)
			print_row(out, width, cells, a->domain);
	}
	return 0;
}

int attached_text(const struct attached *l, FILE *out)
{
	static const char *const titles[4] = { "Vdev", "Device", "VF", "Options" };
	size_t width[4] = { 4, 6, 2, 7 };
	int r = print_rows(l, width, NULL);

	if (r < 0 || !l->n)
		return r;
	print_row(out, width, titles, "Domain");
	return print_rows(l, width, out);
}

void attached_notes(const struct attached *l, const struct log *log)
{
	char bdf[BDF_STRLEN];

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].why)
			log_note(log, "%s in domain %s: %s", bdf_str(bdf, l->v[i].bdf),
				 l->v[i].domain, l->v[i].why);
}
