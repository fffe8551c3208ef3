// SPDX-License-Identifier: GPL-2.0-or-later
/* The public library: a session behind an opaque handle, JSON and text out. */
#include "vfyard.h"

#include <string.h>

#include "engine/session/session.h"
#include "engine/plan/plan_assign.h"
#include "report/list.h"
#include "report/render_host.h"

struct vfy {
	struct session s;
	struct err e;
	struct err unopened; /* why there is no host behind it */
	int opened;	     /* 0, or what vfy_open() returned */
	char text[sizeof(struct err)];
};

int vfy_open(struct vfy **ret, const struct vfy_options *o)
{
	struct vfy_options given = { 0 };
	struct vfy *v = calloc(1, sizeof(*v));
	int r;

	*ret = v;
	if (!v)
		return -ENOMEM;
	/* A caller built against an older header has a shorter struct. */
	if (o)
		memcpy(&given, o, o->size < sizeof(given) ? o->size : sizeof(given));
	v->s.lock_fd = -1;
	r = host_open(&v->s.host, given.root, &v->e);
	v->unopened = v->e;
	v->opened = r;
	if (r < 0)
		return r;
	v->s.host.log.to = NULL;
	if (given.timeout_ms)
		v->s.host.timeout_ms = given.timeout_ms;
	v->s.config = given.config;
	v->s.hypervisor = given.hypervisor ? given.hypervisor : "auto";
	v->s.command = "libvfyard";
	return 0;
}

/* Every call of a handle that was not opened fails as its vfy_open() did. */
static int begin(struct vfy *v)
{
	v->e = v->unopened;
	return v->opened;
}

void vfy_close(struct vfy *v)
{
	if (!v)
		return;
	session_close(&v->s);
	free(v);
}

const char *vfy_error(struct vfy *v)
{
	return err_format(&v->e, v->text, sizeof(v->text));
}

int vfy_exit_status(const struct vfy *v)
{
	return v->e.code && v->e.status == EXIT_DONE ? EXIT_FAILED : (int)v->e.status;
}

const char *vfy_version(void)
{
	return VERSION;
}

int vfy_list(struct vfy *v, char **ret_json)
{
	_cleanup_free_ bool *shown = NULL;
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	FILE *out;
	int r = begin(v);

	if (r < 0)
		return r;
	r = session_inventory(&v->s, INVENTORY_ALL, &v->e);
	if (r < 0)
		return r;
	shown = malloc(v->s.inv->n_pfs + 1);
	out = open_memstream(&text, &len);
	if (!shown || !out)
		return err_set(&v->e, ENOMEM, "out of memory");
	memset(shown, true, v->s.inv->n_pfs);
	r = list_json(&(struct listing){ v->s.inv, shown, NULL, false }, out);
	if (fclose(out) && r == 0)
		r = -ENOMEM;
	if (r < 0)
		return err_set(&v->e, -r, "%s", strerror(-r));
	*ret_json = STEAL(text);
	return 0;
}

int vfy_render(struct vfy *v, const char *format, const char *domain, char **ret_text)
{
	int r = begin(v);

	return r < 0 ? r
		     : render_host(&v->s, format, domain, &(struct render_options){ 0 }, ret_text,
				   &v->e);
}

/* What all mutating calls share: the engine under the lock, and the devices. */
static int prepare(struct vfy *v, const char *const *devs, size_t n, struct engine *ret,
		   struct devlist *ret_devs)
{
	int r = begin(v);

	if (r == 0)
		r = session_engine(&v->s, ret, &v->e);
	return r < 0 ? r : session_devices(&v->s, (int)n, devs, ret_devs, &v->e);
}

/* The change that was planned with @r; ends with it. */
static int run(struct vfy *v, struct engine *en, struct change *c, int r)
{
	if (r == 0)
		r = engine_run(en, &c->plan, &v->e);
	change_done(c, v->s.ops);
	return r;
}

int vfy_assignable_add(struct vfy *v, const char *const *devs, size_t n, const char *name)
{
	_cleanup_(devlist_done) struct devlist l = { 0 };
	struct change c = { 0 };
	struct engine en;
	int r = prepare(v, devs, n, &en, &l);

	if (r == 0)
		r = change_assign(&en, &l, name ? name : "", &c, &v->e);
	return run(v, &en, &c, r);
}

int vfy_assignable_remove(struct vfy *v, const char *const *devs, size_t n, int give_back)
{
	_cleanup_(devlist_done) struct devlist l = { 0 };
	struct change c = { 0 };
	struct engine en;
	int r = prepare(v, devs, n, &en, &l);

	if (r == 0)
		r = change_unassign(&en, &l, give_back, &c, &v->e);
	return run(v, &en, &c, r);
}

int vfy_attach(struct vfy *v, const char *domain, const char *const *devs, size_t n)
{
	_cleanup_(devlist_done) struct devlist l = { 0 };
	struct change c = { 0 };
	struct engine en;
	int r = prepare(v, devs, n, &en, &l);

	if (r == 0)
		r = change_attach(&en, domain, &l, &c, &v->e);
	return run(v, &en, &c, r);
}

int vfy_detach(struct vfy *v, const char *domain, const char *const *devs, size_t n, int force)
{
	_cleanup_(devlist_done) struct devlist l = { 0 };
	struct change c = { 0 };
	struct engine en;
	int r = prepare(v, devs, n, &en, &l);

	if (r == 0)
		r = change_detach(&en, domain, &l, force, &c, &v->e);
	return run(v, &en, &c, r);
}
