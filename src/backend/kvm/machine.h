/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices and ports of a running guest, as QEMU's object tree has them. */
#ifndef VFY_BACKEND_KVM_MACHINE_H
#define VFY_BACKEND_KVM_MACHINE_H

#include "backend/kvm/qmp.h"
#include "base/bdf.h"

/* What takes one device: a PCI Express port, where a guest finds the device in slot 0 of the bus
 * behind it, or a slot of a root bus that allows hot plug itself. */
struct guest_port {
	char id[64]; /* the port's, and its bus's; for a slot: the root bus's */
	unsigned slot;
	unsigned addr; /* where a device goes on that bus; 0 behind a port */
	bool is_free;  /* nothing is in it, and hot plug is not switched off */
};

/* A host device in the guest. */
struct plugged {
	char path[192]; /* in the object tree */
	char id[64];	/* "" when it has none */
	char port[64];	/* the bus that it is on */
	unsigned addr;	/* its slot on that bus */
	struct bdf host;
	unsigned fn; /* its function in that slot */
};

struct machine {
	char type[64];		  /* "pc-q35-10.0-machine", "" when QEMU does not say */
	struct guest_port *ports; /* by slot number, then id; the slots of a root bus from the last
				   * one down */
	struct plugged *devs;
	size_t n_ports, n_devs;
};

/* A machine has 256 buses, each port takes one, and a bus has only a few functions. Whoever lists
 * more wants to keep us asking. */
#define MACHINE_PORTS_MAX 256u
#define MACHINE_DEVS_MAX  1024u

/**
 * machine_read - read all ports and all host devices
 *
 * It works at any time, even before the guest has numbered its buses. It asks a few questions for
 * each port and device, with @timeout_ms for each; qmp_begin() limits them together. Returns 0
 * (release with machine_done()); -E2BIG for more ports or devices than a machine can have, without
 * asking about any of them; or as qmp_call() does.
 * Source: QEMU hw/core/qdev.c (/machine/peripheral, /machine/peripheral-anon); hw/core/bus.c,
 * qbus_init_internal() (a bus is a child of its bridge, child[N] a device on it);
 * hw/pci/pci_bridge.c, pci_bridge_initfn() (its name is the bridge's id).
 */
int machine_read(struct machine *ret, struct qmp *q, unsigned timeout_ms, struct err *e);
void machine_done(struct machine *m);

/* Tells whether it has no ports, but takes devices in slots of its root bus. */
bool machine_has_slots(const struct machine *m);
size_t machine_free_ports(const struct machine *m);
/* Returns the first free port, or the one with that slot number when @slot > 0; NULL when there is
 * none. */
struct guest_port *machine_pick(const struct machine *m, int slot);
/* Returns the port, or slot, that the device is in; NULL when that is none that takes one. */
const struct guest_port *machine_port_of(const struct machine *m, const struct plugged *dev);
/* Returns NULL when it is not in the guest. */
struct plugged *machine_find(const struct machine *m, struct bdf host);

/* Are they in the same slot of the guest? One of which that is not known is only with itself. */
bool machine_is_one(const struct plugged *a, const struct plugged *b);
/* How many devices are in the same slot as @dev, itself included, and the one at function @fn of
 * it: NULL when there is none. */
size_t machine_count_slot(const struct machine *m, const struct plugged *dev);
struct plugged *machine_find_fn(const struct machine *m, const struct plugged *dev, unsigned fn);

/* Record what was plugged or unplugged since. machine_remove() invalidates @dev. */
int machine_add(struct machine *m, const struct plugged *dev);
void machine_remove(struct machine *m, struct plugged *dev);

/* Tells which host device an object is. Returns -ENOENT when it no longer exists, or is not a host
 * device. */
int machine_host_of(struct qmp *q, const char *path, struct bdf *ret, unsigned timeout_ms,
		    struct err *e);

/* Tells whether the object still exists. */
int machine_has(struct qmp *q, const char *path, bool *ret, unsigned timeout_ms, struct err *e);

#endif
