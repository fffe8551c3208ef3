/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The slots of the root bus of a "pc" machine (i440fx), QEMU's default, which allows hot plug
 * itself. */
#ifndef VFY_BACKEND_KVM_ROOT_SLOTS_H
#define VFY_BACKEND_KVM_ROOT_SLOTS_H

#include "backend/kvm/qmp.h"

#define ROOT_BUS   "pci.0"
#define ROOT_SLOTS 32u /* slot 0 is the host bridge's */

/* Tells whether the type, such as "pc-i440fx-9.2-machine", is that of a machine with such a root
 * bus. */
bool root_slots_has(const char *machine_type);

/**
 * root_slots_used - find out which slots are taken
 * @ret: bit N for slot N; all of them when hot plug is switched off on that bus
 *
 * A slot whose device is leaving is taken until the device is gone. Returns 0, or as qmp_call()
 * does.
 * Source: QEMU hw/acpi/piix4.c (PIIX4_PM.acpi-root-pci-hotplug; with acpi=off the machine has no
 * acpi-device, and its bus no hot plug); hw/pci/pci-qmp-cmds.c, qmp_query_pci(). 7.2 and 10.0 are
 * the same.
 */
int root_slots_used(struct qmp *q, uint32_t *ret, unsigned timeout_ms, struct err *e);

#endif
