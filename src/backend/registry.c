// SPDX-License-Identifier: GPL-2.0-or-later
/* Which hypervisors this build knows, and which one this host has. */
#include <string.h>

#include "backend/backend.h"

extern const struct backend_ops xen_backend;
extern const struct backend_ops kvm_backend;

const struct backend_ops *const backends[] = {
#if HAVE_XEN
	&xen_backend,
#endif
	&kvm_backend,
	NULL,
};

/* Names a user may give, also of a backend this build was made without. */
static const char *const known[] = { "xen", "kvm" };

static int choose_auto(const struct backend_ops **ret, const struct host *h)
{
	for (size_t i = 0; backends[i]; i++) {
		struct err why = { 0 };

		if (backends[i]->probe(h, &why) == 0) {
			*ret = backends[i];
			return 0;
		}
		log_debug(&h->log, "%s: %s", backends[i]->name, why.cause);
	}
	*ret = NULL;
	return 0;
}

static int unknown_name(const char *want, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(want, known[i]))
			return err_fix(e,
				       err_set(e, ENOTSUP, "this build has no '%s' backend", want),
				       "build vfyard with it, or use --hypervisor auto");
	err_usage(e, "'%s' is not a hypervisor", want);
	err_at(e, -EINVAL, "--hypervisor", NULL);
	return err_fix(e, -EINVAL, "use --hypervisor auto, xen or kvm");
}

int backend_choose(const struct backend_ops **ret, const struct host *h, const char *want,
		   struct err *e)
{
	int r;

	if (!want || !strcmp(want, "auto"))
		return choose_auto(ret, h);
	for (size_t i = 0; backends[i]; i++) {
		if (strcmp(backends[i]->name, want) != 0)
			continue;
		r = backends[i]->probe(h, e);
		if (r == 0)
			*ret = backends[i];
		return r;
	}
	return unknown_name(want, e);
}

const char *backend_why_none(const struct host *h, struct err *e)
{
	const struct backend_ops *likely = NULL;

	for (size_t i = 0; backends[i]; i++) {
		struct err ignored = { 0 };

		if (backends[i]->probe(h, &ignored) == 0)
			return NULL;
		if (!likely && (!backends[i]->is_likely || backends[i]->is_likely(h)))
			likely = backends[i];
	}
	if (!likely)
		return NULL;
	likely->probe(h, e);
	return likely->name;
}
