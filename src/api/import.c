// SPDX-License-Identifier: GPL-2.0-or-later
/* The running state as a topology. */
#include "api/handle.h"

#include <stdlib.h>
#include <string.h>

#include "render/topology_print.h"
#include "report/import.h"

static int take_options(struct import_options *ret, const struct vfy_import_options *o,
			struct err *e)
{
	struct vfy_import_options given = { 0 };
	int r;

	if (o)
		memcpy(&given, o, o->size < sizeof(given) ? o->size : sizeof(given));
	*ret = (struct import_options){ .select = given.select,
					.from = given.from,
					.files = given.files,
					.n_files = given.n_files,
					.only_files = given.flags & VFY_IMPORT_ONLY_FILES };
	if (!(given.flags & ~(unsigned)VFY_IMPORT_ONLY_FILES))
		return 0;
	r = err_usage(e, "libvfyard " VERSION " does not know import flags 0x%x", given.flags);
	return err_fix(e, r, "install the libvfyard that the program was built for");
}

int vfy_import(struct vfy *v, const struct vfy_import_options *o, char **ret_text)
{
	_cleanup_(imported_done) struct imported i = { 0 };
	struct import_options options;
	json_t *doc = NULL;
	int r = handle_begin(v);

	*ret_text = NULL;
	if (r == 0)
		r = take_options(&options, o, &v->e);
	if (r == 0)
		r = import_make(&v->s, &options, &i, &v->e);
	if (r == 0)
		r = import_text(&i, ret_text, &v->e);
	if (r == 0)
		doc = topology_json(i.topo);
	r = handle_end(v, doc, r);
	if (r < 0)
		free(STEAL(*ret_text));
	return r;
}
