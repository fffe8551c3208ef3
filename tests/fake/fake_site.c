// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_site.h"

#include <stdlib.h>
#include <string.h>

#include "host/pci/bind.h"

#define N_VFS 7

/* If a host could not be made, nothing after that counts. */
static void check(int r, const char *what, const struct err *e)
{
	if (r == 0)
		return;
	fprintf(stderr, "fake site: %s: %s\n", what, e->cause);
	abort();
}

int fake_site_setup(void **state)
{
	struct fake_site *s = calloc(1, sizeof(*s));
	struct host *h;

	fake_root_init(&s->root, NULL);
	fake_root_add_pf(&s->root, &(struct fake_pf){ .bdf = "0000:05:00.0",
						      .netdev = "enp5s0f0",
						      .driver = "igb",
						      .vf_driver = "igbvf",
						      .totalvfs = N_VFS,
						      .numvfs = N_VFS,
						      .offset = 128,
						      .stride = 2,
						      .first_group = -1 });
	h = &s->root.host;
	h->timeout_ms = 30;
	h->log = (struct log){ .level = LOG_NOTE, .to = open_memstream(&s->notes, &s->notes_size) };
	fake_kernel_init(&s->kernel, &s->root, "igbvf");
	fake_kernel_add_driver(&s->kernel, FAKE_DRIVER);
	fake_backend_init(&s->backend, h);
	fake_backend_add_domain(&s->backend, "web1");
	fake_backend_add_domain(&s->backend, "db1");
	fake_site_reload(s);
	*state = s;
	return 0;
}

int fake_site_teardown(void **state)
{
	struct fake_site *s = *state;

	state_close(s->saved);
	inventory_free(s->inv);
	fclose(s->root.host.log.to);
	free(s->notes);
	fake_root_done(&s->root);
	free(s);
	return 0;
}

void fake_site_reload(struct fake_site *s)
{
	struct host *h = &s->root.host;
	struct err e = { 0 };

	state_close(s->saved);
	inventory_free(s->inv);
	check(state_open(&s->saved, h, &e), "store", &e);
	check(inventory_read(&s->inv, h, INVENTORY_ALL | INVENTORY_FUNCTIONS, &e), "inventory", &e);
	check(fake_backend_ops.survey(&s->backend, s->inv, &e), "survey", &e);
	s->inv->pfs[0].name = "net0";
	s->e = (struct err){ 0 };
	s->en = (struct engine){ .host = h,
				 .ops = &fake_backend_ops,
				 .backend = &s->backend,
				 .inv = s->inv,
				 .saved = s->saved };
}

struct vf_ref fake_site_vf(struct fake_site *s, unsigned index)
{
	return (struct vf_ref){ &s->inv->pfs[0], index };
}

struct bdf fake_site_bdf(struct fake_site *s, unsigned index)
{
	return s->inv->pfs[0].vfs[index].bdf;
}

static void print_original(void *arg, const struct vf_saved *o)
{
	fprintf(arg, "remembered %u '%s' '%s' '%s' %d\n", o->index, o->driver, o->driver_override,
		o->name, o->is_name_only);
}

char *fake_site_snapshot(struct fake_site *s)
{
	const struct host *h = &s->root.host;
	struct state *disk = NULL;
	struct err e = { 0 };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (unsigned i = 0; i < N_VFS; i++) {
		struct bdf bdf = fake_site_bdf(s, i);
		const struct fake_device *d = fake_backend_device(&s->backend, bdf);
		char driver[DRIVER_MAX], override[DRIVER_MAX];

		check(bind_driver_of(h, bdf, driver, &e), "driver", &e);
		check(bind_override_of(h, bdf, override, &e), "override", &e);
		fprintf(out, "%u driver '%s' override '%s' %s%s", i, driver, override,
			d ? "held" : "host", d ? d->domain : "");
		if (d)
			dev_options_print(&d->options, out);
		fputc('\n', out);
	}
	check(state_open(&disk, h, &e), "store", &e);
	state_each(disk, print_original, out);
	state_close(disk);
	fclose(out);
	return text;
}

const char *fake_site_notes(struct fake_site *s)
{
	fflush(s->root.host.log.to);
	return s->notes ? s->notes : "";
}

struct devlist fake_site_devs(struct fake_site *s, const char *arg)
{
	struct devlist l = { 0 };
	struct err e = { 0 };

	check(devlist_add(&l, &s->root.host, s->inv, s->saved, arg, &e), arg, &e);
	return l;
}

struct domain fake_web1 = { .name = "web1", .id = 1 };

void fake_site_plan(struct fake_site *s, struct plan *p, enum step_kind kind, unsigned n)
{
	struct err e = { 0 };

	for (unsigned i = 0; i < n; i++) {
		struct vf_ref vf = fake_site_vf(s, i);
		struct step step = { .kind = kind,
				     .vf = vf,
				     .domain = &fake_web1,
				     .options = DEV_OPTIONS_INIT,
				     .saved = state_find(s->saved, vf.pf->bdf, i) };

		check(plan_add(p, &step, &e), "plan", &e);
	}
}

void fake_site_plan_returns(struct fake_site *s, struct plan *p, unsigned n)
{
	struct plan release = { 0 }, back = { 0 };
	struct err e = { 0 };

	fake_site_plan(s, &release, STEP_UNASSIGN, n);
	fake_site_plan(s, &back, STEP_RESTORE, n);
	for (unsigned i = 0; i < n; i++) {
		check(plan_add(p, &release.v[i], &e), "plan", &e);
		check(plan_add(p, &back.v[i], &e), "plan", &e);
	}
	plan_done(&release);
	plan_done(&back);
}

void fake_plan_done(struct plan *p)
{
	plan_done(p);
}

int fake_site_run(struct fake_site *s, struct plan *p)
{
	s->e = (struct err){ 0 };
	return engine_run(&s->en, p, &s->e);
}

void fake_site_reach(struct fake_site *s, enum step_kind kind, unsigned n)
{
	struct plan p = { 0 };

	fake_site_plan(s, &p, kind, n);
	check(fake_site_run(s, &p), "reach", &s->e);
	plan_done(&p);
	fake_site_reload(s);
	fake_kernel_reset(&s->kernel);
	s->backend.calls[0] = '\0';
}

const char *fake_site_driver(struct fake_site *s, unsigned i, char buf[64])
{
	struct err e = { 0 };

	check(bind_driver_of(&s->root.host, fake_site_bdf(s, i), buf, &e), "driver", &e);
	return buf;
}
