/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What devices were before vfyard first touched them. It is on disk: var/lib/vfyard/state.json. */
#ifndef VFY_STATE_STATE_H
#define VFY_STATE_STATE_H

#include "host/inventory/card.h"
#include "host/inventory/inventory.h"
#include "host/vf_attrs.h"

/* The memory of one VF, or of a function as a whole. Identity is PF + index, which is WHOLE for a
 * function: @pf is its own address then. The BDF is what it was when it was taken. */
struct vf_saved {
	struct bdf pf, bdf;
	unsigned index;
	uint16_t vendor,
		device; /* of the VF or function, so that another card in the slot is noticed */
	char card[CARD_MAX];	  /* its PF's, for the same; "" when it was not known */
	char driver[64];	  /* "" when it had none */
	char driver_override[64]; /* "" when it had none */
	char name[65];		  /* given with pci-assignable-add -n, "" when none */
	bool is_name_only;	  /* it was assignable already: the driver before is not known */
	int8_t assigned;	  /* vfyard made it assignable: 0, 1; UNKNOWN: written before that
				     was remembered */
	bool was_assignable;	  /* by another tool, until vfyard gave it to the host: release
				     makes it so again, though its driver may be known since */
	/* Only in what is kept for an undo (engine/run/trial_take.h). */
	bool was_attached;     /* in a domain, where it stays */
	bool was_defined;      /* vfyard had put it into a domain's definition, where it stays */
	struct vf_attrs attrs; /* what its PF's driver reported of it */
};

#define VF_SAVED_TEXT 48
/* "VF 3 of 0000:05:00.0", or "0000:0b:00.0" of a function as a whole. Returns @buf. */
const char *vf_saved_text(char buf[VF_SAVED_TEXT], const struct vf_saved *o);

/* The memory of one PF. */
struct pf_saved {
	struct bdf pf;
	uint16_t vendor, device;
	char card[CARD_MAX]; /* "" when not known */
	unsigned numvfs;
	int8_t autoprobe; /* 0, 1, UNKNOWN */
	char up_boot[64]; /* id of the boot in which vfyard brought its network device up, which had
			   * been down; "" otherwise */
};

struct state;

/**
 * state_open - read the memory of this host
 *
 * When there is no file, the memory is empty. Members that this program does not know are kept as
 * they are. A file that is truncated, is not JSON, or has another version is an error that names
 * the file and says how to go on; the file is never overwritten.
 */
int state_open(struct state **ret, const struct host *h, struct err *e);
void state_close(struct state *s);

/* The same of another file of that directory; @file is static. */
int state_open_at(struct state **ret, const struct host *h, const char *file, struct err *e);

/* Return NULL when unknown. The result is borrowed until state_close(): it does not change when
 * this VF is put again or forgotten. */
const struct vf_saved *state_find(const struct state *s, struct bdf pf, unsigned index);
/* The same by vf_identity(). */
const struct vf_saved *state_find_vf(const struct state *s, struct vf_ref vf);
const struct vf_saved *state_find_name(const struct state *s, const char *name);

/* Remember (or replace), and forget one VF, in memory only. state_put() returns -EEXIST when
 * another VF has the name. @o may be what state_find() returned. */
int state_put(struct state *s, const struct vf_saved *o, struct err *e);
void state_forget(struct state *s, struct bdf pf, unsigned index);

/* The same for PFs; results are borrowed until the next put or forget. An entry about another card
 * is not found. */
const struct pf_saved *state_find_pf(const struct state *s, const struct pf *pf);
int state_put_pf(struct state *s, const struct pf_saved *o, struct err *e);
void state_forget_pf(struct state *s, struct bdf pf);
size_t state_n_pfs(const struct state *s);
const struct pf_saved *state_nth_pf(const struct state *s, size_t i);

/* True when @o is about the card that is there now, and not about another one in its slot. @pf:
 * that of vf_identity(). */
bool state_is_about(const struct vf_saved *o, const struct pf *pf);

/* True when the VF is assignable, in no domain, and vfyard made it so and knows the way back: then
 * it is as free as one with a driver of the host. @s may be NULL: nothing is remembered. When an
 * entry does not say who made it assignable, vfyard is assumed. */
bool state_made_assignable(const struct state *s, struct vf_ref vf);

/* Returns the card in the memory when another card of the same kind is in the PF's slot now; NULL
 * otherwise. */
const char *state_other_card(const struct state *s, const struct pf *pf);

/**
 * state_commit - make the memory durable: new file, fsync, rename, fsync of the directory
 *
 * Call it once per batch. On failure (full disk, read-only /var) the old file stays, and the caller
 * must not touch the host.
 */
int state_commit(struct state *s, struct err *e);

/* Calls @fn for every entry, in (PF, index) order. */
void state_each(const struct state *s, void (*fn)(void *arg, const struct vf_saved *o), void *arg);

/* True when the entry of a VF that is as it was must stay nevertheless: its PF had this VF once,
 * has another number of VFs now, and will unmake the VF when it is given back. */
bool state_needs(const struct state *s, const struct pf *pf, unsigned index);

#endif
