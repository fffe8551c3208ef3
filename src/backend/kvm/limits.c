// SPDX-License-Identifier: GPL-2.0-or-later
/* What refuses an attach: who has the function, ports and slots; and options without effect. */
#include <string.h>

#include "backend/kvm/group.h"
#include "backend/kvm/kvm.h"
#include "backend/kvm/root_slots.h"

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

int kvm_refuse_open(struct backend *b, struct bdf dev, unsigned max_age_ms, struct err *e)
{
	int32_t group = group_of(b->host, dev);
	int asked = users_ask_kernel(b->host, group), r;

	if (asked == 1)
		return 0;
	/* It may have been opened since the last look. */
	r = kvm_users(b, asked == -EBUSY ? 0 : max_age_ms, e);
	if (r == 0)
		r = kvm_refuse_used(b, dev, NULL, e);
	if (r < 0 || asked != -EBUSY)
		return r;
	err_refuse(e, EBUSY,
		   "a process that /proc does not show has its IOMMU group %d open, and the kernel "
		   "would wait for it without end",
		   group);
	return err_fix(
		e, -EBUSY,
		"a descriptor in flight in a socket ends with the processes at both ends of the "
		"socket: end the programs that were given it; to see them, run: ss -xp");
}

/* Returns the length of "pc-q35-10.0" in "pc-q35-10.0-machine". */
static int type_len(const struct machine *m)
{
	size_t n = strlen(m->type);

	return (int)(n > 8 && !strcmp(m->type + n - 8, "-machine") ? n - 8 : n);
}

/* A machine with slots takes as many devices as it has slots, and has no ports. */
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
		return err_fix(
			e, -ENOSPC,
			"ports cannot be added while it runs: write it into the topology with "
			"spare=N in its kvm block, and start it with what vfyard render qemu "
			"prints");
	return err_fix(e, -ENOSPC,
		       "ports cannot be added while it runs: plan some with spare=N in its kvm "
		       "block, and start it with what vfyard render qemu %s prints",
		       g->topo->name);
}

int kvm_refuse_slot(const struct guest *g, const struct machine *m, int slot, struct err *e)
{
	if (machine_has_slots(m))
		err_refuse(e, ENOSPC, "slot %d of " ROOT_BUS " of %s is taken (vslot=%x)", slot,
			   g->name, slot);
	else
		err_refuse(e, ENOSPC, "%s has no free PCIe port with slot number %d (vslot=%x)",
			   g->name, slot, slot);
	return err_fix(e, -ENOSPC, "leave vslot out; vfyard then takes any free one");
}

static int no_effect(struct err *e, const char *option)
{
	return err_set(e, ENOTSUP, "%s has no effect because VFIO has no such option", option);
}

int kvm_check_machine(const struct host *h, const struct topo_domain *d, struct err *e)
{
	bool is_arm = host_is_arm(h);
	const char *here = is_arm ? "virt" : "q35";
	char cpu[HOST_CPU_MAX];

	host_cpu(h, cpu);
	if (!cpu[0] || !d->machine || !strcmp(d->machine, here))
		return 0;
	err_set(e, ENOTSUP, "KVM does not run machine=%s here, because this host is %s", d->machine,
		is_arm ? "an Arm machine" : "no Arm machine");
	return err_fix(e, -ENOTSUP, "remove machine=%s; vfyard then takes %s", d->machine, here);
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
