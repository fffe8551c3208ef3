// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/journal_text.h"

#include <string.h>
#include <unistd.h>

char *journal_head(const struct host *h, const char *command)
{
	char boot[BOOT_ID_MAX], *text = NULL;

	host_boot_id(h, boot);
	if (asprintf(&text,
		     JOURNAL_HEAD
		     "\n"
		     "# A run that changes this host writes here before each step, or before "
		     "several of one kind.\n"
		     "# If it was killed, the next run completes or undoes each that has a "
		     "\"do\" without a \"done\"\n"
		     "# (it may not have begun), and removes this file.\n"
		     "# \"ended\": the run was not killed.\n"
		     "boot %s\nrun %ld %.200s\n",
		     boot, (long)getpid(), command ? command : "vfyard") < 0)
		return NULL;
	/* A user may have typed a newline in a command line, but a line must stay one line. */
	for (char *s = strstr(text, "\nrun ") + 1; s[1]; s++)
		if ((unsigned char)*s < ' ')
			*s = ' ';
	return text;
}

static void print_value(const char *key, const char *value, FILE *out)
{
	fprintf(out, " %s=%s", key, *value ? "" : "-");
	for (; *value; value++)
		if ((unsigned char)*value <= ' ' || *value == '%' || (unsigned char)*value == 0x7f)
			fprintf(out, "%%%02x", (unsigned char)*value);
		else
			fputc(*value, out);
}

static void kind_name(enum step_kind k, char ret[32])
{
	snprintf(ret, 32, "%s", step_name(k));
	for (char *s = ret; *s; s++)
		if (*s == ' ')
			*s = '-';
}

bool journal_kind(const char *name, enum step_kind *ret)
{
	char text[32];

	for (unsigned k = 0; k < N_STEP_KINDS; k++) {
		kind_name((enum step_kind)k, text);
		if (!strcmp(text, name)) {
			*ret = (enum step_kind)k;
			return true;
		}
	}
	return false;
}

static void print_vf(const struct step *s, const struct before *b, FILE *out)
{
	char bdf[BDF_STRLEN];

	if (vf_is_whole(s->vf))
		fputs(" vf=whole", out);
	else
		fprintf(out, " vf=%u", s->vf.index);
	print_value("at", bdf_str(bdf, vf_of(s->vf)->bdf), out);
	print_value("driver", b->driver, out);
	print_value("override", b->override, out);
	if (s->domain)
		print_value("domain", s->domain->name, out);
}

void journal_print_step(const struct step *s, const struct before *b, size_t i, bool is_undo,
			FILE *out)
{
	_cleanup_free_ char *line = step_line(s);
	const struct pf *pf;
	char bdf[BDF_STRLEN], kind[32];

	kind_name(s->kind, kind);
	fprintf(out, "# %s\n%s %zu %s", line ? line : kind, is_undo ? "undo" : "do", i, kind);
	pf = step_is_about_pf(s) ? s->vf.pf : vf_identity(s->vf).pf;
	print_value("pf", bdf_str(bdf, pf->bdf), out);
	if (step_is_about_pf(s))
		fprintf(out, " numvfs=%u autoprobe=%d up=%d", b->numvfs, b->autoprobe, b->up);
	else
		print_vf(s, b, out);
	fputc('\n', out);
}
