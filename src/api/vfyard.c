// SPDX-License-Identifier: GPL-2.0-or-later
/* The public library: a session behind an opaque handle, and the calls about the handle itself. */
#include "api/handle.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/run/progress.h"
#include "engine/session/forced.h"

#define FLAGS (VFY_DRY_RUN | VFY_NO_ATTACH | VFY_YES | VFY_VERBOSE | VFY_DEBUG)

_Static_assert((int)VFY_DONE == (int)EXIT_DONE && (int)VFY_FAILED == (int)EXIT_FAILED &&
		       (int)VFY_USAGE == (int)EXIT_USAGE && (int)VFY_PENDING == (int)EXIT_PENDING &&
		       (int)VFY_REFUSED == (int)EXIT_REFUSED &&
		       (int)VFY_LOCKED == (int)EXIT_LOCKED && (int)VFY_LEFT == (int)EXIT_LEFT,
	       "one number for one status");
_Static_assert((int)VFY_LOG_ERROR == (int)LOG_QUIET && (int)VFY_LOG_NOTE == (int)LOG_NOTE &&
		       (int)VFY_LOG_INFO == (int)LOG_INFO && (int)VFY_LOG_DEBUG == (int)LOG_DEBUG,
	       "one number for one level");

static void say(void *arg, enum log_level level, const char *line)
{
	const struct vfy *v = arg;

	if (getpid() == v->owner)
		v->o.log(v->o.log_arg, (int)level, line);
}

/* A caller that was built with an older header has a shorter struct; in a longer one, everything
 * beyond ours must be zero. */
static int take_options(struct vfy_options *ret, const struct vfy_options *o, struct err *e)
{
	const unsigned char *all = (const unsigned char *)o;
	int r;

	if (!o)
		return 0;
	memcpy(ret, o, o->size < sizeof(*ret) ? o->size : sizeof(*ret));
	for (size_t i = sizeof(*ret); i < o->size; i++)
		if (all[i]) {
			r = err_usage(e, "the program sets an option that libvfyard " VERSION
					 " does not know");
			return err_fix(e, r, "install the libvfyard that it was built for");
		}
	if (!(ret->flags & ~(unsigned)FLAGS))
		return 0;
	r = err_usage(e, "libvfyard " VERSION " does not know flags 0x%x",
		      ret->flags & ~(unsigned)FLAGS);
	return err_fix(e, r, "install the libvfyard that the program was built for");
}

/* Replaces the text by a copy of it. */
static int keep(const char **text)
{
	if (!*text)
		return 0;
	*text = strdup(*text);
	return *text ? 0 : -ENOMEM;
}

/* What could not be copied is NULL, so that free_texts() can follow in any case. */
static int keep_texts(struct vfy_options *o)
{
	const char *const *given = o->forced;
	const char **forced = calloc(o->n_forced + 1, sizeof(*forced));
	int r = forced ? 0 : -ENOMEM;

	if (!forced)
		o->n_forced = 0;
	for (size_t i = 0; i < o->n_forced; i++) {
		forced[i] = given[i];
		r |= keep(&forced[i]);
	}
	o->forced = forced;
	o->root = NULL;
	r |= keep(&o->config);
	return r | keep(&o->hypervisor);
}

static void free_texts(struct vfy_options *o)
{
	for (size_t i = 0; i < o->n_forced; i++)
		free((char *)o->forced[i]);
	free((void *)o->forced);
	free((char *)o->config);
	free((char *)o->hypervisor);
}

static void use_options(struct vfy *v)
{
	struct host *h = &v->s.host;

	h->log = (struct log){ .say = v->o.log ? say : NULL,
			       .arg = v,
			       .level = v->o.flags & VFY_DEBUG	   ? LOG_DEBUG
					: v->o.flags & VFY_VERBOSE ? LOG_INFO
								   : LOG_NOTE };
	if (v->o.timeout_ms)
		h->timeout_ms = v->o.timeout_ms;
	h->forced = v->o.forced;
	h->n_forced = v->o.n_forced;
	v->s.config = v->o.config;
	v->s.hypervisor = v->o.hypervisor ? v->o.hypervisor : "auto";
	v->s.command = "libvfyard";
	v->s.dry_run = v->o.flags & VFY_DRY_RUN;
	if (v->o.progress)
		v->s.progress = progress_new_call(v->o.progress, v->o.progress_arg);
}

static int open_handle(struct vfy *v, const struct vfy_options *o)
{
	int r = take_options(&v->o, o, &v->e);
	const char *root = v->o.root;

	if (r < 0) {
		v->o = (struct vfy_options){ 0 };
		return r;
	}
	if (keep_texts(&v->o) < 0)
		return err_set(&v->e, ENOMEM, "out of memory");
	r = host_open(&v->s.host, root, &v->e);
	if (r == 0)
		use_options(v);
	return r;
}

int vfy_open(struct vfy **ret, const struct vfy_options *o)
{
	struct vfy *v = calloc(1, sizeof(*v));

	*ret = v;
	if (!v)
		return -ENOMEM;
	v->s.lock_fd = -1;
	v->owner = getpid();
	v->opened = open_handle(v, o);
	v->unopened = v->e;
	return v->opened;
}

void vfy_close(struct vfy *v)
{
	if (!v)
		return;
	if (v->opened == 0)
		forced_note_unused(&v->s);
	session_close(&v->s);
	progress_free(v->s.progress);
	free_texts(&v->o);
	free(v->document);
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

const struct vfy_failure *vfy_failure(struct vfy *v)
{
	if (!v->e.code)
		return NULL;
	v->failure = (struct vfy_failure){ .object = v->e.object,
					   .step = v->e.step,
					   .cause = v->e.cause,
					   .fix = v->e.fix,
					   .status = (enum vfy_status)vfy_exit_status(v),
					   .code = v->e.code };
	return &v->failure;
}

const char *vfy_document(const struct vfy *v)
{
	return v->document ? v->document : "";
}

const char *vfy_version(void)
{
	return VERSION;
}
