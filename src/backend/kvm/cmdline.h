/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a QEMU process says of itself in its arguments. Pure. */
#ifndef VFY_BACKEND_KVM_CMDLINE_H
#define VFY_BACKEND_KVM_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/bdf.h"

struct cmdline {
	char name[128];	    /* -name, "" when not given */
	char qmp[256];	    /* unix socket of a control monitor, as it was told; "" for none */
	char qmp_more[256]; /* of the next one; "" for none */
	char other[80];	    /* a monitor that is not for us to connect to, as it was told; or "" */
	bool is_libvirt;    /* libvirt started it, and holds its monitor */
	const char *incus;  /* "Incus" or "LXD": the daemon that did, likewise; NULL: neither */
	struct bdf *hosts;  /* devices of -device vfio-pci,host=; hot-plugged ones are missing */
	size_t n_hosts;
};

/**
 * cmdline_parse - read the arguments of a process
 * @text: as /proc/PID/cmdline has them, each ended by NUL
 *
 * Returns 0 and *ret (release with cmdline_done()); -ENOENT when the program is not QEMU; -ENOMEM.
 * A monitor is one for us when QEMU speaks QMP on it and listens on a unix socket with a path. It
 * is none when it is for people (HMP), on another kind of character device or an abstract socket,
 * handed over as a descriptor, or when QEMU itself connects to somebody.
 * Source: QEMU chardev/char.c,
 * qemu_chr_parse_compat() ("unix:" is followed by the options of the socket, path= the first);
 * monitor/monitor.c, monitor_parse() in system/vl.c ("-qmp chardev:ID"); libvirt
 * src/qemu/qemu_command.c, qemuBuildMasterKeyCommandLine(). The same in 7.2 and 10.0. Incus and LXD
 * give -readconfig and -pidfile in a folder of theirs: internal/server/instance/drivers/
 * driver_qemu.go, Start().
 */
int cmdline_parse(struct cmdline *ret, const char *text, size_t len);
void cmdline_done(struct cmdline *c);

#endif
