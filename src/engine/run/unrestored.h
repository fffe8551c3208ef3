/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Old settings that a PF's driver refuses to take back: they are left, and everything else goes
 * on. */
#ifndef VFY_ENGINE_RUN_UNRESTORED_H
#define VFY_ENGINE_RUN_UNRESTORED_H

#include "engine/run/run.h"

/* What the restoring steps of one run have left. */
struct unrestored {
	struct err first; /* the sentence, with status EXIT_LEFT */
	size_t n;	  /* how many, without those that only keep an address in place of none */
};

/* Tells whether -errno @r is the driver's refusal of this value, which it would repeat. A hang, a
 * device that is gone or busy, and a kernel without memory are not refusals. */
bool unrestored_is_refusal(int r);

/**
 * unrestored_is_none - tell whether the old value of a setting is the address that means "none"
 *
 * The kernel makes VFs with a zero address (and zero GUIDs), and some drivers refuse to set that
 * again: bnx2x and be2net want a valid address (Linux
 * drivers/net/ethernet/broadcom/bnx2x/bnx2x_vfpf.c, bnx2x_set_vf_mac(): "mac address invalid"). The
 * fall-back is the address that is set.
 */
bool unrestored_is_none(enum vf_setting s, const struct vf_attrs *old);

/* Notes that @old of setting @s was refused with @why, and that @now (as far as it is known)
 * stays. */
void unrestored_note(const struct host *h, const char *object, enum vf_setting s,
		     const struct vf_attrs *old, const struct vf_attrs *now, const struct err *why);

/* Step @s of @p, with is_restore, has failed with @why while the VF is @now: leaves it, notes it,
 * and counts it unless there is a fall-back. */
void unrestored_leave(struct unrestored *u, const struct host *h, struct plan *p, struct step *s,
		      const struct vf_attrs *now, const struct err *why);

/* Tells whether the run left a setting of this VF that has no fall-back. Then the memory of the VF
 * is kept. */
bool unrestored_keeps(const struct plan *p, struct bdf pf, unsigned index);

/* Call it when everything else is done. Returns 0, or -errno with EXIT_LEFT and the sentence about
 * what was left. */
int unrestored_end(const struct unrestored *u, struct err *e);

#endif
