/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What devices were before vfyard first touched them, on disk: var/lib/vfyard/state.json. */
#ifndef VFY_STATE_STATE_H
#define VFY_STATE_STATE_H

#include "host/inventory/card.h"
#include "host/inventory/inventory.h"
#include "host/vf_attrs.h"

/* The memory of one VF. Identity is PF + index; the BDF is what it was when it was taken. */
struct original {
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
struct original_pf {
	struct bdf pf;
	uint16_t vendor, device;
	char card[CARD_MAX]; /* "" when it was not known */
	unsigned numvfs;
	int8_t autoprobe; /* 0, 1, UNKNOWN */
	char up_boot[64]; /* its network device was down until vfyard brought it up in the boot with
			     this id; "" when it did not */
};

struct store;

/**
 * store_open - read the memory of this host
 *
 * No file: an empty memory. Members it does not know are kept as they are. A file that is
 * truncated, not JSON or of another version is an error that names it and says how to go on; it is
 * never overwritten.
 */
int store_open(struct store **ret, const struct host *h, struct err *e);
void store_close(struct store *s);

/* NULL when unknown. Borrowed until this VF is put again or forgotten; others may come and go. */
const struct original *store_find(const struct store *s, struct bdf pf, unsigned index);
const struct original *store_find_name(const struct store *s, const char *name);

/* Remembers or replaces / forgets one VF, in memory. -EEXIST when another VF has the name. @o may
 * be what store_find() returned. */
int store_put(struct store *s, const struct original *o, struct err *e);
void store_forget(struct store *s, struct bdf pf, unsigned index);

/* The same for PFs; borrowed until the next put or forget. One about another card is not found. */
const struct original_pf *store_find_pf(const struct store *s, const struct pf *pf);
int store_put_pf(struct store *s, const struct original_pf *o, struct err *e);
void store_forget_pf(struct store *s, struct bdf pf);
size_t store_n_pfs(const struct store *s);
const struct original_pf *store_nth_pf(const struct store *s, size_t i);

/* True when @o is about the card that is there now, and not about another one in its slot. */
bool store_is_about(const struct original *o, const struct pf *pf);

/* Is it assignable, in no domain, and that by vfyard, which knows the way back? Then it is as free
 * as one with a driver of the host. @s may be NULL: nothing is remembered. Of an entry that does
 * not say who made it assignable, nobody else is assumed. */
bool store_made_assignable(const struct store *s, struct vf_ref vf);

/* What is remembered of a PF with another card, of the same kind, in its slot: that card; NULL when
 * there is none. */
const char *store_other_card(const struct store *s, const struct pf *pf);

/**
 * store_commit - make the memory durable: new file, fsync, rename, fsync of the directory
 *
 * Once per batch. On failure (full disk, read-only /var) the old file stands and the caller must
 * not touch the host.
 */
int store_commit(struct store *s, struct err *e);

/* Calls @fn for every entry, in (PF, index) order. */
void store_each(const struct store *s, void (*fn)(void *arg, const struct original *o), void *arg);

/* True while the entry of a VF that is as it was is needed all the same: its PF once had this VF,
 * has another number of VFs now, and unmakes it when it is given back. */
bool store_needs(const struct store *s, const struct pf *pf, unsigned index);

#endif
