// SPDX-License-Identifier: GPL-2.0-or-later
/* Into a running domain of libvirt, out of it, and the same of its next start. */
#include <string.h>

#include "backend/kvm/group.h"
#include "backend/kvm/hints.h"
#include "backend/kvm/hotplug.h"
#include "backend/kvm/libvirt/guest.h"
#include "backend/kvm/libvirt/owner.h"
#include "backend/kvm/mates.h"
#include "topology/ports.h"

#define ELEMENT_MAX 512

static int no_segment(struct bdf dev, struct err *e)
{
	if (dev.domain <= 0xffff)
		return 0;
	return err_fix(
		e, err_refuse(e, ENOTSUP, "QEMU takes PCI segments of four digits from libvirt"),
		"start the machine without libvirt: vfyard render qemu names it by its path");
}

/* managed='no': the binding is ours before and after. Without a port libvirt finds a free one. */
static void element_of(struct vf_ref vf, const struct virt_device *at, char buf[ELEMENT_MAX])
{
	struct bdf dev = vf_of(vf)->bdf;
	char alias[PORTS_ALIAS_MAX], pf[BDF_STRLEN], place[96] = "";

	if (at->has_place)
		snprintf(place, sizeof(place),
			 "<address type='pci' domain='0x0000' bus='0x%02x' slot='0x%02x' "
			 "function='0x%x'/>",
			 at->bus, at->slot, at->function);
	snprintf(buf, ELEMENT_MAX,
		 "<hostdev mode='subsystem' type='pci' managed='no'><driver name='vfio'/><source>"
		 "<address domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/></source>"
		 "<alias name='%s'/>%s</hostdev>",
		 dev.domain, dev.bus, dev.dev, dev.fn,
		 ports_alias(alias, pf_label(pf, vf.pf), vf.index), place);
}

/* libvirt passes on what QEMU says, and has words of its own. */
static int refused(int r, struct err *e)
{
	const char *fix = r == -EREMOTEIO ? hint_find(e->cause) : NULL;

	return fix ? err_fix(e, r, "%s", fix) : r;
}

/* Success is looked at: the running machine's definition, and who has it open. */
static int verify(struct backend *b, struct guest *g, struct bdf dev, struct err *e)
{
	if (!virt_device_of(&g->virt_domain->live, dev))
		return err_set(e, EIO,
			       "libvirt reports success, but the running definition of %s does not "
			       "have it",
			       g->virt_domain->name);
	return kvm_prove_open(b, g, dev, e);
}

static int still_there(const struct domain *d, enum virt_outcome outcome, unsigned timeout_ms,
		       struct err *e)
{
	switch (outcome) {
	case VIRT_REMOVED:
		return 0;
	case VIRT_FAILED:
		err_set(e, EBUSY, "the guest refuses to release it; it stays attached");
		return err_fix(e, -EBUSY,
			       "unload the driver in it or shut it down, and run the same command "
			       "again");
	case VIRT_WAITING:
		return plug_not_released(timeout_ms, e);
	case VIRT_LOST:
		break;
	}
	err_set(e, EPIPE,
		"libvirt went away while the guest was to release it; the request stands and the "
		"guest may still follow it");
	return err_fix(e, -EPIPE, "look again, run: vfyard pci-list %s", d->name);
}

/* Another look, because libvirt may have been restarted meanwhile. */
static int take_out(struct guest *g, const struct domain *d, struct bdf dev, unsigned timeout_ms,
		    struct err *e)
{
	const struct virt_device *has = virt_device_of(&g->virt_domain->live, dev);
	enum virt_outcome outcome = VIRT_REMOVED;
	int r = has ? virt_detach(g->virt, g->virt_domain, has, true, &outcome, e) : 0;

	if (r < 0)
		return refused(r, e);
	return virt_device_of(&g->virt_domain->live, dev) ? still_there(d, outcome, timeout_ms, e)
							  : 0;
}

static int undo(struct backend *b, struct guest *g, const struct domain *d, struct vf_ref vf, int r,
		struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	struct err why = { 0 };
	int undone;

	virt_heed(g->virt, false);
	undone = virt_refresh(g->virt, g->virt_domain, &why);
	if (undone == 0)
		undone = take_out(g, d, dev, b->host->timeout_ms, &why);
	if (undone == 0)
		undone = virt_refuse_orphan(b, g, vf, &why);
	virt_heed(g->virt, true);
	return undone == 0 ? r : err_left(e, r, "in domain %s: %s", d->name, why.cause);
}

int virt_guest_attach(struct backend *b, const struct domain *d, struct vf_ref vf,
		      const struct dev_options *options, struct err *e)
{
	struct guest *g = d->cookie;
	struct bdf dev = vf_of(vf)->bdf;
	struct virt_device at = { .has_place = options->vslot > 0 };
	char xml[ELEMENT_MAX];
	struct virt_domain *v;
	int r = no_segment(dev, e);

	if (r == 0)
		r = virt_guest(b, g, &v, e);
	if (r < 0 || virt_device_of(&v->live, dev))
		return r;
	if (at.has_place)
		at.bus = (unsigned)options->vslot;
	element_of(vf, &at, xml);
	r = virt_attach(g->virt, v, xml, true, e);
	/* Whatever libvirt does with it now, it is not said. */
	if (r == -ETIMEDOUT)
		return err_left(e, r, "libvirt may still attach it, look again: vfyard pci-list %s",
				d->name);
	if (r == -EREMOTEIO || r == -ESRCH)
		return refused(r, e);
	if (r == 0)
		r = verify(b, g, dev, e);
	if (r < 0)
		return undo(b, g, d, vf, r, e);
	if (users_add(&b->users, group_of(b->host, dev), g->pid) < 0)
		b->users_ms = 0;
	return 0;
}

static int refuse_interface(const struct guest *g, const struct virt_device *dev, struct err *e)
{
	const char *name = g->virt_domain->name;

	err_refuse(e, ENOTSUP,
		   "domain %s has it as a network interface, whose MAC and VLAN "
		   "libvirt sets and takes back",
		   name);
	return err_fix(e, -ENOTSUP, "run: virsh detach-interface %s hostdev --mac %s --current",
		       name, dev->mac[0] ? dev->mac : "MAC");
}

static bool is_ours(const struct virt_device *dev)
{
	return !strncmp(dev->alias, PORTS_ALIAS_PREFIX, strlen(PORTS_ALIAS_PREFIX));
}

/* What vfyard gave it may be taken out again, whoever its owner is. */
int virt_may_detach(struct backend *b, const struct domain *d, struct vf_ref vf, struct err *e)
{
	struct guest *g = d->cookie;
	const struct virt_device *has;
	struct virt_domain *v;
	int r = virt_guest(b, g, &v, e);

	if (r < 0)
		return r;
	has = virt_device_of(g->is_off ? &v->config : &v->live, vf_of(vf)->bdf);
	if (!has)
		return virt_refuse_orphan(b, g, vf, e);
	if (!is_ours(has))
		r = virt_refuse_owned(v, e);
	return r == 0 && has->is_interface ? refuse_interface(g, has, e) : r;
}

int virt_guest_detach(struct backend *b, const struct domain *d, struct vf_ref vf, struct err *e)
{
	struct guest *g = d->cookie;
	struct bdf dev = vf_of(vf)->bdf;
	const struct virt_device *has;
	struct virt_domain *v;
	int r = virt_guest(b, g, &v, e);

	if (r == 0)
		r = virt_refresh(g->virt, v, e);
	if (r < 0)
		return r;
	has = virt_device_of(&v->live, dev);
	if (!has)
		r = virt_refuse_orphan(b, g, vf, e);
	if (!has)
		return r < 0 ? r : kvm_refuse_not_there(d, e);
	if (has->is_interface)
		return refuse_interface(g, has, e);
	r = take_out(g, d, dev, b->host->timeout_ms, e);
	b->users_ms = 0;
	if (r < 0)
		return r;
	r = virt_shares_group(b, &v->live, group_of(b->host, dev)) ? 0
								   : kvm_wait_closed(b, g, dev, e);
	return r < 0 ? r : kvm_check_detached(b, dev, e);
}

int virt_defined(struct backend *b, const struct domain *d, struct vf_ref vf, unsigned *ret,
		 struct err *e)
{
	struct guest *g = d->cookie;
	const struct virt_device *live, *config;
	struct virt_domain *v;
	int r;

	*ret = 0;
	if (!g || !g->cmdline.is_libvirt)
		return 0;
	r = virt_guest(b, g, &v, e);
	if (r < 0)
		return r;
	live = virt_device_of(&v->live, vf_of(vf)->bdf);
	config = virt_device_of(&v->config, vf_of(vf)->bdf);
	if (!live && vf_of(vf)->state == VF_ATTACHED)
		r = virt_refuse_orphan(b, g, vf, e);
	if (r < 0)
		return r;
	if (v->is_persistent)
		*ret |= DEFINED_KNOWN;
	if (config)
		*ret |= DEFINED_NEXT;
	if ((live && live->is_managed) || (config && config->is_managed))
		*ret |= DEFINED_MANAGED;
	if (live || config)
		*ret |= (live ? live : config)->is_interface ? DEFINED_INTERFACE : DEFINED_DEVICE;
	if (config && is_ours(config))
		*ret |= DEFINED_BY_US;
	return 0;
}

static int undefine(struct guest *g, struct virt_domain *v, struct bdf dev, struct err *e)
{
	const struct virt_device *has = virt_device_of(&v->config, dev);
	enum virt_outcome ignored;
	int r;

	if (!has)
		return 0;
	if (has->is_interface)
		return refuse_interface(g, has, e);
	r = virt_detach(g->virt, v, has, false, &ignored, e);
	if (r < 0 || !virt_device_of(&v->config, dev))
		return refused(r, e);
	return err_set(e, EIO, "libvirt reports success, but the definition of %s has it still",
		       v->name);
}

/* The same VF at the address it had before its PF made its VFs anew: libvirt takes no alias twice,
 * and who started the domain so would find another VF there, or none. Source: libvirt
 * src/conf/domain_validate.c, virDomainDefValidateAliases(). */
static int drop_former(struct guest *g, struct virt_domain *v, const char *alias, struct err *e)
{
	enum virt_outcome ignored;

	for (size_t i = 0; i < v->config.n_devs; i++)
		if (!strcmp(v->config.devs[i].alias, alias))
			return virt_detach(g->virt, v, &v->config.devs[i], false, &ignored, e);
	return 0;
}

static bool is_taken(const struct virt_definition *d, const struct virt_device *at,
		     unsigned function)
{
	for (size_t i = 0; i < d->n_devs; i++)
		if (virt_is_one(&d->devs[i], at) && d->devs[i].function == function)
			return true;
	return false;
}

/* In the place of those of its slot that are defined already, under its own number: libvirt itself
 * says of function 0 then that there are others. Their first function is defined first, and
 * anywhere. Source: libvirt src/conf/domain_addr.c, virDomainPCIAddressSetAllMulti(). */
static void find_place(const struct backend *b, const struct virt_definition *d, struct vf_ref vf,
		       struct virt_device *ret)
{
	struct bdf dev = vf_of(vf)->bdf;

	*ret = (struct virt_device){ .has_place = false };
	for (size_t i = 0; vf_is_whole(vf) && !ret->has_place && i < d->n_devs; i++) {
		const struct virt_device *mate = &d->devs[i];
		struct virt_device at = {
			.has_place = true, .bus = mate->bus, .slot = mate->slot, .function = dev.fn
		};

		if (mate->has_place && bdf_key(mate->host) >> 3 == bdf_key(dev) >> 3 &&
		    mates_is_whole(b->host, mate->host) && is_taken(d, &at, 0) &&
		    !is_taken(d, &at, dev.fn))
			*ret = at;
	}
}

int virt_define(struct backend *b, const struct domain *d, struct vf_ref vf, bool on, struct err *e)
{
	struct guest *g = d->cookie;
	struct bdf dev = vf_of(vf)->bdf;
	char xml[ELEMENT_MAX], alias[PORTS_ALIAS_MAX], pf[BDF_STRLEN];
	struct virt_device at;
	struct virt_domain *v;
	int r = no_segment(dev, e);

	if (r == 0)
		r = virt_guest(b, g, &v, e);
	if (r == 0)
		r = virt_refresh(g->virt, v, e);
	if (r == 0 && !on)
		return undefine(g, v, dev, e);
	if (r < 0 || virt_device_of(&v->config, dev))
		return r;
	r = drop_former(g, v, ports_alias(alias, pf_label(pf, vf.pf), vf.index), e);
	if (r < 0)
		return refused(r, e);
	find_place(b, &v->config, vf, &at);
	element_of(vf, &at, xml);
	r = virt_attach(g->virt, v, xml, false, e);
	if (r < 0 || virt_device_of(&v->config, dev))
		return refused(r, e);
	return err_set(e, EIO, "libvirt reports success, but the definition of %s does not have it",
		       v->name);
}
