/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pass-through options of a device, in the words of xl-pci-configuration(5). */
#ifndef VFY_TOPOLOGY_DEV_OPTIONS_H
#define VFY_TOPOLOGY_DEV_OPTIONS_H

#include <stdint.h>

#include "base/err.h"

enum rdm_policy {
	RDM_DEFAULT,
	RDM_STRICT,
	RDM_RELAXED,
};

#define OPTION_NOT_GIVEN (-1)

struct dev_options {
	int8_t permissive, msitranslate, power_mgmt, seize; /* 0, 1, OPTION_NOT_GIVEN */
	int8_t rdm_policy;				    /* enum rdm_policy */
	int8_t vslot;					    /* guest slot 0..31, OPTION_NOT_GIVEN */
	char name[65]; /* "" when not given; printable, at most 64 */
	/* Not written by anybody: what it is one device with in the guest, as struct slot_place
	 * has it. A plan fills it in. */
	uint8_t mates;
};

/* Releases of clang-format differ about braces in a macro. */
/* clang-format off */
#define DEV_OPTIONS_INIT { .permissive = -1, .msitranslate = -1, .power_mgmt = -1, .seize = -1, \
			   .rdm_policy = RDM_DEFAULT, .vslot = -1 }
/* clang-format on */

/**
 * dev_option_set - set one option from its text
 *
 * Yes/no values may only be 0 or 1, because the hypervisor's own parser silently reads "true" as 0.
 * vslot is hexadecimal, 0 to 1f as in xl, with or without 0x. An empty value means the default, as
 * in xl-pci-configuration(5). Returns 0, or -EINVAL (EXIT_USAGE) with a sentence that names the
 * faulty word and what is allowed.
 * Source: Xen tools/libs/util/libxlu_pci.c, xlu_pci_parse_spec_string().
 */
int dev_option_set(struct dev_options *o, const char *key, const char *value, struct err *e);

/* Reads "key=value,key=value" (may be empty or NULL) into @o. */
int dev_options_parse(struct dev_options *o, const char *text, struct err *e);

/* Fills in from @defaults what @o leaves open. */
void dev_options_default(struct dev_options *o, const struct dev_options *defaults);

/* Returns the names of all options, for messages: "permissive, msitranslate, ...". */
const char *dev_option_names(void);

/* Appends ",permissive=1,..." for every option that is given, in canonical order. */
void dev_options_print(const struct dev_options *o, FILE *out);

#endif
