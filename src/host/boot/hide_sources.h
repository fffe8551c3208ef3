/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The places that set hide= of a Dom0's driver, and the value that it was loaded with. */
#ifndef VFY_HOST_BOOT_HIDE_SOURCES_H
#define VFY_HOST_BOOT_HIDE_SOURCES_H

#include "host/boot/hide_list.h"
#include "host/host.h"

#define HIDE_LINE "the kernel's command line"

struct hide_source {
	char where[384]; /* HIDE_LINE, or "/etc/modprobe.d/x.conf" */
	bool on_line;	 /* set on the kernel's command line */
	char *value;
};

struct hide_sources {
	struct hide_source *v; /* in the order in which the kernel applies them: the last one
				* counts */
	size_t n;
	bool is_loaded; /* the driver is loaded */
	char *loaded;	/* the value that it was loaded with; NULL: without one */
};

/**
 * hide_sources_read - collect all places on a host that set MODULE.hide=
 * @module: "xen-pciback"
 *
 * First come the files of modprobe.d in the order of their names, where a file hides those of the
 * same name in later directories; then each word of the command line, because modprobe appends it.
 * A driver that is built into the kernel takes only the command line. A copy in an initramfs is not
 * seen. Release @ret with hide_sources_done(). Returns 0 or -ENOMEM. Source: kmod
 * libkmod/libkmod-config.c, kmod_config_new(), kmod_config_parse_kcmdline(); libkmod-module.c,
 * kmod_module_get_options(); modprobe.d(5).
 */
int hide_sources_read(const struct host *h, const char *module, struct hide_sources *ret,
		      struct err *e);
void hide_sources_done(struct hide_sources *s);

/* Returns the one that counts when the driver is loaded next; NULL when nothing sets hide=. */
const struct hide_source *hide_sources_last(const struct hide_sources *s);

/* Returns the value in force: the one that the driver was loaded with, or else the one that it
 * would be loaded with; NULL when there is none. *where says where it comes from. */
const char *hide_sources_in_force(const struct hide_sources *s, const char **where);

#endif
