// SPDX-License-Identifier: GPL-2.0-or-later
/* Refusals ahead of time: groups, ports, and who has what. */
#include <stdlib.h>
#include <string.h>

#include "backend/kvm/group.h"
#include "backend/kvm/kvm.h"
#include "backend/kvm/root_slots.h"
#include "topology/ports.h"

int kvm_refuse_used(struct backend *b, struct bdf dev, const struct guest *g, struct err *e)
{
	int32_t group = group_of(b->host, dev);
	const struct vfio_user *user;
	const struct guest *has;
	char buf[BDF_STRLEN];
	int r = kvm_users(b, 1000, e);

	if (r == 0)
		r = guests_read(b, e);
	user = r == 0 ? users_of(&b->users, group, dev) : NULL;
	if (!user)
		return r;
	has = guests_of_user(b, user);
	if (!has)
		return err_set(e, ENOMEM, "out of memory");
	if (has == g || (g && !g->pid))
		return 0;
	if (user->group == NO_GROUP)
		err_refuse(e, EBUSY, "%s (pid %u) has it open", has->name, has->pid);
	else
		err_refuse(e, EBUSY, "%s (pid %u) has its IOMMU group %d open", has->name, has->pid,
			   group);
	if (!has->is_qemu)
		return err_fix(e, -EBUSY, "end that program first");
	return err_fix(e, -EBUSY, "run: vfyard pci-detach %s %s", has->name, bdf_str(buf, dev));
}

/* "pc-q35-10.0" of "pc-q35-10.0-machine". */
static int type_len(const struct machine *m)
{
	size_t n = strlen(m->type);

	return (int)(n > 8 && !strcmp(m->type + n - 8, "-machine") ? n - 8 : n);
}

/* A machine with slots takes as many devices as it has slots, and no ports. */
static int refuse_slots(const struct guest *g, const struct machine *m, size_t want, struct err *e)
{
	err_refuse(e, ENOSPC, "%s (%.*s) has %zu free slots on " ROOT_BUS ", %zu %s needed",
		   g->name, type_len(m), m->type, machine_free_ports(m), want,
		   want == 1 ? "is" : "are");
	return err_fix(e, -ENOSPC,
		       "detach something first; for more, start it with machine=q35, as vfyard "
		       "render qemu --with-machine %s has it",
		       g->topo ? g->topo->name : "DOMAIN");
}

int kvm_refuse_ports(const struct guest *g, const struct machine *m, size_t want, struct err *e)
{
	if (machine_has_slots(m))
		return refuse_slots(g, m, want, e);
	err_refuse(e, ENOSPC, "%s%s%.*s%s has %zu free PCIe ports of %zu, %zu %s needed", g->name,
		   m->type[0] ? " (" : "", type_len(m), m->type, m->type[0] ? ")" : "",
		   machine_free_ports(m), m->n_ports, want, want == 1 ? "is" : "are");
	if (!g->topo)
		return err_fix(e, -ENOSPC,
			       "ports cannot be added while it runs: put it into the topology with "
			       "spare=N in its kvm block, and start it with what vfyard render "
			       "qemu prints");
	return err_fix(e, -ENOSPC,
		       "ports cannot be added while it runs: plan some with spare=N in its kvm "
		       "block, and start it with what vfyard render qemu %s prints",
		       g->topo->name);
}

static int by_bdf(const void *a, const void *b)
{
	return bdf_cmp(*(const struct bdf *)a, *(const struct bdf *)b);
}

/* The whole batch counts as given away: a group may go into a guest as one. */
static int check_groups(struct backend *b, const struct vf_ref *vfs, size_t n, struct err *e)
{
	_cleanup_free_ struct bdf *with = calloc(n + 1, sizeof(*with));
	char label[VF_LABEL_MAX];
	int r = 0;

	if (!with)
		return err_set(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		with[i] = vf_of(vfs[i])->bdf;
	qsort(with, n, sizeof(*with), by_bdf);
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (vf_of(vfs[i])->state == VF_ABSENT)
			continue;
		r = group_check(b->host, vfs[i], with, n, e);
		err_at(r < 0 ? e : NULL, r, vf_label(label, vfs[i]), "check its IOMMU group");
	}
	return r;
}

static int check_used(struct backend *b, const struct guest *g, const struct vf_ref *vfs, size_t n,
		      struct err *e)
{
	char label[VF_LABEL_MAX];
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		r = kvm_refuse_used(b, vf_of(vfs[i])->bdf, g, e);
		err_at(r < 0 ? e : NULL, r, vf_label(label, vfs[i]), "check who uses it");
	}
	return r;
}

/* Does @options ask for a port or slot of that number, and is there a free one? */
static int check_slots(const struct guest *g, const struct machine *m,
		       const struct dev_options *options, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		int slot = options[i].vslot;

		if (slot <= 0 || machine_pick(m, slot))
			continue;
		if (machine_has_slots(m))
			err_refuse(e, ENOSPC, "slot %d of " ROOT_BUS " of %s is taken (vslot=%x)",
				   slot, g->name, slot);
		else
			err_refuse(e, ENOSPC,
				   "%s has no free PCIe port with slot number %d (vslot=%x)",
				   g->name, slot, slot);
		return err_fix(e, -ENOSPC, "leave vslot out, any free one is taken then");
	}
	return 0;
}

static int check_running(struct backend *b, struct guest *g, const struct vf_ref *vfs,
			 const struct dev_options *options, size_t n, struct err *e)
{
	struct machine *m;
	int r = guest_machine(b, g, b->host->timeout_ms, &m, e);

	if (r == 0)
		r = check_used(b, g, vfs, n, e);
	if (r == 0 && machine_free_ports(m) < n)
		r = kvm_refuse_ports(g, m, n, e);
	return r < 0 ? r : check_slots(g, m, options, n, e);
}

/* The ports it will have when it starts; a domain that no topology describes gets the defaults. */
static int check_plan(struct backend *b, const struct domain *d, size_t n, struct err *e)
{
	static const struct topo_domain plain;
	const struct topo_domain *topo = b->topo ? topology_find_domain(b->topo, d->name) : NULL;
	struct ports_request q;
	struct ports_plan p;
	int r = ports_request_of(topo ? topo : &plain, n, &q, e);

	if (r == 0)
		r = ports_plan(&q, &p, e);
	if (r == 0)
		ports_plan_done(&p);
	return r;
}

/* What the guest's monitor was not asked when the host was captured is not known, but what its
 * command line tells. */
static int check_captured(struct backend *b, struct guest *g, const struct vf_ref *vfs,
			  const struct dev_options *options, size_t n, struct err *e)
{
	int r = guest_check(g, e);

	if (r == 0)
		r = check_used(b, g, vfs, n, e);
	return r < 0 ? r : check_running(b, g, vfs, options, n, e);
}

int kvm_limits(struct backend *b, const struct domain *d, const struct vf_ref *vfs,
	       const struct dev_options *options, size_t n, struct err *e)
{
	int r = d->id ? 0 : check_plan(b, d, n, e);

	if (r == 0)
		r = check_groups(b, vfs, n, e);
	if (r < 0 || !n || !d->id)
		return r;
	return root_is_captured(&b->host->root) ? check_captured(b, d->cookie, vfs, options, n, e)
						: check_running(b, d->cookie, vfs, options, n, e);
}

static int no_effect(struct err *e, const char *option)
{
	return err_set(e, ENOTSUP, "%s has no effect: VFIO has no such choice", option);
}

int kvm_options(enum domain_type type UNUSED, const struct dev_options *o, struct err *e)
{
	if (o->permissive == 1)
		return no_effect(e, "permissive");
	if (o->msitranslate == 1)
		return no_effect(e, "msitranslate");
	if (o->power_mgmt == 1)
		return no_effect(e, "power_mgmt");
	if (o->rdm_policy != RDM_DEFAULT)
		return no_effect(e, "rdm_policy");
	return 0;
}
