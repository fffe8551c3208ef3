/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The places that set hide= of a Dom0's driver, and what it was loaded with. */
#ifndef VFY_HOST_BOOT_HIDE_SOURCES_H
#define VFY_HOST_BOOT_HIDE_SOURCES_H

#include "host/boot/hide_list.h"
#include "host/host.h"

#define HIDE_LINE "the kernel's command line"

struct hide_source {
	char where[384]; /* HIDE_LINE, or "/etc/modprobe.d/x.conf" */
	bool on_line;	 /* of the kernel's command line */
	char *value;
};

struct hide_sources {
	struct hide_source *v; /* in the order in which the kernel takes them: the last counts */
	size_t n;
	bool is_loaded; /* the driver is there */
	char *loaded;	/* with that value; NULL: without one */
};

/**
 * hide_sources_read - all places of a host that set MODULE.hide=
 * @module: "xen-pciback"
 *
 * Files of modprobe.d in the order of their names, one hiding those of its name in later
 * directories; then each word of the command line, which modprobe appends, and which is all that a
 * driver in the kernel itself takes. A copy in an initramfs is not seen. Release with
 * hide_sources_done(). Returns 0 or -ENOMEM. Source: kmod libkmod/libkmod-config.c,
 * kmod_config_new(), kmod_config_parse_kcmdline(); libkmod-module.c, kmod_module_get_options();
 * modprobe.d(5).
 */
int hide_sources_read(const struct host *h, const char *module, struct hide_sources *ret,
		      struct err *e);
void hide_sources_done(struct hide_sources *s);

/* The one that counts when the driver is loaded anew; NULL when nothing sets it. */
const struct hide_source *hide_sources_last(const struct hide_sources *s);

/* What holds now: as it was loaded, else as it would be. NULL: nothing. @where says from where. */
const char *hide_sources_in_force(const struct hide_sources *s, const char **where);

#endif
