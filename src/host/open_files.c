// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/open_files.h"

#include <string.h>

static bool is_pid(const char *s, uint32_t *ret)
{
	char *end;
	unsigned long v;

	if (*s < '1' || *s > '9')
		return false;
	v = strtoul(s, &end, 10);
	*ret = (uint32_t)v;
	return !*end && v <= INT32_MAX;
}

static int read_process(const struct host *h, uint32_t pid, open_file_fn fn, void *arg,
			bool *ret_partial)
{
	_cleanup_dir_ DIR *dir = root_opendir(&h->root, "proc/%u/fd", pid);
	struct dirent *d;
	int r = 0;

	/* One that ended meanwhile has nothing open. */
	if (!dir) {
		*ret_partial |= errno == EACCES || errno == EPERM;
		return 0;
	}
	while (r == 0 && (d = readdir(dir))) {
		char target[128];
		ssize_t n = readlinkat(dirfd(dir), d->d_name, target, sizeof(target) - 1);

		if (n <= 0 || target[0] != '/')
			continue;
		target[n] = '\0';
		r = fn(arg, &(struct open_file){ pid, dirfd(dir), d->d_name, target });
	}
	return r;
}

int open_files_each(const struct host *h, uint32_t pid, open_file_fn fn, void *arg,
		    bool *ret_partial)
{
	_cleanup_dir_ DIR *dir = NULL;
	struct dirent *d;
	int r = 0;

	if (pid)
		return read_process(h, pid, fn, arg, ret_partial);
	dir = root_opendir(&h->root, "proc");
	if (!dir)
		return root_is_tree(&h->root) && errno == ENOENT ? 0 : -errno;
	while (r == 0 && (d = readdir(dir)))
		if (is_pid(d->d_name, &pid))
			r = read_process(h, pid, fn, arg, ret_partial);
	return r;
}

static void clean(char *s)
{
	for (; *s; s++)
		if (*s <= ' ' || *s >= 0x7f)
			*s = '_';
}

/* The last part of the path of a line "0::/lxc.payload.web1/init.scope" that names more than a
 * place inside a container or a login. Source: cgroups(7), /proc/PID/cgroup. */
static const char *group_name(char *text)
{
	char *line = strstr(text, "0::/"), *path, *slash;

	path = line ? line + 3 : strchr(text, '/');
	if (!path)
		return NULL;
	path[strcspn(path, "\n")] = '\0';
	while ((slash = strrchr(path, '/')) &&
	       (!slash[1] || !strcmp(slash, "/init.scope") || !strcmp(slash, "/libvirt") ||
		!strcmp(slash, "/emulator")) &&
	       slash != path)
		*slash = '\0';
	return slash && slash[1] ? slash + 1 : NULL;
}

const char *process_label(char buf[PROCESS_LABEL_MAX], const struct host *h, uint32_t pid)
{
	char comm[32], text[1024];
	const char *group = NULL;

	if (root_read(&h->root, comm, sizeof(comm), "proc/%u/comm", pid) <= 0)
		snprintf(comm, sizeof(comm), "a process");
	else
		clean(comm);
	if (root_read(&h->root, text, sizeof(text), "proc/%u/cgroup", pid) > 0)
		group = group_name(text);
	if (group)
		clean((char *)group);
	snprintf(buf, PROCESS_LABEL_MAX, "%.31s (pid %u%s%.64s)", comm, pid, group ? ", " : "",
		 group ? group : "");
	return buf;
}
