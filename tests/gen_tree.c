// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes a synthetic host below a directory, for benchmarks: PFs with many VFs, behind one port per
 * segment, laid out as Linux lays out sys/bus/pci. Prints the PFs' addresses.
 *
 *	gen_tree [-p PFS] [-v VFS_PER_PF] [-c] [-n] DIR
 *
 * -c: every function has all that lspci reads (config space, resource, ids); -n: VFs have netdevs.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bdf.h"
#include "base/mem.h"

#define CONFIG_SIZE 4096
#define PF_DEVICE   0x10c9
#define VF_DEVICE   0x10ca

struct tree {
	int fd; /* DIR/sys */
	unsigned pfs, vfs;
	bool config, netdevs;
	unsigned groups; /* how many have been handed out */
	int port;	 /* the directory that the functions of the current PF are in */
	char port_path[64];
};

static void check(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "gen_tree: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void make_dirs(int at, const char *path)
{
	char dir[PATH_MAX];

	for (const char *end = strchr(path, '/');; end = strchr(end + 1, '/')) {
		snprintf(dir, sizeof(dir), "%.*s", (int)(end ? end - path : (long)strlen(path)),
			 path);
		check(mkdirat(at, dir, 0755) == 0 || errno == EEXIST, dir);
		if (!end)
			return;
	}
}

static int open_dir(int at, const char *path)
{
	int fd = openat(at, path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	check(fd >= 0, path);
	return fd;
}

static void put(int at, const char *name, const void *data, size_t size)
{
	_cleanup_close_ int fd = openat(at, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	check(fd >= 0 && write(fd, data, size) == (ssize_t)size, name);
}

static void put_text(int at, const char *name, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void put_text(int at, const char *name, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put(at, name, text, strlen(text));
}

static void put_link(int at, const char *name, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void put_link(int at, const char *name, const char *fmt, ...)
{
	char target[PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(target, sizeof(target), fmt, ap);
	va_end(ap);
	check(symlinkat(target, at, name) == 0, name);
}

static void put16(uint8_t *c, unsigned at, unsigned v)
{
	c[at] = (uint8_t)v;
	c[at + 1] = (uint8_t)(v >> 8);
}

/* Writes the header and the capabilities of an 82576 function: MSI-X, PCI Express, AER, ARI and,
 * for the PF, SR-IOV. The ids of a VF read as all ones. */
static void put_config(int at, const struct tree *t, bool is_pf)
{
	uint8_t c[CONFIG_SIZE] = { 0 };

	put16(c, 0x00, is_pf ? 0x8086 : 0xffff);
	put16(c, 0x02, is_pf ? PF_DEVICE : 0xffff);
	put16(c, 0x06, 0x0010);
	put16(c, 0x0a, 0x0200);
	c[0x34] = 0x70;
	put16(c, 0x70, 0xa011);
	put16(c, 0x72, is_pf ? 9 : 2);
	put16(c, 0xa0, 0x0010);
	put16(c, 0xa2, 0x0002);
	put16(c, 0x100, 0x0001);
	put16(c, 0x102, 0x1501);
	put16(c, 0x150, 0x000e);
	put16(c, 0x152, is_pf ? 0x1601 : 0x0001);
	if (is_pf) {
		put16(c, 0x160, 0x0010);
		put16(c, 0x162, 0x0001);
		put16(c, 0x16c, t->vfs);
		put16(c, 0x16e, t->vfs);
		put16(c, 0x170, t->vfs);
		put16(c, 0x174, 1);
		put16(c, 0x176, 1);
		put16(c, 0x17a, VF_DEVICE);
	}
	put(at, "config", c, sizeof(c));
}

static void put_lspci_files(int at, const struct tree *t, bool is_pf)
{
	char resource[13 * 57 + 1];
	size_t n = 0;

	for (int i = 0; i < 13; i++)
		n += (size_t)snprintf(resource + n, sizeof(resource) - n,
				      "0x%016x 0x%016x 0x%016x\n", 0, 0, 0);
	put(at, "resource", resource, n);
	put_text(at, "class", "0x020000\n");
	put_text(at, "irq", "0\n");
	put_text(at, "revision", "0x01\n");
	put_text(at, "subsystem_vendor", "0x8086\n");
	put_text(at, "subsystem_device", "0xa03c\n");
	put_text(at, "modalias", "pci:v00008086d0000%04Xsv00008086sd0000A03Cbc02sc00i00\n",
		 is_pf ? PF_DEVICE : VF_DEVICE);
	put_config(at, t, is_pf);
}

static void put_netdev(const struct tree *t, int at, const char *bdf, const char *netdev)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "net/%s", netdev);
	make_dirs(at, path);
	snprintf(path, sizeof(path), "class/net/%s", netdev);
	put_link(t->fd, path, "../../%s/%s/net/%s", t->port_path, bdf, netdev);
}

/* Returns the function's directory. */
static int make_function(struct tree *t, const char *bdf, bool is_pf)
{
	const char *driver = is_pf ? "igb" : "igbvf";
	char path[PATH_MAX];
	int at;

	check(mkdirat(t->port, bdf, 0755) == 0, bdf);
	at = open_dir(t->port, bdf);
	snprintf(path, sizeof(path), "bus/pci/devices/%s", bdf);
	put_link(t->fd, path, "../../../%s/%s", t->port_path, bdf);
	put_link(at, "driver", "../../../../bus/pci/drivers/%s", driver);
	put_link(at, "iommu_group", "../../../../kernel/iommu_groups/%u", t->groups++);
	put_text(at, "driver_override", "(null)\n");
	if (is_pf || t->config) {
		put_text(at, "vendor", "0x8086\n");
		put_text(at, "device", "0x%04x\n", is_pf ? PF_DEVICE : VF_DEVICE);
	}
	if (t->config)
		put_lspci_files(at, t, is_pf);
	return at;
}

static void make_pf(struct tree *t, struct bdf pf, unsigned number)
{
	_cleanup_close_ int at = -1;
	char bdf[BDF_STRLEN], name[64];

	at = make_function(t, bdf_str(bdf, pf), true);
	snprintf(name, sizeof(name), "bench%u", number);
	put_netdev(t, at, bdf, name);
	put_text(at, "sriov_totalvfs", "%u\n", t->vfs);
	put_text(at, "sriov_numvfs", "%u\n", t->vfs);
	put_text(at, "sriov_offset", "1\n");
	put_text(at, "sriov_stride", "1\n");
	put_text(at, "sriov_vf_device", "%x\n", VF_DEVICE);
	put_text(at, "sriov_drivers_autoprobe", "1\n");
	put_text(at, "numa_node", "0\n");
	puts(bdf);
	for (unsigned i = 0; i < t->vfs; i++) {
		_cleanup_close_ int vf = -1;
		char pf_bdf[BDF_STRLEN];

		vf = make_function(t, bdf_str(bdf, bdf_vf(pf, 1, 1, i)), false);
		put_link(vf, "physfn", "../%s", bdf_str(pf_bdf, pf));
		snprintf(name, sizeof(name), "virtfn%u", i);
		put_link(at, name, "../%s", bdf);
		snprintf(name, sizeof(name), "bench%uv%u", number, i);
		if (t->netdevs)
			put_netdev(t, vf, bdf, name);
	}
}

/* Puts as many PFs into a segment as its buses allow, each with its VFs on the buses behind it. */
static void make_tree(struct tree *t)
{
	unsigned buses = (t->vfs + 256) / 256, per_segment = 255 / buses;

	make_dirs(t->fd, "bus/pci/devices");
	make_dirs(t->fd, "bus/pci/drivers/igb");
	make_dirs(t->fd, "bus/pci/drivers/igbvf");
	make_dirs(t->fd, "class/net");
	for (unsigned i = 0; i < t->pfs; i++) {
		struct bdf pf = { i / per_segment, (uint8_t)(1 + i % per_segment * buses), 0, 0 };

		snprintf(t->port_path, sizeof(t->port_path), "devices/pci%04x:00/%04x:00:01.0",
			 pf.domain, pf.domain);
		make_dirs(t->fd, t->port_path);
		t->port = open_dir(t->fd, t->port_path);
		make_pf(t, pf, i);
		close(t->port);
	}
}

static unsigned number(const char *s, unsigned max)
{
	char *end;
	unsigned long v = strtoul(s, &end, 10);

	errno = EINVAL;
	check(*s >= '0' && *s <= '9' && !*end && v <= max, s);
	return (unsigned)v;
}

int main(int argc, char **argv)
{
	struct tree t = { .pfs = 16, .vfs = 256 };
	char path[PATH_MAX];
	int c;

	while ((c = getopt(argc, argv, "p:v:cn")) != -1) {
		if (c == 'p')
			t.pfs = number(optarg, 65535);
		else if (c == 'v')
			t.vfs = number(optarg, 65024);
		else if (c == 'c')
			t.config = true;
		else if (c == 'n')
			t.netdevs = true;
		else
			return 2;
	}
	if (optind + 1 != argc) {
		fputs("usage: gen_tree [-p PFS] [-v VFS_PER_PF] [-c] [-n] DIR\n", stderr);
		return 2;
	}
	snprintf(path, sizeof(path), "%s/sys", argv[optind]);
	check(mkdir(path, 0755) == 0 || errno == EEXIST, path);
	t.fd = open_dir(AT_FDCWD, path);
	make_tree(&t);
	close(t.fd);
	return fflush(stdout) == 0 ? 0 : 1;
}
