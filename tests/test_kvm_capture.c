// SPDX-License-Identifier: GPL-2.0-or-later
/* A captured KVM host says what the running one said. */
#include "fake_kvm.h"

struct captured_host {
	struct host host;
	struct backend *backend;
	struct inventory *inv;
};

/* A capture has no sockets. */
static void open_capture(struct captured_host *c)
{
	unlinkat(env.root.host.root.fd, "run/web1.qmp", 0);
	*c = (struct captured_host){ .host = env.root.host };
	c->host.root.write = NULL;
	assert_int_equal(inventory_read(&c->inv, &c->host, INVENTORY_ALL, &env.e), 0);
	assert_int_equal(kvm_backend.open(&c->backend, &c->host, env.topo, &env.e), 0);
}

static void capture_done(struct captured_host *c)
{
	kvm_backend.close(c->backend);
	inventory_free(c->inv);
}

static struct attachment *live;
static size_t n_live;

static int list_web1(void)
{
	struct domain d;
	int r = kvm_backend.domain_find(env.backend, "web1", &d, &env.e);

	return r < 0 ? r : kvm_backend.list(env.backend, &d, &live, &n_live, &env.e);
}

static int limits(const struct captured_host *c, unsigned first, unsigned n)
{
	struct dev_options options[8];
	struct vf_ref vfs[8];
	struct domain d;
	int r = kvm_backend.domain_find(c->backend, "web1", &d, &env.e);

	env.e = (struct err){ 0 };
	for (unsigned i = 0; i < n; i++) {
		options[i] = (struct dev_options)DEV_OPTIONS_INIT;
		vfs[i] = (struct vf_ref){ c->inv->pfs, first + i };
	}
	return r < 0 ? r
		     : asked_to_attach(&kvm_backend, &c->host, c->backend, &d, vfs, options, n,
				       &env.e);
}

static void states_lists_and_limits_are_those_of_the_host(void **state UNUSED)
{
	struct captured_host c;
	struct attachment *v;
	char fix[sizeof(env.e.fix)];
	size_t n;

	env_give(0);
	assert_int_equal(env_assign(1), 0);
	env_put_answers(list_web1);
	assert_int_equal(env_survey(), 0);
	assert_int_equal(env_limits("web1", 1, 4), -ENOSPC);
	memcpy(fix, env.e.fix, sizeof(fix));
	open_capture(&c);
	assert_int_equal(kvm_backend.survey(c.backend, c.inv, &env.e), 0);
	for (unsigned i = 0; i < 7; i++)
		assert_int_equal(c.inv->pfs[0].vfs[i].state, vf_of(env_vf(i))->state);
	assert_int_equal(c.inv->pfs[0].vfs[0].state, VF_ATTACHED);
	assert_string_equal(c.inv->pfs[0].vfs[0].domain, "web1");
	assert_int_equal(kvm_backend.list(c.backend, NULL, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	assert_int_equal(n_live, 1);
	assert_string_equal(v[0].guest_addr, live[0].guest_addr);
	assert_int_equal(v[0].is_ready, live[0].is_ready);
	/* Three ports are left. */
	assert_int_equal(limits(&c, 1, 3), 0);
	assert_int_equal(limits(&c, 1, 4), -ENOSPC);
	assert_string_equal(env.e.fix, fix);
	free(v);
	free(live);
	capture_done(&c);
}

static void nothing_is_changed(void **state UNUSED)
{
	struct captured_host c;

	open_capture(&c);
	assert_int_equal(
		kvm_backend.assign(c.backend, (struct vf_ref){ c.inv->pfs, 0 }, "", &env.e),
		-ENOTSUP);
	assert_says("not below --root");
	capture_done(&c);
}

static void what_was_not_asked_is_not_known(void **state UNUSED)
{
	struct captured_host c;
	struct attachment *v;
	size_t n;

	env_give(0);
	open_capture(&c);
	assert_int_equal(limits(&c, 1, 1), -ENODATA);
	assert_says("not in this capture");
	/* The groups that it has open still tell what it has. */
	assert_int_equal(kvm_backend.list(c.backend, NULL, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	free(v);
	capture_done(&c);

	fake_root_add(&env.root, "vfyard/qmp=/run/web1.qmp query-name {} {\"return\":{}}");
	open_capture(&c);
	assert_int_equal(limits(&c, 1, 1), -ENODATA);
	assert_says("not in this capture");
	capture_done(&c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, env_setup, env_teardown)

static const struct CMUnitTest tests[] = {
	TEST(states_lists_and_limits_are_those_of_the_host),
	TEST(nothing_is_changed),
	TEST(what_was_not_asked_is_not_known),
};

TEST_MAIN(tests)
