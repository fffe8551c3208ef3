// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that define guests, of each hypervisor's tools: they are read on any host, without a
 * module. */
#include <string.h>

#include "topology/definition.h"

extern const struct definition_reader xl_reader, libvirt_reader, qemu_reader;

static const struct definition_reader *const readers[] = { &xl_reader, &libvirt_reader,
							   &qemu_reader };

const struct definition_reader *definition_reader_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
		if (!strcmp(readers[i]->name, name))
			return readers[i];
	return NULL;
}

const char *definition_reader_names(void)
{
	return "xl, libvirt, qemu";
}
