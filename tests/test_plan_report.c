// SPDX-License-Identifier: GPL-2.0-or-later
/* Steps, drift and outcomes in words and as JSON. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>

#include "fake_site.h"
#include "report/plan_report.h"

static struct plan plan_of(struct fake_site *s, const struct step *steps, size_t n)
{
	struct plan p = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct step step = steps[i];

		step.vf.pf = &s->inv->pfs[0];
		assert_int_equal(plan_add(&p, &step, &s->e), 0);
	}
	return p;
}

static void line_is(struct fake_site *s, struct step step, const char *want)
{
	char *line;

	step.vf.pf = &s->inv->pfs[0];
	line = step_line(&step);
	assert_string_equal(line, want);
	free(line);
}

#define PF_STEP(k, a, b)                                                                           \
	(struct step)                                                                              \
	{                                                                                          \
		.kind = k, .vf.index = NO_VF, .from = a, .to = b                                   \
	}
#define VF3 "net0/3 (0000:05:10.6): "

static void steps_say_what_they_change(void **state)
{
	struct fake_site *s = *state;
	struct vf_saved igbvf = { .driver = "igbvf" };
	struct step vlan = { .kind = STEP_SET,
			     .vf.index = 3,
			     .setting = VF_SET_VLAN,
			     .was = { .given = VF_ATTR_VLAN | VF_ATTR_QOS | VF_ATTR_PROTO,
				      .proto = ETH_P_8021Q },
			     .want = { .given = VF_ATTR_VLAN | VF_ATTR_QOS | VF_ATTR_PROTO,
				       .vlan = 100,
				       .qos = 2,
				       .proto = ETH_P_8021Q } };
	struct step mac = { .kind = STEP_SET,
			    .vf.index = 3,
			    .setting = VF_SET_MAC,
			    .want = { .given = VF_ATTR_MAC, .mac = { 2, 0, 0, 0, 0, 3 } } };

	line_is(s, PF_STEP(STEP_NUMVFS, 0, 7), "numvfs net0 (0000:05:00.0): 0 -> 7");
	line_is(s, PF_STEP(STEP_AUTOPROBE, 1, 0), "autoprobe net0 (0000:05:00.0): 1 -> 0");
	line_is(s, vlan, "set " VF3 "vlan 0 -> 100, qos 0 -> 2");
	vlan.want.proto = ETH_P_8021AD;
	line_is(s, vlan, "set " VF3 "vlan 0 -> 100, qos 0 -> 2, proto 802.1q -> 802.1ad");
	line_is(s, mac, "set " VF3 "mac 02:00:00:00:00:03");
	mac.was = (struct vf_attrs){ .given = VF_ATTR_MAC };
	line_is(s, mac, "set " VF3 "mac 00:00:00:00:00:00 -> 02:00:00:00:00:03");
	line_is(s, (struct step){ .kind = STEP_UNBIND, .vf.index = 3 },
		"unbind " VF3 "driver igbvf");
	line_is(s, (struct step){ .kind = STEP_PROBE, .vf.index = 3 },
		"probe " VF3 "the host's driver");
	line_is(s, (struct step){ .kind = STEP_RESTORE, .vf.index = 3, .saved = &igbvf },
		"restore " VF3 "driver igbvf");
	line_is(s, (struct step){ .kind = STEP_PERMISSIVE, .vf.index = 3, .domain = &fake_web1 },
		"permissive " VF3 "domain web1");
}

static void a_vf_to_come_has_no_address_in_its_name(void **state)
{
	struct fake_site *s = *state;
	struct pf pf = { .name = "net9" };
	struct step step = { .kind = STEP_ASSIGN, .vf = { &pf, 2 } };
	char object[VF_LABEL_MAX];

	assert_int_equal(inventory_expect(&pf, 3, &s->e), 0);
	assert_string_equal(step_object(object, &step), "net9/2");
	free(pf.vfs);
}

static const struct step two[] = {
	{ .kind = STEP_AUTOPROBE,
	  .vf.index = NO_VF,
	  .from = 1,
	  .is_intermediate = true,
	  .why = "why" },
	{ .kind = STEP_ASSIGN, .vf.index = 3, .options = DEV_OPTIONS_INIT },
};

static void a_plan_is_numbered_and_counted(void **state)
{
	struct fake_site *s = *state;
	struct plan p = plan_of(s, two, 2), none = { 0 };
	struct plan_report r = { .hypervisor = "kvm", .plan = &p };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	plan_report_text(&r, out);
	r.plan = &none;
	plan_report_text(&r, out);
	fclose(out);
	assert_string_equal(text, "  1 autoprobe net0 (0000:05:00.0): 1 -> 0 (why)\n"
				  "  2 assign " VF3 "driver igbvf\n"
				  "2 steps\n"
				  "nothing to do\n");
	free(text);
	plan_done(&p);
}

static void means_are_no_drift(void **state)
{
	struct fake_site *s = *state;
	struct plan p = plan_of(s, two, 2);
	struct plan_report r = { .hypervisor = "kvm", .plan = &p };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(drift_text(&r, out), 1);
	fclose(out);
	assert_string_equal(text, VF3 "driver is igbvf, wanted assignable\n");
	free(text);
	plan_done(&p);
}

static void json_is(json_t *doc, const char *want)
{
	char *text = json_dumps(doc, JSON_COMPACT);

	assert_non_null(text);
	assert_string_equal(text, want);
	free(text);
	json_decref(doc);
}

#define STEPS                                                                                      \
	"{\"version\":1,\"hypervisor\":\"kvm\",\"in_sync\":false,\"steps\":[{\"step\":"            \
	"\"autoprobe\",\"pf\":\"net0\",\"index\":null,\"bdf\":\"0000:05:00.0\",\"property\":"      \
	"\"autoprobe\",\"from\":\"1\",\"to\":\"0\",\"domain\":null,\"why\":\"why\",\"outcome\":"   \
	"\"planned\"},{\"step\":\"assign\",\"pf\":\"net0\",\"index\":3,\"bdf\":\"0000:05:10.6\","  \
	"\"property\":\"driver\",\"from\":\"igbvf\",\"to\":\"assignable\",\"domain\":null,"        \
	"\"why\":null,\"outcome\":\"%s\"}],\"problems\":[]"

/* VFs are remade through 0, and autoprobe is changed and changed back. */
static void drift_tells_what_is_and_not_what_is_in_between(void **state)
{
	struct fake_site *s = *state;
	struct step down = PF_STEP(STEP_NUMVFS, 4, 0), up = PF_STEP(STEP_NUMVFS, 0, 7);
	struct step off = PF_STEP(STEP_AUTOPROBE, 1, 0), on = PF_STEP(STEP_AUTOPROBE, 0, 1);
	struct step new = { .kind = STEP_ASSIGN, .vf.index = 6 };
	struct step steps[] = { off, down, up, new, on, off };
	struct plan p;
	struct plan_report r = { .hypervisor = "kvm", .plan = &p };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	steps[1].is_intermediate = steps[4].is_intermediate = true;
	p = plan_of(s, steps, ARRAY_SIZE(steps));
	s->inv->pfs[0].vfs[6].state = VF_ABSENT;
	assert_int_equal(drift_text(&r, out), 3);
	fclose(out);
	assert_string_equal(text, "net0 (0000:05:00.0): autoprobe is 1, wanted 0\n"
				  "net0 (0000:05:00.0): numvfs is 4, wanted 7\n"
				  "net0/6 (0000:05:11.4): does not exist yet, wanted driver "
				  "assignable\n");
	free(text);
	json_is(drift_json(&r),
		"{\"version\":1,\"hypervisor\":\"kvm\",\"in_sync\":false,\"drift\":["
		"{\"object\":\"net0\",\"pf\":\"net0\",\"index\":null,\"bdf\":\"0000:05:00.0\","
		"\"property\":\"autoprobe\",\"is\":\"1\",\"wanted\":\"0\"},"
		"{\"object\":\"net0\",\"pf\":\"net0\",\"index\":null,\"bdf\":\"0000:05:00.0\","
		"\"property\":\"numvfs\",\"is\":\"4\",\"wanted\":\"7\"},"
		"{\"object\":\"net0/6\",\"pf\":\"net0\",\"index\":6,\"bdf\":\"0000:05:11.4\","
		"\"property\":\"driver\",\"is\":null,\"wanted\":\"assignable\"}],"
		"\"problems\":[]}");
	plan_done(&p);
}

/* First it leaves the pass-through driver, then it goes to the host's. */
static void drift_of_a_vf_is_what_it_is_before_it_is_released(void **state)
{
	struct fake_site *s = *state;
	struct step steps[] = { { .kind = STEP_UNASSIGN, .vf.index = 3, .is_intermediate = true },
				{ .kind = STEP_PROBE, .vf.index = 3 },
				{ .kind = STEP_PROBE, .vf.index = 4 } };
	struct plan p = plan_of(s, steps, ARRAY_SIZE(steps));
	struct step_change c;

	s->inv->pfs[0].vfs[3].driver = "vfio-pci";
	assert_false(plan_drift(&p, 0, &c));
	assert_true(plan_drift(&p, 1, &c));
	assert_string_equal(c.now, "vfio-pci");
	assert_string_equal(c.want, "host");
	assert_true(plan_drift(&p, 2, &c));
	assert_string_equal(c.now, "igbvf");
	plan_done(&p);
}

static void plans_drift_and_outcomes_are_json(void **state)
{
	struct fake_site *s = *state;
	struct plan p = plan_of(s, two, 2);
	struct plan_report r = { .hypervisor = "kvm", .plan = &p };
	struct err e = { 0 };
	char want[2048];

	snprintf(want, sizeof(want), STEPS "}", "planned");
	json_is(plan_json(&r), want);
	json_is(drift_json(&r),
		"{\"version\":1,\"hypervisor\":\"kvm\",\"in_sync\":false,\"drift\":[{\"object\":"
		"\"net0/3\",\"pf\":\"net0\",\"index\":3,\"bdf\":\"0000:05:10.6\",\"property\":"
		"\"driver\",\"is\":\"igbvf\",\"wanted\":\"assignable\"}],\"problems\":[]}");
	p.v[1].outcome = OUTCOME_FAILED;
	err_set(&e, EIO, "a cause");
	err_at(&e, 0, "net0/3", "assign");
	snprintf(want, sizeof(want),
		 STEPS ",\"result\":\"failed\",\"error\":{\"object\":\"net0/3\",\"step\":"
		       "\"assign\",\"cause\":\"a cause\",\"fix\":null,\"status\":1}}",
		 "failed");
	json_is(run_json(&r, -EIO, &e), want);
	plan_done(&p);
}

/* What is left, and in_sync, come from the last look. */
static void a_run_that_left_differences_has_them(void **state)
{
	struct fake_site *s = *state;
	struct plan p = plan_of(s, two, 2), none = { 0 };
	struct plan_report r = { .hypervisor = "kvm", .plan = &p, .left = &p };
	struct err e = { 0 };
	json_t *doc;

	err_set(&e, EIO, "a cause");
	doc = run_json(&r, -EIO, &e);
	assert_string_equal(json_string_value(json_object_get(doc, "result")), "differs");
	assert_int_equal(json_array_size(json_object_get(doc, "steps")), 2);
	assert_int_equal(json_array_size(json_object_get(doc, "drift")), 1);
	assert_true(json_is_false(json_object_get(doc, "in_sync")));
	json_decref(doc);
	r.left = &none;
	doc = run_json(&r, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(doc, "result")), "done");
	assert_int_equal(json_array_size(json_object_get(doc, "steps")), 2);
	assert_int_equal(json_array_size(json_object_get(doc, "drift")), 0);
	assert_true(json_is_true(json_object_get(doc, "in_sync")));
	json_decref(doc);
	plan_done(&p);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_site_setup, fake_site_teardown)

static void what_could_not_be_seen_is_not_in_sync(void **state UNUSED)
{
	struct plan none = { 0 };
	const struct plan_report p = { .hypervisor = "kvm", .plan = &none, .domains_unseen = true };
	json_t *doc = drift_json(&p);

	assert_non_null(doc);
	assert_false(json_is_true(json_object_get(doc, "in_sync")));
	assert_string_equal(json_string_value(json_array_get(json_object_get(doc, "unseen"), 0)),
			    "domain");
	json_decref(doc);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(what_could_not_be_seen_is_not_in_sync),
	T(steps_say_what_they_change),
	T(a_vf_to_come_has_no_address_in_its_name),
	T(a_plan_is_numbered_and_counted),
	T(means_are_no_drift),
	T(drift_tells_what_is_and_not_what_is_in_between),
	T(drift_of_a_vf_is_what_it_is_before_it_is_released),
	T(plans_drift_and_outcomes_are_json),
	T(a_run_that_left_differences_has_them),
};

TEST_MAIN(tests)
