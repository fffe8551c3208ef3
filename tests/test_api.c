// SPDX-License-Identifier: GPL-2.0-or-later
/* The public library as a foreign program uses it: the shared object, vfyard.h and JSON. */
#include "test.h"

#include <string.h>
#include <jansson.h>

#include "fake_root.h"
#include "vfyard.h"

struct env {
	struct fake_root root;
	char topology[96];
	struct vfy *v;
};

static int setup(void **state)
{
	static const struct fake_pf pf = { .bdf = "0000:05:00.0",
					   .netdev = "eth0",
					   .driver = "igb",
					   .vf_driver = "igbvf",
					   .totalvfs = 7,
					   .numvfs = 2,
					   .offset = 128,
					   .stride = 2,
					   .first_group = 10 };
	struct env *t = calloc(1, sizeof(*t));
	struct vfy_options o = { .size = sizeof(o) };
	FILE *f;

	assert_non_null(t);
	fake_root_init(&t->root, (const char *const[]){ NULL });
	fake_root_add_pf(&t->root, &pf);
	snprintf(t->topology, sizeof(t->topology), "%s/t.json", t->root.dir);
	f = fopen(t->topology, "w");
	assert_non_null(f);
	fputs("{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],"
	      "\"domain\":[{\"name\":\"web1\",\"xen\":{\"type\":\"pv\"},"
	      "\"devices\":[{\"pf\":\"net0\",\"index\":\"1\"}]}]}",
	      f);
	fclose(f);
	o.root = t->root.dir;
	o.config = t->topology;
	assert_int_equal(vfy_open(&t->v, &o), 0);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct env *t = *state;

	vfy_close(t->v);
	fake_root_done(&t->root);
	free(t);
	return 0;
}

static void listing_is_the_json_of_the_contract(void **state)
{
	struct env *t = *state;
	char *text = NULL;
	json_t *j, *vf;

	/* Twice: a handle sees the host afresh at each call. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(vfy_list(t->v, &text), 0);
		j = json_loads(text, 0, NULL);
		assert_non_null(j);
		assert_int_equal(json_integer_value(json_object_get(j, "version")), 1);
		vf = json_array_get(
			json_object_get(json_array_get(json_object_get(j, "pfs"), 0), "vfs"), 1);
		assert_string_equal(json_string_value(json_object_get(vf, "bdf")), "0000:05:10.2");
		json_decref(j);
		free(text);
	}
	assert_string_equal(vfy_error(t->v), "");
	assert_int_equal(vfy_exit_status(t->v), 0);
}

/* The library finds the module beside itself, and the program has no part in it. */
static void listing_of_a_kvm_host_asks_its_module(void **state)
{
	struct env *t = *state;
	char *text = NULL;
	json_t *j;

	fake_root_add(&t->root, "dev/kvm=");
	fake_root_add(&t->root, "sys/kernel/iommu_groups/10/");
	assert_int_equal(vfy_list(t->v, &text), 0);
	j = json_loads(text, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(j, "hypervisor")), "kvm");
	json_decref(j);
	free(text);
}

static void rendered_text_names_the_vf_of_the_topology(void **state)
{
	struct env *t = *state;
	char *text = NULL;

	assert_int_equal(vfy_render(t->v, "grub", NULL, &text), 0);
	assert_non_null(strstr(text, "xen-pciback.hide=(0000:05:10.2)"));
	free(text);
}

static void failure_has_a_sentence_and_the_exit_status_of_the_program(void **state)
{
	struct env *t = *state;
	char *text = NULL;

	assert_int_equal(vfy_render(t->v, "nonsense", NULL, &text), -EINVAL);
	assert_null(text);
	assert_non_null(strstr(vfy_error(t->v), "nonsense"));
	assert_int_equal(vfy_exit_status(t->v), 2);
}

static void nothing_is_changed_where_no_hypervisor_is(void **state)
{
	struct env *t = *state;
	const char *dev = "net0/1";

	assert_true(vfy_assignable_add(t->v, &dev, 1, NULL) < 0);
	assert_non_null(strstr(vfy_error(t->v), "; "));
	assert_int_equal(vfy_exit_status(t->v), 1);
}

static void handle_of_a_failed_open_still_tells_why(void **state UNUSED)
{
	struct vfy_options o = { .size = sizeof(o), .root = "/nonexistent/root" };
	struct vfy *v;

	assert_true(vfy_open(&v, &o) < 0);
	assert_non_null(strstr(vfy_error(v), "/nonexistent/root"));
	vfy_close(v);
}

/* There is no host behind it: nothing is read or written, wherever the program stands. */
static void calls_of_a_handle_that_was_not_opened_fail_as_the_open_did(void **state UNUSED)
{
	struct vfy_options o = { .size = sizeof(o), .root = "/nonexistent/root" };
	const char *dev = "net0/1";
	char *text = NULL, first[512];
	struct vfy *v;
	int r = vfy_open(&v, &o);

	assert_true(r < 0);
	snprintf(first, sizeof(first), "%s", vfy_error(v));
	assert_int_equal(vfy_list(v, &text), r);
	assert_string_equal(vfy_error(v), first);
	assert_int_equal(vfy_render(v, "grub", NULL, &text), r);
	assert_string_equal(vfy_error(v), first);
	assert_int_equal(vfy_assignable_add(v, &dev, 1, NULL), r);
	assert_int_equal(vfy_assignable_remove(v, &dev, 1, 1), r);
	assert_int_equal(vfy_attach(v, "web1", &dev, 1), r);
	assert_int_equal(vfy_detach(v, "web1", &dev, 1, 0), r);
	assert_string_equal(vfy_error(v), first);
	assert_int_equal(vfy_exit_status(v), 2);
	assert_null(text);
	vfy_close(v);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(listing_is_the_json_of_the_contract, setup, teardown),
	cmocka_unit_test_setup_teardown(listing_of_a_kvm_host_asks_its_module, setup, teardown),
	cmocka_unit_test_setup_teardown(rendered_text_names_the_vf_of_the_topology, setup,
					teardown),
	cmocka_unit_test_setup_teardown(failure_has_a_sentence_and_the_exit_status_of_the_program,
					setup, teardown),
	cmocka_unit_test_setup_teardown(nothing_is_changed_where_no_hypervisor_is, setup, teardown),
	cmocka_unit_test(handle_of_a_failed_open_still_tells_why),
	cmocka_unit_test(calls_of_a_handle_that_was_not_opened_fail_as_the_open_did),
};

TEST_MAIN(tests)
