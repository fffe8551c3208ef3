// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/flight.h"

#include <stdlib.h>

#include "backend/xen/owner.h"

int flight_return(struct backend *b, struct flight *f, int r, struct flight **ret, struct err *e)
{
	struct err undo = { 0 };

	if (r > 0) {
		if (ret)
			*ret = f;
		return r;
	}
	/* A write that hangs holds the device, so nothing more can be done with it now. */
	if (r < 0 && r != -ETIMEDOUT && f->undo && f->undo(b, f, &undo) < 0)
		err_left(e, r, "it is not given back to %s: %s",
			 f->driver[0] ? f->driver : "the host", undo.cause);
	free(f->driver_path);
	free(f);
	return r;
}

int xen_go_on(struct backend *b, struct flight *f, struct err *e)
{
	return flight_return(b, f, f->next(b, f, e), NULL, e);
}

int xen_look(struct backend *b, struct err *e)
{
	int r = xen_ready(b, e);

	if (r == 0)
		r = view_refresh(&b->view, b->xs, e);
	b->has_looked = r == 0;
	return r;
}

int flight_refuse_held(struct backend *b, struct vf_ref vf, struct err *e)
{
	return b->has_looked ? xen_refuse_seen(b, vf, e) : xen_refuse_held(b, vf, e);
}

int flight_finish(struct backend *b, struct flight *f, int r, struct err *e)
{
	while (r > 0)
		r = xen_go_on(b, f, e);
	return r;
}
