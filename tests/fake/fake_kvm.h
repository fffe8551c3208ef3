/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A KVM host for tests: PF net0 with 7 VFs of igbvf, each in an IOMMU group of its own, vfio-pci
 * loaded, and guest web1 (pid 4242) with four free ports and a monitor at /run/web1.qmp. */
#ifndef VFY_TESTS_FAKE_KVM_H
#define VFY_TESTS_FAKE_KVM_H

#include <stdlib.h>
#include <string.h>
#include "test.h"

#include "backend/backend.h"
#include "host/pci/bind.h"
#include "fake_kernel.h"
#include "fake_qmp.h"
#include "asked.h"

extern const struct backend_ops kvm_backend;

#define WEB1_PID    4242
#define FIRST_GROUP 11 /* VF 0's; the PF has the group before it */

struct fake_kvm {
	struct fake_root root;
	struct fake_kernel kernel;
	struct fake_qmp qmp;
	struct topology *topo;
	struct backend *backend;
	struct inventory *inv;
	struct err e;
	char *notes;
	size_t notes_size;
	struct {
		char bdf[16];
		unsigned group;
	} functions[8]; /* env_add_function() */
	unsigned n_functions;
};

extern struct fake_kvm env;

/* cmocka setup and teardown. */
int env_setup(void **state);
int env_teardown(void **state);

/* Adds a process whose command line is @args, ended by NULL. */
void env_process(unsigned pid, const char *comm, const char *const *args);
/* Makes it open /dev/vfio/@node, or close it again. */
void env_open(unsigned pid, const char *node);
void env_close(unsigned pid, const char *node);

/* Starts afresh, as the next run of the program would: backend and inventory. */
void env_reload(void);
/* Reads the inventory anew, and surveys it. */
int env_survey(void);
enum vf_state env_state(unsigned i); /* call env_survey() before */

struct vf_ref env_vf(unsigned i);
const char *env_bdf(unsigned i);
const char *env_driver(unsigned i);
const char *env_override(unsigned i);
const char *env_notes(void);

int env_assign(unsigned i);
int env_release(unsigned i);
/* Asks about a domain that is found by its name. */
int env_limits(const char *domain, unsigned first, unsigned n);
int env_attach(const char *domain, unsigned i);
int env_attach_options(const char *domain, unsigned i, const struct dev_options *o);
int env_detach(const char *domain, unsigned i);
/* Makes VF @i assignable, and attaches it to web1. */
void env_give(unsigned i);

/* Adds a function that is no VF, with a driver of its own ("nouveau") and in its own IOMMU group
 * @group; what QEMU has open follows it. Call it before env_setup()'s host is read again:
 * env_reload(). */
void env_add_function(const char *bdf, unsigned group);

/* Runs @ask, and puts what vfyard -vv prints about the monitors where tests/capture.sh keeps it. */
void env_put_answers(int (*ask)(void));

/* Asserts that the whole sentence of env.e contains @text. */
#define assert_says(text) assert_says_at(text, __FILE__, __LINE__)
void assert_says_at(const char *text, const char *file, int line);

#endif
