/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PF drivers that keep what is set of their VFs, in memory; each setting can fail, or lie. */
#ifndef VFY_TESTS_FAKE_NETVF_H
#define VFY_TESTS_FAKE_NETVF_H

#include <net/if.h>

#include "host/host.h"
#include "host/net/vf_link.h"

#define FAKE_NETVF_DEVS	  4
#define FAKE_NETVF_VFS	  64
#define FAKE_NETVF_FAULTS 16

/* The setting of one VF of @netdev; empty: of any. */
struct fake_netvf_fault {
	char netdev[IFNAMSIZ];
	unsigned index;
	enum vf_setting setting;
	int code;      /* positive errno it returns; 0: says it is done and does nothing */
	unsigned skip; /* so many times it works first */
	bool forever;  /* not only once */
};

struct fake_netvf_dev {
	char name[IFNAMSIZ];
	struct vf_attrs vfs[FAKE_NETVF_VFS];
};

/* Without pointers: a test may have it in shared memory and fork. */
struct fake_netvf {
	struct fake_netvf_dev devs[FAKE_NETVF_DEVS];
	unsigned n_devs;
	struct fake_netvf_fault faults[FAKE_NETVF_FAULTS]; /* what is left of them */
	unsigned n_faults;
	unsigned hang_at; /* 0: never; the read that ends with ETIMEDOUT */
	char root[64];	  /* where flags of devices are */
	bool up_fails;
	unsigned reads, sets; /* calls, also those that failed or lied */
};

/*
 * Stands before the kernel of @h. A device is there when first named, each VF as the kernel makes
 * it: all settings reported, address zero, no VLAN, 802.1q, spoofchk on, trust off, link auto, no
 * rates. A test takes a bit out of given for a driver that does not report it: sets leave given
 * alone. A minimum above the maximum is refused as by Linux net/core/rtnetlink.c,
 * rtnl_set_vf_rate().
 */
void fake_netvf_init(struct fake_netvf *f, struct host *h);

/* As the driver has it now; the test may change it. Too many devices or VFs end the test. */
struct vf_attrs *fake_netvf_vf(struct fake_netvf *f, const char *netdev, unsigned index);

void fake_netvf_fail(struct fake_netvf *f, struct fake_netvf_fault fault);

/* The VFs of @netdev were unmade: those made next have the kernel's defaults. */
void fake_netvf_forget(struct fake_netvf *f, const char *netdev);

#endif
