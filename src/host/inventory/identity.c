// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/inventory/identity.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "base/array.h"
#include "host/net/addresses.h"

#define CONFIG_SIZE    4096
#define EXTENDED_START 0x100
#define EXTENDED_DSN   0x0003
#define DSN_SIZE       12
#define DEVICES	       "sys/bus/pci/devices"

static int add_mac(struct pf_identity *f, const struct host *h, const char *netdev)
{
	struct pf_mac mac;

	if (!netdev_address(h, netdev, mac.mac))
		return 0;
	if (ARRAY_GROW(f->macs, f->n_macs) < 0)
		return -ENOMEM;
	f->macs[f->n_macs++] = mac;
	return 0;
}

static int read_macs(struct pf_identity *f, const struct host *h, const struct inventory *inv,
		     const struct pf *pf)
{
	int r = 0;

	if (!pf->totalvfs && pf->whole.netdev)
		return add_mac(f, h, pf->whole.netdev);
	for (size_t i = 0; r == 0 && i < inv->n_netdevs; i++) {
		const struct pf_netdev *n = &inv->netdevs[i];

		if (&inv->pfs[n->pf] == pf && n->kind != NETDEV_REPRESENTOR)
			r = add_mac(f, h, n->name);
	}
	return r;
}

/* The link's target is the whole way from the root bus to the function. */
static int read_path(struct pf_identity *f, const struct host *h, const char *dev)
{
	_cleanup_close_ int dir = root_openat(&h->root, O_PATH | O_DIRECTORY, DEVICES);
	char target[PATH_MAX], path[PATH_MAX] = "", *rest = target, *part;
	ssize_t n = dir < 0 ? -1 : readlinkat(dir, dev, target, sizeof(target) - 1);
	uint32_t segment = 0;
	size_t len = 0;

	if (n < 0)
		return 0;
	target[n] = '\0';
	while ((part = strsep(&rest, "/"))) {
		char full[BDF_STRLEN];
		struct bdf b;

		if (!bdf_scan(&b, part))
			continue;
		bdf_str(full, b);
		if (len && b.domain == segment)
			len += (size_t)snprintf(path + len, sizeof(path) - len, "/%02x.%x", b.dev,
						b.fn);
		else
			len += (size_t)snprintf(path + len, sizeof(path) - len, "%s%s",
						len ? "/" : "", full);
		if (len >= sizeof(path))
			return 0;
		segment = b.domain;
	}
	f->path = len ? strdup(path) : NULL;
	return len && !f->path ? -ENOMEM : 0;
}

static uint32_t dword(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Prints the most significant byte first, as lspci does. */
static void print_serial(char ret[PF_SERIAL_STRLEN], const uint8_t *dsn)
{
	snprintf(ret, PF_SERIAL_STRLEN, "%02x-%02x-%02x-%02x-%02x-%02x-%02x-%02x", dsn[7], dsn[6],
		 dsn[5], dsn[4], dsn[3], dsn[2], dsn[1], dsn[0]);
}

/* Walks the headers of the capabilities: each has its number, its version and the offset of the
 * next. The number of hops is bounded, because a broken device may point in circles. */
static void find_serial(struct pf_identity *f, const uint8_t *config, size_t size)
{
	size_t at = EXTENDED_START;

	for (unsigned hops = 0; hops < CONFIG_SIZE / 8; hops++) {
		uint32_t header;

		if (at < EXTENDED_START || at + DSN_SIZE > size)
			return;
		header = dword(config + at);
		if (header == 0 || header == UINT32_MAX)
			return;
		if ((header & 0xffff) == EXTENDED_DSN) {
			print_serial(f->serial, config + at + 4);
			return;
		}
		at = header >> 20 & ~3u;
	}
}

static void read_serial(struct pf_identity *f, const struct host *h, const char *dev)
{
	_cleanup_close_ int fd = root_openat(&h->root, O_RDONLY, DEVICES "/%s/config", dev);
	uint8_t config[CONFIG_SIZE];
	ssize_t n = fd < 0 ? -1 : pread(fd, config, sizeof(config), 0);

	f->serial_hidden = n <= 64;
	if (n > EXTENDED_START)
		find_serial(f, config, (size_t)n);
}

int pf_identity_read(struct pf_identity *ret, const struct host *h, const struct inventory *inv,
		     const struct pf *pf, unsigned flags)
{
	struct pf_identity f = { 0 };
	char dev[BDF_STRLEN];
	int r = 0;

	bdf_str(dev, pf->bdf);
	if (flags & PF_IDENTITY_MACS)
		r = read_macs(&f, h, inv, pf);
	if (r == 0 && flags & PF_IDENTITY_PATH)
		r = read_path(&f, h, dev);
	if (r < 0) {
		pf_identity_done(&f);
		return r;
	}
	if (flags & PF_IDENTITY_SERIAL)
		read_serial(&f, h, dev);
	*ret = f;
	return 0;
}

void pf_identity_done(struct pf_identity *f)
{
	free(f->macs);
	free(f->path);
	*f = (struct pf_identity){ 0 };
}
