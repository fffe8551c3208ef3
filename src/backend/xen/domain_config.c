// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/domain_config.h"

#include <jansson.h>
#include <string.h>

/* libxl omits what has its default value. */
static bool is_passthrough_off(const json_t *root)
{
	const char *mode =
		json_string_value(json_object_get(json_object_get(root, "c_info"), "passthrough"));

	if (mode && strcmp(mode, "default") != 0)
		return !strcmp(mode, "disabled");
	return json_array_size(json_object_get(root, "pcidevs")) == 0 &&
	       json_array_size(json_object_get(root, "dtdevs")) == 0;
}

static bool is_pv_without_e820(const json_t *root)
{
	const json_t *pv = json_object_get(json_object_get(root, "b_info"), "type.pv");
	const json_t *e820 = json_object_get(pv, "e820_host");
	const char *text = json_string_value(e820);

	return pv && !json_is_true(e820) && !(text && !strcmp(text, "True"));
}

struct created created_parse(const char *json, size_t len)
{
	struct created c = { .is_known = false };
	json_t *root = json_loadb(json, len && !json[len - 1] ? len - 1 : len, 0, NULL);

	if (json_is_object(root) && json_object_get(root, "c_info")) {
		c.is_known = true;
		c.no_passthrough = is_passthrough_off(root);
		c.no_e820_host = is_pv_without_e820(root);
	}
	json_decref(root);
	return c;
}
