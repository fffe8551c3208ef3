// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/qmp_replay.h"

#include <string.h>

struct qmp_replay {
	char *text, *path;
};

/* Finds the line that begins with @start: the last one, because a guest changes while it is
 * asked. */
static const char *find_line(const char *text, const char *start)
{
	const char *found = NULL;
	size_t n = strlen(start);

	for (const char *s = text; s; s = strchr(s, '\n')) {
		s += *s == '\n';
		if (!strncmp(s, start, n))
			found = s + n;
	}
	return found;
}

char *qmp_question(const char *path, const char *command, const json_t *args)
{
	_cleanup_free_ char *text = json_dumps(args, JSON_COMPACT | JSON_SORT_KEYS);
	char *ret;

	if (asprintf(&ret, "%s %s %s ", path, command, text ? text : "{}") < 0)
		return NULL;
	return ret;
}

struct qmp_replay *qmp_replay_open(const struct host *h, const char *path)
{
	struct qmp_replay *r = calloc(1, sizeof(*r));
	_cleanup_free_ char *start = NULL;

	if (!r)
		return NULL;
	r->text = root_read_all(&h->root, CAPTURE_DIR "/qmp");
	r->path = strdup(path);
	if (r->text && r->path && asprintf(&start, "%s ", path) > 0 && find_line(r->text, start))
		return r;
	qmp_replay_free(r);
	return NULL;
}

void qmp_replay_free(struct qmp_replay *r)
{
	if (!r)
		return;
	free(r->text);
	free(r->path);
	free(r);
}

json_t *qmp_replay_answer(const struct qmp_replay *r, const char *command, const json_t *args)
{
	_cleanup_free_ char *start = qmp_question(r->path, command, args);
	const char *line = start ? find_line(r->text, start) : NULL;

	return line ? json_loadb(line, strcspn(line, "\n"), 0, NULL) : NULL;
}
