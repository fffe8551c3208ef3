// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds running domains by name or number. */
#include <string.h>

#include "backend/xen/ask.h"

/*
 * Reads libxl's own note of the type, because the hypervisor, and so libxl_domain_info(), calls a
 * PVH domain HVM. Source: Xen tools/libs/light/libxl_dom.c, libxl__domain_type(); libxl_domain.c,
 * libxl__xcinfo2xlinfo().
 */
static enum domain_type type_of(struct backend *b, uint32_t domid, libxl_domain_type type)
{
	_cleanup_free_ char *text = xstore_read(b->xs, "/libxl/%u/type", domid);

	if (text && libxl_domain_type_from_string(text, &type))
		return DOMAIN_UNKNOWN;
	switch (type) {
	case LIBXL_DOMAIN_TYPE_PV:
		return DOMAIN_PV;
	case LIBXL_DOMAIN_TYPE_HVM:
		return DOMAIN_HVM;
	case LIBXL_DOMAIN_TYPE_PVH:
		return DOMAIN_PVH;
	case LIBXL_DOMAIN_TYPE_INVALID:
		break;
	}
	return DOMAIN_UNKNOWN;
}

void xen_domain_name(struct backend *b, uint32_t domid, char *buf, size_t size)
{
	_cleanup_free_ char *name = ask_name(b, domid);

	if (name)
		snprintf(buf, size, "%s", name);
	else
		snprintf(buf, size, "domain %u", domid);
}

/* A domain that the user calls by its name in the topology may have another name here (xen:
 * vm=...). */
static const char *name_here(const struct backend *b, const char *name)
{
	const struct topo_domain *d = b->topo ? topology_find_domain(b->topo, name) : NULL;

	return d && d->xen_vm ? d->xen_vm : name;
}

static int not_found(const char *name, struct err *e)
{
	return err_fix(e, err_set(e, ESRCH, "there is no running domain '%s'", name),
		       "see what runs: xl list; start it: xl create FILE");
}

static int refuse_dom0(struct err *e)
{
	return err_fix(e, err_refuse(e, EINVAL, "domain 0 is the host itself"),
		       "name a guest; to give devices back to the host, run: "
		       "vfyard pci-assignable-remove -r");
}

/* Calls libxl_domain_info() and turns its answers into errno; -ESRCH puts nothing into @e. */
static int info_of(struct backend *b, uint32_t domid, libxl_dominfo *ret, struct err *e)
{
	int rc;

	xlog_start(&b->xlog);
	rc = ask_domain(b, ret, domid);
	if (rc == ERROR_DOMAIN_NOTFOUND)
		return -ESRCH;
	return rc ? xen_failed(b, rc, "look at the domain", e) : 0;
}

int xen_domain_find(struct backend *b, const char *name, struct domain *ret, struct err *e)
{
	const char *here = name_here(b, name);
	struct domain d = { .type = DOMAIN_UNKNOWN };
	libxl_dominfo info;
	int r = xen_connect(b, e);

	if (r < 0)
		return r;
	/* libxl takes a text of digits for a number, without checking that there is such a domain.
	 * Source: libxl_utils.c, libxl_domain_qualifier_to_domid(). */
	xlog_start(&b->xlog);
	if (ask_domid(b, here, &d.id))
		return not_found(here, e);
	if (d.id == 0)
		return refuse_dom0(e);
	libxl_dominfo_init(&info);
	r = info_of(b, d.id, &info, e);
	if (r == -ESRCH)
		r = not_found(here, e);
	else if (r == 0 && info.dying)
		r = err_fix(e, err_refuse(e, ESRCH, "domain '%s' is being destroyed", here),
			    "wait until it is gone from: xl list");
	if (r == 0)
		d.type = type_of(b, d.id, info.domain_type);
	libxl_dominfo_dispose(&info);
	if (r < 0)
		return r;
	xen_domain_name(b, d.id, d.name, sizeof(d.name));
	*ret = d;
	return 0;
}

void xen_domain_done(struct domain *d)
{
	d->cookie = NULL;
}

int xen_domain_exists(struct backend *b, uint32_t domid, bool *ret, struct err *e)
{
	libxl_dominfo info;
	int r;

	libxl_dominfo_init(&info);
	r = info_of(b, domid, &info, e);
	libxl_dominfo_dispose(&info);
	*ret = r == 0;
	return r == -ESRCH ? 0 : r;
}

int xen_domain_check(struct backend *b, const struct domain *d, struct err *e)
{
	libxl_dominfo info;
	int r;

	if (d->id == 0)
		return refuse_dom0(e);
	libxl_dominfo_init(&info);
	r = info_of(b, d->id, &info, e);
	if (r == -ESRCH)
		r = not_found(d->name, e);
	else if (r == 0 && (info.dying || info.shutdown))
		r = err_fix(e,
			    err_refuse(e, ESRCH, "domain '%s' is shut down or being destroyed",
				       d->name),
			    "start it again: xl create FILE");
	libxl_dominfo_dispose(&info);
	return r;
}
