/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How one device is written on the command line: DEV, or xl's PCI_SPEC_STRING, with options. */
#ifndef VFY_TOPOLOGY_DEV_SPEC_H
#define VFY_TOPOLOGY_DEV_SPEC_H

#include <stdbool.h>

#include "topology/dev_options.h"

struct dev_spec {
	char *word;   /* an address, a name, or the PF before the index; owned */
	char *index;  /* what stands behind the last slash, NULL without one; in @word's memory */
	bool is_name; /* given as name= */
	struct dev_options options;
};

/**
 * dev_spec_parse - take one word of the command line apart
 *
 * "DEV[@VSLOT][,key=value]..." or "key=value,..." with bdf= or name= among the keys, in any order.
 * Each at most once, by place or by name; an empty value is the default. As libxlutil reads them
 * but for what it would misread: tests/test_xen_spec.c has the list.
 *
 * DEV may be PF/INDEX. A name with a comma before the slash needs nothing, "mgmtpf0,0/3"; any name
 * may stand in quotes of its own: "'a/b'/3", "'a,b'". They are part of the word: a shell takes away
 * one more pair.
 *
 * Returns 0; release with dev_spec_done(), also after an error. -EINVAL with EXIT_USAGE: a word
 * that is no option, nothing or two things that say which device, a quote that does not end.
 * Source: Xen docs/man/xl-pci-configuration.5.pod; tools/libs/util/libxlu_pci.c,
 * xlu_pci_parse_spec_string().
 */
int dev_spec_parse(struct dev_spec *ret, const char *text, struct err *e);
void dev_spec_done(struct dev_spec *s);

#endif
