/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvfyard: gives SR-IOV virtual functions (VFs) to virtual machines on Xen and KVM.
 *
 * It does for other programs what vfyard(8) does on the command line. Data comes as the JSON
 * documents of vfyard(8) ("version": 1; changes are additive), so that any language can bind to
 * these few functions. libvfyard(3) is the manual; docs/examples/apply.c is a whole program.
 *
 * A handle is one run: it sees the host afresh at each call, but the topology as it first read it,
 * and its error is the last one. Functions return 0 or -errno. After a failure vfy_failure()
 * returns its parts, vfy_error() the sentence, and vfy_exit_status() the exit status with which the
 * program would end. Strings returned through pointers are malloc()ed and belong to the caller. A
 * call that changes something takes the host lock and keeps it until vfy_close(), so use one handle
 * for each change, and close it.
 *
 * What a call does to its process:
 *
 * Threads. One thread at a time may use a handle; several threads may use several handles. The
 * library starts no threads, and calls callbacks in the thread of the call. All state is in the
 * handle.
 *
 * Children. What may block in the kernel (writes to sysfs, rtnetlink, modprobe) is done by a forked
 * child under a deadline, which may stay for the next write until vfy_close(). The library waits
 * for its children by their process IDs: wait for yours by theirs, and not for any child
 * (waitpid(-1, ..)). A child that hangs in the kernel is left there; until it ends, as a zombie, it
 * keeps what it inherited, including the host lock. No callback is called in a child.
 *
 * Signals. While steps run, SIGINT, SIGTERM and SIGHUP are blocked in the calling thread, unless
 * the program ignores or blocks them itself. If one of them comes to this thread meanwhile, the run
 * ends after its step, what was done is undone, and the call returns -EINTR; the signal is
 * consumed. A program with several threads blocks these signals in the other threads, or in all
 * threads so that no signal ends a run. On Xen, SIGCHLD belongs to libxl from the first call that
 * asks Xen until vfy_close(): do not ignore it, and have no handler of your own for it meanwhile.
 *
 * SIGPIPE. QEMU's sockets never raise it; xenstore's do when xenstored goes away. Ignore it, as the
 * program does: signal(SIGPIPE, SIG_IGN).
 *
 * The library writes nothing to standard output or standard error, leaves the locale and the
 * environment alone, and never calls exit().
 *
 * Descriptors. The library, and libxl and libnl in it, open files and sockets, which get the lowest
 * free numbers. Keep 0, 1 and 2 open, as every program with stdio does, or what the process prints
 * goes into one of these files: a library cannot reserve these numbers for its process.
 */
#ifndef VFYARD_H
#define VFYARD_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct vfy;

/* Exit status of the program and of a call. The numbers are part of the contract (vfyard(8)). */
enum vfy_status {
	VFY_DONE = 0,	 /* done, or in sync */
	VFY_FAILED = 1,	 /* failed, the host is as before */
	VFY_USAGE = 2,	 /* a word, an option or the topology is wrong */
	VFY_PENDING = 3, /* done, and something remains to be changed: vfy_plan(), vfy_status() */
	VFY_REFUSED = 4, /* refused by a safety check; nothing was changed */
	VFY_LOCKED = 5,	 /* another run holds the host lock */
	VFY_LEFT = 6,	 /* failed, and not everything could be undone */
};

/* Flags of struct vfy_options. */
enum vfy_flags {
	VFY_DRY_RUN = 1,   /* --dry-run: calls that change something only plan */
	VFY_NO_ATTACH = 2, /* --no-attach: vfy_plan() and vfy_apply() leave domains alone */
	VFY_YES = 4,	 /* --yes: vfy_apply() and vfy_release() may interrupt running domains, and
			  * network devices of the host that are up; otherwise that is refused */
	VFY_VERBOSE = 8, /* -v: the log has each step, and what libraries say */
	VFY_DEBUG = 16,	 /* -vv: the log also has each effect on the host */
};

/* Levels of the log's lines. */
enum vfy_log_level {
	VFY_LOG_ERROR = -1, /* one of several problems; the failure has the first */
	VFY_LOG_NOTE = 0,
	VFY_LOG_INFO = 1,  /* with VFY_VERBOSE */
	VFY_LOG_DEBUG = 2, /* with VFY_DEBUG */
};

/*
 * Set to zero what you do not want; @size = sizeof(struct vfy_options) lets the struct grow.
 * Strings and lists are copied.
 */
struct vfy_options {
	size_t size;
	const char *root;	/* take every host path below this directory; NULL: the host */
	const char *config;	/* topology file; NULL: /etc/vfyard/topology.cfg when it exists */
	const char *hypervisor; /* "auto" (also NULL), "xen", "kvm" */
	unsigned timeout_ms;	/* for each slow step; 0: 30 s */

	/* The first header ended here. A pointer comes next, because padding may hold anything. */
	const char *const *forced; /* --force: PFs, VFs and domains whose refusal is overridden */
	size_t n_forced;
	unsigned flags;	  /* enum vfy_flags */
	unsigned wait_ms; /* vfy_apply(): how long to wait for PFs that are not there yet */
	/* Gets one line, without its newline, safe for a terminal. vfy_close() may call it, too,
	 * for forced objects about which nothing was refused. */
	void (*log)(void *arg, int level, const char *line);
	void *log_arg;
	/* Called before step @step (from 1) of @n with what it does: "assign net0/3 (0000:05:10.6):
	 * driver igbvf". For steps that run at once there is one call, for the first of them. */
	void (*progress)(void *arg, size_t step, size_t n, const char *line);
	void *progress_arg;
};

/**
 * vfy_open - start a run
 * @ret: free it with vfy_close(); it is set also on failure (then vfy_error() has the reason, and
 *       every other call fails with it), NULL only when out of memory
 * @o:   may be NULL
 *
 * Returns -EINVAL for an option or flag that this library does not know, because a dry run must not
 * become a real one.
 */
int vfy_open(struct vfy **ret, const struct vfy_options *o);
void vfy_close(struct vfy *v);

/* Returns "OBJECT: STEP: CAUSE; FIX" of the last failure, "" when there was none. Borrowed until
 * the next call. */
const char *vfy_error(struct vfy *v);
int vfy_exit_status(const struct vfy *v);

/* The last failure in its parts; a missing part is "". */
struct vfy_failure {
	const char *object; /* "net0/3 (0000:05:10.6)", "topology.cfg:3:7" */
	const char *step;   /* "bind vfio-pci" */
	const char *cause;
	const char *fix; /* what to do, often a command to run */
	enum vfy_status status;
	int code; /* positive errno */
};

/* Returns NULL when the last call did not fail. Borrowed until the next call. */
const struct vfy_failure *vfy_failure(struct vfy *v);

/*
 * Returns the document of the last call, as its command prints it with --json, including the
 * newline; vfyard-json(5) describes them. A call that failed has one, too: its own where that tells
 * of the failure, else one of its error, with all problems of a topology that has errors. "" when
 * there is none. Borrowed until the next call.
 */
const char *vfy_document(const struct vfy *v);

/* Gives the document of `vfyard list --json`. Needs no privileges; "state" in it tells what was
 * seen. */
int vfy_list(struct vfy *v, char **ret_json);

/**
 * vfy_render - make text for other tools
 * @format: "xl", "grub", "modprobe", "qemu", "readconfig", "libvirt", "dot", "svg"
 * @domain: NULL for all
 *
 * It needs a topology, but no hypervisor and no privileges.
 */
int vfy_render(struct vfy *v, const char *format, const char *domain, char **ret_text);

/* Flags of struct vfy_render_options. A flag that the format does not use is a usage error. */
enum vfy_render_flags {
	VFY_RENDER_COMPACT = 1, /* --compact: wildcards in hide=, where they match nothing else */
	VFY_RENDER_HOSTDEV = 2, /* --hostdev: for virsh attach-device; the domain may be a VF */
	VFY_RENDER_MACHINE = 4, /* --with-machine: a whole machine, and not only its devices */
	VFY_RENDER_RESERVE = 8, /* --reserve: @reserve counts */
};

/* Set to zero what you do not want; it is led by its size, as struct vfy_options is. */
struct vfy_render_options {
	size_t size;
	const char *cpu;  /* --cpu: model of the machine's CPU; NULL: not given */
	unsigned flags;	  /* enum vfy_render_flags */
	unsigned reserve; /* slots of the root bus kept free, 0 to 31 */
};

/* vfy_render() with options; @o may be NULL. */
int vfy_render_with(struct vfy *v, const char *format, const char *domain,
		    const struct vfy_render_options *o, char **ret_text);

/* Zero what is not wanted; led by its size, as struct vfy_options. */
struct vfy_import_options {
	size_t size;
	const char *select;	  /* --select; NULL: "mac,path,serial" */
	const char *from;	  /* "xl", "libvirt", "qemu": what @files are; NULL: "xl" */
	const char *const *files; /* that define guests */
	size_t n_files;
	unsigned flags; /* enum vfy_import_flags */
};

enum vfy_import_flags {
	VFY_IMPORT_ONLY_FILES = 1, /* --from: of guests those of @files, and none that runs */
};

/**
 * vfy_import - the running state as a topology
 * @o: may be NULL
 *
 * The text of `vfyard import`; vfy_document() has it as JSON, which has no comments. Returns 0 with
 * VFY_PENDING when something of the host is not in it, which the text says behind NOT IMPORTED.
 */
int vfy_import(struct vfy *v, const struct vfy_import_options *o, char **ret_text);

/*
 * The calls below give the document of their command in *ret_json; ret_json may be NULL. They set
 * it on failure, too, to the call's own document or that of a topology's errors, or otherwise to
 * NULL, so free it in any case.
 */

/*
 * Can this host give VFs to guests (@n 0), and can what @words name: PFs, VFs, at most one domain?
 * All that was looked at, each ok, a note or a problem with its cure; VFY_REFUSED when there are
 * problems. Needs neither a topology nor a hypervisor; without privileges less is seen, and said.
 */
int vfy_doctor(struct vfy *v, const char *const *words, size_t n, char **ret_json);

/* Finds every problem of the topology on this host: VFY_REFUSED, or VFY_USAGE for problems of the
 * file. */
int vfy_check(struct vfy *v, char **ret_json);

/* Gives the exact steps that vfy_apply() would run; returns 0 with VFY_PENDING when there are
 * any. */
int vfy_plan(struct vfy *v, char **ret_json);

/* Makes the host match the topology, or leaves it as before (unless VFY_LEFT). Safe to repeat. */
int vfy_apply(struct vfy *v, char **ret_json);

/* Gives the drift between topology and host; returns 0 with VFY_PENDING when there is any. */
int vfy_status(struct vfy *v, char **ret_json);

/*
 * vfyard set: @words are a PF or VFs ("net0", "net0/3") and, behind it, what is set on it
 * ("vlan=100"), for one or several of them; all is done, or nothing. The topology's file is not
 * needed, and vfy_release() undoes it. Wrong words are VFY_USAGE, with all of them in the document.
 */
int vfy_set(struct vfy *v, const char *const *words, size_t n, char **ret_json);

/* Puts devices back as they were before vfyard first touched them. @devs is one domain, or devices
 * as below; @n 0 means everything. */
int vfy_release(struct vfy *v, const char *const *devs, size_t n, char **ret_json);

/* pci-list: gives what is attached, with the address that the guest sees. @domain: NULL for all. */
int vfy_attached(struct vfy *v, const char *domain, char **ret_json);

/* pci-assignable-list: gives what can be given to a domain now. */
int vfy_assignable(struct vfy *v, char **ret_json);

/*
 * The single steps of the command line. @devs are texts as typed there: "0000:05:10.0", "net0/3",
 * "net0/0-3", "05:10.0,permissive=1"; @domain is a name, or the path of a QEMU monitor. They are
 * all-or-nothing, and leave a device alone that is already as asked. vfy_document() has the
 * outcome.
 */
int vfy_assignable_add(struct vfy *v, const char *const *devs, size_t n, const char *name);
int vfy_assignable_remove(struct vfy *v, const char *const *devs, size_t n, int give_back);
int vfy_attach(struct vfy *v, const char *domain, const char *const *devs, size_t n);
int vfy_detach(struct vfy *v, const char *domain, const char *const *devs, size_t n, int force);

/* Returns "0.1.0". */
const char *vfy_version(void);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
