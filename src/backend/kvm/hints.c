// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/hints.h"

#include <string.h>

/*
 * Known refusals, special ones before general ones. QEMU up to 8 or 9 says "failed to open NODE",
 * QEMU 10 says "Could not open 'NODE'": both contain the node and the reason.
 * Source: QEMU hw/vfio/{pci,container,helpers}.c, hw/pci/pci.c, system/qdev-monitor.c,
 * hw/core/qdev-hotplug.c, hw/pci/pcie.c, hw/acpi/pcihp.c.
 */
static const struct {
	const char *text[2]; /* both must be in QEMU's text */
	const char *fix;
} hints[] = {
	{ { "not viable", "" },
	  "another function of its IOMMU group has a host driver, run: vfyard list" },
	{ { "open", "/dev/vfio/vfio" },
	  "every process may open that node: is QEMU in a container or chroot? else run: chmod "
	  "0666 /dev/vfio/vfio" },
	{ { "/dev/vfio/", "Permission denied" },
	  "give QEMU's user the group, run: chown USER /dev/vfio/GROUP" },
	{ { "/dev/vfio/", "busy" }, "another process has the group open, see who: vfyard list" },
	{ { "/dev/vfio/", "No such file" },
	  "QEMU does not see /dev/vfio/GROUP: is it in a container or chroot?" },
	{ { "no such host device", "" },
	  "QEMU does not see the function: is it in a container or chroot, or is the VF gone? see: "
	  "vfyard list" },
	{ { "memory", "allocate" },
	  "QEMU may not lock the guest's memory: raise its RLIMIT_MEMLOCK to RAM + 1 GiB "
	  "(ulimit -l, LimitMEMLOCK=)" },
	{ { "failed to setup container", "not permitted" },
	  "the host has no interrupt remapping: switch it on in the firmware, or run: modprobe "
	  "vfio_iommu_type1 allow_unsafe_interrupts=1" },
	{ { "failed to setup container", "" },
	  "the IOMMU does not take it, see the kernel's reason: dmesg | tail" },
	{ { "VF token", "" }, "the PF is in user space too: start the guest with vf-token=" },
	{ { "Bus 'pci.0' does not support hotplugging", "" },
	  "its machine was started without ACPI hot plug: start it without acpi=off and "
	  "acpi-root-pci-hotplug=off" },
	{ { "'acpi-pcihp-bsel'", "" },
	  "that bus takes no hot plug: start the guest with the ports of vfyard render qemu" },
	{ { "does not support hotplugging", "" },
	  "hot plug of that port is off: start the guest with the ports of vfyard render qemu" },
	{ { "unsupported by the port device", "" },
	  "hot plug of that port is off: start the guest with the ports of vfyard render qemu" },
	{ { "is in use by driver", "domain" }, "take it out of that domain first" },
	{ { "in use by", "" }, "something was plugged in meanwhile; run it again" },
	{ { "already occupied", "" }, "something was plugged in meanwhile; run it again" },
	{ { "not available for", "reserved" },
	  "the machine keeps that slot for itself: leave vslot out" },
	{ { "Duplicate ", "ID '" },
	  "an earlier detach is not finished in the guest: wait, and run it again" },
	{ { "migrating", "" }, "wait until the migration is over" },
	{ { "electromechanically locked", "" }, "the guest has locked the slot, unlock it there" },
	{ { "guest is busy", "" }, "the guest is still busy with that slot; run it again" },
	{ { "is already attached", "" }, "run: vfyard pci-list" },
	/* libvirt's own. Source: libvirt src/hypervisor/virhostdev.c, src/conf/domain_addr.c,
	 * src/qemu/qemu_hotplug.c. */
	{ { "must be manually detached from the host", "" }, "run: vfyard pci-assignable-add DEV" },
	{ { "No more available PCI slots", "" },
	  "put what vfyard render libvirt --ports N prints into its definition, virsh edit, and "
	  "start it anew" },
	{ { "Path '/dev/vfio/", "not accessible" },
	  "libvirt believes it has it from an earlier nodedev-detach, run: virsh "
	  "nodedev-reattach DEV" },
	{ { "already in the process of unplug", "" },
	  "the guest was asked already and has not followed: is it up? run it again later" },
	{ { "doesn't support VFIO", "" }, "run: modprobe vfio-pci" },
	{ { "state change lock", "" },
	  "libvirt is at work on that domain, which may wait for its guest: run it again" },
};

const char *hint_find(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		if (strstr(text, hints[i].text[0]) && strstr(text, hints[i].text[1]))
			return hints[i].fix;
	return NULL;
}

int hint_add(const struct qmp *q, int r, struct err *e)
{
	const char *fix;

	if (r != -EREMOTEIO)
		return r;
	fix = hint_find(qmp_refused(q)->desc);
	return err_fix(e, r, "%s",
		       fix ? fix : "see the log of that QEMU, and the kernel's: dmesg | tail");
}

bool hint_is_busy(const char *desc)
{
	return strstr(desc, "guest is busy") || strstr(desc, "power indicator blinking") ||
	       strstr(desc, "being hot");
}
