// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_libxl_env.h"

#include "host/pci/bind.h"

struct xen_env env;

int env_setup(void **state UNUSED)
{
	struct err e = { 0 };

	fake_xen_init();
	env = (struct xen_env){ .backend = NULL };
	if (inventory_read(&env.inv, &fake_xen.root.host, INVENTORY_ALL, &e) < 0 ||
	    xen_backend.open(&env.backend, &fake_xen.root.host, NULL, &e) < 0) {
		err_print(&e, stderr);
		return -1;
	}
	return 0;
}

int env_teardown(void **state UNUSED)
{
	xen_backend.close(env.backend);
	inventory_free(env.inv);
	fake_xen_done();
	return 0;
}

struct bdf env_bdf(unsigned i)
{
	return bdf_vf((struct bdf){ .bus = 5 }, 128, 2, i);
}

struct vf_ref env_vf(unsigned i)
{
	return (struct vf_ref){ &env.inv->pfs[0], i };
}

enum vf_state env_state(unsigned i)
{
	inventory_free(env.inv);
	env.inv = NULL;
	env.e = (struct err){ 0 };
	assert_int_equal(inventory_read(&env.inv, &fake_xen.root.host, INVENTORY_ALL, &env.e), 0);
	assert_int_equal(xen_backend.survey(env.backend, env.inv, &env.e), 0);
	return (enum vf_state)vf_of(env_vf(i))->state;
}

/* Does it as the engine does. */
int env_assign(unsigned i)
{
	struct refusal_ask ask = { .host = &fake_xen.root.host, .backend = env.backend };
	int r;

	env.e = (struct err){ 0 };
	r = refusal_ask(xen_backend.refusals, &ask, &env.e);
	ask.vf = env_vf(i);
	if (r == 0)
		r = refusal_ask(xen_backend.refusals, &ask, &env.e);
	return r < 0 ? r : xen_backend.assign(env.backend, env_vf(i), "", &env.e);
}

int env_release(unsigned i)
{
	env.e = (struct err){ 0 };
	return xen_backend.unassign(env.backend, env_vf(i), &env.e);
}

int env_attach_with(const char *domain, unsigned i, const struct dev_options *options)
{
	struct domain d;
	int r;

	env.e = (struct err){ 0 };
	r = xen_backend.domain_find(env.backend, domain, &d, &env.e);
	if (r < 0)
		return r;
	r = xen_backend.attach(env.backend, &d, env_vf(i), options, &env.e);
	xen_backend.domain_done(&d);
	return r;
}

int env_attach(const char *domain, unsigned i)
{
	const struct dev_options none = DEV_OPTIONS_INIT;

	return env_attach_with(domain, i, &none);
}

int env_detach(const char *domain, unsigned i, bool force)
{
	struct domain d;
	int r;

	env.e = (struct err){ 0 };
	r = xen_backend.domain_find(env.backend, domain, &d, &env.e);
	if (r < 0)
		return r;
	r = xen_backend.detach(env.backend, &d, env_vf(i), force, &env.e);
	xen_backend.domain_done(&d);
	return r;
}

/* Makes a context of its own, as another program has one. */
static libxl_ctx *other_ctx(void)
{
	static struct xlog silent;
	libxl_ctx *ctx = NULL;

	xlog_init(&silent, NULL);
	assert_int_equal(libxl_ctx_alloc(&ctx, LIBXL_VERSION, 0, &silent.logger), 0);
	return ctx;
}

enum naive {
	NAIVE_ASSIGNABLE_ADD,
	NAIVE_ASSIGNABLE_REMOVE,
	NAIVE_ADD,
	NAIVE_REMOVE,
	NAIVE_DESTROY,
};

static int naive(enum naive what, uint32_t domid, unsigned i)
{
	libxl_ctx *ctx = other_ctx();
	libxl_device_pci pci;
	int rc = ERROR_FAIL;

	xen_pci_init(&pci, env_bdf(i));
	switch (what) {
	case NAIVE_ASSIGNABLE_ADD:
		rc = libxl_device_pci_assignable_add(ctx, &pci, 1);
		break;
	case NAIVE_ASSIGNABLE_REMOVE:
		rc = libxl_device_pci_assignable_remove(ctx, &pci, 1);
		break;
	case NAIVE_ADD:
		rc = libxl_device_pci_add(ctx, domid, &pci, NULL);
		break;
	case NAIVE_REMOVE:
		rc = libxl_device_pci_remove(ctx, domid, &pci, NULL);
		break;
	case NAIVE_DESTROY:
		rc = libxl_device_pci_destroy(ctx, domid, &pci, NULL);
		break;
	}
	libxl_device_pci_dispose(&pci);
	libxl_ctx_free(ctx);
	return rc;
}

int naive_assignable_add(unsigned i)
{
	return naive(NAIVE_ASSIGNABLE_ADD, 0, i);
}

int naive_assignable_remove(unsigned i)
{
	return naive(NAIVE_ASSIGNABLE_REMOVE, 0, i);
}

int naive_attach(uint32_t domid, unsigned i)
{
	return naive(NAIVE_ADD, domid, i);
}

int naive_detach(uint32_t domid, unsigned i, bool force)
{
	return naive(force ? NAIVE_DESTROY : NAIVE_REMOVE, domid, i);
}

const char *env_driver(unsigned i)
{
	static char driver[DRIVER_MAX];

	assert_int_equal(bind_driver_of(&fake_xen.root.host, env_bdf(i), driver, NULL), 0);
	return driver;
}

const char *env_override(unsigned i)
{
	static char override[DRIVER_MAX];

	assert_int_equal(bind_override_of(&fake_xen.root.host, env_bdf(i), override, NULL), 0);
	return override;
}

const char *env_node(unsigned i, const char *node)
{
	struct bdf dev = env_bdf(i);

	return fake_xs_get("/libxl/pci/%04x-%02x-%02x-%x/%s", dev.domain, dev.bus, dev.dev, dev.fn,
			   node);
}
