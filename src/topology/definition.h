/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest as a file of another tool defines it, for import. */
#ifndef VFY_TOPOLOGY_DEFINITION_H
#define VFY_TOPOLOGY_DEFINITION_H

#include "topology/topology.h"

/* A host device that the file gives to the guest; which VF it is, a host knows. */
struct definition_dev {
	unsigned line; /* of the file, 0: not known */
	struct bdf bdf;
	char name[65]; /* in place of the address: that of pci-assignable-add -n; "" for none */
	struct dev_options options;
	struct vf_attrs attrs; /* what the tool sets of the VF for this guest */
	bool all_functions;    /* of the slot that @bdf is in */
};

/* What the file says and a topology does not. */
struct definition_note {
	unsigned line;	 /* 0: of the file as a whole */
	bool is_missing; /* a device, or a setting of one */
	char *text;
};

struct definition {
	struct topo_domain domain; /* its name as the tool has it, and the blocks; no devices */
	struct definition_dev *devs;
	size_t n_devs;
	struct definition_note *notes;
	size_t n_notes;
};

/* A kind of file. */
struct definition_reader {
	const char *name;  /* what --from takes: "xl" */
	const char *title; /* "an xl domain file", in sentences */
	/**
	 * @ret: zeroed; released with definition_done(), also after a failure
	 *
	 * Returns 0; -EINVAL with a cause when the text is none of that kind; -ENOMEM. Pure.
	 */
	int (*read)(struct definition *ret, const char *text, size_t len, struct err *e);
};

/* NULL when there is none. backend/definitions.c has the list. */
const struct definition_reader *definition_reader_find(const char *name);

/* "xl, libvirt, qemu" */
const char *definition_reader_names(void);

void definition_done(struct definition *d);

/* One more device, without options and attributes; NULL when out of memory. Valid until the next
 * is added. */
struct definition_dev *definition_add(struct definition *d, unsigned line, struct bdf bdf);

/* 0 or -ENOMEM. */
int definition_note(struct definition *d, unsigned line, bool is_missing, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

#endif
