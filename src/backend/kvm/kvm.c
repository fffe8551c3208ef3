// SPDX-License-Identifier: GPL-2.0-or-later
/* The operations of this backend, and what one run keeps. */
#include "backend/kvm/kvm.h"

#include <string.h>

#include "backend/kvm/group.h"
#include "backend/kvm/libvirt/guest.h"
#include "base/deadline.h"

static int open_backend(struct backend **ret, const struct host *h, const struct topology *topo,
			struct err *e)
{
	struct backend *b = calloc(1, sizeof(*b));

	if (!b)
		return err_set(e, ENOMEM, "out of memory");
	b->host = h;
	b->topo = topo;
	*ret = b;
	return 0;
}

static void close_backend(struct backend *b)
{
	if (!b)
		return;
	guests_done(b);
	users_done(&b->users);
	virt_all_done(b->virts);
	free(b);
}

int kvm_ready(const struct backend *b, struct err *e)
{
	if (root_is_captured(&b->host->root))
		return host_refuse_capture(e);
	if (geteuid() != 0 && !b->host->root.write)
		return err_fix(e, err_set(e, EACCES, "needs root"), "run as root");
	if (!root_exists(&b->host->root, PCI_DRIVERS "/" VFIO_PCI))
		return err_fix(e, err_set(e, ENODEV, "driver " VFIO_PCI " is not loaded"),
			       "run: modprobe " VFIO_PCI);
	return 0;
}

int kvm_users(struct backend *b, unsigned max_age_ms, struct err *e)
{
	struct vfio_users now;
	int r;

	if (b->users_ms && monotonic_ms() - b->users_ms < max_age_ms)
		return 0;
	r = users_read(&now, b->host, e);
	if (r < 0)
		return r;
	users_done(&b->users);
	b->users = now;
	b->users_ms = monotonic_ms();
	return 0;
}

static void domain_done(struct domain *d)
{
	d->cookie = NULL; /* the guest belongs to the backend */
}

/* Accepts a card's own VFIO driver, too. */
static bool holds(struct backend *b, struct bdf dev, const char *driver)
{
	return group_is_vfio(b->host, dev, driver);
}

const struct backend_ops kvm_backend = {
	.name = "kvm",
	.driver = VFIO_PCI,
	.module = VFIO_PCI,
	.gives_groups = true,
	.group_comes = group_comes,
	.pf_held = kvm_pf_held,
	.open = open_backend,
	.close = close_backend,
	.holds = holds,
	.refusals = kvm_refusals,
	.survey = kvm_survey,
	.domain_find = kvm_domain_find,
	.domain_done = domain_done,
	.attach_refusals = kvm_attach_refusals,
	.assign = kvm_assign,
	.may_unassign = kvm_may_unassign,
	.unassign = kvm_unassign,
	.may_unmake = kvm_may_unmake,
	.attach = kvm_attach,
	.may_detach = kvm_may_detach,
	.detach = kvm_detach,
	.list = kvm_list,
	.defined = virt_defined,
	.define = virt_define,
	.list_defined = virt_list_defined,
	.describe = kvm_describe,
	.check_options = kvm_options,
	.check_machine = kvm_check_machine,
	.diagnose = kvm_diagnose,
	.diagnose_domain = kvm_diagnose_domain,
	.words = kvm_words,
};
