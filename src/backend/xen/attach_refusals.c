// SPDX-License-Identifier: GPL-2.0-or-later
/* Reasons not to give functions to a domain: for most of them libxl reports success, and then the
 * guest is broken. */
#include <stdlib.h>

#include "backend/xen/ask.h"
#include "backend/xen/domain_config.h"
#include "backend/xen/frontend.h"
#include "backend/xen/limits_hvm.h"
#include "backend/xen/limits_irqs.h"

static int ask_pvh(const struct refusal_ask *a, struct err *e)
{
	if (xen_type_of(a->domain) != DOMAIN_PVH)
		return 0;
	return err_fix(e,
		       err_refuse(e, ENOTSUP, "domain %s is PVH, which has no pass-through on x86",
				  a->domain->name),
		       "create it with type=\"hvm\" or type=\"pv\"");
}

static int ask_alive(const struct refusal_ask *a, struct err *e)
{
	int r = xen_connect(a->backend, e);

	return r < 0 ? r : xen_domain_check(a->backend, a->domain, e);
}

static struct created created_of(struct backend *b, const struct domain *d)
{
	struct created c = { .is_known = false };
	uint8_t *data = NULL;
	int len = 0;

	xlog_start(&b->xlog);
	if (ask_configuration(b, d->id, &data, &len) == 0 && data)
		c = created_parse((const char *)data, (size_t)len);
	free(data);
	return c;
}

/* A domain that does not run will be created from a file that says it. */
static int ask_passthrough(const struct refusal_ask *a, struct err *e)
{
	const struct domain *d = a->domain;
	bool is_pv = d->type == DOMAIN_PV;
	int r = xen_connect(a->backend, e);
	struct created c;

	if (r < 0)
		return r;
	c = created_of(a->backend, d);
	if (c.no_passthrough)
		return err_fix(e,
			       err_refuse(e, ENOTSUP,
					  "domain %s was created without pass-through, "
					  "which cannot be added while it runs",
					  d->name),
			       "put passthrough=\"enabled\"%s into its file and create it again",
			       is_pv ? " and e820_host=1" : "");
	if (is_pv && c.is_known && c.no_e820_host)
		refusal_note(a,
			     "domain %s was created without e820_host=1: its kernel may not find "
			     "room for the devices' memory",
			     d->name);
	return 0;
}

/* Asks a row that looks at all devices of the domain. */
static int ask_devs(const struct refusal_ask *a,
		    int (*check)(const struct refusal_ask *a, struct domain_devs *devs,
				 struct err *e),
		    struct err *e)
{
	_cleanup_(domain_devs_done) struct domain_devs devs = { 0 };
	int r = domain_devs_read(&devs, a, e);

	return r < 0 ? r : check(a, &devs, e);
}

static int check_left(const struct refusal_ask *a, struct domain_devs *devs UNUSED, struct err *e)
{
	return xen_check_left(a->backend, a->domain, e);
}

static int ask_left(const struct refusal_ask *a, struct err *e)
{
	return ask_devs(a, check_left, e);
}

static int check_frontend(const struct refusal_ask *a, struct domain_devs *devs UNUSED,
			  struct err *e)
{
	return frontend_check(a->backend, a->domain, e);
}

static int ask_frontend(const struct refusal_ask *a, struct err *e)
{
	return ask_devs(a, check_frontend, e);
}

static int ask_hvm_slots(const struct refusal_ask *a, struct err *e)
{
	return ask_devs(a, xen_limits_hvm_slots, e);
}

static int ask_hvm_names(const struct refusal_ask *a, struct err *e)
{
	return ask_devs(a, xen_limits_hvm_names, e);
}

static int ask_vslot(const struct refusal_ask *a, struct err *e)
{
	return ask_devs(a, xen_limits_hvm_vslot, e);
}

static int ask_irqs(const struct refusal_ask *a, struct err *e)
{
	int r = xen_connect(a->backend, e);

	return r < 0 ? r : ask_devs(a, xen_limits_irqs, e);
}

static int ask_segment(const struct refusal_ask *a, struct err *e)
{
	int r = xen_connect(a->backend, e);

	return r < 0 ? r : ask_devs(a, xen_limits_segments, e);
}

static int check_pv_slots(const struct refusal_ask *a, struct domain_devs *devs, struct err *e)
{
	return xen_check_virtual_slots(a->host, a->domain, devs, e);
}

static int ask_pv_slots(const struct refusal_ask *a, struct err *e)
{
	return ask_devs(a, check_pv_slots, e);
}

const struct refusal xen_attach_refusals[] = {
	{ "pvh", REFUSAL_OF_DOMAIN, false, ask_pvh },
	{ "alive", REFUSAL_OF_GUEST, true, ask_alive },
	{ "passthrough", REFUSAL_OF_GUEST, true, ask_passthrough },
	{ "left", REFUSAL_OF_GUEST, true, ask_left },
	{ "frontend", REFUSAL_OF_GUEST, true, ask_frontend },
	{ "hvm-slots", REFUSAL_OF_DOMAIN, false, ask_hvm_slots },
	{ "hvm-names", REFUSAL_OF_DOMAIN, false, ask_hvm_names },
	{ "vslot", REFUSAL_OF_DOMAIN, false, ask_vslot },
	{ "irqs", REFUSAL_OF_DOMAIN, true, ask_irqs },
	{ "segment", REFUSAL_OF_DOMAIN, true, ask_segment },
	{ "pv-slots", REFUSAL_OF_DOMAIN, false, ask_pv_slots },
	{ 0 },
};
