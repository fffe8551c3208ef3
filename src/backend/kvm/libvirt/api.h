/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The few functions of libvirt that are called, found when they are needed: a host without libvirt
 * has no use for them, and this program is built without its headers. */
#ifndef VFY_BACKEND_KVM_LIBVIRT_API_H
#define VFY_BACKEND_KVM_LIBVIRT_API_H

#include "host/host.h"

/* libvirt's own objects: nobody here looks into them. */
struct _virConnect;
struct _virDomain;

/* Values of libvirt's public enumerations, which never change.
 * Source: libvirt include/libvirt/libvirt-domain.h, virterror.h. */
#define VIRT_XML_INACTIVE	  2u /* VIR_DOMAIN_XML_INACTIVE */
#define VIRT_AFFECT_LIVE	  1u /* VIR_DOMAIN_AFFECT_LIVE */
#define VIRT_AFFECT_CONFIG	  2u /* VIR_DOMAIN_AFFECT_CONFIG */
#define VIRT_EVENT_REMOVED	  15 /* VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED */
#define VIRT_EVENT_REMOVAL_FAILED 22 /* VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED */
#define VIRT_ERR_NO_DOMAIN	  42 /* VIR_ERR_NO_DOMAIN: gone between two calls */

typedef void (*virt_event_fn)(struct _virConnect *c, struct _virDomain *d, const char *alias,
			      void *arg);

/* Named as libvirt names them, in the order of the table in api.c. */
struct virt_api {
	void (*virSetErrorFunc)(void *arg, void (*fn)(void *arg, void *error));
	const char *(*virGetLastErrorMessage)(void);
	int (*virGetLastErrorCode)(void);
	int (*virEventRegisterDefaultImpl)(void);
	int (*virEventRunDefaultImpl)(void);
	int (*virEventAddTimeout)(int ms, void (*fn)(int timer, void *arg), void *arg,
				  void (*done)(void *arg));
	int (*virEventRemoveTimeout)(int timer);
	struct _virConnect *(*virConnectOpen)(const char *uri);
	int (*virConnectIsAlive)(struct _virConnect *c);
	int (*virConnectClose)(struct _virConnect *c);
	int (*virConnectListAllDomains)(struct _virConnect *c, struct _virDomain ***ret,
					unsigned flags);
	int (*virConnectDomainEventRegisterAny)(struct _virConnect *c, struct _virDomain *d, int id,
						virt_event_fn fn, void *arg,
						void (*done)(void *arg));
	int (*virConnectDomainEventDeregisterAny)(struct _virConnect *c, int callback);
	struct _virDomain *(*virDomainLookupByUUIDString)(struct _virConnect *c, const char *uuid);
	int (*virDomainFree)(struct _virDomain *d);
	const char *(*virDomainGetName)(struct _virDomain *d);
	int (*virDomainGetUUIDString)(struct _virDomain *d, char *ret);
	int (*virDomainIsActive)(struct _virDomain *d);
	int (*virDomainIsPersistent)(struct _virDomain *d);
	char *(*virDomainGetXMLDesc)(struct _virDomain *d, unsigned flags);
	int (*virDomainAttachDeviceFlags)(struct _virDomain *d, const char *xml, unsigned flags);
	int (*virDomainDetachDeviceFlags)(struct _virDomain *d, const char *xml, unsigned flags);
};

/**
 * virt_api_load - find all of them
 *
 * libvirt.so.0 stays loaded. -ELIBACC when libvirt is not installed, or lacks one (it is older than
 * 9.0). h->symbol stands in for the dynamic linker.
 */
int virt_api_load(struct virt_api *ret, const struct host *h, struct err *e);

#endif
