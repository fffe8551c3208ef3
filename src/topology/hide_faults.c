// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/hide_faults.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/pci/functions.h"
#include "host/guard/guard_parts.h"

#define NOWHERE ((struct loc){ 0, 0 })

/* Tells whether the entry names the function, or a bridge that it is behind. @path is that of its
 * device. */
static bool takes(const struct hide_entry *h, struct bdf dev, const char *path)
{
	char copy[512], *save = NULL;
	struct bdf b;

	if (hide_entry_has(h, dev))
		return true;
	snprintf(copy, sizeof(copy), "%s", path);
	for (const char *s = strtok_r(copy, "/", &save); s; s = strtok_r(NULL, "/", &save))
		if (bdf_scan(&b, s) && hide_entry_has(h, b))
			return true;
	return false;
}

static bool is_held(const struct hide_ask *a, const char *bdf)
{
	char driver[64];

	return root_link_name(&a->host->root, driver, sizeof(driver),
			      "sys/bus/pci/devices/%s/driver", bdf) >= 0 &&
	       !strcmp(driver, a->driver);
}

/* Tells whether it is a bridge, because what is behind a bridge is checked by itself. Source:
 * PCI_CLASS_BRIDGE_PCI. */
static bool is_bridge(const struct hide_ask *a, const char *bdf)
{
	uint64_t class;

	return root_read_u64(&a->host->root, &class, "sys/bus/pci/devices/%s/class", bdf) == 0 &&
	       class >> 8 == 0x0604;
}

/* Says why the host cannot do without it; returns false when it can. */
static bool is_needed(const struct hide_ask *a, struct bdf dev, char why[GUARD_WHY_MAX])
{
	_cleanup_(function_dir_done) struct function_dir f = { .n = 0 };
	char bdf[BDF_STRLEN];

	bdf_str(bdf, dev);
	if (guard_is_boot_vga(a->host, dev)) {
		snprintf(why, GUARD_WHY_MAX, "it is the display that the firmware boots on");
		return true;
	}
	return !is_held(a, bdf) && !is_bridge(a, bdf) && function_dir_read(&f, a->host, dev) == 0 &&
	       (guard_block(a->host, &f, why) > 0 || guard_net(a->host, &f, why) > 0);
}

/* The faulty entry, as it is written. */
struct entry {
	const char *value, *where;
	struct hide_entry h;
};

/* Returns where a user changes what this place sets. */
static const char *editable(const char *where)
{
	return strcmp(where, HIDE_LINE) ? where : "GRUB's files";
}

static void fix(struct err *e, const struct entry *at)
{
	err_fix(e, 0, "take that entry out of %s before the next boot", editable(at->where));
}

static void check_function(const struct hide_ask *a, const struct entry *at, struct bdf dev,
			   struct problems *ret)
{
	char why[GUARD_WHY_MAX], bdf[BDF_STRLEN];

	bdf_str(bdf, dev);
	for (size_t i = 0; i < a->topo->n_pfs; i++)
		if (a->pfs[i] && !a->topo->pfs[i].is_dev && bdf_cmp(a->pfs[i]->bdf, dev) == 0)
			fix(problem_note(
				    ret, a->topo->pfs[i].loc,
				    "hide= has %.*s (%s), which takes PF %s (%s) itself, so the "
				    "PF makes no VFs",
				    (int)at->h.len, at->value + at->h.at, at->where,
				    a->topo->pfs[i].name, bdf),
			    at);
	if (is_needed(a, dev, why))
		fix(problem_note(ret, NOWHERE,
				 "hide= has %.*s (%s), which takes %s from the host, and %s",
				 (int)at->h.len, at->value + at->h.at, at->where, bdf, why),
		    at);
}

/* VFs go to the driver on purpose, and there are many. */
static bool is_vf(const struct hide_ask *a, const char *bdf)
{
	return root_exists(&a->host->root, "sys/bus/pci/devices/%s/physfn", bdf);
}

int hide_faults_value(const struct hide_ask *a, const char *value, const char *where,
		      struct problems *ret, struct err *e)
{
	_cleanup_close_ int dir =
		root_openat(&a->host->root, O_RDONLY | O_DIRECTORY, "sys/bus/pci/devices");
	_cleanup_free_ struct bdf *v = NULL;
	char bdf[BDF_STRLEN], path[512];
	size_t n = 0;
	int r = functions_read(a->host, &v, &n, e);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (n)
		qsort(v, n, sizeof(*v), bdf_order);
	for (size_t i = 0; i < n; i++) {
		struct entry at = { .value = value, .where = where };
		size_t pos = 0;
		ssize_t len;

		if (is_vf(a, bdf_str(bdf, v[i])))
			continue;
		len = readlinkat(dir, bdf, path, sizeof(path) - 1);
		path[len < 0 ? 0 : len] = '\0';
		while (hide_list_next(value, &pos, &at.h) > 0) {
			if (!takes(&at.h, v[i], path))
				continue;
			check_function(a, &at, v[i], ret);
			break;
		}
	}
	return 0;
}

/* Finds the first entry of @value that @other does not cover. Returns false when it covers all. */
static bool find_lost(const char *value, const char *other, struct hide_entry *ret)
{
	size_t pos = 0;

	while (hide_list_next(value, &pos, ret) > 0) {
		struct hide_entry h;
		size_t k = 0;
		bool found = false;

		while (!found && hide_list_next(other, &k, &h) > 0)
			found = hide_entry_has(&h, ret->bdf) && h.any_dev >= ret->any_dev &&
				h.any_fn >= ret->any_fn;
		if (!found)
			return true;
	}
	return false;
}

static void note_place(const struct hide_source *s, const struct hide_source *last,
		       struct problems *ret)
{
	struct hide_entry lost;
	bool is_lost = find_lost(s->value, last->value, &lost);
	bool is_same = !strcmp(s->where, last->where);
	struct err *e;

	/* render grub writes a second word behind the first, and it contains all of the first. */
	if (is_same && !is_lost)
		return;
	e = problem_note(ret, NOWHERE, "hide= is set by %s and %s%s, and only the last one counts",
			 s->where, is_same ? "again by " : "by ", last->where);
	if (is_lost)
		err_fix(e, 0, "put %.*s into %s, because otherwise it is not hidden", (int)lost.len,
			s->value + lost.at, last->where);
	else
		err_fix(e, 0, "keep one of them");
}

void hide_faults_places(const struct hide_ask *a, const struct hide_sources *s,
			struct problems *ret)
{
	const struct hide_source *last = hide_sources_last(s);
	const char *set = last ? last->value : "", *loaded = s->loaded ? s->loaded : "";
	struct hide_entry h;

	for (size_t i = 0; i + 1 < s->n; i++)
		note_place(&s->v[i], last, ret);
	/* A capture does not have all the places. */
	if (!s->is_loaded || (!last && root_is_captured(&a->host->root)))
		return;
	if (find_lost(loaded, set, &h))
		err_fix(problem_note(ret, NOWHERE, "hide= had %.*s when driver %s was loaded, %s%s",
				     (int)h.len, loaded + h.at, a->driver,
				     last ? "which is not in " : "and no file sets it",
				     last ? last->where : ""),
			0, "if it is to be hidden after the next boot, put it %s",
			last ? "there" : "into the file that vfyard render grub makes");
	if (find_lost(set, loaded, &h))
		err_fix(problem_note(ret, NOWHERE,
				     "hide= has %.*s (%s), and driver %s was loaded without it",
				     (int)h.len, set + h.at, last->where, a->driver),
			0, "it counts from the next boot on");
}

void hide_faults_entries(const struct hide_ask *a, const struct hide_sources *s,
			 struct problems *ret)
{
	const struct hide_source *last = hide_sources_last(s);
	bool is_there = root_exists(&a->host->root, "sys/bus/pci/drivers/%s", a->driver);
	struct err why = { 0 }, *e;

	if (!last || hide_list_check(last->value, &why) == 0)
		return;
	e = (is_there ? problem_note : problem_error)(ret, NOWHERE, "%s (%s)", why.cause,
						      last->where);
	err_fix(e, 0, "correct it in %s, run %s and reboot%s%s%s", editable(last->where),
		last->on_line ? "update-grub" : "update-initramfs -u",
		is_there ? "" : "; until then: modprobe ", is_there ? "" : a->module,
		is_there ? "" : " hide=");
}
