/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans the ports that a machine's PCI Express devices are plugged into: as data, without I/O. */
#ifndef VFY_TOPOLOGY_PORTS_H
#define VFY_TOPOLOGY_PORTS_H

#include <stddef.h>
#include "base/bdf.h"

#define PORTS_BUSES	   256u /* bus numbers of one PCI segment, including bus 0 */
#define PORTS_PER_SLOT	   8u	/* functions of one slot */
#define PORTS_PER_SWITCH   32u	/* slots of the bus behind an upstream port */
#define PORTS_CHASSIS_LAST 255u
#define PORTS_RESERVE	   2u /* root slots left for other devices if possible */

/* A machine type, as far as ports are concerned. */
struct machine_type {
	const char *name;
	const char *root_bus;	       /* name of bus 0 */
	uint8_t first_slot, last_slot; /* slots of bus 0 where no built-in device is */
};

/**
 * machine_type_find - look up a machine type
 * @name: "q35", "virt"; NULL: the default, q35
 *
 * q35 has its host bridge at slot 0 and its chipset at 0x1f; virt has a host bridge at slot 0.
 * Returns NULL for an unknown machine type. Source: QEMU hw/i386/pc_q35.c, hw/arm/virt.c,
 * hw/pci-host/gpex.c.
 */
const struct machine_type *machine_type_find(const char *name);

enum ports_mode {
	PORTS_AUTO,	  /* root ports while slots last, then switches for the rest */
	PORTS_ROOT_PORTS, /* root ports only, eight to a slot */
	PORTS_SWITCH,	  /* all behind switches: takes few slots of bus 0 */
};

/* Finds the mode called @name; NULL means "auto". Returns false when there is none. */
bool ports_mode_find(const char *name, enum ports_mode *ret);

struct ports_request {
	const struct machine_type *machine;
	enum ports_mode mode;
	size_t n_devices; /* functions of one slot that stay together are one: slot_mates.h */
	size_t n_spare;	  /* empty ports for devices that are plugged in later */
	unsigned reserve; /* slots of bus 0 that stay free if the ports fit into the others */
	unsigned chassis; /* of the first port, 0 means 1; the others count up from it */
	bool has_whole;	  /* not all of the devices are VFs, as sentences say */
};

struct topo_domain;

/**
 * ports_request_of - make the request of a domain in a topology
 * @n_devices: how many devices it has when it starts
 *
 * Takes its machine=, ports= and spare=, or their defaults. Returns 0, or -EINVAL (EXIT_USAGE) for
 * words that no topology file may have.
 */
int ports_request_of(const struct topo_domain *d, size_t n_devices, struct ports_request *ret,
		     struct err *e);

enum port_kind {
	PORT_ROOT,	 /* on bus 0 */
	PORT_UPSTREAM,	 /* of a switch, in its root port */
	PORT_DOWNSTREAM, /* of a switch, on the bus behind its upstream port */
};

#define PORT_ID_MAX 24

/* A port. The bus behind it is named after its id. */
struct port {
	enum port_kind kind;
	char id[PORT_ID_MAX];  /* vfrp7, sw0rp, sw0up, sw0d31 */
	char bus[PORT_ID_MAX]; /* the bus it is on: the root bus or another port's id */
	size_t parent;	       /* index of that port; PORT_NO_PARENT on the root bus */
	uint8_t slot, fn;      /* its address there */
	bool multifunction;    /* it is function 0 of a slot that has others, too */
	/* An upstream port has neither of these: */
	uint8_t chassis;     /* unique; also the number of its hot-plug slot, which guests show */
	uint8_t port_number; /* in the link capabilities, unique on its bus */
	bool takes_device;   /* otherwise another port is in it */
};

#define PORT_NO_PARENT ((size_t)-1)

/* The plan, and what it uses up. */
struct ports_plan {
	const struct machine_type *machine;
	struct port *ports; /* parents before children */
	size_t n_ports;
	size_t *sockets; /* index in @ports of the port for device i, then of those for the
			  * spares */
	size_t n_devices, n_spare;
	unsigned switches;
	unsigned buses; /* bus numbers used, including bus 0, out of PORTS_BUSES */
	unsigned slots; /* slots of bus 0 used: the last ones */
	unsigned slots_total;
	bool has_whole;
};

/**
 * ports_plan - plan one port for each device and each spare
 *
 * Root ports take the last slots of bus 0, because the machine puts devices without an address into
 * the first free slot. A device is at slot 0, function 0, of the bus behind its port. The same
 * request gives the same plan, and a device keeps its chassis and slot number when devices or
 * spares are added after it, as long as its port stays of the same kind. Where its functions go
 * within the slot is not planned here.
 *
 * The plan enforces what nobody else does: bus numbers (each port takes one, and firmware wraps
 * silently), unique chassis numbers, one device for each port (guests do not scan for a second),
 * and the multifunction bit of function 0. Source: QEMU docs/pcie.txt, hw/pci/pcie_port.c
 * pcie_chassis_add_slot(), hw/pci/pci.c pci_init_multifunction(), SeaBIOS src/fw/pciinit.c.
 *
 * Returns 0 and a plan that the caller releases with ports_plan_done(), or -E2BIG (EXIT_REFUSED)
 * with the numbers and what to do.
 */
int ports_plan(const struct ports_request *q, struct ports_plan *ret, struct err *e);
void ports_plan_done(struct ports_plan *p);

/* Returns how many devices and spares together a request like @q can have; n_* of @q do not
 * count. */
size_t ports_most(const struct ports_request *q);

#define PORTS_DEVICE_ID_MAX (BDF_STRLEN + 3)
/* Writes the name of the device for host function @vf: "vf-0000-05-10.6". Returns @buf. */
const char *ports_device_id(char buf[PORTS_DEVICE_ID_MAX], struct bdf vf);

#define PORTS_ALIAS_MAX	   96
#define PORTS_ALIAS_PREFIX "ua-vfyard-"
/**
 * ports_alias - what libvirt is told to call a VF: "ua-vfyard-net0-3"
 * @pf: label of its PF, of any characters; an alias takes letters, digits, '_' and '-'
 *
 * It names the VF and not its address, which changes. Returns @buf. Source: libvirt
 * src/conf/domain_conf.c, USER_ALIAS_PREFIX, USER_ALIAS_CHARS.
 */
const char *ports_alias(char buf[PORTS_ALIAS_MAX], const char *pf, unsigned index);

#define PORTS_LEDGER_MAX 160
/* Writes "40 VFs, 4 spare ports, 2 switches: 49 of 256 buses, 1 of 30 slots of pcie.0"; VFs are
 * devices where not all are VFs. Returns @buf. */
const char *ports_ledger(char buf[PORTS_LEDGER_MAX], const struct ports_plan *p);

#endif
