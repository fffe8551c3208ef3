// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_example_host.h"

/* Two ports of an 82576, an NVMe drive with SR-IOV, and what has none. */
static const struct fake_pf pfs[] = {
	{ "0000:05:00.0", "enp5s0f0", "igb", "igbvf", 7, 7, 128, 2, -1 },
	{ "0000:05:00.1", "enp5s0f1", "igb", "igbvf", 7, 7, 128, 2, -1 },
	{ "0000:81:00.0", NULL, "nvme", NULL, 8, 4, 1, 1, -1 },
};

static const struct fake_function functions[] = {
	{ "0000:00:14.0", "0x0c0330", "xhci_hcd", 0 },
	{ "0000:0b:00.0", "0x030000", "nouveau", 0 },
	{ "0000:0b:00.1", "0x040300", "snd_hda_intel", 0 },
	{ "0000:0d:00.0", "0x010700", "mpt3sas", 0 },
};

void fake_example_host_init(struct fake_root *f)
{
	fake_root_init(f, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(pfs); i++)
		fake_root_add_pf(f, &pfs[i]);
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++)
		fake_root_add_function(f, &functions[i]);
	fake_root_add(f, "sys/devices/pci0000:0d/0000:0d:00.0/vendor=0x1000");
	fake_root_add(f, "sys/devices/pci0000:0d/0000:0d:00.0/device=0x0072");
	fake_root_add(f, "sys/devices/pci0000:81/0000:81:00.0/vendor=0x1b36");
	fake_root_add(f, "sys/devices/pci0000:81/0000:81:00.0/device=0x0010");
	fake_root_add(f, "sys/devices/pci0000:81/0000:81:00.0/class=0x010802");
}
