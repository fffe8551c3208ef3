// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/libvirt/server.h"

#include <jansson.h>
#include <string.h>

#include "backend/kvm/libvirt/definition.h"
#include "base/deadline.h"

#define LOOK_AGAIN_MS 100

struct server {
	const struct virt_api *api;
	struct _virConnect *connection;
};

/* libvirt's own words, or, where it says nothing, @what failed. Its next function, whichever, makes
 * it forget them. */
static json_t *failed(const struct server *s, const char *what)
{
	const char *text = s->api->virGetLastErrorMessage();
	bool is_gone = s->api->virGetLastErrorCode() == VIRT_ERR_NO_DOMAIN;
	json_t *a = json_pack("{s:s, s:b}", "error", text && *text ? text : what, "gone", is_gone);

	json_object_set_new(
		a, "ended",
		json_boolean(s->connection && s->api->virConnectIsAlive(s->connection) != 1));
	return a;
}

static json_t *done(json_t *what)
{
	return what ? json_pack("{s:o}", "return", what) : NULL;
}

static const char *string(const json_t *request, const char *key)
{
	const char *s = json_string_value(json_object_get(request, key));

	return s ? s : "";
}

static json_t *open_connection(struct server *s, const json_t *request)
{
	s->connection = s->api->virConnectOpen(string(request, "uri"));
	return s->connection ? done(json_true()) : failed(s, "no connection");
}

/* null where there is none, as of a domain that has ended meanwhile. */
static json_t *definition(const struct server *s, struct _virDomain *d, bool is_there,
			  unsigned flags)
{
	char *text = is_there ? s->api->virDomainGetXMLDesc(d, flags) : NULL;
	json_t *ret = text ? definition_of(text) : NULL;

	free(text);
	return ret ? ret : json_null();
}

static json_t *describe(const struct server *s, struct _virDomain *d)
{
	char uuid[37] = "";
	bool is_active = s->api->virDomainIsActive(d) == 1;
	bool is_persistent = s->api->virDomainIsPersistent(d) == 1;
	const char *name = s->api->virDomainGetName(d);

	s->api->virDomainGetUUIDString(d, uuid);
	return json_pack("{s:s, s:s, s:b, s:b, s:o, s:o}", "name", name ? name : "", "uuid", uuid,
			 "active", is_active, "persistent", is_persistent, "live",
			 definition(s, d, is_active, 0), "config",
			 definition(s, d, is_persistent, VIRT_XML_INACTIVE));
}

static json_t *list(struct server *s, const json_t *request UNUSED)
{
	struct _virDomain **v = NULL;
	int n = s->api->virConnectListAllDomains(s->connection, &v, 0);
	json_t *ret;

	if (n < 0)
		return failed(s, "no list of domains");
	ret = json_array();
	for (int i = 0; i < n; i++) {
		json_array_append_new(ret, describe(s, v[i]));
		s->api->virDomainFree(v[i]);
	}
	free(v);
	return done(ret);
}

static json_t *describe_one(struct server *s, const json_t *request UNUSED, struct _virDomain *d)
{
	return done(describe(s, d));
}

static unsigned flags_of(const json_t *request)
{
	return (unsigned)json_integer_value(json_object_get(request, "flags"));
}

static json_t *attach(struct server *s, const json_t *request, struct _virDomain *d)
{
	if (s->api->virDomainAttachDeviceFlags(d, string(request, "xml"), flags_of(request)) < 0)
		return failed(s, "not attached");
	return done(json_true());
}

/* What comes of a device that a guest is asked to let go. */
struct removal {
	const char *alias, *outcome; /* NULL while nothing is said */
};

static void on_removed(struct _virConnect *c UNUSED, struct _virDomain *d UNUSED, const char *alias,
		       void *arg)
{
	struct removal *r = arg;

	if (alias && *r->alias && !strcmp(alias, r->alias))
		r->outcome = "removed";
}

static void on_failed(struct _virConnect *c UNUSED, struct _virDomain *d UNUSED, const char *alias,
		      void *arg)
{
	struct removal *r = arg;

	if (alias && *r->alias && !strcmp(alias, r->alias) && !r->outcome)
		r->outcome = "failed";
}

static void on_time(int timer UNUSED, void *arg UNUSED)
{
}

/* Is the host device in the running machine's definition, which libvirt changes when the guest has
 * let go, also where the event was missed? 1, 0, or -1 when libvirt does not answer any more. A
 * domain that has ended has nothing. */
static int is_in(const struct server *s, const char *host, struct _virDomain *d)
{
	int active = s->api->virDomainIsActive(d);
	json_t *live, *dev;
	bool is_there;
	size_t i;

	if (active <= 0)
		return active;
	live = definition(s, d, true, 0);
	is_there = json_is_null(live);
	json_array_foreach(json_object_get(live, "devices"), i, dev) is_there |=
		!strcmp(string(dev, "host"), host);
	json_decref(live);
	return is_there;
}

static void wait_for_guest(struct server *s, const json_t *request, struct _virDomain *d,
			   struct removal *r, struct deadline *until)
{
	int timer = s->api->virEventAddTimeout(LOOK_AGAIN_MS, on_time, NULL, NULL);

	while (!r->outcome) {
		int there = is_in(s, string(request, "host"), d);

		if (there <= 0)
			r->outcome = there < 0 ? "lost" : "removed";
		else if (!deadline_left_ms(until))
			r->outcome = "waiting";
		else if (timer < 0 || s->api->virEventRunDefaultImpl() < 0)
			deadline_pause(until);
	}
	if (timer >= 0)
		s->api->virEventRemoveTimeout(timer);
}

static json_t *detach(struct server *s, const json_t *request, struct _virDomain *d)
{
	struct removal r = { string(request, "alias"), NULL };
	json_int_t ms = json_integer_value(json_object_get(request, "timeout"));
	struct deadline until = deadline_in((unsigned)ms);
	unsigned flags = flags_of(request);
	int ids[2] = { -1, -1 };
	json_t *why = NULL;

	if (flags & VIRT_AFFECT_LIVE) {
		ids[0] = s->api->virConnectDomainEventRegisterAny(
			s->connection, d, VIRT_EVENT_REMOVED, on_removed, &r, NULL);
		ids[1] = s->api->virConnectDomainEventRegisterAny(
			s->connection, d, VIRT_EVENT_REMOVAL_FAILED, on_failed, &r, NULL);
	}
	if (s->api->virDomainDetachDeviceFlags(d, string(request, "xml"), flags) < 0)
		why = failed(s, "not detached");
	else if (flags & VIRT_AFFECT_LIVE)
		wait_for_guest(s, request, d, &r, &until);
	for (unsigned i = 0; i < ARRAY_SIZE(ids); i++)
		if (ids[i] >= 0)
			s->api->virConnectDomainEventDeregisterAny(s->connection, ids[i]);
	if (why)
		return why;
	return json_pack("{s:s, s:b}", "return", r.outcome ? r.outcome : "removed", "ended",
			 r.outcome && !strcmp(r.outcome, "lost"));
}

/* About one domain, which is looked up first. */
static json_t *with_domain(struct server *s, const json_t *request,
			   json_t *(*fn)(struct server *s, const json_t *request,
					 struct _virDomain *d))
{
	struct _virDomain *d =
		s->api->virDomainLookupByUUIDString(s->connection, string(request, "uuid"));
	json_t *ret;

	if (!d)
		return failed(s, "there is no such domain");
	ret = fn(s, request, d);
	s->api->virDomainFree(d);
	return ret;
}

static const struct {
	const char *op;
	json_t *(*fn)(struct server *s, const json_t *request);
	json_t *(*of_domain)(struct server *s, const json_t *request, struct _virDomain *d);
} ops[] = {
	{ "open", open_connection, NULL }, { "list", list, NULL },
	{ "domain", NULL, describe_one },  { "attach", NULL, attach },
	{ "detach", NULL, detach },
};

static json_t *answer(struct server *s, const json_t *request)
{
	const char *op = string(request, "op");

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (!strcmp(ops[i].op, op))
			return ops[i].fn ? ops[i].fn(s, request)
					 : with_domain(s, request, ops[i].of_domain);
	return NULL;
}

/* Its own printing of errors would come between the lines of this program. */
static void say_nothing(void *arg UNUSED, void *error UNUSED)
{
}

void server_run(const struct virt_api *api, int fd)
{
	struct server s = { .api = api };
	json_t *request;

	api->virSetErrorFunc(NULL, say_nothing);
	api->virEventRegisterDefaultImpl();
	while ((request = json_loadfd(fd, JSON_DISABLE_EOF_CHECK, NULL))) {
		json_t *a = answer(&s, request);
		int r = a ? json_dumpfd(a, fd, JSON_COMPACT) : -1;

		json_decref(a);
		json_decref(request);
		if (r < 0)
			break;
	}
	if (s.connection)
		api->virConnectClose(s.connection);
}
