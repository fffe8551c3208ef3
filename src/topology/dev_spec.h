/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a device is written on the command line: DEV, or xl's PCI_SPEC_STRING, with options. */
#ifndef VFY_TOPOLOGY_DEV_SPEC_H
#define VFY_TOPOLOGY_DEV_SPEC_H

#include <stdbool.h>

#include "topology/dev_options.h"

struct dev_spec {
	char *word;   /* an address, a name, or the PF before the index; owned */
	char *index;  /* what stands behind the last slash, NULL without one; within @word's
		       * memory */
	bool is_name; /* given as name= */
	struct dev_options options;
};

/**
 * dev_spec_parse - take one word of the command line apart
 *
 * The form is "DEV[@VSLOT][,key=value]..." or "key=value,..." with bdf= or name= among the keys, in
 * any order. Each may be given at most once, by place or by name; an empty value means the default.
 * It reads what libxlutil reads, except what libxlutil would misread: tests/test_xen_spec.c has the
 * list.
 *
 * DEV may be PF/INDEX. A name with a comma before the slash needs no quotes, "mgmtpf0,0/3"; any
 * name may stand in quotes of its own: "'a/b'/3", "'a,b'". These are part of the word, so a shell
 * needs another pair around them.
 *
 * Returns 0, or -EINVAL with EXIT_USAGE when a word is not an option, when nothing or more than one
 * thing says which device, or when a quote does not end. Release with dev_spec_done(), also after
 * an error.
 * Source: Xen docs/man/xl-pci-configuration.5.pod; tools/libs/util/libxlu_pci.c,
 * xlu_pci_parse_spec_string().
 */
int dev_spec_parse(struct dev_spec *ret, const char *text, struct err *e);
void dev_spec_done(struct dev_spec *s);

#endif
