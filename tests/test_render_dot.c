// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "fake_model.h"

static const struct fake_pf pfs[] = {
	{ "0000:05:00.0", "enp5s0f0", "igb", "igbvf", 7, 7, 128, 2, -1 },
	{ "0000:3b:00.0", NULL, "ice", NULL, 256, 0, 256, 1, -1 },
};

static const char topology[] =
	"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":7},"
	"{\"name\":\"big\",\"bdf\":\"0000:3b:00.0\",\"numvfs\":256},"
	"{\"name\":\"gone\",\"bdf\":\"0000:99:00.0\",\"numvfs\":4}],"
	"\"vf\":[{\"pf\":\"net0\",\"index\":\"6\",\"driver\":\"host\"},"
	"{\"pf\":\"net0\",\"index\":\"5\",\"driver\":\"none\"},"
	"{\"pf\":\"big\",\"index\":\"250-255\",\"driver\":\"assign\"}],"
	"\"domain\":[{\"name\":\"web1\",\"xen\":{\"type\":\"pv\",\"permissive\":1},\"devices\":["
	"{\"pf\":\"net0\",\"index\":\"0-2\"},{\"pf\":\"gone\",\"index\":\"0\"}]},"
	"{\"name\":\"dpdk1\",\"xen\":{\"type\":\"hvm\"},\"devices\":["
	"{\"pf\":\"net0\",\"index\":\"3\",\"rdm_policy\":\"relaxed\"},"
	"{\"pf\":\"big\",\"index\":\"0-249\"}]}]}";

static void each_run_of_vfs_is_one_node(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, pfs, ARRAY_SIZE(pfs), topology);
	text = fake_model_render(&m, "dot", NULL);
	assert_golden("render/dot", text);
	fake_model_done(&m);
}

static void one_domain_shows_only_what_it_gets(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, pfs, ARRAY_SIZE(pfs), topology);
	m.in.domain = topology_find_domain(m.topo, "web1");
	text = fake_model_render(&m, "dot", NULL);
	assert_golden("render/dot-web1", text);
	fake_model_done(&m);
}

static size_t count(const char *text, const char *word)
{
	size_t n = 0;

	for (const char *s = text; (s = strstr(s, word)); s += strlen(word))
		n++;
	return n;
}

/* The same nodes and edges as in dot, each once. */
static void svg_has_the_boxes_and_lines_of_dot(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL, *dot = NULL;
	const size_t edges_with_words = 3; /* permissive=1 twice, rdm_policy=relaxed */
	struct fake_model m;

	fake_model_init(&m, pfs, ARRAY_SIZE(pfs), topology);
	text = fake_model_render(&m, "svg", NULL);
	dot = fake_model_render(&m, "dot", NULL);
	assert_golden("render/svg", text);
	/* A box has its words after shape or alone; an edge has them after its arrow. */
	assert_int_equal(count(text, "<rect class="),
			 count(dot, "\" [label=\"") + count(dot, ", label=\"") - edges_with_words);
	assert_int_equal(count(text, "<path "), count(dot, " -> "));
	m.in.domain = topology_find_domain(m.topo, "web1");
	free(text);
	text = fake_model_render(&m, "svg", NULL);
	assert_int_equal(count(text, "class=\"domain\""), 1);
	assert_non_null(strstr(text, "net0/0-2"));
	assert_null(strstr(text, "dpdk1"));
	assert_null(strstr(text, ">big<"));
	fake_model_done(&m);
}

static void names_stay_text_in_svg(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, pfs, ARRAY_SIZE(pfs), topology);
	free(m.topo->domains[0].name);
	m.topo->domains[0].name = strdup("<b>&\n");
	text = fake_model_render(&m, "svg", NULL);
	assert_non_null(strstr(text, ">&lt;b&gt;&amp;?<"));
	fake_model_done(&m);
}

static void quotes_in_a_name_stay_inside_the_string(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;

	fake_model_init(&m, pfs, ARRAY_SIZE(pfs), topology);
	free(m.topo->domains[0].name);
	m.topo->domains[0].name = strdup("a\"];\\\n");
	text = fake_model_render(&m, "dot", NULL);
	assert_non_null(text);
	assert_non_null(strstr(text, "\t\"domain a'];??\" [shape=ellipse, label=\"a'];??"));
	fake_model_done(&m);
}

static void graphviz_draws_it(void **state UNUSED)
{
	_cleanup_free_ char *line = NULL;
	bool found = false;
	size_t size = 0;
	FILE *svg;

	if (access("/usr/bin/dot", X_OK) < 0)
		skip();
	svg = popen("/usr/bin/dot -Tsvg tests/golden/render/dot", "r");
	assert_non_null(svg);
	while (getline(&line, &size, svg) >= 0)
		found |= strstr(line, "<title>big/0&#45;249</title>") != NULL;
	assert_int_equal(pclose(svg), 0);
	assert_true(found);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(svg_has_the_boxes_and_lines_of_dot),
	cmocka_unit_test(names_stay_text_in_svg),
	cmocka_unit_test(each_run_of_vfs_is_one_node),
	cmocka_unit_test(one_domain_shows_only_what_it_gets),
	cmocka_unit_test(quotes_in_a_name_stay_inside_the_string),
	cmocka_unit_test(graphviz_draws_it),
};

TEST_MAIN(tests)
