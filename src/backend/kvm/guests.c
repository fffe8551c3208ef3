// SPDX-License-Identifier: GPL-2.0-or-later
/* Who runs: QEMU processes with their names and monitors, and other users of VFIO. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "backend/kvm/kvm.h"
#include "backend/kvm/process.h"
#include "host/open_files.h"

#define CMDLINE_MAX (4u << 20)

/* The whole of proc/PID/cmdline; only its start when that is not QEMU's. */
static char *read_cmdline(const struct host *h, uint32_t pid, size_t *ret_len)
{
	_cleanup_close_ int fd = root_openat(&h->root, O_RDONLY, "proc/%u/cmdline", pid);
	_cleanup_free_ char *buf = NULL;
	size_t len = 0, size = 0;
	ssize_t n = -1;

	while (fd >= 0 && size < CMDLINE_MAX) {
		if (len == size) {
			char *more = realloc(buf, size ? 4 * size : 4096);

			if (!more)
				return NULL;
			buf = more;
			size = size ? 4 * size : 4096;
		}
		n = read(fd, buf + len, size - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	*ret_len = len;
	return len ? STEAL(buf) : NULL;
}

/* systemd-machined keeps libvirt's guests in scopes of this name. */
static bool is_in_libvirt_scope(const struct host *h, uint32_t pid)
{
	char text[1024];

	return root_read(&h->root, text, sizeof(text), "proc/%u/cgroup", pid) > 0 &&
	       (strstr(text, "machine-qemu") || strstr(text, "/libvirt/"));
}

/* QEMU was told a path from where it was started. */
static void absolute_path(const struct host *h, uint32_t pid, char *qmp, size_t size)
{
	char dir[256], path[sizeof(dir) + sizeof(((struct cmdline *)0)->qmp)], link[64];
	ssize_t n;

	if (!qmp[0] || qmp[0] == '/')
		return;
	snprintf(link, sizeof(link), "proc/%u/cwd", pid);
	n = readlinkat(h->root.fd, link, dir, sizeof(dir) - 1);
	dir[n > 0 ? n : 0] = '\0';
	snprintf(path, sizeof(path), "%s/%s", dir, qmp);
	if (n <= 0 || strlen(path) >= size)
		qmp[0] = '\0';
	else
		memcpy(qmp, path, strlen(path) + 1);
}

struct guest *guests_add(struct backend *b, uint32_t pid)
{
	struct guest **v = reallocarray(b->guests, b->n_guests + 1, sizeof(struct guest *));
	struct guest *g;

	if (!v)
		return NULL;
	b->guests = v;
	g = calloc(1, sizeof(*g));
	if (!g)
		return NULL;
	g->pid = pid;
	return v[b->n_guests++] = g;
}

/* What the arguments of a process are worth. */
enum worth {
	WORTH_NOTHING,	 /* it is no QEMU, whatever they say */
	WORTH_A_NOTE,	 /* it is a QEMU that can have no function */
	WORTH_A_WRAPPER, /* a guest when they say so */
	WORTH_A_GUEST,
};

static bool holds_vfio(const struct backend *b, uint32_t pid)
{
	for (size_t i = 0; i < b->users.n; i++)
		if (b->users.v[i].pid == pid)
			return true;
	return false;
}

/* Everybody may start a program under any name with any arguments. A guest is one that can open a
 * device: by its user, because libvirt opens it for it, or because it has one. */
static enum worth worth_of(const struct backend *b, uint32_t pid)
{
	enum program program = process_program(b->host, pid);
	struct ids ids;

	if (program == PROGRAM_NOTHING || program == PROGRAM_SET_ID)
		return WORTH_NOTHING;
	process_ids(b->host, pid, &ids);
	if (program == PROGRAM_OTHER && root_is_tree(&b->host->root) && !ids.is_known)
		return WORTH_NOTHING;
	if (program == PROGRAM_OTHER)
		return ids_are_root(&ids) ? WORTH_A_WRAPPER : WORTH_NOTHING;
	return ids_may_vfio(b->host, &ids) || holds_vfio(b, pid) ||
			       process_is_in_machine_slice(b->host, pid)
		       ? WORTH_A_GUEST
		       : WORTH_A_NOTE;
}

static int add_qemu(struct backend *b, uint32_t pid, const struct cmdline *c)
{
	struct guest *g = guests_add(b, pid);

	if (!g)
		return -ENOMEM;
	g->is_qemu = true;
	g->cmdline = *c;
	g->cmdline.is_libvirt |= is_in_libvirt_scope(b->host, pid);
	absolute_path(b->host, pid, g->cmdline.qmp, sizeof(g->cmdline.qmp));
	absolute_path(b->host, pid, g->cmdline.qmp_more, sizeof(g->cmdline.qmp_more));
	return 0;
}

static int read_process(struct backend *b, uint32_t pid)
{
	enum worth worth = worth_of(b, pid);
	_cleanup_free_ char *text = NULL;
	struct cmdline c;
	size_t len = 0;
	int r;

	if (worth == WORTH_NOTHING)
		return 0;
	text = read_cmdline(b->host, pid, &len);
	r = text ? cmdline_parse(&c, text, len) : -ENOENT;
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (worth == WORTH_A_NOTE) {
		b->n_passed++;
		b->passed = pid;
	} else {
		r = add_qemu(b, pid, &c);
	}
	if (r < 0 || worth == WORTH_A_NOTE)
		cmdline_done(&c);
	return r;
}

static void note_passed(const struct backend *b)
{
	char label[PROCESS_LABEL_MAX];

	if (b->n_passed)
		log_note(&b->host->log,
			 "%s%s no guest of this host: no VFIO device is open to the user it runs "
			 "as",
			 process_label(label, b->host, b->passed),
			 b->n_passed > 1 ? " and others, which call themselves QEMU, are"
					 : ", which calls itself QEMU, is");
}

static int by_pid(const void *a, const void *b)
{
	const struct guest *x = *(struct guest *const *)a, *y = *(struct guest *const *)b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

int guests_read(struct backend *b, struct err *e)
{
	_cleanup_dir_ DIR *dir = NULL;
	struct dirent *d;
	int r = 0;

	if (b->has_guests)
		return 0;
	r = kvm_users(b, 1000, e);
	if (r < 0)
		return r;
	dir = root_opendir(&b->host->root, "proc");
	if (!dir && errno != ENOENT)
		return err_set(e, errno, "read /proc: %s", strerror(errno));
	while (dir && r == 0 && (d = readdir(dir))) {
		char *end;
		unsigned long pid = strtoul(d->d_name, &end, 10);

		if (d->d_name[0] >= '1' && d->d_name[0] <= '9' && !*end && pid <= UINT32_MAX)
			r = read_process(b, (uint32_t)pid);
	}
	if (r < 0)
		return err_set(e, -r, "look for running guests: %s", strerror(-r));
	names_give(b);
	if (b->n_guests)
		qsort(b->guests, b->n_guests, sizeof(struct guest *), by_pid);
	note_passed(b);
	b->has_guests = true;
	return 0;
}

struct guest *guests_of_pid(struct backend *b, uint32_t pid)
{
	struct guest *g;

	for (size_t i = 0; i < b->n_guests; i++)
		if (b->guests[i]->pid == pid)
			return b->guests[i];
	g = guests_add(b, pid);
	if (g)
		names_by_pid(b->host, g);
	return g;
}

struct guest *guests_of_user(struct backend *b, const struct vfio_user *user)
{
	struct guest *best = NULL;

	for (; user; user = users_next(&b->users, user)) {
		struct guest *g = guests_of_pid(b, user->pid);

		if (g && (!best || (g->is_qemu && !best->is_qemu)))
			best = g;
	}
	return best;
}

void guests_done(struct backend *b)
{
	for (size_t i = 0; i < b->n_guests; i++) {
		struct guest *g = b->guests[i];

		qmp_close(g->qmp);
		machine_done(&g->machine);
		cmdline_done(&g->cmdline);
		free(g);
	}
	free(b->guests);
}
