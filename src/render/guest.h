/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One domain as a machine with ports: what qemu, readconfig and libvirt have in common. */
#ifndef VFY_RENDER_GUEST_H
#define VFY_RENDER_GUEST_H

#include "topology/ports.h"
#include "topology/slot_mates.h"
#include "render/render.h"

struct guest {
	const struct topo_domain *domain;
	struct bdf *vfs;	   /* the functions that it has */
	struct slot_place *places; /* where each of them is: in which device of the plan */
	bool *computed; /* whether that VF's address is only computed, because the VF is not made
			 * yet */
	size_t n_vfs, n_computed;
	struct ports_plan plan;
};

/* Finds the domain asked for, or the only one. When there are several, that is a usage error. */
int guest_domain(const struct render_in *in, const struct topo_domain **ret, struct err *e);

/**
 * guest_make - collect the domain asked for, its functions and the plan of its ports
 *
 * These formats describe one machine, so without in->domain the topology must have exactly one.
 * Adds a note when the plan needs more of the machine than its default gives. Release with
 * guest_done(). Returns 0, or what render_wanted(), render_vf_bdf() and ports_plan() return.
 */
int guest_make(const struct render_in *in, struct guest *ret, struct problems *notes,
	       struct err *e);
void guest_done(struct guest *g);

/* Prints the text of a comment: "web1: 40 VFs, ...: 45 of 256 buses, ..., by vfyard render FORMAT
 * from FILE". */
void guest_print_head(const struct guest *g, const struct render_in *in, const char *format,
		      FILE *out);

/* A device in QEMU's words: driver and properties, in order. */
#define QDEV_PROPS 8
struct qdev {
	const char *driver;
	char id[32];
	struct {
		const char *key;
		char value[64];
	} props[QDEV_PROPS];
	size_t n;
};

/* The port of function @i, an index of plan.ports. */
static inline size_t guest_port(const struct guest *g, size_t i)
{
	return g->plan.sockets[g->places[i].device];
}

/* Is function @i function 0 of a device that has others, too? */
static inline bool guest_is_multifunction(const struct guest *g, size_t i)
{
	return g->places[i].mates && !g->places[i].fn;
}

/**
 * guest_qdev - describe device @i of the machine: first its ports, parents before children, then
 * the functions behind them
 *
 * Returns false after the last one. io-reserve=0 keeps firmware from giving one of the 16 windows
 * of I/O ports to each root port, because VFs have no I/O ports. Segments of more than four digits
 * do not fit into host=.
 * Source: QEMU hw/pci-bridge/gen_pcie_root_port.c, xio3130_{up,down}stream.c, hw/vfio/pci.c,
 * hw/core/qdev-properties-system.c set_pci_host_devaddr().
 */
bool guest_qdev(const struct guest *g, size_t i, struct qdev *ret);

/* Tells whether that device is a VF whose address is only computed. */
bool guest_is_computed(const struct guest *g, size_t i);

#endif
