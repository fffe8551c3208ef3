/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host of data as the planner sees it: inventory, hypervisor, guard, memory. */
#ifndef VFY_TESTS_PROVE_LOOK_H
#define VFY_TESTS_PROVE_LOOK_H

#include "engine/engine.h"
#include "prove.h"

#define LOOK_VENDOR    0x8086
#define LOOK_DEVICE    0x10c9
#define LOOK_VF_DEVICE 0x10ca
#define LOOK_BOOT      "0000" /* as that of tests/fake/fake_yard.h */

struct backend {
	const struct prove_host *host;
};

/* What is seen of a host at one moment, and what engine functions ask for. */
struct look {
	struct backend backend;
	struct pf pfs[PROVE_PFS];
	struct vf_ref by_bdf[PROVE_PFS * PROVE_VFS];
	struct inventory inv;
	struct engine en;
};

extern const struct backend_ops look_ops;

/* While a look is open, the functions of the library that would read a file are answered from its
 * host; the last one opened counts. @h stays borrowed. */
void look_open(struct look *l, const struct prove_host *h, struct state *saved);
/* Reads the same objects again, because the host has changed. */
void look_again(struct look *l, const struct prove_host *h);
void look_close(struct look *l);
/* Ends the answers: the library reads files again. */
void look_end(void);

const struct host *look_host(void);
struct state *look_memory(void); /* empty */

struct bdf look_pf_bdf(unsigned pf);
struct bdf look_vf_bdf(unsigned pf, unsigned vf);
const char *look_driver(unsigned driver); /* enum prove_driver; NULL for none */
void look_attrs(struct vf_attrs *ret, const struct prove_vf *vf, unsigned pf, unsigned index);
/* Of an address: which of its VF's it is; -1 none. */
int look_mac_level(const uint8_t mac[MAC_LEN], unsigned pf, unsigned index);
const char *look_card(unsigned pf); /* as it is on the host */
void look_must(int r, const char *what);

/* How often the library was answered: 0 means that nobody asked, so there is no proof. */
extern uint64_t look_answers;

#endif
