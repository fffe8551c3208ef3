// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/handle.h"

#include <stdlib.h>
#include <string.h>

#include "report/problem_json.h"

int handle_begin(struct vfy *v)
{
	v->e = v->unopened;
	free(STEAL(v->document));
	return v->opened;
}

int handle_done(struct vfy *v, int r)
{
	if (r >= 0)
		v->e = (struct err){ .status = v->e.status };
	return r;
}

static int no_memory(struct vfy *v)
{
	return err_set(&v->e, ENOMEM, "out of memory");
}

/* Makes the text as on standard output. */
static char *text_of(json_t *doc)
{
	_cleanup_free_ char *line = json_dumps(doc, JSON_COMPACT);
	char *text;

	json_decref(doc);
	return line && asprintf(&text, "%s\n", line) >= 0 ? text : NULL;
}

int handle_end(struct vfy *v, json_t *doc, int r)
{
	/* As the program does; a handle that was never opened has no documents. */
	if (!doc && r < 0 && !v->opened)
		doc = failure_json(&v->e, &v->s.faults);
	v->document = doc ? text_of(doc) : NULL;
	return r == 0 && !v->document ? no_memory(v) : handle_done(v, r);
}

int handle_give(struct vfy *v, json_t *doc, int r, char **ret)
{
	bool is_own = doc || v->s.faults.n_errors;

	r = handle_end(v, doc, r);
	if (!ret)
		return r;
	*ret = is_own && v->document ? strdup(v->document) : NULL;
	return r == 0 && !*ret ? no_memory(v) : r;
}
