// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_backend.h"

#include <stdarg.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"

static void note(struct backend *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void note(struct backend *b, const char *fmt, ...)
{
	size_t n = strlen(b->calls);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(b->calls + n, sizeof(b->calls) - n, fmt, ap);
	va_end(ap);
}

static int fault(struct backend *b, const char *op, struct err *e)
{
	for (unsigned i = 0; i < b->n_faults; i++) {
		struct fake_op_fault *f = &b->faults[i];

		if (!f->op || strcmp(f->op, op) != 0)
			continue;
		if (f->skip) {
			f->skip--;
			continue;
		}
		f->op = NULL;
		if (f->code < 0) {
			raise(-f->code);
			return 0;
		}
		err_set(e, f->code, "%s told to fail", op);
		return err_status(e, -f->code, f->status ? f->status : EXIT_FAILED);
	}
	return 0;
}

struct fake_device *fake_backend_device(struct backend *b, struct bdf bdf)
{
	for (unsigned i = 0; i < b->n_devices; i++)
		if (bdf_cmp(b->devices[i].bdf, bdf) == 0)
			return &b->devices[i];
	return NULL;
}

static struct fake_device *add_device(struct backend *b, struct bdf bdf)
{
	struct fake_device *d = fake_backend_device(b, bdf);

	if (d)
		return d;
	if (b->n_devices == ARRAY_SIZE(b->devices))
		abort();
	d = &b->devices[b->n_devices++];
	*d = (struct fake_device){ .bdf = bdf, .options = DEV_OPTIONS_INIT };
	return d;
}

static void op_close(struct backend *b UNUSED)
{
}

/* What its driver holds belongs to it, whoever bound it, and nothing else does. */
static const struct fake_device *follow_driver(struct backend *b, const struct vf *vf)
{
	struct fake_device *d = fake_backend_device(b, vf->bdf);
	bool is_held = vf->driver && !strcmp(vf->driver, FAKE_DRIVER);

	if (is_held)
		return add_device(b, vf->bdf);
	if (!d || d->domain[0])
		return d;
	*d = b->devices[--b->n_devices];
	return NULL;
}

static void survey_one(struct backend *b, struct inventory *inv, struct vf *vf)
{
	const struct fake_device *d = fake_backend_device(b, vf->bdf);

	if (b->follows_driver)
		d = follow_driver(b, vf);
	if (!d && b->own_driver && vf->driver && !strcmp(vf->driver, b->own_driver))
		d = add_device(b, vf->bdf);
	if (!d)
		return;
	vf->domain = d->domain[0] ? inventory_intern(inv, d->domain) : NULL;
	vf->state = vf->domain ? VF_ATTACHED : VF_ASSIGNABLE;
	if (d->forced_state == VF_ABSENT)
		return;
	vf->state = (uint8_t)d->forced_state;
	vf->why = "the test says so";
}

static int op_survey(struct backend *b, struct inventory *inv, struct err *e)
{
	struct vf_ref at = { 0 };
	int r = fault(b, "survey", e);

	if (r < 0)
		return r;
	inv->hypervisor = "fake";
	while (inventory_next(inv, &at))
		survey_one(b, inv, vf_of(at));
	return 0;
}

static bool op_holds(struct backend *b UNUSED, struct bdf dev UNUSED, const char *driver)
{
	return !strcmp(driver, FAKE_OTHER_DRIVER);
}

static bool is_keeper(const struct backend *b, const char *domain)
{
	for (unsigned i = 0; i < b->n_keepers; i++)
		if (!strcmp(b->keepers[i], domain))
			return true;
	return false;
}

static struct fake_kept *find_kept(struct backend *b, const char *domain, struct bdf bdf)
{
	for (unsigned i = 0; i < b->n_kept; i++)
		if (!bdf_cmp(b->kept[i].bdf, bdf) && !strcmp(b->kept[i].domain, domain))
			return &b->kept[i];
	return NULL;
}

static int op_domain_find(struct backend *b, const char *name, struct domain *ret, struct err *e)
{
	if (b->mute && !strcmp(b->mute, name))
		return err_refuse(e, ETIMEDOUT, "%s does not answer", name);
	for (unsigned i = 0; i < b->n_domains; i++)
		if (!strcmp(b->domains[i], name)) {
			*ret = (struct domain){ .id = i + 1, .cookie = malloc(1) };
			snprintf(ret->name, sizeof(ret->name), "%s", name);
			return 0;
		}
	if (is_keeper(b, name)) {
		*ret = (struct domain){ .cookie = malloc(1) };
		snprintf(ret->name, sizeof(ret->name), "%s", name);
		return 0;
	}
	return err_set(e, ESRCH, "no such domain");
}

static void op_domain_done(struct domain *d)
{
	free(d->cookie);
}

/* The last look does not count as a call of its own. */
static int ask_limits(const struct refusal_ask *a, struct err *e)
{
	const struct domain *d = a->domain;
	struct backend *b = a->backend;
	size_t have = 0, n = a->n;
	int r = fault(b, "limits", e);

	if (r < 0)
		return r;
	if (!a->is_last)
		note(b, "limits %s %zu;", d->name, n);
	for (unsigned i = 0; i < b->n_devices; i++)
		have += !strcmp(b->devices[i].domain, d->name);
	if (b->max_vfs && have + n > b->max_vfs)
		return err_refuse(e, ENOSPC, "%zu VFs would be in it, %u fit", have + n,
				  b->max_vfs);
	return 0;
}

static const struct refusal attach_refusals[] = {
	{ "limits", REFUSAL_OF_DOMAIN, true, ask_limits },
	{ 0 },
};

/* As the backends do: whichever half was done. */
static void put_back(struct backend *b, struct bdf bdf, const char *driver, const char *override)
{
	char now[DRIVER_MAX];

	if (bind_driver_of(b->host, bdf, now, NULL) == 0 && strcmp(now, driver) != 0)
		bind_unbind(b->host, bdf, NULL);
	bind_give_back(b->host, bdf, driver, override, NULL);
}

/* A device on its way, while its last write is in flight. */
struct flight {
	struct bind_flight bind;
	struct bdf bdf;
	bool is_off;
	char driver[DRIVER_MAX], override[DRIVER_MAX];
};

static int assign_bound(struct backend *b, struct flight *f, struct err *e)
{
	int r = bind_to_finish(&f->bind, e);

	if (r == 0 && b->keeps_override)
		r = bind_set_override(b->host, f->bdf, f->override, e);
	if (r < 0)
		put_back(b, f->bdf, f->driver, f->override);
	else
		add_device(b, f->bdf);
	return r;
}

static int op_assign_start(struct backend *b, struct vf_ref vf, const char *name,
			   struct flight **ret, struct err *e)
{
	struct flight f = { .bdf = vf_of(vf)->bdf };
	char text[BDF_STRLEN];
	int r = fault(b, "assign", e);

	if (r < 0)
		return r;
	note(b, "assign %s%s%s;", bdf_str(text, f.bdf), *name ? " " : "", name);
	r = bind_driver_of(b->host, f.bdf, f.driver, e);
	if (r == 0)
		r = bind_override_of(b->host, f.bdf, f.override, e);
	if (r < 0)
		return r;
	if (!strcmp(f.driver, FAKE_DRIVER)) {
		add_device(b, f.bdf);
		return 0;
	}
	*ret = malloc(sizeof(f));
	**ret = f;
	r = bind_unbind(b->host, f.bdf, e);
	if (r == 0)
		r = bind_to_start(b->host, f.bdf, FAKE_DRIVER, &(*ret)->bind, e);
	if (r == 0)
		return 1;
	put_back(b, f.bdf, f.driver, f.override);
	free(*ret);
	return r;
}

static int unassign_unbound(struct backend *b, struct flight *f, struct err *e)
{
	struct fake_device *d = fake_backend_device(b, f->bdf);
	int r = bind_unbind_finish(&f->bind, e);

	if (r == 0)
		r = bind_drop_override(b->host, f->bdf, FAKE_DRIVER, e);
	if (r == 0)
		*d = b->devices[--b->n_devices];
	return r;
}

static int op_go_on(struct backend *b, struct flight *f, struct err *e)
{
	int r = f->is_off ? unassign_unbound(b, f, e) : assign_bound(b, f, e);

	free(f);
	return r;
}

/* Real backends do it like this: through the host's driver that holds functions. */
static int op_assign(struct backend *b, struct vf_ref vf, const char *name, struct err *e)
{
	struct flight *f = NULL;
	int r = op_assign_start(b, vf, name, &f, e);

	return r > 0 ? op_go_on(b, f, e) : r;
}

static int op_releasable(struct backend *b, struct vf_ref vf, struct err *e)
{
	char driver[DRIVER_MAX];
	int r = bind_driver_of(b->host, vf_of(vf)->bdf, driver, e);

	if (r < 0 || !b->own_driver || strcmp(driver, b->own_driver) != 0)
		return r;
	return err_fix(e, err_refuse(e, ENOTSUP, "%s keeps it", driver), "ask its vendor");
}

static int op_unassign_start(struct backend *b, struct vf_ref vf, struct flight **ret,
			     struct err *e)
{
	struct bdf bdf = vf_of(vf)->bdf;
	struct fake_device *d = fake_backend_device(b, bdf);
	char text[BDF_STRLEN], driver[DRIVER_MAX];
	int r = fault(b, "unassign", e);

	if (r == 0)
		r = bind_driver_of(b->host, bdf, driver, e);
	if (r < 0)
		return r;
	note(b, "unassign %s;", bdf_str(text, bdf));
	if (!d && b->follows_driver && (!strcmp(driver, FAKE_DRIVER) || op_holds(b, bdf, driver)))
		d = add_device(b, bdf);
	if (!d || d->domain[0])
		return err_set(e, EINVAL, "not assignable");
	r = op_releasable(b, vf, e);
	if (r < 0)
		return r;
	*ret = calloc(1, sizeof(**ret));
	(*ret)->bdf = bdf;
	(*ret)->is_off = true;
	r = bind_unbind_start(b->host, bdf, &(*ret)->bind, e);
	if (r < 0)
		free(*ret);
	return r < 0 ? r : 1;
}

static int op_unassign(struct backend *b, struct vf_ref vf, struct err *e)
{
	struct flight *f = NULL;
	int r = op_unassign_start(b, vf, &f, e);

	return r > 0 ? op_go_on(b, f, e) : r;
}

static int op_may_unmake(struct backend *b, struct vf_ref vf UNUSED, struct err *e)
{
	return fault(b, "may_unmake", e);
}

static int op_remembered(struct backend *b, struct vf_ref vf UNUSED, char ret[64], struct err *e)
{
	int r = fault(b, "remembered", e);

	if (r == 0)
		snprintf(ret, 64, "%s", b->remembered);
	return r;
}

static int op_attach(struct backend *b, const struct domain *d, struct vf_ref vf,
		     const struct dev_options *options, struct err *e)
{
	struct fake_device *dev = fake_backend_device(b, vf_of(vf)->bdf);
	char text[BDF_STRLEN];
	int r = fault(b, "attach", e);

	if (r < 0)
		return r;
	note(b, "attach %s %s;", d->name, bdf_str(text, vf_of(vf)->bdf));
	if (!dev || dev->domain[0])
		return err_set(e, EINVAL, "not assignable");
	snprintf(dev->domain, sizeof(dev->domain), "%.31s", d->name);
	dev->options = *options;
	return 0;
}

static int op_may_detach(struct backend *b, const struct domain *d UNUSED, struct vf_ref vf UNUSED,
			 bool force UNUSED, struct err *e)
{
	return fault(b, "may_detach", e);
}

static int op_detach(struct backend *b, const struct domain *d, struct vf_ref vf, bool force,
		     struct err *e)
{
	struct fake_device *dev = fake_backend_device(b, vf_of(vf)->bdf);
	char text[BDF_STRLEN];
	int r = fault(b, "detach", e);

	if (r < 0)
		return r;
	note(b, "detach%s %s %s;", force ? " -f" : "", d->name, bdf_str(text, vf_of(vf)->bdf));
	if (!dev || strcmp(dev->domain, d->name) != 0)
		return err_set(e, EINVAL, "not attached");
	dev->domain[0] = '\0';
	return 0;
}

static int op_list(struct backend *b, const struct domain *d, struct attachment **ret,
		   size_t *ret_n, struct err *e)
{
	struct attachment *v = calloc(b->n_devices + 1, sizeof(*v));
	size_t n = 0;
	int r = fault(b, "list", e);

	if (r < 0 || !v) {
		free(v);
		return r;
	}
	for (unsigned i = 0; i < b->n_devices; i++) {
		const struct fake_device *dev = &b->devices[i];

		if (!dev->domain[0] || (d && strcmp(dev->domain, d->name) != 0))
			continue;
		v[n] = (struct attachment){ .bdf = dev->bdf,
					    .options = dev->options,
					    .is_ready = !dev->why,
					    .why = dev->why };
		snprintf(v[n].domain, sizeof(v[n].domain), "%s", dev->domain);
		snprintf(v[n].guest_addr, sizeof(v[n].guest_addr), "00:%02zx.0", n);
		n++;
	}
	*ret = v;
	*ret_n = n;
	return 0;
}

static int op_defined(struct backend *b, const struct domain *d, struct vf_ref vf, unsigned *ret,
		      struct err *e)
{
	int r = fault(b, "defined", e);

	*ret = is_keeper(b, d->name) ? DEFINED_KNOWN : 0;
	if (find_kept(b, d->name, vf_of(vf)->bdf))
		*ret |= DEFINED_NEXT | DEFINED_DEVICE | DEFINED_BY_US;
	return r;
}

static int op_define(struct backend *b, const struct domain *d, struct vf_ref vf, bool on,
		     struct err *e)
{
	struct fake_kept *kept = find_kept(b, d->name, vf_of(vf)->bdf);
	char text[BDF_STRLEN];
	int r = fault(b, on ? "define" : "undefine", e);

	if (r < 0)
		return r;
	note(b, "%s %s %s;", on ? "define" : "undefine", d->name, bdf_str(text, vf_of(vf)->bdf));
	if (kept && !on)
		*kept = b->kept[--b->n_kept];
	if (kept || !on)
		return 0;
	if (b->n_kept == ARRAY_SIZE(b->kept))
		abort();
	kept = &b->kept[b->n_kept++];
	kept->bdf = vf_of(vf)->bdf;
	snprintf(kept->domain, sizeof(kept->domain), "%.31s", d->name);
	return 0;
}

static int op_list_defined(struct backend *b, struct attachment **ret, size_t *ret_n, struct err *e)
{
	struct attachment *v = calloc(b->n_kept + 1, sizeof(*v));
	int r = fault(b, "list_defined", e);

	if (r < 0 || !v) {
		free(v);
		return r;
	}
	for (unsigned i = 0; i < b->n_kept; i++) {
		v[i] = (struct attachment){ .bdf = b->kept[i].bdf, .options = DEV_OPTIONS_INIT };
		snprintf(v[i].domain, sizeof(v[i].domain), "%s", b->kept[i].domain);
	}
	*ret = v;
	*ret_n = b->n_kept;
	return 0;
}

static int op_options(enum domain_type type UNUSED, const struct dev_options *o, struct err *e)
{
	return o->vslot < 0 && o->seize < 0
		       ? 0
		       : err_set(e, ENOTSUP, "%s has no effect", o->seize < 0 ? "vslot" : "seize");
}

const struct backend_ops fake_backend_ops = {
	.name = "fake",
	.driver = FAKE_DRIVER,
	.gives_groups = true,
	.close = op_close,
	.holds = op_holds,
	.survey = op_survey,
	.domain_find = op_domain_find,
	.domain_done = op_domain_done,
	.attach_refusals = attach_refusals,
	.assign = op_assign,
	.may_unassign = op_releasable,
	.unassign = op_unassign,
	.assign_start = op_assign_start,
	.unassign_start = op_unassign_start,
	.go_on = op_go_on,
	.may_unmake = op_may_unmake,
	.previous_driver = op_remembered,
	.attach = op_attach,
	.may_detach = op_may_detach,
	.detach = op_detach,
	.list = op_list,
	.defined = op_defined,
	.define = op_define,
	.list_defined = op_list_defined,
	.check_options = op_options,
};

void fake_backend_init(struct backend *b, const struct host *h)
{
	*b = (struct backend){ .host = h };
}

void fake_backend_add_domain(struct backend *b, const char *name)
{
	if (b->n_domains == ARRAY_SIZE(b->domains))
		abort();
	snprintf(b->domains[b->n_domains++], sizeof(b->domains[0]), "%s", name);
}

void fake_backend_add_keeper(struct backend *b, const char *name)
{
	if (b->n_keepers == ARRAY_SIZE(b->keepers))
		abort();
	snprintf(b->keepers[b->n_keepers++], sizeof(b->keepers[0]), "%s", name);
}

void fake_backend_fail(struct backend *b, struct fake_op_fault f)
{
	if (b->n_faults == ARRAY_SIZE(b->faults))
		abort();
	b->faults[b->n_faults++] = f;
}

void fake_backend_set_state(struct backend *b, struct bdf bdf, enum vf_state state)
{
	add_device(b, bdf)->forced_state = state;
}
