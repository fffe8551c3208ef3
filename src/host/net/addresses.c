// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/addresses.h"

#include <string.h>

#include "host/net/netdev.h"
#include "host/net/netdev_kind.h"

bool netdev_address(const struct host *h, const char *netdev, uint8_t ret[MAC_LEN])
{
	char text[64];

	if (netdev_permanent_mac(h, netdev, ret) == 0)
		return true;
	return root_read(&h->root, text, sizeof(text), "sys/class/net/%s/address", netdev) > 0 &&
	       mac_scan(ret, text);
}

static bool read_one(const struct host *h, const char *name, struct netdev_mac *ret)
{
	const struct root *root = &h->root;
	struct netdev_mac m = { .netdev = name };
	char mac[64], device[64], bdf[BDF_STRLEN];

	if (root_link_name(root, device, sizeof(device), "sys/class/net/%s/device", name) < 0 ||
	    root_read(root, mac, sizeof(mac), "sys/class/net/%s/address", name) < 0 ||
	    !mac_scan(m.mac, mac) || mac_is_zero(m.mac))
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
