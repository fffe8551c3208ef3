// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The floor under `vfyard list`: its system calls on a tree of gen_tree, and nothing else.
 *
 *	bench_loop text|json ROOT < ADDRESSES_OF_PFS
 *
 * Prints how many VFs it walked over, so that a tree that it did not find does not look fast.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"

static char sink[PATH_MAX];

static bool read_link(int at, const char *path)
{
	return readlinkat(at, path, sink, sizeof(sink)) >= 0;
}

static void read_file(int at, const char *path)
{
	_cleanup_close_ int fd = openat(at, path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && read(fd, sink, sizeof(sink)) < 0)
		perror(path);
}

static void read_dir(int root, const char *path, bool links)
{
	int fd = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_dir_ DIR *dir = fdopendir(fd);
	const struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (links)
			read_link(fd, d->d_name);
}

static unsigned walk_vfs(int pf, bool json)
{
	char path[64], target[PATH_MAX];
	unsigned i;

	for (i = 0;; i++) {
		ssize_t n;

		snprintf(path, sizeof(path), "virtfn%u", i);
		n = readlinkat(pf, path, target, sizeof(target) - 24);
		if (n < 0)
			return i;
		memcpy(target + n, "/driver", 8);
		read_link(pf, target);
		memcpy(target + n, "/iommu_group", 13);
		read_link(pf, target);
		memcpy(target + n, "/driver_override", 17);
		if (json)
			read_file(pf, target);
	}
}

static unsigned walk_pf(int devices, const char *bdf, bool json)
{
	static const char *const files[] = {
		"vendor",	"device",	   "sriov_totalvfs",	      "sriov_offset",
		"sriov_stride", "sriov_vf_device", "sriov_drivers_autoprobe", "numa_node",
		"sriov_numvfs"
	};
	_cleanup_close_ int pf = openat(devices, bdf, O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		read_file(pf, files[i]);
	read_link(pf, "driver");
	return walk_vfs(pf, json);
}

int main(int argc, char **argv)
{
	_cleanup_close_ int root = -1, devices = -1;
	char line[64];
	unsigned n = 0;

	if (argc != 3)
		return 2;
	root = open(argv[2], O_PATH | O_DIRECTORY | O_CLOEXEC);
	devices = openat(root, "sys/bus/pci/devices", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0 || devices < 0) {
		perror(argv[2]);
		return 1;
	}
	read_dir(root, "sys/bus/pci/devices", false);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		n += walk_pf(devices, line, !strcmp(argv[1], "json"));
	}
	read_dir(root, "sys/class/net", true);
	printf("%u\n", n);
	return 0;
}
