/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value of xen-pciback's hide= parameter. */
#ifndef VFY_RENDER_HIDE_H
#define VFY_RENDER_HIDE_H

#include "render/render.h"

/* The longest text that a string parameter can have. Source: Linux kernel/params.c,
 * param_set_charp(). */
#define HIDE_MAX 1024

struct hidden {
	size_t pf; /* index in struct topology.pfs */
	unsigned index;
	struct bdf bdf;
};

struct hide {
	struct hidden *vfs; /* in BDF order, each once */
	size_t n_vfs;
	char *value; /* "(0000:05:10.0)(0000:05:10.2)"; "" when nothing is hidden */
	size_t len, n_wildcards;
	size_t n_computed; /* how many VFs are not made yet, so that their addresses may change */
	size_t n_kept;	   /* how many entries come from others; they are first in the value */
	bool is_unproved;  /* --compact, and a wildcard could not be proved exact */
};

/**
 * hide_make - make the value for VFs that are given to domains or have driver=assign
 *
 * With in->compact a wildcard (DDDD:BB:DD.*) or (DDDD:BB:*.*) stands for two or more VFs if it
 * matches no other function of the host, and no address that a VF of any PF can have. Returns 0 and
 * *ret; release it with hide_done().
 *
 * Source: Linux drivers/xen/xen-pciback/pci_stub.c, pcistub_init(): one bad or cut entry keeps the
 * whole driver from loading; pcistub_match(): an entry for a bridge takes everything behind it.
 */
int hide_make(const struct render_in *in, struct hide *ret, struct err *e);
void hide_done(struct hide *h);

/* Returns -E2BIG (EXIT_REFUSED) when the value is longer than HIDE_MAX, -ERANGE when a PCI segment
 * does not fit. Source: pci_stub.c, pcistub_device_id_add(): 0 to ffff, otherwise nothing is
 * loaded. */
int hide_check(const struct render_in *in, const struct hide *h, struct err *e);

/* Tells whether a VF of this PF is in it. */
bool hide_has_pf(const struct hide *h, size_t pf);

/* Says in a comment where the first entries come from; prints nothing when there are none. */
void hide_print_kept(const struct hide *h, FILE *out);

/* Names in a comment the VFs whose addresses are computed, if there are any. */
void hide_print_computed(const struct hide *h, const struct render_in *in, FILE *out);

/* Prints "7 VFs of net0, net1" for a comment. */
void hide_print_summary(const struct hide *h, const struct topology *t, FILE *out);

#endif
