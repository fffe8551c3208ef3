// SPDX-License-Identifier: GPL-2.0-or-later
/* The arguments of a QEMU in a file: a copy of /proc/PID/cmdline, a line of a script, or what
 * `vfyard render qemu` wrote. Of a shell quotes, backslashes and comments are read, and nothing
 * that it would expand. */
#include <stdlib.h>
#include <string.h>

#include "backend/kvm/cmdline.h"
#include "backend/kvm/process.h"
#include "topology/definition.h"

extern const struct definition_reader qemu_reader;

#define PROGRAM "qemu-system-"

/* Words, each ended by NUL. */
struct words {
	char *text;
	size_t len;
};

/* The character behind a backslash stands for itself, and a line goes on behind one. */
static const char *take_escaped(const char *s, char **to)
{
	if (s[1] != '\n' && s[1])
		*(*to)++ = s[1];
	return s[1] ? s + 2 : s + 1;
}

static const char *take_quoted(const char *s, char **to)
{
	char quote = *s++;

	while (*s && *s != quote) {
		if (quote == '"' && *s == '\\' && s[1] && strchr("\"\\$`\n", s[1]))
			s = take_escaped(s, to);
		else
			*(*to)++ = *s++;
	}
	return *s ? s + 1 : s;
}

static const char *skip_blanks(const char *s)
{
	for (;;) {
		s += strspn(s, " \t\r\n");
		if (*s == '\\' && s[1] == '\n')
			s += 2;
		else if (*s == '#')
			s += strcspn(s, "\n");
		else
			return s;
	}
}

/* A word is never longer than its text. */
static void split(struct words *w, const char *s)
{
	char *to = w->text;

	for (s = skip_blanks(s); *s; s = skip_blanks(s)) {
		while (*s && !strchr(" \t\r\n", *s)) {
			if (*s == '\'' || *s == '"')
				s = take_quoted(s, &to);
			else if (*s == '\\')
				s = take_escaped(s, &to);
			else
				*to++ = *s++;
		}
		*to++ = '\0';
	}
	w->len = (size_t)(to - w->text);
}

/* From QEMU's own word on: before it stand sudo, exec and the like. Where there is no such word, an
 * argument is the first that counts. */
static void begin_at_program(struct words *w)
{
	char *p = w->text, *end = w->text + w->len;

	while (p < end && *p != '-' && !program_is_qemu(p))
		p += strlen(p) + 1;
	if (p < end && *p == '-') {
		/* room for it is in front */
		p -= sizeof(PROGRAM);
		memcpy(p, PROGRAM, sizeof(PROGRAM));
	}
	w->len = p < end ? (size_t)(end - p) : 0;
	w->text = p;
}

static int copy(char **to, const char *text)
{
	if (!*text)
		return 0;
	*to = strdup(text);
	return *to ? 0 : -ENOMEM;
}

/* What these arguments lead to, and nobody has read. */
static int note_unread(struct definition *d, const struct words *w, const struct cmdline *c)
{
	int r = 0;

	for (const char *p = w->text; r == 0 && p < w->text + w->len; p += strlen(p) + 1)
		if (!strcmp(p, "-readconfig") || !strcmp(p, "--readconfig"))
			r = definition_note(d, 0, true, "devices of the file behind -readconfig");
	for (size_t i = 0; r == 0 && i < c->n_unread; i++)
		r = definition_note(d, 0, true,
				    "a device of vfio-pci whose arguments do not say its address");
	if (r == 0 && c->incus)
		r = definition_note(d, 0, true, "the domain: %s gives it its devices", c->incus);
	return r == 0 ? definition_note(d, 0, false,
					"on Xen it needs a type: write \"xen: type=hvm\"")
		      : r;
}

static int build(struct definition *d, const struct words *w, const struct cmdline *c)
{
	struct topo_domain *to = &d->domain;
	const char *machine = strstr(c->machine, "q35")		? "q35"
			      : !strncmp(c->machine, "virt", 4) ? "virt"
								: "";
	int r = copy(&to->name, c->name);

	to->defaults = (struct dev_options)DEV_OPTIONS_INIT;
	if (r == 0)
		r = c->is_libvirt ? copy(&to->libvirt, c->name) : copy(&to->qmp, c->qmp);
	if (r == 0)
		r = copy(&to->machine, machine);
	to->has_kvm = to->libvirt || to->qmp || to->machine;
	for (size_t i = 0; r == 0 && i < c->n_hosts; i++)
		r = definition_add(d, 0, c->hosts[i]) ? 0 : -ENOMEM;
	return r == 0 ? note_unread(d, w, c) : r;
}

static int read_text(struct definition *ret, const char *text, size_t len, struct err *e)
{
	_cleanup_free_ char *room = calloc(1, len + sizeof(PROGRAM) + 2);
	struct words w = { .text = room ? room + sizeof(PROGRAM) : NULL, .len = len };
	_cleanup_free_ char *copied = room ? calloc(1, len + 1) : NULL;
	struct cmdline c;
	int r;

	if (!room || !copied)
		return err_set(e, ENOMEM, "out of memory");
	memcpy(copied, text, len);
	if (memchr(text, '\0', len))
		memcpy(w.text, text, len);
	else
		split(&w, copied);
	if (w.len && w.text[w.len - 1])
		w.len++; /* the last word has its end there */
	begin_at_program(&w);
	r = cmdline_parse(&c, w.text, w.len);
	if (r == -ENOENT)
		return err_usage(e, "it has no arguments of QEMU");
	if (r == 0) {
		r = build(ret, &w, &c);
		cmdline_done(&c);
	}
	return r < 0 ? err_set(e, ENOMEM, "out of memory") : 0;
}

const struct definition_reader qemu_reader = { "qemu", "arguments of QEMU", read_text };
