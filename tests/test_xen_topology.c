// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libxlutil judges our reader of xl.cfg syntax: both read every topology of the tests, the examples
 * and thousands of generated texts, and must read the same or both refuse. A table has what we
 * refuse on purpose.
 */
#include "test.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <libxlutil.h>

#include "topology/read/lex.h"
#include "topology/read/text.h"

#define GENERATED 20000

/* libxlutil forgets values of a text that it refuses; valgrind.supp tells valgrind. The symbol is
 * weak, because all tests are linked into one program for warnings. */
__attribute__((visibility("default"), weak)) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libxlutil\n";
}

/* Sentences that only we have: libxlutil accepts these texts, and reads some of them as something
 * else than is written. */
static const char *const on_purpose[] = {
	"a topology cannot have '+='",
	"this string has a backslash",
	"lists are nested more than 4 levels deep",
	" is already given in line ", /* 'pf' is already given in line 3 */
	"the file has more than 256 keys",
};

/* How often each verdict came out, so that a generator that makes only rubbish fails. */
struct verdicts {
	unsigned same, both_refuse, on_purpose;
};

static bool is_on_purpose(const struct problems *p)
{
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(on_purpose); k++)
			if (strstr(p->v[i].err.cause, on_purpose[k]))
				return true;
	return false;
}

static bool is_same_list(const struct topo_node *node, const XLU_Config *cfg,
			 const XLU_ConfigList *list);

static bool is_same(const struct topo_node *node, const XLU_Config *cfg, XLU_ConfigValue *v)
{
	XLU_ConfigList *list;
	char *s;

	if (node->kind == NODE_LIST)
		return xlu_cfg_value_get_list(cfg, v, &list, 1) == 0 &&
		       is_same_list(node, cfg, list);
	return xlu_cfg_value_get_string(cfg, v, &s, 1) == 0 && !strcmp(s, node->text);
}

static bool is_same_list(const struct topo_node *node, const XLU_Config *cfg,
			 const XLU_ConfigList *list)
{
	for (size_t i = 0; i < node->n; i++) {
		XLU_ConfigValue *v = xlu_cfg_get_listitem2(list, (int)i);

		if (!v || !is_same(&node->kids[i], cfg, v))
			return false;
	}
	return !xlu_cfg_get_listitem2(list, (int)node->n);
}

static bool is_same_member(const struct topo_node *node, const XLU_Config *cfg)
{
	XLU_ConfigList *list;
	const char *s;

	if (node->kind == NODE_LIST)
		return xlu_cfg_get_list(cfg, node->key, &list, NULL, 1) == 0 &&
		       is_same_list(node, cfg, list);
	return xlu_cfg_get_string(cfg, node->key, &s, 1) == 0 && !strcmp(s, node->text);
}

/* libxlutil does not list its keys, so it is asked for each that a text of these tests may have. */
static const char *const keys[] = {
	"version", "hypervisor", "on_error", "pf",    "vf",
	"domain",  "a",		 "b",	     "k.0_x", "a_key_of_more_letters_than_a_sentence_shows",
	NULL,
};

static bool has_no_more(const struct topo_node *root, const XLU_Config *cfg)
{
	const char *s;

	for (size_t i = 0; keys[i]; i++)
		if (!topo_node_get(root, keys[i]) &&
		    (xlu_cfg_get_string(cfg, keys[i], &s, 1) != ESRCH ||
		     xlu_cfg_get_list(cfg, keys[i], NULL, NULL, 1) != ESRCH))
			return false;
	return true;
}

static bool is_same_tree(const struct topo_node *root, const XLU_Config *cfg)
{
	for (size_t i = 0; i < root->n; i++)
		if (!is_same_member(&root->kids[i], cfg))
			return false;
	return has_no_more(root, cfg);
}

static void judge(const char *text, struct verdicts *count)
{
	struct problems problems = { .file = "t" };
	struct topo_ctx c = { .problems = &problems };
	_cleanup_(topo_node_done) struct topo_node root = { 0 };
	_cleanup_free_ char *report = NULL;
	size_t size;
	FILE *to = open_memstream(&report, &size);
	XLU_Config *cfg = xlu_cfg_init(to, "t");
	bool theirs = xlu_cfg_readdata(cfg, text, (int)strlen(text)) == 0;
	bool ours = topo_lex(&root, &c, text) == 0 && !problems.n_errors;

	fclose(to);
	if (ours && !theirs)
		fail_msg("we read it, libxlutil says: %s\n%s", report, text);
	if (ours && !is_same_tree(&root, cfg))
		fail_msg("libxlutil reads something else in:\n%s", text);
	if (!ours && theirs && !is_on_purpose(&problems))
		fail_msg("libxlutil reads it, we say: %s\n%s", problems.v[0].err.cause, text);
	count->same += ours;
	count->both_refuse += !ours && !theirs;
	count->on_purpose += !ours && theirs;
	xlu_cfg_destroy(cfg);
	problems_done(&problems);
}

/* Judges bytes as a file's bytes reach the reader; what is not text reaches neither of them. */
static void judge_bytes(const char *raw, size_t len, struct verdicts *count)
{
	struct problems problems = { .file = "t" };
	struct topo_ctx c = { .problems = &problems };
	_cleanup_free_ char *text = NULL;

	if (topo_text_clean(&text, &c, raw, len) == 0)
		judge(text, count);
	problems_done(&problems);
}

static int read_file(char **ret, size_t *ret_len, const char *path, struct err *e)
{
	struct stat st;
	_cleanup_close_ int fd = topo_text_open(NULL, path, &st, e);

	return fd < 0 ? fd : topo_text_read(ret, ret_len, fd, e);
}

static void judge_files(const char *pattern, struct verdicts *count)
{
	glob_t g;

	assert_int_equal(glob(pattern, 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct err e = { 0 };
		_cleanup_free_ char *raw = NULL;
		size_t len;

		assert_int_equal(read_file(&raw, &len, g.gl_pathv[i], &e), 0);
		judge_bytes(raw, len, count);
	}
	globfree(&g);
}

static void files_are_read_alike(void **state UNUSED)
{
	struct verdicts good = { 0 }, bad = { 0 };

	judge_files("tests/topologies/good/*.cfg", &good);
	judge_files("xl-cfg/*.cfg", &good);
	assert_in_range(good.same, 8, 1000);
	assert_int_equal(good.both_refuse + good.on_purpose, 0);
	judge_files("tests/topologies/bad/*.cfg", &bad);
	assert_in_range(bad.both_refuse, 2, 1000);
	assert_in_range(bad.same, 2, 1000); /* what is wrong with them is not the syntax */
}

/* Edge cases that somebody thought of; "on purpose" means that only libxlutil reads it. */
static void edges_are_read_alike(void **state UNUSED)
{
	static const char *const same[] = {
		";\n",
		"a=1;;b=2;\n",
		"a = [ ]\n",
		"a=[\n#c\n]\n",
		"a=[1,]\n",
		"a=[1\n,\n2\n,\n]\n",
		"a=0x1f\n",
		"a=9abcdef\n",
		"a='#;,]'\n",
		"a=\"it's\"\n",
		"a='\"'\n",
		"a=''\n",
		"a=1#c\n",
		"\ta\t=\t1\t;\t#\n",
		"a=[['x','y'],[],1]\n",
		"k.0_x='\xc3\xa4'\n",
		"a_key_of_more_letters_than_a_sentence_shows = 1\n",
		"a=1111111111222222222233333333334444444444555555555566666666667777777777\n",
	};
	static const char *const refused[] = {
		"a\n",		"a=\n",	     "a=1 2\n",	  "a=[,]\n", "a=[1,,2]\n", "a=[1 2]\n",
		"a=['x''y']\n", "a=[1\n",    "a=1]\n",	  "a='x\n",  "a='x\n'\n",  "a=0X1\n",
		"a=1g\n",	"a=-1\n",    "a=1.5\n",	  "A=1\n",   "0a=1\n",	   "a-b=1\n",
		"a\n=1\n",	"a=#c\n1\n", "a=[1;2]\n", "a==1\n",  "=1\n",	   "a=b\n",
		"a+=\n",	"a + = 1\n", "a={}\n",	  "[a]\n",   "a=1,\n",	   "a=[1]2\n",
		"a=[b=1]\n",
	};
	static const char *const ours_alone[] = {
		"a+=1\n",
		"a +=[1]\n",
		"a_key_of_more_letters_than_a_sentence_shows+=1\n",
		"a='\\''\n",
		"a='\\101'\n",
		"a=1\na=1\n",
		"a=[[[[[1]]]]]\n",
	};
	struct verdicts n = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		judge(same[i], &n);
	assert_int_equal(n.same, ARRAY_SIZE(same));
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		judge(refused[i], &n);
	assert_int_equal(n.both_refuse, ARRAY_SIZE(refused));
	for (size_t i = 0; i < ARRAY_SIZE(ours_alone); i++)
		judge(ours_alone[i], &n);
	assert_int_equal(n.on_purpose, ARRAY_SIZE(ours_alone));
}

/* The texts are the same in every run. Source: xorshift64 of G. Marsaglia. */
static uint64_t next(uint64_t *seed, unsigned below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (*seed >> 16) % below;
}

static void put_one_of(FILE *f, uint64_t *seed, const char *const *words, unsigned n)
{
	fputs(words[next(seed, n)], f);
}

#define PUT(f, seed, ...)                                                                          \
	put_one_of(f, seed, (const char *const[]){ __VA_ARGS__ },                                  \
		   ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })))

static void put_value(FILE *f, uint64_t *seed, unsigned depth)
{
	unsigned n = (unsigned)next(seed, 4);

	if (depth == 5 || next(seed, 3)) {
		PUT(f, seed, "1", "0x1f", "''", "\"x\"", "'a # b'", "\"it's\"", "'p: bdf=05:00.0'",
		    "'\xc3\xa4'", "12ab");
		return;
	}
	PUT(f, seed, "[", "[ ", "[\n", "[ # c\n", "[\r\n\t");
	for (unsigned i = 0; i < n; i++) {
		put_value(f, seed, depth + 1);
		if (i + 1 < n || next(seed, 3) == 0)
			PUT(f, seed, ",", ", ", " ,\n", "\n,", ",# c\n", ",\r\n");
	}
	PUT(f, seed, "]", " ]", "\n]");
}

/* Writes a text that is right, in any layout. */
static void put_text(FILE *f, uint64_t *seed)
{
	unsigned n = 1 + (unsigned)next(seed, 4);

	PUT(f, seed, "", "", "# head\n", "\n", "\xef\xbb\xbf", ";\n");
	for (unsigned i = 0; i < n; i++) {
		fputs(keys[next(seed, ARRAY_SIZE(keys) - 1)], f);
		PUT(f, seed, "=", "=", " = ", "\t=", "= ", " += ");
		put_value(f, seed, 0);
		if (i + 1 < n || next(seed, 2))
			PUT(f, seed, "\n", "\n", ";", " ;\n", " # c\n", "\r\n", "\n\n", ";;");
	}
}

/* Then, in every second text, a few characters are changed, removed or added. */
static void spoil(char *text, size_t *len, uint64_t *seed)
{
	static const char signs[] = "'\"\\[],;=+#\n \tab1x0.-:{}()A\rzf";

	for (uint64_t n = next(seed, 2) ? 1 + next(seed, 3) : 0; n && *len > 2; n--) {
		size_t at = next(seed, (unsigned)*len - 1);
		char sign = signs[next(seed, sizeof(signs) - 1)];

		switch (next(seed, 3)) {
		case 0:
			memmove(text + at, text + at + 1, *len - at);
			--*len;
			break;
		case 1:
			memmove(text + at + 1, text + at, *len - at + 1);
			++*len;
			text[at] = sign;
			break;
		default:
			text[at] = sign;
		}
	}
}

static void generated_texts_are_read_alike(void **state UNUSED)
{
	struct verdicts n = { 0 };
	uint64_t seed = 4711;

	for (unsigned i = 0; i < GENERATED; i++) {
		_cleanup_free_ char *text = NULL;
		size_t len;
		FILE *f = open_memstream(&text, &len);

		assert_non_null(f);
		put_text(f, &seed);
		fputs("\n\n\n", f); /* room for what is added */
		fclose(f);
		len -= 3;
		text[len] = '\0';
		spoil(text, &len, &seed);
		judge_bytes(text, len, &n);
	}
	assert_in_range(n.same, GENERATED / 5, GENERATED);
	assert_in_range(n.both_refuse, GENERATED / 10, GENERATED);
	assert_in_range(n.on_purpose, GENERATED / 20, GENERATED);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(files_are_read_alike),
	cmocka_unit_test(edges_are_read_alike),
	cmocka_unit_test(generated_texts_are_read_alike),
};

TEST_MAIN(tests)
