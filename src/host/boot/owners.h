/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who else sets up VFs on this host: files of other programs that say so. */
#ifndef VFY_HOST_BOOT_OWNERS_H
#define VFY_HOST_BOOT_OWNERS_H

#include <stdbool.h>
#include "host/host.h"

/* A line of a file that makes, sets or takes VFs. */
struct owner {
	const char *who;	 /* static: "NetworkManager" */
	const char *does, *cure; /* static, for people: "sets the number of VFs" */
	char path[320];		 /* relative to the root: "etc/udev/rules.d/x.rules" */
	unsigned line;		 /* from 1 */
	char said[96];		 /* the line, without the blanks around it */
	char *text;		 /* of the whole file, or of the line where that alone counts */
	bool is_driver_named;	 /* it is about a driver, and not about one device */
};

struct owners {
	struct owner *v;
	size_t n;
};

/**
 * owners_read - the first such line of each file
 *
 * By the words that each program's files have for it: systemd's .link and .network, NetworkManager,
 * netplan, ifupdown, udev, tmpfiles.d, units, cron, rc.local, ifcfg of Red Hat, the SR-IOV network
 * operator, libvirt's pools, driverctl, modprobe.d, Proxmox. Comments do not count. Of files of one
 * name in several directories the first counts. What cannot be read, as NetworkManager's profiles
 * by anybody but root, is left out. Free with owners_done(). Returns 0 or -ENOMEM.
 *
 * Source: systemd.link(5), systemd.network(5), nm-settings-nmcli(5) (sriov), netplan-yaml(5),
 * udev(7), tmpfiles.d(5), modprobe.d(5), libvirt formatnetwork, driverctl(8).
 */
int owners_read(const struct host *h, struct owners *ret);
void owners_done(struct owners *o);

/* Does the owner's file have @word, a name or an address, with no letter or digit beside it? In its
 * path, too. Pure. */
bool owner_mentions(const struct owner *o, const char *word);

/* The first line of @text that has one of @words (ends with NULL), comments left out: its number
 * from 1, 0 for none, and where it begins. The word "" is the first line. Pure. */
unsigned owners_find_line(const char *text, const char *const *words, const char **ret);

#endif
