// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/addresses.h"

#include <string.h>

#include "host/net/netdev_kind.h"

bool mac_scan(uint8_t ret[6], const char *s)
{
	unsigned v[6];
	int end = -1;

	if (sscanf(s, "%2x:%2x:%2x:%2x:%2x:%2x%n", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5],
		   &end) != 6 ||
	    end < 0 || s[end])
		return false;
	for (int i = 0; i < 6; i++)
		ret[i] = (uint8_t)v[i];
	return true;
}

static bool read_one(const struct host *h, const char *name, struct netdev_mac *ret)
{
	const struct root *root = &h->root;
	static const uint8_t zero[6];
	struct netdev_mac m = { .netdev = name };
	char mac[64], device[64], bdf[BDF_STRLEN];

	if (root_link_name(root, device, sizeof(device), "sys/class/net/%s/device", name) < 0 ||
	    root_read(root, mac, sizeof(mac), "sys/class/net/%s/address", name) < 0 ||
	    !mac_scan(m.mac, mac) || !memcmp(m.mac, zero, sizeof(zero)))
		return false;
	m.has_bdf = netdev_function(h, name, &m.bdf);
	m.is_vf = m.has_bdf &&
		  root_exists(root, "sys/bus/pci/devices/%s/physfn", bdf_str(bdf, m.bdf));
	*ret = m;
	return true;
}

int netdev_macs_each(const struct host *h, int (*fn)(void *arg, const struct netdev_mac *m),
		     void *arg)
{
	_cleanup_dir_ DIR *dir = root_opendir(&h->root, "sys/class/net");
	const struct dirent *d;
	struct netdev_mac m;
	int r = 0;

	while (dir && r >= 0 && (d = readdir(dir)))
		if (d->d_name[0] != '.' && read_one(h, d->d_name, &m))
			r = fn(arg, &m);
	return r < 0 ? r : 0;
}
