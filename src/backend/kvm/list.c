// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists what guests have, with the address that each guest sees. */
#include <string.h>

#include "base/array.h"
#include "backend/kvm/group.h"
#include "backend/kvm/kvm.h"
#include "backend/kvm/libvirt/guest.h"
#include "backend/kvm/mates.h"

struct listing {
	struct attachment *v;
	size_t n;
};

static struct attachment *add(struct listing *l, struct bdf dev, const struct guest *g)
{
	struct attachment *a;

	if (ARRAY_GROW(l->v, l->n) < 0)
		return NULL;
	a = &l->v[l->n++];
	*a = (struct attachment){ .bdf = dev, .options = DEV_OPTIONS_INIT };
	snprintf(a->domain, sizeof(a->domain), "%s", g->name);
	memcpy(a->uuid, g->cmdline.uuid, sizeof(a->uuid));
	return a;
}

/* Tells whether the guest has mapped memory of the device, which means that its side has found it.
 * Source: QEMU hw/pci/pci-qmp-cmds.c, qmp_query_pci_regions() (-1: nowhere). */
static bool has_memory(const json_t *dev)
{
	const json_t *region;
	size_t i;

	json_array_foreach(json_object_get(dev, "regions"), i, region)
	{
		json_int_t at = json_integer_value(json_object_get(region, "address"));

		if (at != 0 && at != -1)
			return true;
	}
	return false;
}

static unsigned number(const json_t *dev, const char *key)
{
	return (unsigned)json_integer_value(json_object_get(dev, key)) & 0xff;
}

/* Takes the guest's address from one function of query-pci, if it is one of ours. */
static void place(const struct machine *m, struct attachment *v, const json_t *dev)
{
	const char *id = json_string_value(json_object_get(dev, "qdev_id"));

	for (size_t i = 0; id && *id && i < m->n_devs; i++)
		if (!strcmp(m->devs[i].id, id)) {
			snprintf(v[i].guest_addr, sizeof(v[i].guest_addr), "%02x:%02x.%x",
				 number(dev, "bus"), number(dev, "slot") & 31,
				 number(dev, "function") & 7);
			v[i].is_ready = has_memory(dev);
		}
}

/* Bridges contain what is behind them; for switches that is two levels down. */
static void place_all(const struct machine *m, struct attachment *v, const json_t *devices)
{
	const json_t *dev;
	size_t i;

	json_array_foreach(devices, i, dev)
	{
		const json_t *behind =
			json_object_get(json_object_get(dev, "pci_bridge"), "devices");

		place(m, v, dev);
		if (behind)
			place_all(m, v, behind);
	}
}

/* Buses that the guest has not numbered yet are missing there, so the port is named instead. */
static int guest_addresses(struct backend *b, struct guest *g, struct attachment *v, struct err *e)
{
	const json_t *bus;
	json_t *buses = NULL;
	size_t i;
	int r = qmp_call(g->qmp, "query-pci", NULL, b->host->timeout_ms, &buses, e);

	json_array_foreach(buses, i, bus)
		place_all(&g->machine, v, json_object_get(bus, "devices"));
	json_decref(buses);
	return r;
}

static bool uses_vfio(const struct backend *b, const struct guest *g)
{
	for (size_t i = 0; i < b->users.n; i++)
		if (b->users.v[i].pid == g->pid)
			return true;
	return false;
}

static bool is_listed(const struct listing *l, size_t from, struct bdf dev)
{
	for (size_t i = from; i < l->n; i++)
		if (!bdf_cmp(l->v[i].bdf, dev))
			return true;
	return false;
}

/* QEMU may say anything; the kernel says what it has open. */
static void doubt_claims(const struct backend *b, const struct guest *g, struct listing *l,
			 size_t from)
{
	for (size_t i = from; g->pid && i < l->n; i++)
		if (!users_has(&b->users, group_of(b->host, l->v[i].bdf), l->v[i].bdf, g->pid)) {
			l->v[i].is_broken = true;
			l->v[i].is_ready = false;
			l->v[i].why = "broken: QEMU says that it has it, but has neither its IOMMU "
				      "group nor its own node open";
		}
}

/* A group with one member stands for that member. QEMU may have only some members of a larger
 * group. */
static int add_unsaid(const struct backend *b, const struct guest *g, struct listing *l,
		      size_t from, struct err *e)
{
	for (size_t i = 0; g->pid && i < b->users.n; i++) {
		const struct vfio_user *user = &b->users.v[i];
		_cleanup_(group_done) struct group group = { .n = 0 };
		struct attachment *a;
		struct bdf dev = user->dev;

		if (user->pid != g->pid)
			continue;
		if (user->group != NO_GROUP)
			group_read(&group, b->host, user->group, NULL, NULL);
		if (user->group != NO_GROUP && group.n != 1)
			continue;
		if (user->group != NO_GROUP)
			dev = group.v[0].bdf;
		if (is_listed(l, from, dev))
			continue;
		a = add(l, dev, g);
		if (!a)
			return err_set(e, ENOMEM, "out of memory");
		a->why = "broken: QEMU has it open, and does not say that it has it";
		a->is_broken = true;
	}
	return 0;
}

static bool are_mates(const struct backend *b, struct bdf x, struct bdf y)
{
	return bdf_key(x) >> 3 == bdf_key(y) >> 3 && mates_is_whole(b->host, x) &&
	       mates_is_whole(b->host, y);
}

/* Those that share a slot of the guest get the number of the first of them; @is_one(arg, i, k)
 * tells. */
static void mark_devices(const struct backend *b, struct attachment *v, size_t n,
			 bool (*is_one)(const void *arg, size_t i, size_t k), const void *arg)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = n; k-- > 0;) {
			if (k == i || !is_one(arg, i, k))
				continue;
			v[i].device = 1 + (unsigned)(k < i ? k : i);
			if (are_mates(b, v[i].bdf, v[k].bdf))
				v[i].options.mates |=
					(uint8_t)(1u << v[i].bdf.fn | 1u << v[k].bdf.fn);
		}
}

static bool is_one_in_machine(const void *arg, size_t i, size_t k)
{
	const struct machine *m = arg;

	return machine_is_one(&m->devs[i], &m->devs[k]);
}

static int list_by_qmp(struct backend *b, struct guest *g, unsigned timeout_ms, struct listing *l,
		       struct err *e)
{
	struct machine *m;
	size_t from = l->n;
	int r = guest_machine(b, g, timeout_ms, &m, e);

	if (r < 0)
		return r;
	for (size_t i = 0; i < m->n_devs; i++) {
		struct attachment *a = add(l, m->devs[i].host, g);

		if (!a)
			return err_set(e, ENOMEM, "out of memory");
		snprintf(a->guest_addr, sizeof(a->guest_addr), "%.31s", m->devs[i].port);
	}
	mark_devices(b, l->v + from, m->n_devs, is_one_in_machine, m);
	r = m->n_devs ? guest_addresses(b, g, l->v + from, e) : 0;
	/* A run that may not look sees nothing of it, and not every capture has it. */
	if (r < 0 || b->users.is_partial || !(b->host->knows_processes || uses_vfio(b, g)))
		return r;
	doubt_claims(b, g, l, from);
	return add_unsaid(b, g, l, from, e);
}

static bool is_one_in_definition(const void *arg, size_t i, size_t k)
{
	const struct virt_definition *d = arg;

	return virt_is_one(&d->devs[i], &d->devs[k]);
}

/* Source: libvirt src/qemu/qemu_hotplug.c, qemuIsMultiFunctionDevice(). */
static void mark_staying(struct attachment *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].device)
			v[i].stays = "libvirt unplugs no function of a device that has several";
}

/* Where the guest itself sees it libvirt does not know; the port's name is libvirt's. */
static int list_by_libvirt(struct backend *b, struct guest *g, struct listing *l, struct err *e)
{
	struct virt_domain *d;
	size_t from = l->n;
	int r = virt_guest(b, g, &d, e);

	for (size_t i = 0; r == 0 && i < d->live.n_devs; i++) {
		struct attachment *a = add(l, d->live.devs[i].host, g);

		if (!a)
			return err_set(e, ENOMEM, "out of memory");
		memcpy(a->uuid, d->uuid, sizeof(a->uuid));
		a->is_unasked = true;
		virt_port_name(&d->live.devs[i], a->guest_addr, sizeof(a->guest_addr));
	}
	if (r == 0) {
		mark_devices(b, l->v + from, l->n - from, is_one_in_definition, &d->live);
		mark_staying(l->v + from, l->n - from);
	}
	if (r < 0 || b->users.is_partial || !(b->host->knows_processes || uses_vfio(b, g)))
		return r;
	doubt_claims(b, g, l, from);
	return add_unsaid(b, g, l, from, e);
}

/* A guest that cannot be asked: the members of the groups it has open. */
static int list_by_groups(struct backend *b, const struct guest *g, struct listing *l,
			  struct err *e)
{
	size_t from = l->n;

	for (size_t i = 0; i < b->users.n; i++) {
		const struct vfio_user *user = &b->users.v[i];
		_cleanup_(group_done) struct group group = { .n = 0 };
		int r = 0;

		if (user->pid != g->pid)
			continue;
		if (user->group == NO_GROUP && !add(l, user->dev, g))
			return err_set(e, ENOMEM, "out of memory");
		if (user->group != NO_GROUP)
			r = group_read(&group, b->host, user->group, NULL, e);
		for (size_t k = 0; r == 0 && k < group.n; k++)
			if (group_is_vfio(b->host, group.v[k].bdf, group.v[k].driver) &&
			    !add(l, group.v[k].bdf, g))
				r = err_set(e, ENOMEM, "out of memory");
		if (r < 0)
			return r;
	}
	for (size_t i = from; i < l->n; i++)
		l->v[i].is_unasked = true;
	return 0;
}

/* @only: this guest was asked for and must answer. Of the other guests it shows what is known. */
static int list_guest(struct backend *b, struct guest *g, bool only, struct listing *l,
		      struct err *e)
{
	struct err why = { 0 };
	bool is_libvirts = g->cmdline.is_libvirt;
	size_t from = l->n;
	int r;

	if (g->is_off)
		return 0;
	if (b->host->leaves_guests || (!is_libvirts && guest_check(g, &why) < 0))
		return list_by_groups(b, g, l, e);
	/* Whoever has no node open has no device, so there is no need to disturb it. */
	if (!only && g->pid && !uses_vfio(b, g))
		return 0;
	r = is_libvirts
		    ? list_by_libvirt(b, g, l, &why)
		    : list_by_qmp(b, g, only ? b->host->timeout_ms : SURVEY_TIMEOUT_MS, l, &why);
	/* What it has open is known of one that only its manager can be asked about. */
	if (r == 0 || (only && !is_libvirts)) {
		if (r < 0)
			err_copy(e, &why);
		return r;
	}
	if (r != -ENODATA || !is_libvirts)
		log_note(&b->host->log, "%s: guest addresses are not known: %s", g->name,
			 why.cause);
	l->n = from;
	return list_by_groups(b, g, l, e);
}

static int list_all(struct backend *b, struct listing *l, struct err *e)
{
	int r = guests_read(b, e);

	/* Programs that are not QEMU become guests, too. */
	for (size_t i = 0; r == 0 && i < b->users.n; i++)
		if (!guests_of_pid(b, b->users.v[i].pid))
			r = err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; r == 0 && i < b->n_guests; i++)
		r = list_guest(b, b->guests[i], false, l, e);
	return r;
}

/* Tells whether it cannot be asked, so that only its open files tell what it has. */
static bool is_blind(const struct backend *b, const struct guest *g)
{
	struct err why = { 0 };

	return b->host->leaves_guests || guest_check(g, &why) < 0;
}

int kvm_list(struct backend *b, const struct domain *d, struct attachment **ret, size_t *ret_n,
	     struct err *e)
{
	struct listing l = { .n = 0 };
	int r = kvm_users(b, 1000, e);

	if (r == 0 && b->users.is_partial && (!d || is_blind(b, d->cookie)))
		r = err_fix(e,
			    err_set(e, EACCES, "open files of other users' processes are not seen"),
			    "run as root");
	if (r == 0)
		r = d ? list_guest(b, d->cookie, true, &l, e) : list_all(b, &l, e);
	if (r == 0 && !l.v)
		l.v = calloc(1, sizeof(*l.v));
	if (r < 0 || !l.v) {
		free(l.v);
		return r < 0 ? r : err_set(e, ENOMEM, "out of memory");
	}
	*ret = l.v;
	*ret_n = l.n;
	return 0;
}
