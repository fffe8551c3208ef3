// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/inventory/scan.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

/* Longest name appended to a link target: "/driver_override". */
#define TAIL_MAX 24

/* A VF whose link cannot be followed is listed where the PF's registers say it should be. */
static void set_broken(const struct scan *d, const struct pf *pf, unsigned index, struct vf *ret,
		       const char *why)
{
	ret->bdf = bdf_vf(pf->bdf, pf->offset, pf->stride, index);
	ret->state = VF_BROKEN;
	ret->why = inventory_intern(d->inv, why);
}

static int read_driver(const struct scan *d, struct root_dir *pf_dir, const char *path,
		       struct vf *ret)
{
	char name[NAME_MAX + 1];

	if (root_link_name_at(pf_dir, path, name, sizeof(name)) < 0)
		return 0;
	ret->driver = inventory_intern(d->inv, name);
	return ret->driver ? 0 : -ENOMEM;
}

static void read_group(const struct scan *d, struct root_dir *pf_dir, const char *path,
		       struct vf *ret)
{
	char name[NAME_MAX + 1], bdf[BDF_STRLEN], *end;
	unsigned long group;

	if (root_link_name_at(pf_dir, path, name, sizeof(name)) < 0)
		return;
	errno = 0;
	group = strtoul(name, &end, 10);
	if (errno || *name < '0' || *name > '9' || *end || group > INT32_MAX)
		log_note(&d->h->log, "%s: read iommu_group: '%s' is not a number",
			 bdf_str(bdf, ret->bdf), name);
	else
		ret->iommu_group = (int32_t)group;
}

/* The kernel prints "(null)" when there is none (drivers/pci/pci-sysfs.c). */
static int read_override(const struct scan *d, struct root_dir *pf_dir, const char *path,
			 struct vf *ret)
{
	char text[256];
	ssize_t n = root_read_at(pf_dir, path, text, sizeof(text));

	if (n <= 0 || !strcmp(text, "(null)"))
		return 0;
	ret->driver_override = inventory_intern(d->inv, text);
	return ret->driver_override ? 0 : -ENOMEM;
}

/* @path has @len characters: the function's directory, as seen from @dir. */
static int read_function(const struct scan *d, struct root_dir *dir, char *path, size_t len,
			 struct vf *ret)
{
	int r;

	memcpy(path + len, "/driver", sizeof("/driver"));
	r = read_driver(d, dir, path, ret);
	memcpy(path + len, "/iommu_group", sizeof("/iommu_group"));
	read_group(d, dir, path, ret);
	if (r == 0 && (d->flags & INVENTORY_OVERRIDE)) {
		memcpy(path + len, "/driver_override", sizeof("/driver_override"));
		r = read_override(d, dir, path, ret);
	}
	path[len] = '\0';
	return r;
}

int scan_whole(const struct scan *d, struct root_dir *dir, struct pf *pf)
{
	char path[1 + TAIL_MAX] = ".";

	pf->whole = (struct vf){
		.bdf = pf->bdf, .iommu_group = NO_GROUP, .state = VF_HOST, .permissive = UNKNOWN
	};
	return read_function(d, dir, path, 1, &pf->whole);
}

int scan_vf(const struct scan *d, struct root_dir *pf_dir, const struct pf *pf, unsigned index,
	    struct vf *ret)
{
	char link[32], path[PATH_MAX + TAIL_MAX];
	const char *name;
	ssize_t n;
	int r;

	*ret = (struct vf){ .iommu_group = NO_GROUP, .state = VF_HOST, .permissive = UNKNOWN };
	snprintf(link, sizeof(link), "virtfn%u", index);
	n = readlinkat(pf_dir->fd, link, path, PATH_MAX - 1);
	if (n < 0) {
		set_broken(d, pf, index, ret, "its virtfn link is missing");
		return 0;
	}
	path[n] = '\0';
	name = strrchr(path, '/');
	if (!bdf_scan(&ret->bdf, name ? name + 1 : path)) {
		set_broken(d, pf, index, ret, "its virtfn link does not lead to a PCI function");
		return 0;
	}
	/* Beside the PF's directory the VF's is one step away; through virtfnN it is two. */
	r = read_function(d, pf_dir, path, (size_t)n, ret);
	/* No driver and no group is a plain VF on a host without IOMMU, or no VF at all. */
	if (!ret->driver && ret->iommu_group == NO_GROUP && !root_exists_at(pf_dir, path))
		set_broken(d, pf, index, ret, "its virtfn link leads nowhere");
	return r;
}
