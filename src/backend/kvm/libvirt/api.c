// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/libvirt/api.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define LIBRARY "libvirt.so.0"

#define ROW(name) #name, offsetof(struct virt_api, name)

static const struct {
	const char *name;
	size_t at;
} rows[] = {
	{ ROW(virSetErrorFunc) },
	{ ROW(virGetLastErrorMessage) },
	{ ROW(virGetLastErrorCode) },
	{ ROW(virEventRegisterDefaultImpl) },
	{ ROW(virEventRunDefaultImpl) },
	{ ROW(virEventAddTimeout) },
	{ ROW(virEventRemoveTimeout) },
	{ ROW(virConnectOpen) },
	{ ROW(virConnectIsAlive) },
	{ ROW(virConnectClose) },
	{ ROW(virConnectListAllDomains) },
	{ ROW(virConnectDomainEventRegisterAny) },
	{ ROW(virConnectDomainEventDeregisterAny) },
	{ ROW(virDomainLookupByUUIDString) },
	{ ROW(virDomainFree) },
	{ ROW(virDomainGetName) },
	{ ROW(virDomainGetUUIDString) },
	{ ROW(virDomainIsActive) },
	{ ROW(virDomainIsPersistent) },
	{ ROW(virDomainGetXMLDesc) },
	{ ROW(virDomainAttachDeviceFlags) },
	{ ROW(virDomainDetachDeviceFlags) },
};

static int not_there(const char *why, struct err *e)
{
	return err_fix(e, err_set(e, ELIBACC, "libvirt's library cannot be used: %s", why),
		       "install it, run: apt install libvirt0");
}

int virt_api_load(struct virt_api *ret, const struct host *h, struct err *e)
{
	void *so = h->symbol ? NULL : dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (!so && !h->symbol)
		return not_there(dlerror(), e);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		void *fn = h->symbol ? h->symbol(h->symbol_arg, LIBRARY, rows[i].name)
				     : dlsym(so, rows[i].name);
		char why[96];

		snprintf(why, sizeof(why), LIBRARY " has no %s", rows[i].name);
		if (!fn)
			return not_there(why, e);
		/* A pointer to an object is one to a function here. Source: dlsym(3). */
		memcpy((char *)ret + rows[i].at, &fn, sizeof(fn));
	}
	return 0;
}
