// SPDX-License-Identifier: GPL-2.0-or-later
/* The only file that knows libxlutil's configuration parser. */
#include "topology/read/lex.h"

#include <string.h>
#include <libxlutil.h>

/* Stands for the file in libxlutil's report, so that its lines can be told from continuations. */
#define SOURCE "topology"

static void destroy(XLU_Config **cfg)
{
	if (*cfg)
		xlu_cfg_destroy(*cfg);
}

/* "topology:3: config parsing error near `x': syntax error" is an error in line 3; columns are not
 * there. Source: Xen tools/libs/util/libxlu_cfg.c, xlu__cfg_yyerror(). */
static void report_line(struct topo_ctx *c, const char *line)
{
	struct loc at = { 0 };
	const char *text = line;

	if (!strncmp(line, SOURCE ":", strlen(SOURCE ":"))) {
		char *end;

		at.line = (unsigned)strtoul(line + strlen(SOURCE ":"), &end, 10);
		at.col = at.line ? 1 : 0;
		text = end + strspn(end, ": ");
	}
	topo_error(c, at, "libxlutil: %s", text);
}

static int report_problems(struct topo_ctx *c, char *report)
{
	char *rest = report, *line;
	bool any = false;

	while ((line = strsep(&rest, "\n")))
		if (*line) {
			report_line(c, line);
			any = true;
		}
	if (!any)
		topo_error(c, (struct loc){ 0 }, "libxlutil cannot read this file");
	return -EINVAL;
}

/* The scanner and libxlutil went different ways: no value can be trusted. */
static int disagree(struct topo_ctx *c, const struct topo_node *node)
{
	topo_error(c, node->loc, "libxlutil reads this value differently");
	return -EINVAL;
}

static int take_list(struct topo_node *node, struct topo_ctx *c, const XLU_Config *cfg,
		     const XLU_ConfigList *list)
{
	for (size_t i = 0; i < node->n; i++) {
		XLU_ConfigValue *v = xlu_cfg_get_listitem2(list, (int)i);
		struct topo_node *kid = &node->kids[i];
		XLU_ConfigList *inner;
		char *s;
		int r;

		if (!v || (xlu_cfg_value_type(v) == XLU_LIST) != (kid->kind == NODE_LIST))
			return disagree(c, kid);
		if (kid->kind == NODE_LIST) {
			if (xlu_cfg_value_get_list(cfg, v, &inner, 1))
				return disagree(c, kid);
			r = take_list(kid, c, cfg, inner);
			if (r < 0)
				return r;
			continue;
		}
		if (xlu_cfg_value_get_string(cfg, v, &s, 1))
			return disagree(c, kid);
		kid->text = strdup(s);
		if (!kid->text)
			return -ENOMEM;
	}
	return xlu_cfg_get_listitem2(list, (int)node->n) ? disagree(c, node) : 0;
}

static int take_member(struct topo_node *node, struct topo_ctx *c, const XLU_Config *cfg)
{
	XLU_ConfigList *list;
	const char *s;

	if (node->kind == NODE_LIST) {
		if (xlu_cfg_get_list(cfg, node->key, &list, NULL, 1))
			return disagree(c, node);
		return take_list(node, c, cfg, list);
	}
	if (xlu_cfg_get_string(cfg, node->key, &s, 1))
		return disagree(c, node);
	node->text = strdup(s);
	return node->text ? 0 : -ENOMEM;
}

int topo_xlcfg_values(struct topo_node *root, struct topo_ctx *c, const char *text)
{
	_cleanup_free_ char *report = NULL;
	size_t size;
	_cleanup_file_ FILE *to = open_memstream(&report, &size);
	_cleanup_(destroy) XLU_Config *cfg = to ? xlu_cfg_init(to, SOURCE) : NULL;
	int r;

	if (!cfg)
		return -ENOMEM;
	if (xlu_cfg_readdata(cfg, text, (int)strlen(text))) {
		fflush(to);
		return report_problems(c, report);
	}
	for (size_t i = 0; i < root->n; i++) {
		r = take_member(&root->kids[i], c, cfg);
		if (r < 0)
			return r;
	}
	return 0;
}
