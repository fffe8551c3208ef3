// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/libvirt/replay.h"

#include <string.h>

#include "backend/kvm/libvirt/definition.h"
#include "backend/kvm/libvirt/domains.h"
#include "base/mem.h"

#define FOLDER CAPTURE_DIR "/libvirt"

static json_t *definition(const struct host *h, const char *uuid, const char *side)
{
	_cleanup_free_ char *text = root_read_all(&h->root, FOLDER "/%s.%s", uuid, side);
	json_t *ret = text ? definition_of(text) : NULL;

	return ret ? ret : json_null();
}

/* @uuid comes from a file, and is to name one: nothing that leads elsewhere. */
static bool is_uuid(const char *s)
{
	return strlen(s) == VIRT_UUID_MAX - 1 && strspn(s, "0123456789abcdef-") == strlen(s);
}

/* A name may have spaces: it is the rest of the line. */
static json_t *domain(const struct host *h, const char *line)
{
	char uuid[64], runs[16], keeps[16];
	int name = 0;

	if (sscanf(line, "%63s %15s %15s %n", uuid, runs, keeps, &name) < 3 || !name ||
	    !is_uuid(uuid))
		return NULL;
	return json_pack("{s:s, s:s, s:b, s:b, s:o, s:o}", "name", line + name, "uuid", uuid,
			 "active", !strcmp(runs, "running"), "persistent",
			 !strcmp(keeps, "persistent"), "live", definition(h, uuid, "live"),
			 "config", definition(h, uuid, "config"));
}

int virt_replay(const struct host *h, const char *uri, json_t **ret, struct err *e)
{
	_cleanup_free_ char *text = root_read_all(&h->root, FOLDER "/domains");
	char *rest = text, *line;

	if (!text || strcmp(uri, VIRT_DEFAULT_URI) != 0)
		return err_set(e, ENODATA, "what libvirt at %s says is not in this capture", uri);
	*ret = json_array();
	if (!*ret)
		return err_set(e, ENOMEM, "out of memory");
	while ((line = strsep(&rest, "\n"))) {
		json_t *o = domain(h, line);

		if (o)
			json_array_append_new(*ret, o);
	}
	return 0;
}
