/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running state as a topology: what `vfyard import` writes. */
#ifndef VFY_REPORT_IMPORT_H
#define VFY_REPORT_IMPORT_H

#include "engine/session/session.h"
#include "render/topology_notes.h"

/* Zero what is not wanted; borrowed. */
struct import_options {
	/* How PFs are found again: words of mac, path, serial, id, netdev, bdf with commas between,
	 * the first that a PF has and no other one of this host. NULL: mac, path, serial. */
	const char *select;
	/* Files that define guests, of one kind (definition_reader_names()); NULL: "xl". */
	const char *from;
	const char *const *files;
	size_t n_files;
	/* Of guests only those of the files are wanted. What runs is imported beside them else, and
	 * is believed where both say something of a VF. */
	bool only_files;
};

struct imported {
	struct topology *topo; /* was not read from a file, and has no places */
	struct topo_notes notes;
};

/**
 * import_make - a topology of what this host has now
 *
 * PFs by address, each with its number of VFs, settings that are not what its driver gives a fresh
 * VF, running domains with the VFs that they have. The same host gives the same text: no number of
 * a process or domain, and no time, is in it. Changes nothing. What cannot be said in a topology,
 * or could not be seen, is in ret->notes, and so is what check says of it, and each step of its
 * plan, where there are any: the status is EXIT_PENDING then. With only_files a plan is expected,
 * and no reason. The backend of @s is closed.
 *
 * Returns 0 (release with imported_done()); -EINVAL with EXIT_USAGE for a bad option; -errno when
 * the host cannot be read.
 */
int import_make(struct session *s, const struct import_options *o, struct imported *ret,
		struct err *e);
void imported_done(struct imported *i);

/* As a file of xl.cfg syntax, with the notes as comments. free() it. 0 or -ENOMEM. */
int import_text(const struct imported *i, char **ret, struct err *e);

/* The notes as lines of a log, in their order. */
void import_say_notes(const struct imported *i, const struct log *log);

#endif
