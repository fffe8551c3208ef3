// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files of other tools that define guests, and the writer of topologies. The first byte says which
 * reader. What a reader takes has a name (arguments of QEMU may have none) and values that a
 * topology can have; what cannot be read has a sentence. What the writer says it can say is read
 * again as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "render/topology_print.h"
#include "topology/build/load.h"
#include "topology/definition.h"

static void check_definition(const struct definition *d)
{
	for (size_t i = 0; i < d->n_devs; i++) {
		const struct definition_dev *dev = &d->devs[i];

		require(dev->bdf.dev <= 31 && dev->bdf.fn <= 7);
		require(dev->attrs.vlan <= 4094);
		require(!(dev->attrs.given & VF_ATTR_MAC) ||
			(!mac_is_zero(dev->attrs.mac) && !mac_is_multicast(dev->attrs.mac)));
		require(dev->options.vslot <= 31);
	}
	for (size_t i = 0; i < d->n_notes; i++)
		require(d->notes[i].text && d->notes[i].text[0]);
}

static void read_with(const char *kind, const char *text, size_t size)
{
	struct definition d = { 0 };
	struct err e = { 0 };
	int r = definition_reader_find(kind)->read(&d, text, size, &e);

	require(r == 0 || r == -EINVAL);
	if (r < 0)
		fuzz_sentence(&e);
	else
		require((d.domain.name && d.domain.name[0]) || !strcmp(kind, "qemu"));
	check_definition(&d);
	definition_done(&d);
}

/* As a name of libvirt, which may have nearly everything in it. */
static void write_and_read(char *value)
{
	struct topo_pf pf = { .name = (char *)"p", .has_bdf = true };
	struct topo_domain domain = {
		.name = (char *)"d", .has_kvm = true, .libvirt = value, .defaults = DEV_OPTIONS_INIT
	};
	const struct topology t = { .pfs = &pf, .n_pfs = 1, .domains = &domain, .n_domains = 1 };
	struct problems problems = { 0 };
	struct topology *back = NULL;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	require(out != NULL);
	topology_print_text(&t, NULL, out);
	fclose(out);
	require(topology_parse(&back, text, size, "t", &problems, NULL) == 0);
	require(!strcmp(back->domains[0].libvirt, value));
	topology_free(back);
	problems_done(&problems);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const kinds[] = { "xl", "libvirt", "qemu" };
	unsigned which = size ? data[0] % 4 : 0;
	char *text = fuzz_text(data + (size > 0), size ? size - 1 : 0);

	if (which < 3)
		read_with(kinds[which], text, size ? size - 1 : 0);
	else if (*text && strlen(text) <= 63 && !strchr(text, '/') && topology_can_say(text))
		write_and_read(text);
	free(text);
	return 0;
}
