// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/inventory/pf_room.h"

#include <inttypes.h>
#include <string.h>

#define DEVICES "sys/bus/pci/devices"

#define FIRST_WINDOW 7u /* behind six BARs and the ROM */
#define WINDOWS	     6u
#define UNSET	     0x20000000u /* IORESOURCE_UNSET */
#define MEMORY	     0x200u	 /* IORESOURCE_MEM */

void pf_room_resource(const char *text, struct pf_room *ret)
{
	const char *line = text;

	for (unsigned i = 0; line && i < FIRST_WINDOW + WINDOWS; i++) {
		uint64_t start, end, flags;

		if (i >= FIRST_WINDOW &&
		    sscanf(line, "%" SCNx64 " %" SCNx64 " %" SCNx64, &start, &end, &flags) == 3 &&
		    (flags & MEMORY)) {
			ret->memory += end - start + 1;
			ret->is_without_memory |= !start || (flags & UNSET);
		}
		line = strchr(line, '\n');
		line += line != NULL;
	}
}

unsigned pf_room_buses(const struct pf *pf, unsigned last)
{
	unsigned id = (unsigned)pf->bdf.bus << 8 | (unsigned)pf->bdf.dev << 3 | pf->bdf.fn, n = 0;

	while (n < pf->totalvfs && (id + pf->offset + pf->stride * n) >> 8 <= last)
		n++;
	return n;
}

void pf_room_read(const struct host *h, const struct pf *pf, struct pf_room *ret)
{
	char bdf[BDF_STRLEN], text[2048];
	uint64_t v;

	*ret = (struct pf_room){ .n_buses = pf->totalvfs, .ari = UNKNOWN };
	bdf_str(bdf, pf->bdf);
	if (root_read(&h->root, text, sizeof(text), DEVICES "/%s/resource", bdf) > 0)
		pf_room_resource(text, ret);
	if (root_read_u64(&h->root, &v, DEVICES "/%s/ari_enabled", bdf) == 0)
		ret->ari = v != 0;
	/* A PF on a root bus has no bridge above it. */
	if (!pf->offset ||
	    root_read_u64(&h->root, &v, DEVICES "/%s/../subordinate_bus_number", bdf) < 0)
		return;
	ret->last_bus = (unsigned)v;
	ret->n_buses = pf_room_buses(pf, ret->last_bus);
}
