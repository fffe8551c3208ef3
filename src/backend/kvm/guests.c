// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds what runs: QEMU processes with their names and monitors, and other users of VFIO. */
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "backend/kvm/kvm.h"
#include "backend/kvm/process.h"
#include "host/open_files.h"
#include "host/process_args.h"

/* systemd-machined keeps libvirt's guests in scopes with the first name; without it libvirt has a
 * group of its own for each, "/machine/qemu-1-web1.libvirt-qemu". */
static bool is_in_libvirt_scope(const struct host *h, uint32_t pid)
{
	char text[1024];

	return root_read(&h->root, text, sizeof(text), "proc/%u/cgroup", pid) > 0 &&
	       (strstr(text, "machine-qemu") || strstr(text, "/libvirt/") ||
		strstr(text, ".libvirt-qemu"));
}

/* QEMU's path may be relative to where QEMU was started. */
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
	struct guest *g;

	if (ARRAY_GROW(b->guests, b->n_guests) < 0)
		return NULL;
	g = calloc(1, sizeof(*g));
	if (!g)
		return NULL;
	g->pid = pid;
	return b->guests[b->n_guests++] = g;
}

/* How far the arguments of a process are believed. */
enum worth {
	WORTH_NOTHING,	 /* whatever they say, it is not a QEMU */
	WORTH_A_NOTE,	 /* it is a QEMU that can have no function */
	WORTH_A_WRAPPER, /* it is a guest if they say so */
	WORTH_A_GUEST,
};

static bool holds_vfio(const struct backend *b, uint32_t pid)
{
	for (size_t i = 0; i < b->users.n; i++)
		if (b->users.v[i].pid == pid)
			return true;
	return false;
}

/* Anybody may start a program under any name with any arguments. A guest is one that can open a
 * device: because of its user, because libvirt opens it for the guest, or because it has one
 * open. */
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

/* Processes whose arguments are to be read, with the worth of each beside it. */
struct candidates {
	struct process_args *args;
	enum worth *worths;
	size_t n, allocated;
};

static void candidates_done(struct candidates *c)
{
	process_args_done(c->args, c->n);
	free(c->worths);
}

static int add_candidate(struct candidates *c, uint32_t pid, enum worth worth)
{
	if (c->n == c->allocated) {
		size_t want = c->allocated ? 2 * c->allocated : 64;
		struct process_args *args = reallocarray(c->args, want, sizeof(*args));
		enum worth *worths;

		if (!args)
			return -ENOMEM;
		c->args = args;
		worths = reallocarray(c->worths, want, sizeof(*worths));
		if (!worths)
			return -ENOMEM;
		c->worths = worths;
		c->allocated = want;
	}
	c->args[c->n] = (struct process_args){ .pid = pid };
	c->worths[c->n++] = worth;
	return 0;
}

static void pass(struct backend *b, uint32_t pid)
{
	b->n_passed++;
	b->passed = pid;
}

/* Adds a QEMU of which only the program is known. */
static int add_unreadable(struct backend *b, uint32_t pid)
{
	struct guest *g = guests_add(b, pid);

	if (!g)
		return -ENOMEM;
	g->is_qemu = true;
	g->is_unreadable = true;
	return 0;
}

static int add_process(struct backend *b, const struct process_args *a, enum worth worth)
{
	struct cmdline c;
	int r;

	if (a->is_unreadable)
		return worth == WORTH_A_GUEST && process_program(b->host, a->pid) == PROGRAM_QEMU
			       ? add_unreadable(b, a->pid)
			       : 0;
	r = a->text ? cmdline_parse(&c, a->text, a->len) : -ENOENT;
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (worth == WORTH_A_NOTE)
		pass(b, a->pid);
	else
		r = add_qemu(b, a->pid, &c);
	if (r < 0 || worth == WORTH_A_NOTE)
		cmdline_done(&c);
	return r;
}

/* When the program says enough, a process that can have no device is not asked for its arguments,
 * because it may keep the reader waiting. */
static int look_at(struct backend *b, uint32_t pid, struct candidates *c)
{
	enum worth worth = worth_of(b, pid);

	if (worth == WORTH_NOTHING)
		return 0;
	if (worth == WORTH_A_NOTE && process_program(b->host, pid) == PROGRAM_QEMU) {
		pass(b, pid);
		return 0;
	}
	return add_candidate(c, pid, worth);
}

static void note_passed(const struct backend *b)
{
	char label[PROCESS_LABEL_MAX];

	if (b->n_passed)
		log_note(&b->host->log,
			 "%s%s ignored, because the user who runs %s can open no VFIO device",
			 process_label(label, b->host, b->passed),
			 b->n_passed > 1 ? " and others, which call themselves QEMU, are"
					 : ", which calls itself QEMU, is",
			 b->n_passed > 1 ? "them" : "it");
}

static int by_pid(const void *a, const void *b)
{
	const struct guest *x = *(struct guest *const *)a, *y = *(struct guest *const *)b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static int read_processes(struct backend *b)
{
	_cleanup_(candidates_done) struct candidates c = { 0 };
	_cleanup_dir_ DIR *dir = root_opendir(&b->host->root, "proc");
	struct dirent *d;
	int r = !dir && errno != ENOENT ? -errno : 0;

	while (dir && r == 0 && (d = readdir(dir))) {
		char *end;
		unsigned long pid = strtoul(d->d_name, &end, 10);

		if (d->d_name[0] >= '1' && d->d_name[0] <= '9' && !*end && pid <= UINT32_MAX)
			r = look_at(b, (uint32_t)pid, &c);
	}
	if (r == 0)
		r = process_args_read(b->host, c.args, c.n);
	for (size_t i = 0; r == 0 && i < c.n; i++)
		r = add_process(b, &c.args[i], c.worths[i]);
	return r;
}

int guests_read(struct backend *b, struct err *e)
{
	int r = b->has_guests ? 0 : kvm_users(b, 1000, e);

	if (b->has_guests || r < 0)
		return r;
	r = read_processes(b);
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
		free(g->left);
		cmdline_done(&g->cmdline);
		free(g);
	}
	free(b->guests);
}
