/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host that a run works on: where its files are, how long things may take, what may be
 * forced. */
#ifndef VFY_HOST_HOST_H
#define VFY_HOST_HOST_H

#include "base/err.h"
#include "base/log.h"
#include "base/root.h"
#include "base/stop.h"

#define HOST_STATE_DIR "var/lib/vfyard" /* survives a reboot: what devices were before */
#define HOST_RUN_DIR   "run/vfyard"	/* lock, journal */
#define HOST_TOPOLOGY  "etc/vfyard/topology.cfg"
/* In a captured host: text files with what no file of the host tells (tests/capture.sh). */
#define CAPTURE_DIR	"vfyard"
#define HOST_TIMEOUT_MS 30000u

#define UNKNOWN (-1) /* a yes/no or a number that could not be read */

struct vf_link_ops; /* host/net/vf_link.h */
struct open_nodes;  /* host/open_nodes.h */

struct host {
	struct root root;
	struct log log;
	unsigned timeout_ms;	   /* --timeout: for one slow step, not for the run */
	const char *const *forced; /* --force OBJECT..., borrowed */
	size_t n_forced;
	bool *forced_used; /* one for each: whether it was asked for; NULL: nobody wants to know */
	struct open_nodes *open_nodes; /* which device nodes processes had open a moment ago */
	/* Stands in for rtnetlink in tests, as root.write does for sysfs. */
	const struct vf_link_ops *vf_link;
	void *vf_link_arg;
	/* Stands in for modprobe(8) in tests: returns 0 or -errno. */
	int (*load_module)(void *arg, const char *module);
	void *load_arg;
	bool leaves_guests; /* --no-attach: guests are not asked anything */
	struct stop *stop;  /* what ends a wait for a guest; NULL: nothing but its deadline */
	/* The processes in /proc are this machine's, so the kernel can say which of them is at the
	 * other end of a socket. False in a tree. */
	bool knows_processes;
	/* Stands in for dlopen(3) and dlsym(3) of a library of others: a function, or NULL. */
	void *(*symbol)(void *arg, const char *library, const char *name);
	void *symbol_arg;
	/* Stands in for open(2) of a device node, which in a tree is a file: 0 or -errno. */
	int (*open_node)(void *arg, const char *path);
	void *open_arg;
	const char *event_socket; /* where events go in tests; NULL: to the host's own log */
};

/* Takes @dir as root_open() does. Close it with host_close(). @ret must not move, because its root
 * points to its log. */
int host_open(struct host *ret, const char *dir, struct err *e);
void host_close(struct host *h);

#define BOOT_ID_MAX 64
/* Reads the boot id of the running kernel, "-" when there is none. Source: Linux
 * drivers/char/random.c, proc_do_uuid(). */
void host_boot_id(const struct host *h, char ret[BOOT_ID_MAX]);

/* Tells whether one of an object's names was given with --force; NULL names are skipped. Asking
 * counts as using the --force, so ask only where something is being refused. */
bool host_is_forced(const struct host *h, const char *name, const char *other_name);

/* Records that the @i-th --force overrides something. */
void host_used_force(const struct host *h, size_t i);

#define HOST_CPU_MAX 2048
/* The beginning of /proc/cpuinfo, which has a paragraph for each of up to hundreds of CPUs; "" when
 * it cannot be read. */
void host_cpu(const struct host *h, char ret[HOST_CPU_MAX]);

/* Is it an Arm machine? Source: Linux arch/arm64/kernel/cpuinfo.c, c_show(). */
bool host_is_arm(const struct host *h);

/* -ENOTSUP: what is below --root is a capture, and nothing is changed there. */
int host_refuse_capture(struct err *e);

/* Says that one of vfyard's own files, relative to the root, could not be written, why, and what to
 * do. Returns @r (-errno). */
int host_file_failed(const struct host *h, const char *file, int r, struct err *e);

#endif
