/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a QEMU process says of itself in its arguments. Pure. */
#ifndef VFY_BACKEND_KVM_CMDLINE_H
#define VFY_BACKEND_KVM_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/bdf.h"

struct cmdline {
	char name[128];	   /* -name, "" when not given */
	char qmp[256];	   /* unix socket of a control monitor, as it was told; "" for none */
	bool is_libvirt;   /* libvirt started it, and holds its monitor */
	struct bdf *hosts; /* devices of -device vfio-pci,host=; hot-plugged ones are missing */
	size_t n_hosts;
};

/**
 * cmdline_parse - read the arguments of a process
 * @text: as /proc/PID/cmdline has them, each ended by NUL
 *
 * Returns 0 and *ret (release with cmdline_done()); -ENOENT when the program is not QEMU; -ENOMEM.
 * Monitors on anything but a unix socket with a path are as good as none. A value with a comma is
 * written with two. Source: QEMU util/qemu-option.c, get_opt_value(); system/vl.c, qemu_init()
 * ("-qmp", "-mon", "-chardev", "-name"); libvirt src/qemu/qemu_command.c,
 * qemuBuildMasterKeyCommandLine().
 */
int cmdline_parse(struct cmdline *ret, const char *text, size_t len);
void cmdline_done(struct cmdline *c);

/* Value of @key in "a,key=value,b=c"; @first is the name of a leading word without '='. */
bool cmdline_option(const char *text, const char *first, const char *key, char *buf, size_t size);

#endif
