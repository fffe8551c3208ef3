// SPDX-License-Identifier: GPL-2.0-or-later
/* What a run rests on, opened on demand and closed once. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/event.h"
#include "host/lock.h"
#include "engine/session/forced.h"
#include "engine/run/recover.h"
#include "engine/session/session.h"
#include "engine/session/trial.h"
#include "topology/build/load.h"

/* The file of -C is the user's own path; only the default file lies below the root. */
static char *topology_path(const struct session *s)
{
	char *path;

	if (s->config)
		return strdup(s->config);
	if (asprintf(&path, "%s/%s", s->host.root.dir, HOST_TOPOLOGY) < 0)
		return NULL;
	return path;
}

static int no_topology(const char *path, struct err *e)
{
	err_usage(e, "no topology file");
	err_at(e, 0, path, "read");
	return err_fix(e, -EINVAL,
		       "make one of what this host has, run: vfyard import > /" HOST_TOPOLOGY
		       "; or name one with -C FILE; " EXAMPLES " has examples");
}

/* What is wrong in the file is in the problems only, and the first of them is the failure. */
static int load(struct session *s, struct err *e)
{
	struct err why = { 0 };
	struct topology **to = &s->topo;
	int r = s->config ? topology_load_on(to, s->topo_path, &s->host, &s->faults, &why)
			  : topology_load_below(to, s->topo_path, &s->host, &s->faults, &why);
	const struct problem *first = problems_first_error(&s->faults);

	if (r < 0 && !first && !why.cause[0])
		return err_set(e, ENOMEM, "out of memory");
	if (r < 0)
		err_copy(e, first && !why.cause[0] ? &first->err : &why);
	return r < 0 && first ? err_status(e, r, EXIT_USAGE) : r;
}

int session_load_topology(struct session *s, struct err *e)
{
	if (s->topo)
		return 0;
	if (!s->topo_path)
		s->topo_path = topology_path(s);
	if (!s->topo_path)
		return err_set(e, ENOMEM, "out of memory");
	problems_done(&s->faults);
	s->faults.file = s->topo_path;
	if (!s->config && !root_exists(&s->host.root, "%s", HOST_TOPOLOGY))
		return no_topology(s->topo_path, e);
	return load(s, e);
}

/* Otherwise the problem is about the file as a whole, which may not even be readable. */
static bool has_places(const struct problems *faults)
{
	const struct problem *first = problems_first_error(faults);

	return first && first->loc.line;
}

/* A shell makes it before "vfyard import > FILE" begins. */
static bool is_file_empty(const struct host *h)
{
	struct stat st;

	return fstatat(h->root.fd, HOST_TOPOLOGY, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode) && st.st_size == 0;
}

int session_topology(struct session *s, bool required, struct err *e)
{
	bool strict = required || s->config;
	int r;

	if (!strict &&
	    (!root_exists(&s->host.root, "%s", HOST_TOPOLOGY) || is_file_empty(&s->host)))
		return 0;
	r = session_load_topology(s, e);
	if (r < 0 && strict)
		problems_log(&s->faults, &s->host.log, LOG_QUIET);
	if (r == 0 || strict)
		return r;
	log_note(&s->host.log, "%s: not used: %s", s->topo_path,
		 has_places(&s->faults) ? "it has errors; run: vfyard check" : e->cause);
	*e = (struct err){ 0 };
	problems_done(&s->faults);
	return 0;
}

static const char *wanted_hypervisor(const struct session *s)
{
	const char *named = s->topo ? topology_hypervisor_name(s->topo) : NULL;

	return strcmp(s->hypervisor, "auto") != 0 || !named ? s->hypervisor : named;
}

int session_backend(struct session *s, bool required, struct err *e)
{
	int r = session_topology(s, false, e);

	if (r < 0)
		return r;
	if (!s->ops) {
		r = backend_choose(&s->ops, &s->host, wanted_hypervisor(s), e);
		if (r < 0)
			return err_at(e, r, "host", "find the hypervisor");
	}
	if (!s->ops && required) {
		if (!backend_why_none(&s->host, e))
			err_set(e, ENODEV, "this build has no support for the hypervisor");
		return err_at(e, -ENODEV, "host", "find the hypervisor");
	}
	if (!s->ops || s->backend)
		return 0;
	r = s->ops->open(&s->backend, &s->host, s->topo, e);
	return required ? err_at(r < 0 ? e : NULL, r, "host", "reach the hypervisor") : r;
}

/*
 * Without the hypervisor's own view, a VF of the pass-through driver is at best assignable. A note
 * says so once, so that nobody takes it for knowledge.
 */
static void guess_states(struct session *s)
{
	struct vf_ref at = { 0 };

	s->inv->hypervisor = s->ops->name;
	s->inv->domains_unseen = true;
	while (inventory_next(s->inv, &at)) {
		struct vf *vf = vf_of(at);

		if (vf->state == VF_HOST && vf->driver && !strcmp(vf->driver, s->ops->driver))
			vf->state = VF_ASSIGNABLE;
	}
	if (s->ops->glance)
		s->ops->glance(&s->host, s->inv);
}

void session_forget_pfs(struct session *s)
{
	binding_done(&s->bound);
	inventory_free(s->inv);
	s->inv = NULL;
}

int session_read_pfs(struct session *s, unsigned flags, struct err *e)
{
	unsigned needs;
	int r = session_topology(s, false, e);

	if (r < 0)
		return r;
	session_forget_pfs(s);
	needs = s->topo && topology_has_devs(s->topo) ? INVENTORY_FUNCTIONS : 0;
	r = inventory_read(&s->inv, &s->host, flags | needs, e);
	if (r == 0)
		s->inv->has_functions = flags & INVENTORY_FUNCTIONS;
	return r < 0 || !s->topo ? r : binding_make(&s->bound, s->topo, &s->host, s->inv, e);
}

/* A PF that is missing is no reason to stop here, because `check` reports it. */
static int read_pfs(struct session *s, unsigned flags, struct err *e)
{
	int r = session_read_pfs(s, flags, e);

	if (r == 0)
		problems_log(&s->bound.problems, &s->host.log, LOG_INFO);
	return r;
}

/* Says so once, and goes on with what sysfs has. */
static void go_on_unseen(struct session *s, const struct err *why)
{
	char text[1024];

	guess_states(s);
	s->unseen = *why;
	log_note(&s->host.log, "domains are not seen, so states are those of sysfs: %s",
		 err_format(why, text, sizeof(text)));
}

int session_inventory(struct session *s, unsigned flags, struct err *e)
{
	struct err why = { 0 };
	int r;

	r = read_pfs(s, flags, e);
	if (r < 0)
		return r;
	r = session_backend(s, false, &why);
	if (r < 0 && !s->ops) {
		err_copy(e, &why);
		return r;
	}
	if (r == 0 && s->ops)
		r = s->ops->survey(s->backend, s->inv, &why);
	if (r < 0 && s->ops)
		go_on_unseen(s, &why);
	return forced_check(s, e);
}

int session_state(struct session *s, struct err *e)
{
	return s->saved ? 0 : state_open(&s->saved, &s->host, e);
}

/* Reads all PFs and VFs, and who has them, as they are now. A dry run below --root changes nothing
 * on any host, so a capture without domains is still useful for what it has. */
static int look_at_host(struct session *s, struct err *e)
{
	struct err why = { 0 };
	int r = read_pfs(s, INVENTORY_ALL | INVENTORY_FUNCTIONS, e);

	if (r < 0)
		return r;
	r = s->ops->survey(s->backend, s->inv, &why);
	if (r < 0 && !(s->dry_run && root_is_tree(&s->host.root))) {
		err_copy(e, &why);
		return err_at(e, r, "host", "look at its domains");
	}
	if (r < 0)
		go_on_unseen(s, &why);
	return forced_check(s, e);
}

void session_cards(struct session *s)
{
	char name[BDF_STRLEN], bdf[BDF_STRLEN];

	cards_read(s->inv, &s->host);
	for (size_t i = 0; s->saved && i < s->inv->n_pfs; i++) {
		const struct pf *pf = &s->inv->pfs[i];
		const char *other = state_other_card(s->saved, pf);

		if (other)
			log_note(&s->host.log,
				 "%s (%s): this card (%s) is not the remembered one (%s), so what "
				 "is remembered is not used",
				 pf_label(name, pf), bdf_str(bdf, pf->bdf), pf->card, other);
	}
}

void session_tell_failure(const struct session *s, const struct problems *problems,
			  const struct err *e)
{
	bool has_each = problems && problems->n_errors && e->status == EXIT_REFUSED;

	if (s->dry_run)
		return;
	for (size_t i = 0; has_each && i < problems->n; i++)
		if (!problems->v[i].is_note)
			event_send_err(&s->host, &problems->v[i].err);
	if (!has_each)
		event_send_err(&s->host, e);
}

int session_may_change(const struct session *s, struct err *e)
{
	const struct root *root = &s->host.root;

	if (s->dry_run || (root_is_tree(root) && !root_is_captured(root)))
		return 0;
	if (geteuid() != 0)
		return err_fix(e, err_set(e, EPERM, "needs root"), "run it with sudo");
	if (!root_is_tree(root))
		return 0;
	err_refuse(e, ENOTSUP, "vfyard changes devices only on the running host, not below --root");
	return err_fix(e, -ENOTSUP, "run it without --root on the host itself, or add --dry-run");
}

static void fill_engine(struct session *s, struct engine *ret)
{
	*ret = (struct engine){ .host = &s->host,
				.ops = s->ops,
				.backend = s->backend,
				.inv = s->inv,
				.saved = s->saved,
				.command = s->command,
				.progress = s->progress,
				.dry_run = s->dry_run };
}

int session_lock(struct session *s, struct err *e)
{
	int fd;

	if (s->dry_run || s->lock_fd >= 0)
		return 0;
	fd = lock_take(&s->host, s->command, e);
	if (fd < 0)
		return fd;
	s->lock_fd = fd;
	return 0;
}

void session_unlock(struct session *s)
{
	if (s->lock_fd >= 0)
		lock_release(s->lock_fd);
	s->lock_fd = -1;
}

int session_engine(struct session *s, struct engine *ret, struct err *e)
{
	int r = session_backend(s, true, e);

	if (r == 0)
		r = session_lock(s, e);
	if (r == 0)
		r = trial_gate(s, e);
	if (r == 0)
		r = session_state(s, e);
	if (r == 0)
		r = look_at_host(s, e);
	if (r < 0)
		return r;
	session_cards(s);
	fill_engine(s, ret);
	if (s->dry_run)
		return 0;
	r = recover(ret, e);
	if (r == 1) {
		r = look_at_host(s, e);
		if (r == 0)
			cards_read(s->inv, &s->host);
		fill_engine(s, ret);
	}
	return r;
}

int session_devices(struct session *s, int n, const char *const *devs, struct devlist *ret,
		    struct err *e)
{
	int r;

	for (int i = 0; i < n; i++) {
		r = devlist_add(ret, &s->host, s->inv, s->saved, devs[i], e);
		if (r < 0)
			return err_at(e, r, devs[i], NULL);
	}
	return 0;
}

void session_close(struct session *s)
{
	if (s->backend)
		s->ops->close(s->backend);
	state_close(s->saved);
	state_close(s->trial);
	forced_done(s);
	session_forget_pfs(s);
	topology_free(s->topo);
	topology_free(s->file_topo);
	problems_done(&s->faults);
	free(s->topo_path);
	/* A process that is left with the lock must be one that is stuck. */
	if (s->host.root.dir)
		workers_end(s->host.root.workers);
	if (s->lock_fd >= 0)
		lock_release(s->lock_fd);
	if (s->host.root.dir)
		host_close(&s->host);
}
