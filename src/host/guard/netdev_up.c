// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/guard/netdev_up.h"

#include <fcntl.h>
#include <string.h>

#include "host/guard/guard_parts.h"
#include "host/net/carrier.h"
#include "host/inventory/pf_driver.h"

int netdev_set_up(const struct host *h, const struct pf *pf, bool up, struct err *e)
{
	const char *word = up ? "up" : "down";
	int r;

	if (!pf->netdev)
		return err_set(e, ENODEV, "the PF has no network device to bring %s", word);
	r = netdev_write_up(h, pf->netdev, up);
	if (r < 0) {
		err_set(e, -r, "bring network device %s %s: %s", pf->netdev, word,
			r == -ETIMEDOUT ? "the driver did not answer in time" : strerror(-r));
		if (r == -ETIMEDOUT)
			err_status(e, r, EXIT_LEFT);
		return err_fix(e, r, r == -EPERM ? "run as root" : "see: dmesg | tail");
	}
	if (pf_is_up(h, pf) == up)
		return 0;
	err_set(e, EIO, "the kernel reports success, but network device %s is not %s", pf->netdev,
		word);
	return err_fix(e, -EIO, "see: dmesg | tail");
}

/* Every device that is up has fe80::/64 and ff00::/8. */
static bool is_plain6(const char *dest)
{
	return !strncmp(dest, "fe80", 4) || !strncmp(dest, "ff", 2);
}

/* Tells whether this table has a route of the device. Its name is the first word of a line, or the
 * last. */
static int has_route(const struct host *h, const char *table, const char *netdev, bool name_last)
{
	_cleanup_file_ FILE *f = root_fopen(&h->root, "proc/net/%s", table);
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	if (!f)
		return errno == ENOENT ? 0 : -errno;
	while (getline(&line, &size, f) >= 0) {
		char *save = NULL, *first = strtok_r(line, " \t\n", &save), *last = first, *word;

		while ((word = strtok_r(NULL, " \t\n", &save)))
			last = word;
		if (first && !strcmp(name_last ? last : first, netdev) &&
		    !(name_last && is_plain6(first)))
			return 1;
	}
	return 0;
}

int netdev_is_used(const struct host *h, const struct pf *pf, char why[256])
{
	_cleanup_(function_dir_done) struct function_dir f = { .n = 0 };
	int r = function_dir_read(&f, h, pf->bdf);

	if (r == 0)
		r = guard_net(h, &f, why);
	if (r || !pf->netdev)
		return r;
	r = has_route(h, "route", pf->netdev, false);
	if (r == 0)
		r = has_route(h, "ipv6_route", pf->netdev, true);
	if (r == 1)
		snprintf(why, 256, "%s has an address or a route", pf->netdev);
	return r;
}
