// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake_plan_host.h"

static struct fake_plan_host host;
static FILE *out;

void tree_begin(void)
{
	fake_plan_host_init(&host, NULL);
}

void tree_add(const char *line)
{
	fake_plan_host_add(&host, line);
}

static void write_text(const char *path, const char *name)
{
	char text[8192];
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	if (f)
		fclose(f);
	while (n && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	fprintf(out, "%s=", name);
	for (const char *at = text; *at; at++)
		fputs(*at == '\n' ? "\\n" : *at == '\\' ? "\\\\" : (char[]){ *at, '\0' }, out);
	fputc('\n', out);
}

static int write_one(const char *path, const struct stat *st UNUSED, int type,
		     struct FTW *at UNUSED)
{
	const char *name = path + strlen(host.root.dir);
	char target[PATH_MAX];
	ssize_t n;

	if (!*name)
		return 0;
	name++;
	if (type == FTW_F) {
		write_text(path, name);
	} else if (type == FTW_SL || type == FTW_SLN) {
		n = readlink(path, target, sizeof(target) - 1);
		if (n > 0)
			fprintf(out, "%s -> %.*s\n", name, (int)n, target);
	} else {
		fprintf(out, "%s/\n", name);
	}
	return 0;
}

void tree_end(const char *topology, const struct prove_case *c, FILE *to)
{
	_cleanup_free_ char *line = NULL;
	struct state *saved = NULL;
	struct err e = { 0 };

	if (asprintf(&line, "etc/vfyard/topology.cfg=%s", topology) < 0)
		abort();
	for (char *at = line; (at = strchr(at, '\n'));)
		*at = ' ';
	fake_root_add(&host.root, line);
	if (state_open(&saved, &host.root.host, &e) == 0) {
		case_memory(c, saved);
		state_commit(saved, &e);
	}
	state_close(saved);
	out = to;
	fputs("# vfyard capture 1, a host that does not exist (make prove)\n", out);
	nftw(host.root.dir, write_one, 16, FTW_PHYS);
	fake_plan_host_done(&host);
}
