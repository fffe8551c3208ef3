// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/render_hide.h"

#include <string.h>

#include "topology/hide_faults.h"

#define MODULE "xen-pciback"
#define DRIVER "pciback"

int render_hide_read(const struct host *h, struct hide_sources *ret, struct render_in *in,
		     struct err *e)
{
	char file[8192];
	int r = hide_sources_read(h, MODULE, ret, e);

	if (r < 0)
		return r;
	in->hide_sources = ret;
	in->hidden = hide_sources_in_force(ret, &in->hidden_where);
	in->own_hide =
		in->hidden &&
		root_read(&h->root, file, sizeof(file), "etc/default/grub.d/vfyard.cfg") > 0 &&
		strstr(file, in->hidden);
	return 0;
}

int render_hide_notes(const struct session *s, const struct render_in *in, struct problems *notes,
		      struct err *e)
{
	const struct hide_ask a = { &s->host, MODULE, DRIVER, s->topo, s->bound.pfs };

	if (!in->hidden || !render_is_for(in, TOPO_XEN))
		return 0;
	return hide_faults_value(&a, in->hidden, in->hidden_where, notes, e);
}
