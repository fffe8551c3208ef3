/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt's domains, running or not, with what their definitions have. */
#ifndef VFY_BACKEND_KVM_LIBVIRT_DOMAINS_H
#define VFY_BACKEND_KVM_LIBVIRT_DOMAINS_H

#include "base/bdf.h"
#include "host/host.h"

#define VIRT_DEFAULT_URI "qemu:///system"
#define VIRT_UUID_MAX	 37

/* A host device in a definition. */
struct virt_device {
	struct bdf host;
	char alias[96], mac[24]; /* mac: of an interface that has one */
	bool is_managed;   /* libvirt itself takes it from the host's driver, and gives it back */
	bool is_interface; /* of a network interface, whose MAC and VLAN libvirt sets */
	bool has_place;
	unsigned bus, slot, function; /* in the guest; bus: index of the port's controller */
};

struct virt_port {
	unsigned bus;
	bool is_free;
};

/* Of the running machine, or of its next start. */
struct virt_definition {
	bool is_there;
	bool is_express;   /* it has ports, and no slots of a root bus that take hot plug */
	const char *owner; /* owner.h; NULL: whoever uses virsh */
	struct virt_device *devs;
	struct virt_port *ports;
	size_t n_devs, n_ports;
};

struct virt_domain {
	char name[128], uuid[VIRT_UUID_MAX];
	bool is_active, is_persistent;
	struct virt_definition live, config;
};

struct virt; /* one libvirt, by its URI */

/**
 * virt_get - the libvirt at a URI, and its domains
 * @all: those of one run, NULL at first; end with virt_all_done()
 *
 * Asked once in a run, whoever is the first, with the host's whole timeout: a daemon that a socket
 * starts takes its time. One that could not be reached is not asked again. *ret stays until
 * virt_all_done(). Returns as virt_session_open() and virt_ask().
 */
int virt_get(struct virt **ret, struct virt **all, const struct host *h, const char *uri,
	     struct err *e);
void virt_all_done(struct virt *all);

/* The next of those that were asked; NULL behind the last. */
struct virt *virt_next(const struct virt *v);
const char *virt_uri(const struct virt *v);

/* The domain behind @d, NULL: the first; NULL behind the last. */
const struct virt_domain *virt_next_domain(const struct virt *v, const struct virt_domain *d);

/* By its name, or its UUID; NULL when there is none. It stays where it is. */
struct virt_domain *virt_find(const struct virt *v, const char *name);

/* The next domain behind @d, NULL: the first, that has the function in a definition. */
const struct virt_domain *virt_next_with(const struct virt *v, const struct virt_domain *d,
					 struct bdf host);

/* What it is now. -ESRCH: it is gone. */
int virt_refresh(struct virt *v, struct virt_domain *d, struct err *e);

/* @live: in the running machine, else in what it is started with. As virDomainAttachDeviceFlags();
 * the definitions that we have of it are read anew. */
int virt_attach(struct virt *v, struct virt_domain *d, const char *xml, bool live, struct err *e);

/* What came of a detach from a running machine. */
enum virt_outcome {
	VIRT_REMOVED,
	VIRT_FAILED,  /* the guest has refused */
	VIRT_WAITING, /* it has not followed the request, which stands */
	VIRT_LOST,    /* libvirt went away meanwhile */
};

/* The device is one of those in the definition. Waits for the guest as long as the host's timeout;
 * what was asked of the next start is done at once. */
int virt_detach(struct virt *v, struct virt_domain *d, const struct virt_device *dev, bool live,
		enum virt_outcome *ret, struct err *e);

/* As virt_heed_signals(). */
void virt_heed(struct virt *v, bool heed);

/* NULL when it is not in it. */
const struct virt_device *virt_device_of(const struct virt_definition *d, struct bdf host);
/* Does libvirt itself take one of its devices from the host's driver, and give it back? */
bool virt_has_managed(const struct virt_definition *d);
/* Are they functions of one device in the guest? */
bool virt_is_one(const struct virt_device *a, const struct virt_device *b);
size_t virt_free_ports(const struct virt_definition *d);

#endif
