/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvfyard: gives SR-IOV virtual functions (VFs) to virtual machines on Xen and KVM.
 *
 * What the program does, for other programs. Data comes as the JSON documents of vfyard(8)
 * ("version": 1; changes are additive), so that any language can bind to these few functions.
 * libvfyard(3) is the manual; docs/examples/apply.c is a whole program.
 *
 * A handle is one run: it sees the host afresh at each call, the topology as it first read it, and
 * its error is the last one. Functions return 0 or -errno; after a failure vfy_failure() has its
 * parts, vfy_error() the sentence and vfy_exit_status() the exit status the program would end with.
 * Strings returned through pointers are malloc()ed and belong to the caller. A mutating call takes
 * the host lock and keeps it until vfy_close(); so have one handle for each change, and close it.
 *
 * What a call does to its process:
 *
 * Threads. A handle is used by one thread at a time; several handles may be used by several
 * threads. No threads are started, and callbacks are called in the thread of the call. All state is
 * in the handle.
 *
 * Children. What may block in the kernel (writes to sysfs, rtnetlink, modprobe) is done by a forked
 * child under a deadline, and waited for by its process ID: wait for yours by theirs, and not for
 * any child (waitpid(-1, ..)). One that hangs in the kernel is left to it, becomes a zombie, and
 * keeps what it inherited until then, the host lock too. No callback is called in a child.
 *
 * Signals. While steps run SIGINT, SIGTERM and SIGHUP are blocked in the calling thread, unless the
 * program ignores or blocks them itself. One that comes meanwhile, to this thread, ends the run
 * after its step: what was done is undone, and the call returns -EINTR; it is taken thereby. A
 * program with more threads blocks these signals in the others, or in all to have none end a run.
 * On Xen SIGCHLD is libxl's, from the first call that asks Xen to vfy_close(): do not ignore it,
 * and have no handler of your own for it meanwhile.
 *
 * SIGPIPE. Sockets of QEMU never raise it; those of xenstore do when xenstored goes away. Ignore
 * it, as the program does: signal(SIGPIPE, SIG_IGN).
 *
 * Nothing is written to standard output or standard error, the locale and the environment are left
 * alone, and nothing calls exit().
 *
 * Descriptors. Files and sockets are opened, by the library and by libxl and libnl in it, and get
 * the lowest free numbers. Have 0, 1 and 2 open, as every program with stdio does, or what the
 * process prints goes into one of them: a library cannot hold these numbers for its process.
 */
#ifndef VFYARD_H
#define VFYARD_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct vfy;

/* Exit status of the program, and of a call: the numbers are part of the contract (vfyard(8)). */
enum vfy_status {
	VFY_DONE = 0,	 /* done, or in sync */
	VFY_FAILED = 1,	 /* failed, the host is as before */
	VFY_USAGE = 2,	 /* a word, an option or the topology is wrong */
	VFY_PENDING = 3, /* done, and there are changes to be made: vfy_plan(), vfy_status() */
	VFY_REFUSED = 4, /* refused by a safety check, nothing was changed */
	VFY_LOCKED = 5,	 /* another run holds the host lock */
	VFY_LEFT = 6,	 /* failed, and not all could be undone */
};

/* struct vfy_options.flags */
enum vfy_flags {
	VFY_DRY_RUN = 1,   /* --dry-run: mutating calls plan, and change nothing */
	VFY_NO_ATTACH = 2, /* --no-attach: vfy_plan() and vfy_apply() leave domains alone */
	VFY_YES = 4,	 /* --yes: vfy_apply() and vfy_release() may interrupt running domains, and
			    network devices of the host that are up; else that is refused */
	VFY_VERBOSE = 8, /* -v: the log has each step, and what libraries say */
	VFY_DEBUG = 16,	 /* -vv: and each effect on the host */
};

/* Levels of lines of the log. */
enum vfy_log_level {
	VFY_LOG_ERROR = -1, /* one of several problems; the failure has the first */
	VFY_LOG_NOTE = 0,
	VFY_LOG_INFO = 1,  /* with VFY_VERBOSE */
	VFY_LOG_DEBUG = 2, /* with VFY_DEBUG */
};

/*
 * Zero what is not wanted; @size = sizeof(struct vfy_options) lets the struct grow. What the
 * strings and lists hold is copied.
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
	unsigned wait_ms; /* vfy_apply(): at most, for PFs that are not there yet */
	/* One line, without its end, fit for a terminal. vfy_close() has some, too: objects that
	 * were forced, and nothing about them was refused. */
	void (*log)(void *arg, int level, const char *line);
	void *log_arg;
	/* Before step @step (from 1) of @n, and what it does: "assign net0/3 (0000:05:10.6): driver
	 * igbvf". Of steps that run at once there is one call, for the first. */
	void (*progress)(void *arg, size_t step, size_t n, const char *line);
	void *progress_arg;
};

/**
 * vfy_open - start a run
 * @ret: freed with vfy_close(); set also on failure (then vfy_error() has the reason,
 *       and every other call fails with it), NULL only when out of memory
 * @o:   may be NULL
 *
 * An option or flag that this library does not know is -EINVAL, because a dry run must not become
 * a real one.
 */
int vfy_open(struct vfy **ret, const struct vfy_options *o);
void vfy_close(struct vfy *v);

/* "OBJECT: STEP: CAUSE; FIX" of the last failure, "" when there was none. Borrowed until the next
 * call. */
const char *vfy_error(struct vfy *v);
int vfy_exit_status(const struct vfy *v);

/* The last failure in its parts; a part that there is none of is "". */
struct vfy_failure {
	const char *object; /* "net0/3 (0000:05:10.6)", "topology.cfg:3:7" */
	const char *step;   /* "bind vfio-pci" */
	const char *cause;
	const char *fix; /* what to do, often a command to run */
	enum vfy_status status;
	int code; /* positive errno */
};

/* NULL when the last call did not fail. Borrowed until the next call. */
const struct vfy_failure *vfy_failure(struct vfy *v);

/*
 * The document of the last call, as its command prints it with --json, newline and all; of a call
 * that failed, too, when it has one: a topology with errors gives that of `vfyard check`, with all
 * of them. "" for none. Borrowed until the next call.
 */
const char *vfy_document(const struct vfy *v);

/* The document of `vfyard list --json`. Needs no privileges; see "state" for what was seen. */
int vfy_list(struct vfy *v, char **ret_json);

/**
 * vfy_render - text for other tools
 * @format: "xl", "grub", "modprobe", "qemu", "readconfig", "libvirt", "dot"
 * @domain: NULL for all
 *
 * Needs a topology, no hypervisor and no privileges.
 */
int vfy_render(struct vfy *v, const char *format, const char *domain, char **ret_text);

/* struct vfy_render_options.flags; with a format that has no use for one it is a usage error. */
enum vfy_render_flags {
	VFY_RENDER_COMPACT = 1, /* --compact: wildcards in hide=, where they match nothing else */
	VFY_RENDER_HOSTDEV = 2, /* --hostdev: for virsh attach-device; the domain may be a VF */
	VFY_RENDER_MACHINE = 4, /* --with-machine: a whole machine, and not its devices alone */
	VFY_RENDER_RESERVE = 8, /* --reserve: @reserve counts */
};

/* Zero what is not wanted; led by its size, as struct vfy_options. */
struct vfy_render_options {
	size_t size;
	const char *cpu;  /* --cpu: model of the machine's CPU; NULL: none given */
	unsigned flags;	  /* enum vfy_render_flags */
	unsigned reserve; /* slots of the root bus kept free, 0 to 31 */
};

/* vfy_render() with options, which may be NULL. */
int vfy_render_with(struct vfy *v, const char *format, const char *domain,
		    const struct vfy_render_options *o, char **ret_text);

/*
 * The calls below give the document of their command in *ret_json, which may be NULL. It is set on
 * failure, too, as vfy_document() has it, or else to NULL: free it in any case.
 */

/* Every problem of the topology on this host; VFY_REFUSED, or VFY_USAGE for those of the file. */
int vfy_check(struct vfy *v, char **ret_json);

/* The exact steps vfy_apply() would do; returns 0 with VFY_PENDING when there are any. */
int vfy_plan(struct vfy *v, char **ret_json);

/* The host becomes what the topology says, or is as before (unless VFY_LEFT). Safe to repeat. */
int vfy_apply(struct vfy *v, char **ret_json);

/* Drift between topology and host; returns 0 with VFY_PENDING when there is any. */
int vfy_status(struct vfy *v, char **ret_json);

/* @devs: one domain, or devices as below; @n 0: everything. They become as they were before vfyard
 * first touched them. */
int vfy_release(struct vfy *v, const char *const *devs, size_t n, char **ret_json);

/* pci-list: what is attached, with the address that the guest sees. @domain: NULL for all. */
int vfy_attached(struct vfy *v, const char *domain, char **ret_json);

/* pci-assignable-list: what can be given to a domain now. */
int vfy_assignable(struct vfy *v, char **ret_json);

/*
 * The single steps of the command line. @devs are texts as typed there: "0000:05:10.0", "net0/3",
 * "net0/0-3", "05:10.0,permissive=1"; @domain is a name, or the path of a QEMU monitor.
 * All-or-nothing; a device that is already as asked is left alone. vfy_document() has the outcome.
 */
int vfy_assignable_add(struct vfy *v, const char *const *devs, size_t n, const char *name);
int vfy_assignable_remove(struct vfy *v, const char *const *devs, size_t n, int give_back);
int vfy_attach(struct vfy *v, const char *domain, const char *const *devs, size_t n);
int vfy_detach(struct vfy *v, const char *domain, const char *const *devs, size_t n, int force);

/* "0.1.0" */
const char *vfy_version(void);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
