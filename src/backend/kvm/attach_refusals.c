// SPDX-License-Identifier: GPL-2.0-or-later
/* Reasons not to give functions to a guest. */
#include <stdlib.h>

#include "backend/kvm/group.h"
#include "backend/kvm/kvm.h"
#include "backend/kvm/libvirt/guest.h"
#include "backend/kvm/libvirt/owner.h"
#include "backend/kvm/mates.h"
#include "backend/kvm/proxmox.h"
#include "topology/ports.h"
#include "topology/slot_mates.h"

static struct guest *guest_of(const struct refusal_ask *a)
{
	return a->domain->cookie;
}

static bool is_libvirts(const struct refusal_ask *a)
{
	return guest_of(a) && guest_of(a)->cmdline.is_libvirt;
}

/* Where each of them will be, and how many devices they are. */
static int place_all(const struct refusal_ask *a, struct slot_place **ret, size_t *ret_n,
		     struct err *e)
{
	_cleanup_free_ struct slot_function *v = calloc(a->n + 1, sizeof(*v));

	*ret = calloc(a->n + 1, sizeof(**ret));
	if (!v || !*ret)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < a->n; i++)
		v[i] = slot_function_of(a->vfs[i], &a->options[i]);
	*ret_n = slot_places(v, a->n, *ret);
	return 0;
}

static bool has_whole(const struct refusal_ask *a)
{
	for (size_t i = 0; i < a->n; i++)
		if (vf_is_whole(a->vfs[i]))
			return true;
	return false;
}

/* The ports it will have when it starts; a domain that no topology describes gets the defaults. */
static int ask_start(const struct refusal_ask *a, struct err *e)
{
	static const struct topo_domain plain;
	const struct topology *t = a->backend->topo;
	const struct topo_domain *topo = t ? topology_find_domain(t, a->domain->name) : NULL;
	_cleanup_free_ struct slot_place *places = NULL;
	struct ports_request q;
	struct ports_plan p = { 0 };
	size_t n = 0;
	int r = a->domain->id ? 0 : place_all(a, &places, &n, e);

	if (r == 0 && !a->domain->id)
		r = ports_request_of(topo ? topo : &plain, n, &q, e);
	if (r < 0 || a->domain->id)
		return r;
	q.has_whole = has_whole(a);
	r = ports_plan(&q, &p, e);
	if (r == 0)
		ports_plan_done(&p);
	return r;
}

/* Checks the groups even of those that are assignable already, because something else in the group
 * may have come back to the host since. */
static int ask_group(const struct refusal_ask *a, struct err *e)
{
	char label[VF_LABEL_MAX];
	int r = 0;

	for (size_t i = 0; r == 0 && i < a->n; i++) {
		if (vf_of(a->vfs[i])->state == VF_ABSENT)
			continue;
		r = group_check(a->host, a->vfs[i], a->with, a->n_with, e);
		err_at(r < 0 ? e : NULL, r, vf_label(label, a->vfs[i]), "check its IOMMU group");
	}
	return r;
}

static int ask_program(const struct refusal_ask *a, struct err *e)
{
	return guest_is_qemu(guest_of(a), e);
}

/* libvirt takes what it is given for its guests, when it can be asked. */
static int ask_manager(const struct refusal_ask *a, struct err *e)
{
	struct virt_domain *d;
	int r;

	if (is_libvirts(a)) {
		r = virt_guest(a->backend, guest_of(a), &d, e);
		return r < 0 ? r : virt_refuse_owned(d, e);
	}
	r = guest_is_ours(guest_of(a), e);
	if (r == 0)
		proxmox_note(a, guest_of(a)->cmdline.vmid);
	return r;
}

static int ask_monitor(const struct refusal_ask *a, struct err *e)
{
	return is_libvirts(a) ? 0 : guest_has_monitor(guest_of(a), e);
}

static int ask_owner(const struct refusal_ask *a, struct err *e)
{
	return virt_refuse_owner(a->backend, a, e);
}

static int ask_claimed(const struct refusal_ask *a, struct err *e)
{
	return virt_refuse_claimed(a->backend, a, e);
}

static int ask_used(const struct refusal_ask *a, struct err *e)
{
	char label[VF_LABEL_MAX];
	int r = 0;

	for (size_t i = 0; r == 0 && i < a->n; i++) {
		r = kvm_refuse_used(a->backend, vf_of(a->vfs[i])->bdf, guest_of(a), e);
		err_at(r < 0 ? e : NULL, r, vf_label(label, a->vfs[i]), "check who uses it");
	}
	return r;
}

/* Reads its ports and devices. Returns -ENODATA when the monitor of a captured guest was not
 * asked. */
static int ask_machine(const struct refusal_ask *a, struct machine **ret, struct err *e)
{
	return guest_machine(a->backend, guest_of(a), a->host->timeout_ms, ret, e);
}

/* A guest that cannot be asked is a refusal, too, because nothing was changed, and nothing will
 * be. */
static int ask_answer(const struct refusal_ask *a, struct err *e)
{
	struct machine *m;
	int r = is_libvirts(a) ? 0 : ask_machine(a, &m, e);

	return r < 0 ? err_status(e, r, EXIT_REFUSED) : 0;
}

/* Functions of one slot that are attached apart are two devices, where they should be one. */
static int ask_slot(const struct refusal_ask *a, struct err *e)
{
	struct machine *m;
	int r;

	if (is_libvirts(a))
		return virt_refuse_mates(a->backend, a, e);
	r = ask_machine(a, &m, e);
	return r < 0 ? r : mates_refuse(a, m, e);
}

/* The first of those that are one device, which is not in the guest yet, not even in part. */
static bool needs_port(const struct refusal_ask *a, const struct machine *m,
		       const struct slot_place *places, size_t i)
{
	struct bdf dev = vf_of(a->vfs[i])->bdf;
	struct mates mates;

	if (machine_find(m, dev))
		return false;
	for (size_t k = 0; k < i; k++)
		if (places[k].device == places[i].device && !machine_find(m, vf_of(a->vfs[k])->bdf))
			return false;
	mates_find(a->host, m, dev, &a->options[i], &mates);
	return !mates.in;
}

/* A function that is in the guest already needs no other port. */
static int ask_ports(const struct refusal_ask *a, struct err *e)
{
	_cleanup_free_ struct slot_place *places = NULL;
	size_t need = 0, n;
	struct machine *m;
	int r;

	if (is_libvirts(a))
		return virt_refuse_ports(a->backend, a, e);
	r = ask_machine(a, &m, e);
	if (r == 0)
		r = place_all(a, &places, &n, e);
	for (size_t i = 0; r == 0 && i < a->n; i++)
		need += needs_port(a, m, places, i);
	if (r < 0 || machine_free_ports(m) >= need)
		return r;
	return kvm_refuse_ports(guest_of(a), m, need, e);
}

/* Picks ports as the attaches will find them, one after the other, because the first may take what
 * the second asks for. */
static int pick_each(const struct refusal_ask *a, struct machine *m,
		     const struct slot_place *places, struct guest_port **picked, struct err *e)
{
	for (size_t i = 0; i < a->n; i++) {
		int slot = a->options[i].vslot;

		if (!needs_port(a, m, places, i))
			continue;
		picked[i] = machine_pick(m, slot);
		if (picked[i])
			picked[i]->is_free = false;
		else if (slot > 0)
			return kvm_refuse_slot(guest_of(a), m, slot, e);
	}
	return 0;
}

/* Checks that the port or slot which an option asks for is free when its turn comes. Whether there
 * are enough of them is the row before. */
static int ask_vslot(const struct refusal_ask *a, struct err *e)
{
	_cleanup_free_ struct guest_port **picked = calloc(a->n + 1, sizeof(struct guest_port *));
	_cleanup_free_ struct slot_place *places = NULL;
	struct machine *m;
	size_t n;
	int r;

	if (!picked)
		return err_set(e, ENOMEM, "out of memory");
	if (is_libvirts(a))
		return virt_refuse_vslot(a->backend, a, e);
	r = ask_machine(a, &m, e);
	if (r == 0)
		r = place_all(a, &places, &n, e);
	if (r == 0)
		r = pick_each(a, m, places, picked, e);
	for (size_t i = 0; i < a->n; i++)
		if (picked[i])
			picked[i]->is_free = true;
	return r;
}

const struct refusal kvm_attach_refusals[] = {
	{ "start", REFUSAL_OF_DOMAIN, true, ask_start },
	{ "group", REFUSAL_OF_DOMAIN, false, ask_group },
	{ "owner", REFUSAL_OF_DOMAIN, true, ask_owner },
	{ "claimed", REFUSAL_OF_DOMAIN, true, ask_claimed },
	{ "program", REFUSAL_OF_GUEST, true, ask_program },
	{ "manager", REFUSAL_OF_ANSWER, true, ask_manager },
	{ "monitor", REFUSAL_OF_ANSWER, true, ask_monitor },
	{ "used", REFUSAL_OF_GUEST, true, ask_used },
	{ "answer", REFUSAL_OF_ANSWER, true, ask_answer },
	{ "slot", REFUSAL_OF_GUEST, true, ask_slot },
	{ "ports", REFUSAL_OF_GUEST, true, ask_ports },
	{ "vslot", REFUSAL_OF_GUEST, true, ask_vslot },
	{ 0 },
};
