/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests of Proxmox VE: it lets others use their monitors, and learns nothing of it. */
#ifndef VFY_BACKEND_KVM_PROXMOX_H
#define VFY_BACKEND_KVM_PROXMOX_H

#include "backend/backend.h"

/* Does a VM's configuration give it the function at each start? @text: as in
 * /etc/pve/qemu-server/VMID.conf. *ret_free is the first N that no hostpciN has, or 16. Pure. */
bool proxmox_has(const char *text, struct bdf dev, unsigned *ret_free);

/* Notes that what the VM gets now lasts until it stops, and the command that keeps it; nothing
 * where @vmid is "", or the VM's configuration has all of it. */
void proxmox_note(const struct refusal_ask *a, const char *vmid);

#endif
