/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvfyard: gives SR-IOV virtual functions (VFs) to virtual machines on Xen and KVM.
 *
 * What the program does, for other programs. Data comes as the JSON documents of vfyard(8)
 * ("version": 1; changes are additive), so that any language can bind to these few functions.
 *
 * A handle is one run: it sees the host as it was when first asked, and its error is the last one.
 * Functions return 0 or -errno; after a failure vfy_error() is the sentence and vfy_exit_status()
 * the exit status the program would end with. Strings returned through pointers are malloc()ed
 * and belong to the caller. A handle is used by one thread at a time; a mutating call takes the
 * host lock and keeps it until vfy_close().
 */
#ifndef VFYARD_H
#define VFYARD_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct vfy;

/* Zero what is not wanted; @size = sizeof(struct vfy_options) lets the struct grow. */
struct vfy_options {
	size_t size;
	const char *root;	/* take every host path below this directory; NULL: the host */
	const char *config;	/* topology file; NULL: /etc/vfyard/topology.cfg when it exists */
	const char *hypervisor; /* "auto" (also NULL), "xen", "kvm" */
	unsigned timeout_ms;	/* for each slow step; 0: 30 s */
};

/**
 * vfy_open - start a run
 * @ret: freed with vfy_close(); set also on failure (then vfy_error() has the reason,
 *       and every other call fails with it), NULL only when out of memory
 * @o:   may be NULL
 */
int vfy_open(struct vfy **ret, const struct vfy_options *o);
void vfy_close(struct vfy *v);

/* "OBJECT: STEP: CAUSE; FIX" of the last failure, "" when there was none. Borrowed until the next
 * call. */
const char *vfy_error(struct vfy *v);
int vfy_exit_status(const struct vfy *v);

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

/*
 * The single steps of the command line. @devs are texts as typed there: "0000:05:10.0", "net0/3",
 * "net0/0-3", "05:10.0,permissive=1". All-or-nothing; a device that is already as asked is left
 * alone.
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
