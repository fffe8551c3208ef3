// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/state_file.h"
#include "state/state_attrs.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "host/own_file.h"

#define STATE_VERSION 1
#define FILE_MAX      64 /* of a file of that directory, below the root */

static const char *file_of(const char *name, char buf[FILE_MAX])
{
	snprintf(buf, FILE_MAX, HOST_STATE_DIR "/%s", name);
	return buf;
}

int state_file_explain(const struct host *h, const char *name, int r, struct err *e)
{
	char path[PATH_MAX], file[FILE_MAX];

	snprintf(path, sizeof(path), "%s/%s", h->root.dir, file_of(name, file));
	err_at(e, r, path, "read");
	if (r == -EACCES)
		return err_fix(e, r, "run as root");
	if (r == -EPERM)
		return err_fix(e, r,
			       "look at what is in it, and then run: chown root %s && chmod 600 %s",
			       path, path);
	if (r == -ENOMEM)
		return r;
	return err_fix(e, r,
		       "it is left as it is; restore a good copy, or start with an empty memory: "
		       "mv %s %s.bad",
		       path, path);
}

int state_get_text(const json_t *o, const char *key, char *ret, size_t size, bool optional,
		   struct err *e)
{
	const json_t *v = json_object_get(o, key);
	const char *s = json_is_null(v) ? "" : json_string_value(v);

	if (!v && optional)
		s = "";
	if (!s)
		return err_set(e, EPROTO, "member '%s' of an entry is %s", key,
			       v ? "not a text" : "missing");
	if (strlen(s) >= size)
		return err_set(e, EPROTO, "member '%s' of an entry is too long", key);
	memcpy(ret, s, strlen(s) + 1);
	return 0;
}

int state_get_bdf(const json_t *o, const char *key, struct bdf *ret, struct err *e)
{
	char text[32];
	int r = state_get_text(o, key, text, sizeof(text), false, e);

	if (r < 0)
		return r;
	if (!bdf_scan(ret, text))
		return err_set(e, EPROTO, "member '%s' of an entry is '%s', not an address", key,
			       text);
	return 0;
}

int state_get_id(const json_t *o, const char *key, uint16_t *ret, struct err *e)
{
	char text[8];
	int r = state_get_text(o, key, text, sizeof(text), false, e);

	if (r < 0)
		return r;
	if (strlen(text) != 4 || strspn(text, "0123456789abcdef") != 4)
		return err_set(e, EPROTO, "member '%s' of an entry is '%s', not an id", key, text);
	*ret = (uint16_t)strtoul(text, NULL, 16);
	return 0;
}

int state_entry_read(struct state_entry *entry, struct err *e)
{
	const json_t *j = entry->json, *index = json_object_get(j, "index");
	struct vf_saved o = { 0 };
	int r;

	if (!json_is_null(index) && (!json_is_integer(index) || json_integer_value(index) < 0 ||
				     json_integer_value(index) >= WHOLE))
		return err_set(e, EPROTO, "member 'index' of an entry is not a VF index");
	o.index = json_is_null(index) ? WHOLE : (unsigned)json_integer_value(index);
	o.is_name_only = !json_object_get(j, "driver") && !json_object_get(j, "driver_override");
	o.assigned = UNKNOWN;
	if (json_object_get(j, "assigned"))
		o.assigned = json_is_true(json_object_get(j, "assigned"));
	o.was_assignable = json_is_true(json_object_get(j, "was_assignable"));
	o.was_attached = json_is_true(json_object_get(j, "was_attached"));
	o.was_defined = json_is_true(json_object_get(j, "was_defined"));
	if ((r = state_get_bdf(j, "pf", &o.pf, e)) < 0 ||
	    (r = state_get_bdf(j, "bdf", &o.bdf, e)) < 0 ||
	    (r = state_get_id(j, "vendor", &o.vendor, e)) < 0 ||
	    (r = state_get_id(j, "device", &o.device, e)) < 0 ||
	    (r = state_get_text(j, "driver", o.driver, sizeof(o.driver), true, e)) < 0 ||
	    (r = state_get_text(j, "driver_override", o.driver_override, sizeof(o.driver_override),
				true, e)) < 0 ||
	    (r = state_get_text(j, "card", o.card, sizeof(o.card), true, e)) < 0 ||
	    (r = state_get_text(j, "name", o.name, sizeof(o.name), true, e)) < 0 ||
	    (r = state_attrs_read(json_object_get(j, "attributes"), &o.attrs, e)) < 0)
		return r;
	entry->o = o;
	return 0;
}

static int set_text(json_t *o, const char *key, const char *s)
{
	return json_object_set_new(o, key, *s ? json_string(s) : json_null());
}

int state_set_card(json_t *o, const char *card)
{
	if (*card)
		return json_object_set_new(o, "card", json_string(card));
	json_object_del(o, "card");
	return 0;
}

static int set_flag(json_t *o, const char *key, bool is_set)
{
	if (is_set)
		return json_object_set_new(o, key, json_true());
	json_object_del(o, key);
	return 0;
}

int state_entry_write(struct state_entry *entry)
{
	char bdf[BDF_STRLEN], id[8];
	const struct vf_saved *o = &entry->o;
	json_t *j = entry->json;
	int r;

	r = set_text(j, "pf", bdf_str(bdf, o->pf));
	r |= json_object_set_new(j, "index",
				 o->index == WHOLE ? json_null() : json_integer(o->index));
	r |= set_text(j, "bdf", bdf_str(bdf, o->bdf));
	snprintf(id, sizeof(id), "%04x", o->vendor);
	r |= set_text(j, "vendor", id);
	snprintf(id, sizeof(id), "%04x", o->device);
	r |= set_text(j, "device", id);
	r |= state_set_card(j, o->card);
	r |= set_text(j, "name", o->name);
	if (o->is_name_only) {
		json_object_del(j, "driver");
		json_object_del(j, "driver_override");
	} else {
		r |= set_text(j, "driver", o->driver);
		r |= set_text(j, "driver_override", o->driver_override);
	}
	if (o->assigned != UNKNOWN)
		r |= json_object_set_new(j, "assigned", json_boolean(o->assigned));
	r |= set_flag(j, "was_attached", o->was_attached);
	r |= set_flag(j, "was_defined", o->was_defined);
	r |= set_flag(j, "was_assignable", o->was_assignable);
	r |= state_attrs_write(j, "attributes", &o->attrs);
	return r ? -ENOMEM : 0;
}

static int check_document(const json_t *doc, struct err *e)
{
	const json_t *version = json_object_get(doc, "version");

	if (!json_is_integer(version))
		return err_set(e, EPROTO, "not a state file of vfyard");
	if (json_integer_value(version) != STATE_VERSION)
		return err_set(e, EPROTO,
			       "written by another vfyard, version %" JSON_INTEGER_FORMAT
			       " of the format; this one reads version %d",
			       json_integer_value(version), STATE_VERSION);
	if (!json_is_array(json_object_get(doc, "vfs")))
		return err_set(e, EPROTO, "member 'vfs' is not a list");
	return 0;
}

int state_file_read(json_t **ret, const struct host *h, const char *name, struct err *e)
{
	char file[FILE_MAX];
	_cleanup_close_ int fd = own_file_open(h, file_of(name, file), e);
	json_error_t why;
	json_t *doc;
	int r = 0;

	if (fd == -ENOENT || fd == -ENOTDIR)
		doc = json_pack("{s:i, s:[]}", "version", STATE_VERSION, "vfs");
	else if (fd == -EPROTO || fd == -EPERM)
		return fd;
	else if (fd < 0)
		return err_set(e, -fd, "%s", strerror(-fd));
	else
		doc = json_loadfd(fd, JSON_REJECT_DUPLICATES, &why);
	if (!doc)
		return fd < 0 ? err_set(e, ENOMEM, "out of memory")
			      : err_set(e, EPROTO, "damaged: line %d: %s", why.line, why.text);
	if (fd >= 0)
		r = check_document(doc, e);
	if (r < 0) {
		json_decref(doc);
		return r;
	}
	*ret = doc;
	return 0;
}

/* Makes the directory and those above it. */
static int make_dir(const struct host *h)
{
	char dir[] = HOST_STATE_DIR;

	for (char *slash = strchr(dir, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdirat(h->root.fd, dir, 0755) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdirat(h->root.fd, dir, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return fsync(fd) < 0 ? -errno : 0;
}

static int write_new(const struct host *h, const char *file, const char *text)
{
	_cleanup_close_ int fd =
		openat(h->root.fd, file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	return fd < 0 ? -errno : write_all(fd, text, strlen(text));
}

static int replace(const struct host *h, const char *file, const char *text)
{
	_cleanup_close_ int dir = -1;
	char new_file[FILE_MAX + 4];
	int r = make_dir(h);

	snprintf(new_file, sizeof(new_file), "%s.new", file);

	if (r < 0)
		return r;
	dir = root_openat(&h->root, O_RDONLY | O_DIRECTORY, HOST_STATE_DIR);
	if (dir < 0)
		return dir;
	r = write_new(h, new_file, text);
	if (r == 0 && renameat(h->root.fd, new_file, h->root.fd, file) < 0)
		r = -errno;
	if (r < 0) {
		unlinkat(h->root.fd, new_file, 0);
		return r;
	}
	return fsync(dir) < 0 ? -errno : 0;
}

int state_file_write(json_t *doc, const struct host *h, const char *name, struct err *e)
{
	char file[FILE_MAX];
	_cleanup_free_ char *text = json_dumps(doc, JSON_INDENT(1));
	int r;

	if (!text)
		return err_set(e, ENOMEM, "out of memory");
	r = replace(h, file_of(name, file), text);
	return r < 0 ? host_file_failed(h, file, r, e) : 0;
}
