// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/open_files.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/deadline.h"

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

/* One walk over open files. */
struct walk {
	const struct host *h;
	open_file_fn fn;
	void *arg;
	bool is_partial;
	struct deadline until; /* of all of it */
	size_t n;	       /* descriptors so far */
};

/* A user may have hundreds of thousands in each of his processes. */
static int look_at_clock(struct walk *w)
{
	return w->n++ % 1024 == 1023 && !deadline_left_ms(&w->until) ? -ETIMEDOUT : 0;
}

/* One table of descriptors; *ret_any: has it any? */
static int read_table(struct walk *w, DIR *dir, uint32_t pid, bool *ret_any)
{
	struct dirent *d;
	int r = 0;

	while (r == 0 && (d = readdir(dir))) {
		char target[128];
		ssize_t n = readlinkat(dirfd(dir), d->d_name, target, sizeof(target) - 1);

		*ret_any |= d->d_name[0] != '.';
		r = look_at_clock(w);
		if (r < 0 || n <= 0 || target[0] != '/')
			continue;
		target[n] = '\0';
		r = w->fn(w->arg, &(struct open_file){ pid, dirfd(dir), d->d_name, target });
	}
	return r;
}

/* When the kernel cannot tell, the table is read: reading it twice does no harm. */
static bool shares_table(const struct walk *w, uint32_t pid, uint32_t tid)
{
	return !root_is_tree(&w->h->root) &&
	       syscall(SYS_kcmp, (pid_t)pid, (pid_t)tid, KCMP_FILES, 0, 0) == 0;
}

/* The directory has a link for each thread besides its own two, so the directory of a process that
 * has no other thread need not be opened. Source: Linux fs/proc/base.c, proc_task_getattr(). */
static bool has_threads(const struct walk *w, uint32_t pid)
{
	char path[32];
	struct stat st;

	snprintf(path, sizeof(path), "proc/%u/task", pid);
	return fstatat(w->h->root.fd, path, &st, 0) == 0 && st.st_nlink > 3;
}

/* Reads threads that have other descriptors than the first thread; the same table may be read once
 * for each of them. */
static int read_threads(struct walk *w, uint32_t pid)
{
	_cleanup_dir_ DIR *tasks = root_opendir(&w->h->root, "proc/%u/task", pid);
	struct dirent *d;
	uint32_t tid;
	bool any = false;
	int r = 0;

	while (tasks && r == 0 && (d = readdir(tasks))) {
		_cleanup_dir_ DIR *dir = NULL;

		if (!is_pid(d->d_name, &tid) || tid == pid || shares_table(w, pid, tid))
			continue;
		dir = root_opendir(&w->h->root, "proc/%u/task/%u/fd", pid, tid);
		if (dir)
			r = read_table(w, dir, pid, &any);
		else
			w->is_partial |= errno == EACCES || errno == EPERM;
	}
	return r;
}

static int read_process(struct walk *w, uint32_t pid)
{
	_cleanup_dir_ DIR *dir = root_opendir(&w->h->root, "proc/%u/fd", pid);
	bool any = false;
	int r;

	/* A process that ended meanwhile has nothing open. */
	if (!dir) {
		w->is_partial |= errno == EACCES || errno == EPERM;
		return 0;
	}
	r = read_table(w, dir, pid, &any);
	if (r == 0 && (!any || root_is_tree(&w->h->root) || has_threads(w, pid)))
		r = read_threads(w, pid);
	return r;
}

static int read_all(struct walk *w)
{
	_cleanup_dir_ DIR *dir = root_opendir(&w->h->root, "proc");
	struct dirent *d;
	bool has_first = root_is_tree(&w->h->root);
	uint32_t pid;
	int r = 0;

	if (!dir)
		return root_is_tree(&w->h->root) && errno == ENOENT ? 0 : -errno;
	while (r == 0 && (d = readdir(dir)))
		if (is_pid(d->d_name, &pid)) {
			has_first |= pid == 1;
			r = read_process(w, pid);
		}
	/* Mounted so that a user sees his own only: those of others are not even in the list. */
	w->is_partial |= !has_first;
	return r;
}

int open_files_each(const struct host *h, uint32_t pid, open_file_fn fn, void *arg,
		    bool *ret_partial)
{
	struct walk w = { .h = h, .fn = fn, .arg = arg, .until = deadline_in(h->timeout_ms) };
	int r = pid ? read_process(&w, pid) : read_all(&w);

	*ret_partial |= w.is_partial;
	return r;
}

bool open_file_is_usable(const struct open_file *f)
{
	struct stat st;

	return fstatat(f->dir, f->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (st.st_mode & (S_IRUSR | S_IWUSR));
}

int open_file_stat(const struct open_file *f, struct stat *ret)
{
	struct statx x;

	if (statx(f->dir, f->name, AT_STATX_DONT_SYNC, STATX_TYPE, &x) < 0)
		return -errno;
	*ret = (struct stat){ .st_mode = x.stx_mode,
			      .st_rdev = makedev(x.stx_rdev_major, x.stx_rdev_minor) };
	return 0;
}

static void clean(char *s)
{
	for (; *s; s++)
		if (*s <= ' ' || *s >= 0x7f)
			*s = '_';
}

/* Returns the last part of the path in a line "0::/lxc.payload.web1/init.scope" that is more than a
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
