// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_virt_env.h"

#include <string.h>

#include "test.h"
#include "backend/kvm/kvm.h"
#include "topology/build/load.h"

struct fake_virt_domain *lv1;

int lv_setup(void **state)
{
	env_setup(state);
	fake_virt_init(&env.root.host);
	env.root.host.timeout_ms = PATIENT_MS;
	lv1 = fake_virt_add("lv1", true, 4);
	env_reload();
	return 0;
}

int lv_teardown(void **state)
{
	env_teardown(state);
	fake_virt_done();
	return 0;
}

const struct fake_virt_device *lv_live(const char *host)
{
	return fake_virt_find(&lv1->live, host);
}

const struct fake_virt_device *lv_config(const char *host)
{
	return fake_virt_find(&lv1->config, host);
}

void lv_give(unsigned i)
{
	assert_int_equal(env_assign(i), 0);
	assert_int_equal(env_attach("lv1", i), 0);
}

unsigned lv_defined(const char *domain, unsigned i)
{
	struct domain d;
	unsigned flags = 0;

	assert_int_equal(kvm_backend.domain_find(env.backend, domain, &d, &env.e), 0);
	assert_int_equal(kvm_backend.defined(env.backend, &d, env_vf(i), &flags, &env.e), 0);
	return flags;
}

int lv_define(const char *domain, unsigned i, bool on)
{
	struct domain d;

	assert_int_equal(kvm_backend.domain_find(env.backend, domain, &d, &env.e), 0);
	return kvm_backend.define(env.backend, &d, env_vf(i), on, &env.e);
}

struct refused_host lv_host_with(const char *text)
{
	struct problems problems = { 0 };

	topology_free(env.topo);
	env.topo = NULL;
	assert_int_equal(topology_parse(&env.topo, text, strlen(text), "t.json", &problems, &env.e),
			 0);
	problems_done(&problems);
	env_reload();
	return (struct refused_host){ .host = &env.root.host,
				      .ops = &kvm_backend,
				      .backend = env.backend,
				      .dev = "net0/3",
				      .domain = "shop",
				      .topology = text };
}

void assert_lv_steps(const char *text, const char *want)
{
	struct refused_host h = lv_host_with(text);
	_cleanup_free_ char *steps = topology_steps(&h);

	assert_string_equal(steps, want);
}
