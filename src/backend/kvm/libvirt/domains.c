// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/libvirt/domains.h"

#include <stdlib.h>
#include <string.h>

#include "backend/kvm/libvirt/api.h"
#include "backend/kvm/libvirt/decode.h"
#include "backend/kvm/libvirt/replay.h"
#include "backend/kvm/libvirt/session.h"

#define SLACK_MS 6000u /* libvirt itself waits five seconds for a guest before it returns */

struct virt {
	struct virt *next;
	const struct host *host;
	char *uri;
	struct virt_session *session; /* NULL: it could not be reached, @why, or is captured */
	struct err why;
	bool is_captured;
	bool ignores_signals;
	struct virt_domain *v;
	size_t n;
};

static void forget(struct virt *v)
{
	for (size_t i = 0; i < v->n; i++) {
		virt_definition_done(&v->v[i].live);
		virt_definition_done(&v->v[i].config);
	}
	free(v->v);
	v->v = NULL;
	v->n = 0;
}

void virt_all_done(struct virt *all)
{
	while (all) {
		struct virt *next = all->next;

		virt_session_close(all->session);
		forget(all);
		free(all->uri);
		free(all);
		all = next;
	}
}

static int ask_list(struct virt *v, json_t **ret, struct err *e)
{
	int r;

	if (root_is_captured(&v->host->root) && !v->host->leaves_guests) {
		v->is_captured = true;
		return virt_replay(v->host, v->uri, ret, e);
	}
	r = virt_session_open(&v->session, v->host, v->uri, true, e);
	return r < 0 ? r
		     : virt_ask(v->session, json_pack("{s:s}", "op", "list"), v->host->timeout_ms,
				ret, e);
}

static int read_list(struct virt *v, struct err *e)
{
	json_t *list = NULL, *o;
	size_t i;
	int r = ask_list(v, &list, e);

	if (r < 0)
		return r;
	v->v = calloc(json_array_size(list) + 1, sizeof(*v->v));
	if (!v->v)
		r = -ENOMEM;
	json_array_foreach(list, i, o)
	{
		if (r == 0)
			r = virt_domain_decode(o, &v->v[v->n]);
		v->n += r == 0;
	}
	json_decref(list);
	return r < 0 ? err_set(e, ENOMEM, "out of memory") : 0;
}

static struct virt *add(struct virt **all, const struct host *h, const char *uri)
{
	struct virt *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	*v = (struct virt){ .next = *all, .host = h, .uri = strdup(uri) };
	if (!v->uri) {
		free(v);
		return NULL;
	}
	return *all = v;
}

/* It is as far from an answer the next time: once is enough to wait for. */
static void give_up(struct virt *v, const struct err *why)
{
	virt_session_close(v->session);
	v->session = NULL;
	v->why = *why;
}

int virt_get(struct virt **ret, struct virt **all, const struct host *h, const char *uri,
	     struct err *e)
{
	struct virt *v = *all;
	struct err why = { 0 };
	int r;

	while (v && strcmp(v->uri, uri) != 0)
		v = v->next;
	if (v) {
		*ret = v;
		return v->why.code ? err_copy(e, &v->why) : 0;
	}
	v = add(all, h, uri);
	if (!v)
		return err_set(e, ENOMEM, "out of memory");
	r = read_list(v, &why);
	if (r < 0) {
		give_up(v, &why);
		return err_copy(e, &why);
	}
	*ret = v;
	return 0;
}

struct virt *virt_next(const struct virt *v)
{
	return v->next;
}

const char *virt_uri(const struct virt *v)
{
	return v->uri;
}

struct virt_domain *virt_find(const struct virt *v, const char *name)
{
	for (size_t i = 0; i < v->n; i++)
		if (!strcmp(v->v[i].name, name))
			return &v->v[i];
	for (size_t i = 0; i < v->n; i++)
		if (!strcmp(v->v[i].uuid, name))
			return &v->v[i];
	return NULL;
}

const struct virt_domain *virt_next_domain(const struct virt *v, const struct virt_domain *d)
{
	size_t i = d ? (size_t)(d - v->v) + 1 : 0;

	return i < v->n ? &v->v[i] : NULL;
}

const struct virt_domain *virt_next_with(const struct virt *v, const struct virt_domain *d,
					 struct bdf host)
{
	for (size_t i = d ? (size_t)(d - v->v) + 1 : 0; i < v->n; i++)
		if (virt_device_of(&v->v[i].live, host) || virt_device_of(&v->v[i].config, host))
			return &v->v[i];
	return NULL;
}

/* A session that broke in the middle is begun anew once. */
static int ask(struct virt *v, json_t *request, unsigned timeout_ms, json_t **ret, struct err *e)
{
	struct err why = { 0 };
	int r = v->session ? 0 : v->is_captured ? host_refuse_capture(e) : err_copy(e, &v->why);

	if (r == 0 && virt_session_is_broken(v->session)) {
		virt_session_close(v->session);
		v->session = NULL;
		r = virt_session_open(&v->session, v->host, v->uri, !v->ignores_signals, &why);
		if (r < 0) {
			give_up(v, &why);
			err_copy(e, &why);
		}
	}
	if (r < 0) {
		json_decref(request);
		return r;
	}
	return virt_ask(v->session, request, timeout_ms, ret, e);
}

int virt_refresh(struct virt *v, struct virt_domain *d, struct err *e)
{
	struct virt_domain now;
	json_t *o = NULL;
	int r;

	/* As it was, it is. */
	if (v->is_captured)
		return 0;
	r = ask(v, json_pack("{s:s, s:s}", "op", "domain", "uuid", d->uuid), v->host->timeout_ms,
		&o, e);

	if (r < 0)
		return r;
	r = virt_domain_decode(o, &now);
	json_decref(o);
	if (r < 0)
		return err_set(e, ENOMEM, "out of memory");
	virt_definition_done(&d->live);
	virt_definition_done(&d->config);
	*d = now;
	return 0;
}

static void log_change(const struct virt *v, const struct virt_domain *d, const char *what,
		       const char *xml, bool live, int r)
{
	log_effect(&v->host->log, r, "%s %s by libvirt, %s: %s", what, d->name,
		   live ? "live" : "its definition", xml);
}

int virt_attach(struct virt *v, struct virt_domain *d, const char *xml, bool live, struct err *e)
{
	struct err why = { 0 };
	int r = ask(v,
		    json_pack("{s:s, s:s, s:s, s:i}", "op", "attach", "uuid", d->uuid, "xml", xml,
			      "flags", (int)(live ? VIRT_AFFECT_LIVE : VIRT_AFFECT_CONFIG)),
		    v->host->timeout_ms, NULL, &why);

	log_change(v, d, "attach to", xml, live, r);
	return r < 0 ? err_copy(e, &why) : virt_refresh(v, d, e);
}

static enum virt_outcome outcome_of(const json_t *o)
{
	static const char *const words[] = { [VIRT_REMOVED] = "removed",
					     [VIRT_FAILED] = "failed",
					     [VIRT_WAITING] = "waiting",
					     [VIRT_LOST] = "lost" };
	const char *s = json_string_value(o);

	for (size_t i = 0; s && i < ARRAY_SIZE(words); i++)
		if (!strcmp(s, words[i]))
			return (enum virt_outcome)i;
	return VIRT_LOST;
}

/* By what it is on the host, which is how libvirt finds it. */
static void element_of(const struct virt_device *dev, char *buf, size_t size)
{
	snprintf(buf, size,
		 "<hostdev mode='subsystem' type='pci' managed='%s'><source>"
		 "<address domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/>"
		 "</source></hostdev>",
		 dev->is_managed ? "yes" : "no", dev->host.domain, dev->host.bus, dev->host.dev,
		 dev->host.fn);
}

int virt_detach(struct virt *v, struct virt_domain *d, const struct virt_device *dev, bool live,
		enum virt_outcome *ret, struct err *e)
{
	unsigned timeout_ms = v->host->timeout_ms;
	char xml[320], host[BDF_STRLEN];
	struct err why = { 0 };
	json_t *o = NULL;
	int r;

	element_of(dev, xml, sizeof(xml));
	r = ask(v,
		json_pack("{s:s, s:s, s:s, s:i, s:s, s:s, s:i}", "op", "detach", "uuid", d->uuid,
			  "xml", xml, "flags", (int)(live ? VIRT_AFFECT_LIVE : VIRT_AFFECT_CONFIG),
			  "host", bdf_str(host, dev->host), "alias", dev->alias, "timeout",
			  (int)timeout_ms),
		timeout_ms + SLACK_MS, &o, &why);
	log_change(v, d, "detach from", xml, live, r);
	if (r == 0)
		*ret = outcome_of(o);
	json_decref(o);
	if (r < 0)
		return err_copy(e, &why);
	r = virt_refresh(v, d, &why);
	/* What was known before it went away is the best there is. */
	return r < 0 && *ret != VIRT_LOST ? err_copy(e, &why) : 0;
}

void virt_heed(struct virt *v, bool heed)
{
	v->ignores_signals = !heed;
	if (v->session)
		virt_heed_signals(v->session, heed);
}

const struct virt_device *virt_device_of(const struct virt_definition *d, struct bdf host)
{
	for (size_t i = 0; i < d->n_devs; i++)
		if (!bdf_cmp(d->devs[i].host, host))
			return &d->devs[i];
	return NULL;
}

bool virt_has_managed(const struct virt_definition *d)
{
	for (size_t i = 0; i < d->n_devs; i++)
		if (d->devs[i].is_managed)
			return true;
	return false;
}

bool virt_is_one(const struct virt_device *a, const struct virt_device *b)
{
	return a->has_place && b->has_place && a->bus == b->bus && a->slot == b->slot;
}

size_t virt_free_ports(const struct virt_definition *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_ports; i++)
		n += d->ports[i].is_free;
	return n;
}
