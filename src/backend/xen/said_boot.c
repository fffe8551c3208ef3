// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/said_boot.h"

#include <string.h>

#include "host/host.h"

static const struct {
	const char *words;
	int means;
} remapping[] = {
	{ "Interrupt remapping enabled", 1 },
	{ "Interrupt remapping disabled", 0 },
	{ "Intel VT-d Interrupt Remapping enabled.", 1 },
	{ "Intel VT-d Interrupt Remapping not enabled.", 0 },
};

int said_remaps(const char *log)
{
	const char *last = NULL;
	int r = UNKNOWN;

	for (size_t i = 0; i < ARRAY_SIZE(remapping); i++)
		for (const char *at = strstr(log, remapping[i].words); at;
		     at = strstr(at + 1, remapping[i].words))
			if (!last || at > last) {
				last = at;
				r = remapping[i].means;
			}
	return r;
}

static const struct said_by_guest sayings[] = {
	{ "Failed to get contiguous memory for DMA",
	  "its kernel found no memory below 4 GiB in one piece for the bounce buffers of DMA",
	  "give the guest less memory at its start, or boot its kernel with swiotlb=2048 and a Xen "
	  "that has free memory below 4 GiB (xl info, free_memory; xl debug-keys m)" },
	{ "DMA: Out of SW-IOMMU space",
	  "its bounce buffers for DMA are full: the device's driver does DMA above 4 GiB",
	  "boot its kernel with swiotlb=65536" },
	{ "No usable DMA configuration",
	  "the driver of the device in it got no DMA mask that fits its memory",
	  "boot its kernel with iommu=soft, which every PV guest with a PCI device needs" },
	{ "pcifront pci-0: Error reading config", "pciback did not answer its driver",
	  "see the reason in Dom0, run: dmesg | grep pciback" },
};

const struct said_by_guest *said_by_guest(const char *log)
{
	for (size_t i = 0; i < ARRAY_SIZE(sayings); i++)
		if (strstr(log, sayings[i].words))
			return &sayings[i];
	return NULL;
}
