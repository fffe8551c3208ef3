// SPDX-License-Identifier: GPL-2.0-or-later
/* Which hypervisors there are, and which one this host has. */
#include <string.h>

#include "backend/backend.h"
#include "backend/module.h"

static const struct hypervisor *const hypervisors[] = { &xen_hypervisor, &kvm_hypervisor };

static int find_auto(const struct hypervisor **ret, const struct host *h)
{
	*ret = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(hypervisors) && !*ret; i++) {
		struct err why = { 0 };

		if (hypervisors[i]->probe(h, &why) == 0)
			*ret = hypervisors[i];
		else
			log_debug(&h->log, "%s: %s", hypervisors[i]->name, why.cause);
	}
	return 0;
}

static int unknown_name(const char *want, struct err *e)
{
	err_usage(e, "'%s' is not a hypervisor", want);
	err_at(e, -EINVAL, "--hypervisor", NULL);
	return err_fix(e, -EINVAL, "use --hypervisor auto, xen or kvm");
}

int hypervisor_find(const struct hypervisor **ret, const struct host *h, const char *want,
		    struct err *e)
{
	int r;

	if (!want || !strcmp(want, "auto"))
		return find_auto(ret, h);
	for (size_t i = 0; i < ARRAY_SIZE(hypervisors); i++) {
		if (strcmp(hypervisors[i]->name, want) != 0)
			continue;
		r = hypervisors[i]->probe(h, e);
		if (r == 0)
			*ret = hypervisors[i];
		return r;
	}
	return unknown_name(want, e);
}

int backend_choose(const struct backend_ops **ret, const struct host *h, const char *want,
		   struct err *e)
{
	const struct hypervisor *hv = NULL;
	int r = hypervisor_find(&hv, h, want, e);

	if (r < 0)
		return r;
	*ret = NULL;
	return hv ? backend_load(ret, hv, e) : 0;
}

const char *backend_why_none(const struct host *h, struct err *e)
{
	const struct hypervisor *likely = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(hypervisors); i++) {
		const struct hypervisor *hv = hypervisors[i];
		struct err ignored = { 0 };

		if (hv->probe(h, &ignored) == 0)
			return NULL;
		if (!likely && (!hv->is_likely || hv->is_likely(h)))
			likely = hv;
	}
	if (!likely)
		return NULL;
	likely->probe(h, e);
	return likely->name;
}
