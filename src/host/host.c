// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/host.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "host/open_nodes.h"

int host_open(struct host *ret, const char *dir, struct err *e)
{
	struct host h = { .timeout_ms = HOST_TIMEOUT_MS,
			  .log = { .level = LOG_NOTE, .to = stderr } };
	int r = root_open(&h.root, dir, e);

	if (r < 0)
		return r;
	h.open_nodes = open_nodes_new();
	h.stop = calloc(1, sizeof(*h.stop));
	h.knows_processes = !root_is_tree(&h.root);
	*ret = h;
	ret->root.log = &ret->log;
	return 0;
}

void host_close(struct host *h)
{
	root_close(&h->root);
	open_nodes_free(h->open_nodes);
	h->open_nodes = NULL;
	free(h->stop);
	h->stop = NULL;
}

void host_used_force(const struct host *h, size_t i)
{
	if (h->forced_used)
		h->forced_used[i] = true;
}

bool host_is_forced(const struct host *h, const char *name, const char *other_name)
{
	for (size_t i = 0; i < h->n_forced; i++)
		if ((name && !strcmp(h->forced[i], name)) ||
		    (other_name && !strcmp(h->forced[i], other_name))) {
			host_used_force(h, i);
			return true;
		}
	return false;
}

void host_cpu(const struct host *h, char ret[HOST_CPU_MAX])
{
	_cleanup_close_ int fd = root_openat(&h->root, O_RDONLY, "proc/cpuinfo");
	ssize_t n = fd < 0 ? 0 : read(fd, ret, HOST_CPU_MAX - 1);

	ret[n > 0 ? n : 0] = '\0';
}

bool host_is_arm(const struct host *h)
{
	char cpu[HOST_CPU_MAX];

	host_cpu(h, cpu);
	return strstr(cpu, "CPU implementer");
}

int host_file_failed(const struct host *h, const char *file, int r, struct err *e)
{
	char path[PATH_MAX];
	int dir = (int)(strrchr(file, '/') - file);

	snprintf(path, sizeof(path), "%s/%s", h->root.dir, file);
	err_set(e, -r, "%s", strerror(-r));
	err_at(e, r, path, "write");
	switch (-r) {
	case ENOSPC:
	case EDQUOT:
		return err_fix(e, r, "free some space there");
	case EROFS:
		return err_fix(e, r, "mount it writable");
	case EACCES:
	case EPERM:
		return err_fix(e, r, "run as root");
	default:
		return err_fix(e, r, "make the directory /%.*s writable", dir, file);
	}
}

int host_refuse_capture(struct err *e)
{
	err_refuse(e, ENOTSUP, "vfyard changes devices only on the running host, not below --root");
	return err_fix(e, -ENOTSUP, "run it without --root on the host itself");
}

void host_boot_id(const struct host *h, char ret[BOOT_ID_MAX])
{
	if (root_read(&h->root, ret, BOOT_ID_MAX, "proc/sys/kernel/random/boot_id") <= 0)
		snprintf(ret, BOOT_ID_MAX, "-");
}
