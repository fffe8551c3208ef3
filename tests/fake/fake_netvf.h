/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PF drivers that keep in memory what is set on their VFs; each setting can fail, or lie. */
#ifndef VFY_TESTS_FAKE_NETVF_H
#define VFY_TESTS_FAKE_NETVF_H

#include <net/if.h>

#include "host/host.h"
#include "host/net/vf_link.h"

#define FAKE_NETVF_DEVS	  4
#define FAKE_NETVF_VFS	  64
#define FAKE_NETVF_FAULTS 16

/* A fault of the setting of one VF of @netdev; empty: of any. */
struct fake_netvf_fault {
	char netdev[IFNAMSIZ];
	unsigned index;
	enum vf_setting setting;
	int code;      /* the positive errno that it returns; 0: it says that it is done, and does
			* nothing */
	unsigned skip; /* it works this many times first */
	bool forever;  /* each time, and not only once */
};

struct fake_netvf_dev {
	char name[IFNAMSIZ];
	struct vf_attrs vfs[FAKE_NETVF_VFS];
};

/* It contains no pointers, so that a test may have it in shared memory and fork. */
struct fake_netvf {
	struct fake_netvf_dev devs[FAKE_NETVF_DEVS];
	unsigned n_devs;
	struct fake_netvf_fault faults[FAKE_NETVF_FAULTS]; /* what is left of them */
	unsigned n_faults;
	unsigned hang_at; /* 0: never; the read that ends with ETIMEDOUT */
	char root[64];	  /* where flags of devices are */
	bool up_fails;
	unsigned reads, sets; /* number of calls, including those that failed or lied */
};

/*
 * Stands in front of the kernel of @h. A device exists once it is named, with each VF as the kernel
 * makes it: all settings reported, address zero, no VLAN, 802.1q, spoofchk on, trust off, link
 * auto, no rates. For a driver that does not report a setting, a test takes the bit out of given:
 * sets leave given alone. A minimum above the maximum is refused as in Linux net/core/rtnetlink.c,
 * rtnl_set_vf_rate().
 */
void fake_netvf_init(struct fake_netvf *f, struct host *h);

/* Returns the VF as the driver has it now; the test may change it. Too many devices or VFs end the
 * test. */
struct vf_attrs *fake_netvf_vf(struct fake_netvf *f, const char *netdev, unsigned index);

void fake_netvf_fail(struct fake_netvf *f, struct fake_netvf_fault fault);

/* Forgets the VFs of @netdev, because they were unmade: those made next have the kernel's
 * defaults. */
void fake_netvf_forget(struct fake_netvf *f, const char *netdev);

#endif
