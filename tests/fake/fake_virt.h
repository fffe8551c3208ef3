/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A libvirt for tests, in place of libvirt.so: domains with definitions, in memory that the child
 * which talks to it shares with the test. It has libvirt's trap: a detach that the guest does not
 * follow is success. */
#ifndef VFY_TESTS_FAKE_VIRT_H
#define VFY_TESTS_FAKE_VIRT_H

#include <stdbool.h>
#include <stddef.h>
#include "fake_root.h"

#define FAKE_VIRT_DOMAINS 4
#define FAKE_VIRT_DEVICES 48

struct fake_virt_device {
	char host[16], alias[64], mac[24]; /* host "0000:05:10.6" */
	bool is_managed, is_interface;
	unsigned bus; /* in the guest; 0: none */
	unsigned function;
};

struct fake_virt_side {
	struct fake_virt_device devs[FAKE_VIRT_DEVICES];
	size_t n;
};

/* What a guest does that is asked to let go. */
enum fake_virt_guest {
	FAKE_VIRT_OBEYS,
	FAKE_VIRT_OBEYS_LATE, /* after libvirt has returned */
	FAKE_VIRT_IGNORES,
	FAKE_VIRT_REFUSES,
};

struct fake_virt_domain {
	char name[32], uuid[37];
	bool is_active, is_persistent;
	unsigned n_ports; /* root ports 1..n */
	unsigned pid;	  /* its QEMU, which opens and closes groups */
	enum fake_virt_guest guest;
	struct fake_virt_side live, config;
	const char *metadata; /* static; what is in <metadata>, NULL: nothing */
};

struct fake_virt {
	char uri[64]; /* of the connection that was opened last */
	struct fake_virt_domain domains[FAKE_VIRT_DOMAINS];
	size_t n_domains;
	char refuse_open[128], refuse_attach[128], refuse_detach[128]; /* libvirt's words; "": no */
	bool refuse_define;					       /* of the next start only */
	bool hangs_on_attach;	/* never returns; the device is there all the same */
	bool signals_on_attach; /* the program is asked to end, by SIGTERM, before it answers */
	bool lies_on_attach;	/* success, and nothing */
	bool dies_on_detach;	/* the connection is lost */
	bool opens_nothing;	/* QEMU has not the group */
	unsigned n_opens, n_attaches, n_detaches, n_lists;
	unsigned list_ms;    /* how long it takes for its list of domains */
	bool dies_on_attach; /* after QEMU has it, and before anybody knows */
	char uris[512];	     /* of all connections, with a blank behind each */
};

/* Of this test; zeroed by fake_virt_init(), which makes @h find it where libvirt would be. */
extern struct fake_virt *fake_virt;
void fake_virt_init(struct host *h);
void fake_virt_done(void);

struct fake_virt_domain *fake_virt_add(const char *name, bool is_active, unsigned n_ports);
/* In either side; the bus is the first that is free. */
void fake_virt_put(struct fake_virt_domain *d, struct fake_virt_side *side, const char *host,
		   const char *alias);
/* Writes what tests/capture.sh takes of all domains into the root. */
void fake_virt_capture(struct fake_root *r);
const struct fake_virt_device *fake_virt_find(const struct fake_virt_side *side, const char *host);

#endif
