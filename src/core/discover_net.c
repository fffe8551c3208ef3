// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/discover.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

/*
 * The PCI function a netdev belongs to, from where its class link leads:
 * "../../devices/pci0000:00/0000:00:01.0/0000:05:10.0/net/NAME", with "virtioN" between for virtio.
 * What hangs below a function in another way (USB, a bridge's child) is not its netdev.
 */
static bool function_of(char *target, struct bdf *ret)
{
	char *net = strstr(target, "/net/"), *name;

	if (!net)
		return false;
	*net = '\0';
	name = strrchr(target, '/');
	if (name && !strncmp(name, "/virtio", 7)) {
		*name = '\0';
		name = strrchr(target, '/');
	}
	return name && bdf_scan(ret, name + 1);
}

/* Where the name of the netdev of function @bdf is kept; NULL when that is not of interest. */
static const char **place_of(const struct discovery *d, struct bdf bdf)
{
	struct pf *pf = inventory_find_pf(d->inv, bdf);
	struct vf_ref vf;

	if (pf)
		return &pf->netdev;
	if ((d->flags & INVENTORY_NETDEV) && inventory_find_vf(d->inv, bdf, &vf) &&
	    vf_of(vf)->state != VF_BROKEN)
		return &vf_of(vf)->netdev;
	return NULL;
}

int discover_netdevs(const struct discovery *d)
{
	_cleanup_dir_ DIR *dir = root_opendir(&d->h->root, "sys/class/net");
	char target[PATH_MAX];
	const struct dirent *de;
	const char **place;
	struct bdf bdf;
	ssize_t n;

	while (dir && (de = readdir(dir))) {
		n = readlinkat(dirfd(dir), de->d_name, target, sizeof(target) - 1);
		if (n < 0)
			continue;
		target[n] = '\0';
		if (!function_of(target, &bdf))
			continue;
		place = place_of(d, bdf);
		if (!place || (*place && strverscmp(*place, de->d_name) <= 0))
			continue;
		*place = inventory_intern(d->inv, de->d_name);
		if (!*place)
			return -ENOMEM;
	}
	return 0;
}
