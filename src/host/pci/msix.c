// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/pci/msix.h"

#include <fcntl.h>

#define CONFIG_SIZE	256
#define STATUS		0x06
#define STATUS_CAP_LIST 0x10
#define CAP_POINTER	0x34
#define CAP_FIRST	0x40
#define CAP_MSI		0x05
#define CAP_MSIX	0x11

static unsigned word(const unsigned char *config, unsigned at)
{
	return config[at] | (unsigned)config[at + 1] << 8;
}

/* Reads up to @size bytes or the end. Returns the number of bytes, or -errno. */
static ssize_t read_config(const struct host *h, struct bdf dev, unsigned char *config, size_t size)
{
	char name[BDF_STRLEN];
	_cleanup_close_ int fd = root_openat(&h->root, O_RDONLY, "sys/bus/pci/devices/%s/config",
					     bdf_str(name, dev));
	size_t got = 0;
	ssize_t n;

	if (fd < 0)
		return fd == -ENOENT ? -ENODEV : fd;
	do {
		n = read(fd, config + got, size - got);
		if (n < 0)
			return -errno;
		got += (size_t)n;
	} while (n > 0 && got < size);
	return (ssize_t)got;
}

/* Message Control of the two capabilities; has_ is false for one that does not exist. */
struct control {
	bool has_msix, has_msi;
	unsigned msix, msi;
};

/* A list has at most 48 entries, because it has 192 bytes and an entry takes four. A longer one is
 * a loop. */
static int walk(const unsigned char *config, size_t size, struct control *ret)
{
	unsigned at = config[CAP_POINTER] & 0xfc;

	for (int left = 48; at; left--, at = config[at + 1] & 0xfc) {
		if (at < CAP_FIRST || !left)
			return -EPROTO;
		if (at + 4 > size)
			return -EPERM;
		if (config[at] == CAP_MSIX) {
			ret->has_msix = true;
			ret->msix = word(config, at + 2);
		} else if (config[at] == CAP_MSI) {
			ret->has_msi = true;
			ret->msi = word(config, at + 2);
		}
	}
	return 0;
}

static int read_control(const struct host *h, struct bdf dev, struct control *ret)
{
	unsigned char config[CONFIG_SIZE];
	ssize_t n = read_config(h, dev, config, sizeof(config));

	*ret = (struct control){ 0 };
	if (n < 0)
		return (int)n;
	if (n < CAP_FIRST)
		return -EPROTO;
	/* A device that is off the bus reads as all ones. The ids of a VF always do (PCIe
	 * 9.3.4.1.1), so they are no sign. */
	if (word(config, STATUS) == 0xffff && config[CAP_POINTER] == 0xff)
		return -ENODEV;
	if (!(config[STATUS] & STATUS_CAP_LIST))
		return 0;
	return walk(config, (size_t)n, ret);
}

int msix_vectors(const struct host *h, struct bdf dev, unsigned *ret)
{
	struct control c;
	int r = read_control(h, dev, &c);

	/* What follows the capability that counts may be nonsense, or out of reach. */
	if (r < 0 && !c.has_msix)
		return r;
	if (c.has_msix)
		*ret = (c.msix & 0x7ff) + 1;
	else
		*ret = c.has_msi ? 1u << (c.msi >> 1 & 7) : 0;
	return 0;
}

int msix_enabled(const struct host *h, struct bdf dev, bool *ret)
{
	struct control c;
	int r = read_control(h, dev, &c);

	if (r < 0 && !c.has_msix)
		return r;
	if (!c.has_msix && !c.has_msi)
		return -ENOTSUP;
	*ret = (c.has_msix && (c.msix & 0x8000)) || (c.has_msi && (c.msi & 1));
	return 0;
}
