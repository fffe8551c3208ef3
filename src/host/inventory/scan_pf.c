// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/inventory/scan.h"

#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>

#define DEVICES "sys/bus/pci/devices"

/* Attributes that are plain 16-bit numbers. @base is how sysfs prints them (iov.c, pci-sysfs.c). */
static const struct {
	const char *file;
	size_t at;
	int base;
} numbers[] = {
	{ "vendor", offsetof(struct pf, vendor), 16 },
	{ "device", offsetof(struct pf, device), 16 },
	{ "sriov_totalvfs", offsetof(struct pf, totalvfs), 10 },
	{ "sriov_offset", offsetof(struct pf, offset), 10 },
	{ "sriov_stride", offsetof(struct pf, stride), 10 },
	{ "sriov_vf_device", offsetof(struct pf, vf_device), 16 },
};

static void note(const struct scan *d, struct bdf bdf, const char *file, const char *cause)
{
	char name[BDF_STRLEN];

	log_note(&d->h->log, "%s: read %s: %s; taken as unknown", bdf_str(name, bdf), file, cause);
}

/*
 * Reads a number from @min to @max that fills the file. Returns 0; -ENOENT without a note, because
 * older kernels lack some attributes; or another -errno with a note.
 */
static int read_number(const struct scan *d, struct root_dir *dir, struct bdf bdf, const char *file,
		       int base, long min, long max, long *ret)
{
	char text[64], cause[160], *end;
	ssize_t n = root_read_at(dir, file, text, sizeof(text));
	long v;

	if (n == -ENOENT || n == -ENODEV)
		return -ENOENT;
	if (n < 0) {
		note(d, bdf, file, strerror((int)-n));
		return (int)n;
	}
	errno = 0;
	v = strtol(text, &end, base);
	if (errno || !n || *end || end != text + n || v < min || v > max) {
		snprintf(cause, sizeof(cause), "'%.*s' is not a number that fits",
			 (int)strcspn(text, "\n"), text);
		note(d, bdf, file, cause);
		return -EPROTO;
	}
	*ret = v;
	return 0;
}

static void read_attributes(const struct scan *d, struct root_dir *dir, struct pf *pf)
{
	long v;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (read_number(d, dir, pf->bdf, numbers[i].file, numbers[i].base, 0, UINT16_MAX,
				&v) == 0)
			*(uint16_t *)((char *)pf + numbers[i].at) = (uint16_t)v;
	if (read_number(d, dir, pf->bdf, "sriov_drivers_autoprobe", 10, 0, 1, &v) == 0)
		pf->autoprobe = (int8_t)v;
	if (read_number(d, dir, pf->bdf, "numa_node", 10, -1, INT16_MAX, &v) == 0)
		pf->numa_node = (int16_t)v;
}

static unsigned count_links(struct root_dir *dir)
{
	char link[32], target[PATH_MAX];
	unsigned n = 0;

	do
		snprintf(link, sizeof(link), "virtfn%u", n);
	while (readlinkat(dir->fd, link, target, sizeof(target)) >= 0 && ++n < UINT16_MAX);
	return n;
}

/* Takes the kernel's count or, when it is unreadable, counts the links. A link beyond the kernel's
 * count gives a note. */
static void read_numvfs(const struct scan *d, struct root_dir *dir, struct pf *pf)
{
	char link[32], target[PATH_MAX], bdf[BDF_STRLEN];
	long v;

	if (read_number(d, dir, pf->bdf, "sriov_numvfs", 10, 0, UINT16_MAX, &v) < 0) {
		pf->numvfs = (uint16_t)count_links(dir);
		return;
	}
	pf->numvfs = (uint16_t)v;
	snprintf(link, sizeof(link), "virtfn%ld", v);
	if (readlinkat(dir->fd, link, target, sizeof(target)) >= 0)
		log_note(&d->h->log, "%s: sriov_numvfs is %ld, but there is a %s",
			 bdf_str(bdf, pf->bdf), v, link);
}

static int read_driver(const struct scan *d, struct root_dir *dir, struct pf *pf)
{
	char name[NAME_MAX + 1];

	if (root_link_name_at(dir, "driver", name, sizeof(name)) < 0)
		return 0;
	pf->driver = inventory_intern(d->inv, name);
	return pf->driver ? 0 : -ENOMEM;
}

static int read_vfs(const struct scan *d, struct root_dir *dir, struct pf *pf)
{
	int r = 0;

	pf->vfs = calloc(pf->numvfs ? pf->numvfs : 1, sizeof(*pf->vfs));
	if (!pf->vfs)
		return -ENOMEM;
	pf->n_vfs = pf->numvfs;
	for (unsigned i = 0; i < pf->n_vfs && r == 0; i++)
		r = scan_vf(d, dir, pf, i, &pf->vfs[i]);
	return r;
}

static int vanished(const struct scan *d, struct bdf bdf)
{
	char name[BDF_STRLEN];

	log_note(&d->h->log, "%s: vanished while it was read, left out", bdf_str(name, bdf));
	return 0;
}

/* Base class 06 but for 0680, which endpoints have too (NVIDIA's NVSwitch). Source: PCI Code and ID
 * Assignment Specification 1.7. */
static bool is_bridge(struct root_dir *dir)
{
	char text[16];
	unsigned long class;

	if (root_read_at(dir, "class", text, sizeof(text)) <= 0)
		return false;
	class = strtoul(text, NULL, 16);
	return class >> 16 == 0x06 && (class >> 8 & 0xff) != 0x80;
}

int scan_other(const struct scan *d, struct bdf bdf, struct pf *ret)
{
	struct pf pf = { .bdf = bdf, .autoprobe = UNKNOWN, .numa_node = UNKNOWN };
	char name[BDF_STRLEN], path[sizeof(DEVICES) + BDF_STRLEN];
	_cleanup_(root_dir_done) struct root_dir dir = { &d->h->root, path, -1, -1, "" };
	_cleanup_close_ int fd = -1;
	int r;

	snprintf(path, sizeof(path), DEVICES "/%s", bdf_str(name, bdf));
	fd = root_openat(&d->h->root, O_PATH | O_DIRECTORY, "%s", path);
	dir.fd = fd;
	if (fd < 0 || is_bridge(&dir) || root_exists_at(&dir, "physfn"))
		return 0;
	read_attributes(d, &dir, &pf);
	r = read_driver(d, &dir, &pf);
	if (r == 0)
		r = scan_whole(d, &dir, &pf);
	*ret = pf;
	return r < 0 ? r : 1;
}

int scan_pf(const struct scan *d, struct bdf bdf, struct pf *ret)
{
	struct pf pf = { .bdf = bdf, .autoprobe = UNKNOWN, .numa_node = UNKNOWN };
	char name[BDF_STRLEN], path[sizeof(DEVICES) + BDF_STRLEN];
	_cleanup_(root_dir_done) struct root_dir of = { &d->h->root, path, -1, -1, "" };
	struct root_dir *dir = &of;
	_cleanup_close_ int fd = -1;
	int r;

	snprintf(path, sizeof(path), DEVICES "/%s", bdf_str(name, bdf));
	fd = root_openat(&d->h->root, O_PATH | O_DIRECTORY, "%s", path);
	if (fd < 0)
		return vanished(d, bdf);
	of.fd = fd;
	if (!root_exists_at(dir, "sriov_totalvfs"))
		return 0;
	read_attributes(d, dir, &pf);
	read_numvfs(d, dir, &pf);
	r = read_driver(d, dir, &pf);
	if (r == 0 && (d->flags & INVENTORY_FUNCTIONS))
		r = scan_whole(d, dir, &pf);
	if (r == 0)
		r = read_vfs(d, dir, &pf);
	/* A PF that lost the attribute was removed meanwhile, and what was read so far is a state
	 * that it never had. */
	if (r == 0 && !root_exists_at(dir, "sriov_totalvfs")) {
		free(pf.vfs);
		return vanished(d, bdf);
	}
	if (r < 0) {
		free(pf.vfs);
		return r;
	}
	*ret = pf;
	return 1;
}
