/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Old settings that a PF's driver does not take back: they are left, and all else goes on. */
#ifndef VFY_ENGINE_RUN_UNRESTORED_H
#define VFY_ENGINE_RUN_UNRESTORED_H

#include "engine/run/run.h"

/* What the restoring steps of one run left. */
struct unrestored {
	struct err first; /* the sentence, with status EXIT_LEFT */
	size_t n;	  /* without those that only keep an address in place of none */
};

/* Is -errno @r the driver's no to this value, which it will say again? A hang, a device that is
 * gone or busy and a kernel without memory are not that. */
bool unrestored_is_refusal(int r);

/**
 * unrestored_is_none - is the old value of a setting the address that means "none"?
 *
 * The kernel makes VFs with address (and GUIDs) zero, and some drivers refuse to be told so: bnx2x
 * and be2net want a valid address (Linux drivers/net/ethernet/broadcom/bnx2x/bnx2x_vfpf.c,
 * bnx2x_set_vf_mac(): "mac address invalid"). The fall-back is the address that is set.
 */
bool unrestored_is_none(enum vf_setting s, const struct vf_attrs *old);

/* A note: @old of setting @s is refused with @why, and @now (as far as it is known) stays. */
void unrestored_note(const struct host *h, const char *object, enum vf_setting s,
		     const struct vf_attrs *old, const struct vf_attrs *now, const struct err *why);

/* Step @s of @p, with is_restore, has failed with @why, the VF being @now: it is left, noted, and
 * counted unless there is a fall-back. */
void unrestored_leave(struct unrestored *u, const struct host *h, struct plan *p, struct step *s,
		      const struct vf_attrs *now, const struct err *why);

/* Did the run leave a setting of this VF for which there is no fall-back? Then what it was stays
 * remembered. */
bool unrestored_keeps(const struct plan *p, struct bdf pf, unsigned index);

/* When all else is done: 0, or -errno with the sentence about what was left and EXIT_LEFT. */
int unrestored_end(const struct unrestored *u, struct err *e);

#endif
