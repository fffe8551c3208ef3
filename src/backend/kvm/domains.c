// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds running guests by name, by pid, or by the socket of their monitor. */
#include <string.h>
#include <sys/stat.h>

#include "backend/kvm/kvm.h"
#include "backend/kvm/libvirt/guest.h"
#include "backend/kvm/process.h"
#include "host/open_files.h"

static int found(struct guest *g, struct domain *ret)
{
	struct domain d = { .id = g->pid || g->is_off ? g->pid : UINT32_MAX, .cookie = g };

	memcpy(d.name, g->name, sizeof(d.name));
	*ret = d;
	return 0;
}

static struct guest *find_name(const struct backend *b, const char *name)
{
	for (size_t i = 0; i < b->n_guests; i++)
		if (!strcmp(b->guests[i]->name, name))
			return b->guests[i];
	return NULL;
}

/* Finds a guest by libvirt's name for it, because users of virsh know it by that name. */
static struct guest *find_libvirt_name(const struct backend *b, const char *name)
{
	for (size_t i = 0; i < b->n_guests; i++) {
		const struct topo_domain *d = b->guests[i]->topo;

		if (d && d->libvirt && !strcmp(d->libvirt, name))
			return b->guests[i];
	}
	return NULL;
}

/* A name may be another guest's; libvirt's number for a domain is nobody else's. */
static struct guest *find_uuid(const struct backend *b, const char *uuid)
{
	for (size_t i = 0; *uuid && i < b->n_guests; i++)
		if (!strcmp(b->guests[i]->cmdline.uuid, uuid))
			return b->guests[i];
	return NULL;
}

static struct guest *find_pid(const struct backend *b, const char *text)
{
	char *end;
	unsigned long pid = strtoul(text, &end, 10);

	for (size_t i = 0; end != text && !*end && i < b->n_guests; i++)
		if (b->guests[i]->pid == pid)
			return b->guests[i];
	return NULL;
}

/* Asks for the name that QEMU was given, when its process cannot be seen. */
static void ask_name(struct guest *g, unsigned timeout_ms)
{
	json_t *v = NULL;
	struct err ignored = { 0 };
	const char *name;

	if (qmp_call(g->qmp, "query-name", NULL, timeout_ms, &v, &ignored) == 0) {
		name = json_string_value(json_object_get(v, "name"));
		if (name && *name)
			snprintf(g->name, sizeof(g->name), "%s", name);
	}
	json_decref(v);
}

static uint32_t folder_owner(const struct host *h, const char *path)
{
	const char *name = strrchr(path, '/');
	char dir[256];
	struct stat st;

	snprintf(dir, sizeof(dir), "%.*s", (int)(name - path), path);
	return fstatat(h->root.fd, dir[0] ? dir + 1 : ".", &st, 0) < 0 ? UINT32_MAX : st.st_uid;
}

/* A device is given only to root, to the owner of the folder, or to somebody who may have one. */
static int check_listener(const struct backend *b, const struct qmp *q, const char *path,
			  struct err *e)
{
	uint32_t pid = qmp_peer(q), uid = qmp_peer_uid(q);
	char label[PROCESS_LABEL_MAX];
	struct ids ids;

	if (!b->host->knows_processes || uid == 0 || uid == folder_owner(b->host, path))
		return 0;
	process_ids(b->host, pid, &ids);
	if (ids.is_known && ids.uid == uid && ids_may_vfio(b->host, &ids))
		return 0;
	err_refuse(e, EPERM,
		   "%s listens on %s as user %u, who can open no VFIO device and does not own the "
		   "folder",
		   process_label(label, b->host, pid), path, uid);
	return err_fix(e, -EPERM, "put the socket of a guest into a folder of the user it runs as");
}

/* Finds whoever listens there: a guest that we know, or one whose process cannot be seen from
 * here. */
static int find_socket(struct backend *b, const char *path, const struct topo_domain *topo,
		       struct guest **ret, struct err *e)
{
	struct qmp *q;
	struct guest *g;
	uint32_t pid;
	int r;

	for (size_t i = 0; i < b->n_guests; i++)
		if (!strcmp(b->guests[i]->cmdline.qmp, path) ||
		    !strcmp(b->guests[i]->cmdline.qmp_more, path)) {
			*ret = b->guests[i];
			return 0;
		}
	if (b->host->leaves_guests)
		return err_set(e, ESRCH, "guests are not asked with --no-attach");
	r = qmp_open(&q, b->host, path, b->host->timeout_ms, e);
	if (r < 0)
		return r;
	r = check_listener(b, q, path, e);
	if (r < 0) {
		qmp_close(q);
		return r;
	}
	pid = qmp_peer(q);
	for (size_t i = 0; pid && i < b->n_guests; i++)
		if (b->guests[i]->pid == pid && !b->guests[i]->qmp) {
			*ret = b->guests[i];
			(*ret)->qmp = q;
			snprintf((*ret)->cmdline.qmp, sizeof((*ret)->cmdline.qmp), "%s", path);
			return 0;
		}
	g = guests_add(b, pid);
	if (!g) {
		qmp_close(q);
		return err_set(e, ENOMEM, "out of memory");
	}
	g->is_qemu = true;
	g->qmp = q;
	g->topo = topo;
	snprintf(g->cmdline.qmp, sizeof(g->cmdline.qmp), "%s", path);
	snprintf(g->name, sizeof(g->name), "%s", topo ? topo->name : path);
	if (!topo)
		ask_name(g, b->host->timeout_ms);
	*ret = g;
	return 0;
}

/* proc that is mounted with hidepid= shows a user his own processes only. */
static bool sees_others(const struct host *h)
{
	return !h->knows_processes || root_exists(&h->root, "proc/1/comm");
}

/* "web1, db1" of those that run. */
static int not_found(const struct backend *b, const char *name, struct err *e)
{
	char list[256] = "none";
	size_t n = 0;

	for (size_t i = 0; i < b->n_guests && n < sizeof(list); i++)
		if (b->guests[i]->is_qemu && !b->guests[i]->is_off)
			n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "",
					      b->guests[i]->name);
	if (!sees_others(b->host)) {
		err_set(e, ESRCH,
			"domain '%s' is not seen: proc hides the processes of other users; seen: "
			"%s",
			name, list);
		return err_fix(e, -ESRCH, "run as root");
	}
	err_set(e, ESRCH, "there is no running domain '%s'; running: %s", name, list);
	return err_fix(e, -ESRCH, "start it, or add the socket of its monitor: --qmp PATH");
}

int kvm_domain_find(struct backend *b, const char *name, struct domain *ret, struct err *e)
{
	const struct topo_domain *topo = b->topo ? topology_find_domain(b->topo, name) : NULL;
	struct guest *g;
	int r = guests_read(b, e);

	if (r < 0)
		return r;
	if (strchr(name, '/')) {
		r = find_socket(b, name, NULL, &g, e);
		return r < 0 ? r : found(g, ret);
	}
	g = find_name(b, name);
	if (!g)
		g = find_libvirt_name(b, name);
	if (!g)
		g = find_uuid(b, name);
	if (!g)
		g = find_pid(b, name);
	if (g)
		return found(g, ret);
	r = names_refuse_twins(b, name, e);
	if (r < 0)
		return r;
	r = virt_guest_off(b, name, &g, e);
	if (r != -ESRCH)
		return r < 0 ? r : found(g, ret);
	if (!topo || !topo->qmp) {
		r = names_refuse_unread(b, name, e);
		return r < 0 ? r : not_found(b, name, e);
	}
	r = find_socket(b, topo->qmp, topo, &g, e);
	/* When nobody listens, or nobody was recorded in a capture, it does not run. */
	if (r == -ENOENT || r == -ECONNREFUSED || r == -ENODATA)
		return err_fix(
			e, err_set(e, ESRCH, "it does not run: nobody listens on %s", topo->qmp),
			"start it with what this prints: vfyard render --with-machine qemu %s",
			name);
	return r < 0 ? r : found(g, ret);
}
