// SPDX-License-Identifier: GPL-2.0-or-later
/* The public library as a foreign program uses it: the shared object, vfyard.h and JSON. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

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

	/* Do it twice, because a handle sees the host afresh at each call. */
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

/* The library finds the module beside itself; the program has no part in that. */
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

/* The handle has no host, so nothing is read or written, wherever the program runs. */
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
	assert_int_equal(vfy_check(v, &text), r);
	assert_int_equal(vfy_plan(v, &text), r);
	assert_int_equal(vfy_apply(v, &text), r);
	assert_int_equal(vfy_status(v, &text), r);
	assert_int_equal(vfy_release(v, &dev, 1, &text), r);
	assert_int_equal(vfy_attached(v, NULL, &text), r);
	assert_int_equal(vfy_assignable(v, &text), r);
	assert_string_equal(vfy_document(v), "");
	assert_string_equal(vfy_error(v), first);
	assert_int_equal(vfy_exit_status(v), 2);
	assert_null(text);
	vfy_close(v);
}

/* Keeps the lines of the log, one after the other. */
static void keep(void *arg, int level, const char *line)
{
	char *all = arg;
	size_t n = strlen(all);

	snprintf(all + n, 4096 - n, "%d %s\n", level, line);
}

static json_t *problems_of(struct vfy *v)
{
	json_t *doc = json_loads(vfy_document(v), 0, NULL), *list;

	assert_non_null(doc);
	list = json_incref(json_object_get(doc, "problems"));
	json_decref(doc);
	return list;
}

/* The sentence has the place, the parts are separate, and the document has all problems. */
static void is_the_bad_topology(struct vfy *v, int r, const char *path)
{
	const struct vfy_failure *f = vfy_failure(v);
	char place[128];
	json_t *all;

	snprintf(place, sizeof(place), "%s:2:40", path);
	assert_int_equal(r, -EINVAL);
	assert_non_null(f);
	assert_string_equal(f->object, place);
	assert_string_equal(f->step, "");
	assert_string_equal(f->cause, "numvfs: 'seven' is not a number");
	assert_string_equal(f->fix, "write a number from 0 to 65535");
	assert_int_equal(f->status, VFY_USAGE);
	assert_int_equal(f->code, EINVAL);
	assert_ptr_equal(strstr(vfy_error(v), place), vfy_error(v));
	assert_int_equal(vfy_exit_status(v), 2);
	all = problems_of(v);
	assert_int_equal(json_array_size(all), 2);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(all, 1), "line")), 3);
	json_decref(all);
}

static void a_topology_with_errors_gives_a_sentence_in_every_call(void **state)
{
	struct env *t = *state;
	struct vfy_options o = { .size = sizeof(o), .root = t->root.dir, .log = keep };
	const char *dev = "net0/1";
	char bad[96], lines[4096] = "", *text = NULL;
	struct vfy *v;
	FILE *f;

	fake_root_add(&t->root, "dev/kvm=");
	fake_root_add(&t->root, "sys/kernel/iommu_groups/10/");
	snprintf(bad, sizeof(bad), "%s/bad.cfg", t->root.dir);
	f = fopen(bad, "w");
	assert_non_null(f);
	fputs("version = 1\npf = [ \"net0: bdf=0000:05:00.0, numvfs=seven\" ]\n"
	      "vf = [ \"net0/0: vlan=5000\" ]\n",
	      f);
	fclose(f);
	o.config = bad;
	o.log_arg = lines;
	o.flags = VFY_DRY_RUN;
	assert_int_equal(vfy_open(&v, &o), 0);
	assert_null(vfy_failure(v));
	is_the_bad_topology(v, vfy_render(v, "grub", NULL, &text), bad);
	assert_non_null(strstr(lines, "-1 "));
	assert_non_null(strstr(lines, "bad.cfg:3:22: vlan"));
	is_the_bad_topology(v, vfy_list(v, &text), bad);
	is_the_bad_topology(v, vfy_check(v, NULL), bad);
	is_the_bad_topology(v, vfy_plan(v, NULL), bad);
	is_the_bad_topology(v, vfy_status(v, NULL), bad);
	is_the_bad_topology(v, vfy_attached(v, NULL, NULL), bad);
	is_the_bad_topology(v, vfy_assignable(v, NULL), bad);
	is_the_bad_topology(v, vfy_apply(v, NULL), bad);
	is_the_bad_topology(v, vfy_release(v, NULL, 0, NULL), bad);
	is_the_bad_topology(v, vfy_assignable_add(v, &dev, 1, NULL), bad);
	is_the_bad_topology(v, vfy_assignable_remove(v, &dev, 1, 1), bad);
	is_the_bad_topology(v, vfy_attach(v, "web1", &dev, 1), bad);
	is_the_bad_topology(v, vfy_detach(v, "web1", &dev, 1, 0), bad);
	assert_null(text);
	vfy_close(v);
}

/* A program that was built with the first header passes this; anything may be behind it. */
static void a_shorter_struct_of_options_is_read_to_its_end(void **state)
{
	struct env *t = *state;
	struct old {
		size_t size;
		const char *root, *config, *hypervisor;
		unsigned timeout_ms;
	};
	union {
		struct vfy_options now;
		struct old old;
		unsigned char bytes[sizeof(struct vfy_options)];
	} o;
	char *text = NULL;
	struct vfy *v;

	assert_true(offsetof(struct vfy_options, forced) >= sizeof(struct old));
	memset(o.bytes, 0xa5, sizeof(o.bytes));
	o.old.size = sizeof(struct old);
	o.old.root = t->root.dir;
	o.old.config = t->topology;
	o.old.hypervisor = NULL;
	o.old.timeout_ms = 0;
	assert_int_equal(vfy_open(&v, &o.now), 0);
	assert_int_equal(vfy_render(v, "grub", NULL, &text), 0);
	assert_non_null(strstr(text, "0000:05:10.2"));
	free(text);
	vfy_close(v);
}

/* A dry run must not become a real one because the library is older than the program. */
static void what_the_library_does_not_know_is_refused(void **state)
{
	struct env *t = *state;
	struct {
		struct vfy_options o;
		size_t later;
	} more = { .o = { .size = sizeof(more), .root = t->root.dir } };
	struct vfy *v;

	assert_int_equal(vfy_open(&v, &more.o), 0);
	vfy_close(v);
	more.later = 1;
	assert_int_equal(vfy_open(&v, &more.o), -EINVAL);
	assert_int_equal(vfy_exit_status(v), VFY_USAGE);
	assert_non_null(strstr(vfy_error(v), "sets an option that libvfyard"));
	vfy_close(v);
	more.o.size = sizeof(more.o);
	more.o.flags = VFY_DRY_RUN | 0x4000;
	assert_int_equal(vfy_open(&v, &more.o), -EINVAL);
	assert_non_null(strstr(vfy_error(v), "does not know flags 0x4000"));
	assert_int_equal(vfy_failure(v)->code, EINVAL);
	vfy_close(v);
}

static void texts_of_the_options_may_go_after_the_open(void **state)
{
	struct env *t = *state;
	char root[96], config[96], word[] = "eth0";
	const char *forced[] = { word };
	struct vfy_options o = {
		.size = sizeof(o), .root = root, .config = config, .forced = forced, .n_forced = 1
	};
	char *text = NULL;
	struct vfy *v;

	snprintf(root, sizeof(root), "%s", t->root.dir);
	snprintf(config, sizeof(config), "%s", t->topology);
	assert_int_equal(vfy_open(&v, &o), 0);
	memset(root, 'x', sizeof(root));
	memset(config, 'x', sizeof(config));
	memset(word, 'x', sizeof(word));
	forced[0] = NULL;
	assert_int_equal(vfy_list(v, &text), 0);
	assert_string_equal(text, vfy_document(v));
	free(text);
	vfy_close(v);
}

static void a_forced_word_that_names_nothing_is_a_usage_error(void **state)
{
	struct env *t = *state;
	const char *forced[] = { "eth7" };
	struct vfy_options o = {
		.size = sizeof(o), .root = t->root.dir, .forced = forced, .n_forced = 1
	};
	char *text = NULL;
	struct vfy *v;

	assert_int_equal(vfy_open(&v, &o), 0);
	assert_int_equal(vfy_list(v, &text), -EINVAL);
	assert_int_equal(vfy_failure(v)->status, VFY_USAGE);
	assert_non_null(strstr(vfy_error(v), "eth7"));
	assert_null(text);
	vfy_close(v);
}

static void a_capture_is_not_changed(void **state)
{
	struct env *t = *state;
	const char *dev = "net0/1";
	char lock[128];

	fake_root_add(&t->root, "dev/kvm=");
	fake_root_add(&t->root, "sys/kernel/iommu_groups/10/");
	assert_true(vfy_assignable_add(t->v, &dev, 1, NULL) < 0);
	assert_string_equal(vfy_failure(t->v)->object, "host");
	assert_string_equal(vfy_failure(t->v)->step, "change it");
	assert_true(vfy_apply(t->v, NULL) < 0);
	assert_non_null(strstr(vfy_document(t->v), "\"result\":\"failed\""));
	assert_true(vfy_release(t->v, NULL, 0, NULL) < 0);
	snprintf(lock, sizeof(lock), "%s/run", t->root.dir);
	assert_int_equal(access(lock, F_OK), -1);
}

/* Each has its own handle; nothing is shared. */
static void *list_often(void *arg)
{
	const struct env *t = arg;
	struct vfy_options o = { .size = sizeof(o), .root = t->root.dir, .config = t->topology };
	char *first = NULL, *text = NULL;
	bool is_same = true;
	struct vfy *v;

	for (unsigned i = 0; i < 20; i++) {
		if (vfy_open(&v, &o) < 0 || vfy_list(v, &text) < 0)
			is_same = false;
		vfy_close(v);
		is_same = is_same && (!first || !strcmp(first, text));
		if (first)
			free(text);
		else
			first = text;
		text = NULL;
	}
	free(first);
	return is_same ? arg : NULL;
}

static void threads_with_a_handle_each_do_not_meet(void **state)
{
	struct env *t = *state;
	pthread_t threads[4];
	void *ret;

	fake_root_add(&t->root, "dev/kvm=");
	fake_root_add(&t->root, "sys/kernel/iommu_groups/10/");
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, list_often, t), 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], &ret), 0);
		assert_ptr_equal(ret, t);
	}
}

static void options_of_render_are_those_of_the_command(void **state)
{
	struct env *t = *state;
	struct vfy_render_options o = { .size = sizeof(o), .flags = VFY_RENDER_COMPACT };
	char *text = NULL, *other = NULL;

	assert_int_equal(vfy_render_with(t->v, "grub", NULL, &o, &text), 0);
	assert_non_null(strstr(text, "xen-pciback.hide="));
	free(text);
	text = NULL;
	assert_int_equal(vfy_render_with(t->v, "dot", NULL, &o, &text), -EINVAL);
	assert_non_null(strstr(vfy_error(t->v), "--compact has no meaning here"));
	o.flags = VFY_RENDER_RESERVE;
	o.reserve = 32;
	assert_int_equal(vfy_render_with(t->v, "qemu", NULL, &o, &text), -EINVAL);
	assert_string_equal(vfy_failure(t->v)->fix, "give a number from 0 to 31");
	assert_null(text);
	/* Nothing behind a shorter struct is read. */
	o.size = sizeof(size_t);
	assert_int_equal(vfy_render_with(t->v, "dot", NULL, &o, &text), 0);
	assert_int_equal(vfy_render(t->v, "dot", NULL, &other), 0);
	assert_string_equal(text, other);
	assert_string_equal(vfy_document(t->v), "");
	free(text);
	free(other);
}

/* The text and the document are one topology, which a handle can be opened with. */
static void import_is_a_topology_of_the_host(void **state)
{
	struct env *t = *state;
	struct vfy_import_options o = { .size = sizeof(o), .select = "bdf" };
	char *text = NULL;
	json_t *j;

	assert_int_equal(vfy_import(t->v, &o, &text), 0);
	assert_non_null(strstr(text, ": bdf=0000:05:00.0"));
	j = json_loads(vfy_document(t->v), 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(j, "version")), 1);
	assert_string_equal(json_string_value(json_object_get(
				    json_array_get(json_object_get(j, "pf"), 0), "bdf")),
			    "0000:05:00.0");
	json_decref(j);
	free(text);
	o.select = "colour";
	assert_int_equal(vfy_import(t->v, &o, &text), -EINVAL);
	assert_null(text);
	assert_int_equal(vfy_exit_status(t->v), VFY_USAGE);
	o = (struct vfy_import_options){ .size = sizeof(o), .flags = 64 };
	assert_int_equal(vfy_import(t->v, &o, &text), -EINVAL);
	assert_int_equal(vfy_import(t->v, NULL, &text), 0);
	free(text);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(import_is_a_topology_of_the_host, setup, teardown),
	cmocka_unit_test_setup_teardown(listing_is_the_json_of_the_contract, setup, teardown),
	cmocka_unit_test_setup_teardown(listing_of_a_kvm_host_asks_its_module, setup, teardown),
	cmocka_unit_test_setup_teardown(rendered_text_names_the_vf_of_the_topology, setup,
					teardown),
	cmocka_unit_test_setup_teardown(failure_has_a_sentence_and_the_exit_status_of_the_program,
					setup, teardown),
	cmocka_unit_test_setup_teardown(nothing_is_changed_where_no_hypervisor_is, setup, teardown),
	cmocka_unit_test_setup_teardown(a_topology_with_errors_gives_a_sentence_in_every_call,
					setup, teardown),
	cmocka_unit_test_setup_teardown(a_shorter_struct_of_options_is_read_to_its_end, setup,
					teardown),
	cmocka_unit_test_setup_teardown(what_the_library_does_not_know_is_refused, setup, teardown),
	cmocka_unit_test_setup_teardown(texts_of_the_options_may_go_after_the_open, setup,
					teardown),
	cmocka_unit_test_setup_teardown(a_forced_word_that_names_nothing_is_a_usage_error, setup,
					teardown),
	cmocka_unit_test_setup_teardown(a_capture_is_not_changed, setup, teardown),
	cmocka_unit_test_setup_teardown(threads_with_a_handle_each_do_not_meet, setup, teardown),
	cmocka_unit_test_setup_teardown(options_of_render_are_those_of_the_command, setup,
					teardown),
	cmocka_unit_test(handle_of_a_failed_open_still_tells_why),
	cmocka_unit_test(calls_of_a_handle_that_was_not_opened_fail_as_the_open_did),
};

TEST_MAIN(tests)
