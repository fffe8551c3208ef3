/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What devices were before vfyard first touched them, on disk: var/lib/vfyard/state.json. */
#ifndef VFY_STATE_STATE_H
#define VFY_STATE_STATE_H

#include "host/inventory/card.h"
#include "host/inventory/inventory.h"
#include "host/vf_attrs.h"

/* The memory of one VF. Identity is PF + index; the BDF is what it was when it was taken. */
struct vf_saved {
	struct bdf pf, bdf;
	unsigned index;
	uint16_t vendor, device;  /* of the VF, so that another card in the slot is noticed */
	char card[CARD_MAX];	  /* its PF's, for the same; "" when it was not known */
	char driver[64];	  /* "" when it had none */
	char driver_override[64]; /* "" when it had none */
	char name[65];		  /* given with pci-assignable-add -n, "" when none */
	bool is_name_only;	  /* it was assignable already: the driver before is not known */
	int8_t assigned;	  /* vfyard made it assignable: 0, 1; UNKNOWN: written before that
				     was remembered */
	struct vf_attrs attrs;	  /* what its PF's driver reported of it */
};

/* The memory of one PF. */
struct pf_saved {
	struct bdf pf;
	uint16_t vendor, device;
	char card[CARD_MAX]; /* "" when it was not known */
	unsigned numvfs;
	int8_t autoprobe; /* 0, 1, UNKNOWN */
	char up_boot[64]; /* its network device was down until vfyard brought it up in the boot with
			     this id; "" when it did not */
};

struct state;

/**
 * state_open - read the memory of this host
 *
 * No file: an empty memory. Members it does not know are kept as they are. A file that is
 * truncated, not JSON or of another version is an error that names it and says how to go on; it is
 * never overwritten.
 */
int state_open(struct state **ret, const struct host *h, struct err *e);
void state_close(struct state *s);

/* NULL when unknown. Borrowed until state_close(): it stays as it is when this VF is put again or
 * forgotten. */
const struct vf_saved *state_find(const struct state *s, struct bdf pf, unsigned index);
const struct vf_saved *state_find_name(const struct state *s, const char *name);

/* Remembers or replaces / forgets one VF, in memory. -EEXIST when another VF has the name. @o may
 * be what state_find() returned. */
int state_put(struct state *s, const struct vf_saved *o, struct err *e);
void state_forget(struct state *s, struct bdf pf, unsigned index);

/* The same for PFs; borrowed until the next put or forget. One about another card is not found. */
const struct pf_saved *state_find_pf(const struct state *s, const struct pf *pf);
int state_put_pf(struct state *s, const struct pf_saved *o, struct err *e);
void state_forget_pf(struct state *s, struct bdf pf);
size_t state_n_pfs(const struct state *s);
const struct pf_saved *state_nth_pf(const struct state *s, size_t i);

/* True when @o is about the card that is there now, and not about another one in its slot. */
bool state_is_about(const struct vf_saved *o, const struct pf *pf);

/* Is it assignable, in no domain, and that by vfyard, which knows the way back? Then it is as free
 * as one with a driver of the host. @s may be NULL: nothing is remembered. Where an entry
 * does not say who made it assignable, nobody else is assumed. */
bool state_made_assignable(const struct state *s, struct vf_ref vf);

/* What is remembered of a PF with another card, of the same kind, in its slot: that card; NULL when
 * there is none. */
const char *state_other_card(const struct state *s, const struct pf *pf);

/**
 * state_commit - make the memory durable: new file, fsync, rename, fsync of the directory
 *
 * Once per batch. On failure (full disk, read-only /var) the old file stands and the caller must
 * not touch the host.
 */
int state_commit(struct state *s, struct err *e);

/* Calls @fn for every entry, in (PF, index) order. */
void state_each(const struct state *s, void (*fn)(void *arg, const struct vf_saved *o), void *arg);

/* True while the entry of a VF that is as it was is needed all the same: its PF once had this VF,
 * has another number of VFs now, and unmakes it when it is given back. */
bool state_needs(const struct state *s, const struct pf *pf, unsigned index);

#endif
