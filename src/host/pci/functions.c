// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/pci/functions.h"

#include <string.h>

#include "base/array.h"

int functions_read(const struct host *h, struct bdf **ret, size_t *ret_n, struct err *e)
{
	_cleanup_dir_ DIR *dir = root_opendir(&h->root, "sys/bus/pci/devices");
	_cleanup_free_ struct bdf *v = NULL;
	size_t n = 0;
	const struct dirent *d;
	struct bdf b;

	if (!dir)
		return err_set(e, errno, "cannot list sys/bus/pci/devices: %s", strerror(errno));
	while ((d = readdir(dir))) {
		if (!bdf_scan(&b, d->d_name))
			continue;
		if (ARRAY_GROW(v, n) < 0)
			return err_set(e, ENOMEM, "out of memory");
		v[n++] = b;
	}
	*ret = STEAL(v);
	*ret_n = n;
	return 0;
}
