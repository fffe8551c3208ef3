// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices that pciback takes when it is loaded. */
#include "backend/xen/xen.h"

#include "topology/hide_faults.h"

static void sources_cleanup(struct hide_sources *s)
{
	hide_sources_done(s);
}

int xen_boot(const struct host *h, const struct topology *t, struct pf *const *pfs,
	     struct problems *ret, struct err *e)
{
	__attribute__((cleanup(sources_cleanup))) struct hide_sources s = { 0 };
	const struct hide_ask a = { h, PCIBACK_MODULE, PCIBACK, t, pfs };
	const struct hide_source *last;
	int r = hide_sources_read(h, PCIBACK_MODULE, &s, e);

	if (r < 0)
		return r;
	last = hide_sources_last(&s);
	hide_faults_entries(&a, &s, ret);
	hide_faults_places(&a, &s, ret);
	return last ? hide_faults_value(&a, last->value, last->where, ret, e) : 0;
}

int xen_hidden_well(const struct host *h, struct err *e)
{
	__attribute__((cleanup(sources_cleanup))) struct hide_sources s = { 0 };
	const struct hide_ask a = { .host = h, .module = PCIBACK_MODULE, .driver = PCIBACK };
	struct problems found = { 0 };
	int r = hide_sources_read(h, PCIBACK_MODULE, &s, e);

	if (r < 0)
		return r;
	hide_faults_entries(&a, &s, &found);
	if (found.n_errors) {
		r = err_refuse(e, EINVAL, "%s", found.v[0].err.cause);
		err_fix(e, r, "%s", found.v[0].err.fix);
	}
	problems_done(&found);
	return r;
}
