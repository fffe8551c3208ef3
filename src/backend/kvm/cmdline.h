/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what a QEMU process says about itself in its arguments. Pure. */
#ifndef VFY_BACKEND_KVM_CMDLINE_H
#define VFY_BACKEND_KVM_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/bdf.h"

struct cmdline {
	char name[128];	    /* -name, "" when not given */
	char uuid[37];	    /* -uuid, likewise */
	char qmp[256];	    /* unix socket of a control monitor, as it was told; "" for none */
	char qmp_more[256]; /* of the next one; "" for none */
	char other[80];	    /* a monitor that we cannot connect to, as in the arguments; or "" */
	bool is_libvirt;    /* libvirt started it, and holds its monitor */
	const char *incus;  /* "Incus" or "LXD": the daemon that did, likewise; NULL: neither */
	char vmid[16];	    /* of Proxmox VE, "100"; "" for one that it did not start */
	char machine[64];   /* -machine or -M, "" when not given */
	struct bdf *hosts;  /* devices of -device vfio-pci,host=; hot-plugged ones are missing */
	size_t n_hosts;
	size_t n_unread; /* devices of vfio-pci that no address is said of */
};

/**
 * cmdline_parse - read the arguments of a process
 * @text: as in /proc/PID/cmdline, each ended by NUL
 *
 * Returns 0 and *ret (release with cmdline_done()); -ENOENT when the program is not QEMU; -ENOMEM.
 * We can use a monitor when QEMU speaks QMP on it and listens on a unix socket with a path. We
 * cannot use one that is for people (HMP), is on another kind of character device or on an abstract
 * socket, or is handed over as a descriptor, nor one where QEMU itself connects to somebody.
 * Source: QEMU chardev/char.c,
 * qemu_chr_parse_compat() ("unix:" is followed by the options of the socket, path= first);
 * monitor/monitor.c, monitor_parse() in system/vl.c ("-qmp chardev:ID"); libvirt
 * src/qemu/qemu_command.c, qemuBuildMasterKeyCommandLine(). 7.2 and 10.0 are the same. Incus and
 * LXD pass -readconfig and -pidfile in a folder of their own: internal/server/instance/drivers/
 * driver_qemu.go, Start(). Proxmox VE's sockets and pid files: qemu-server
 * src/PVE/QemuServer/Helpers.pm, qmp_socket(), pidfile_name().
 */
int cmdline_parse(struct cmdline *ret, const char *text, size_t len);
void cmdline_done(struct cmdline *c);

#endif
