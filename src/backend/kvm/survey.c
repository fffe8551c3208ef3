// SPDX-License-Identifier: GPL-2.0-or-later
/* Combines driver, group and who has it open into one state for each VF. */
#include <string.h>

#include "backend/kvm/group.h"
#include "backend/kvm/kvm.h"
#include "backend/kvm/libvirt/guest.h"

struct survey {
	struct backend *b;
	struct inventory *inv;
	const char *vfio, *other; /* the last drivers that were seen with and without "vfio" in
				   * their names */
	const struct guest *mute; /* a guest that does not answer, which was noted already */
};

/*
 * Drivers are interned, so a pointer stands for a name. A driver without "vfio" in its name may
 * give some of its VFs to VFIO and others not (NVIDIA's vGPU), so each VF is checked. A VF with a
 * network device is not with VFIO, which spares thousands of VFs the check.
 */
static bool is_vfio(struct survey *s, const struct vf *vf)
{
	if (!vf->driver)
		return false;
	if (vf->driver == s->vfio)
		return true;
	if (vf->driver != s->other && group_driver_is_vfio(vf->driver)) {
		s->vfio = vf->driver;
		return true;
	}
	s->other = vf->driver;
	return !vf->netdev && group_is_vfio(s->b->host, vf->bdf, vf->driver);
}

/* Counts the members that have a VFIO driver; if there is one, the open group is for that
 * member. */
static size_t count_vfio(const struct host *h, int32_t number)
{
	_cleanup_(group_done) struct group g = { .n = 0 };
	size_t n = 0;

	if (group_read(&g, h, number, NULL, NULL) < 0)
		return 0;
	for (size_t i = 0; i < g.n; i++)
		n += group_is_vfio(h, g.v[i].bdf, g.v[i].driver);
	return n;
}

static bool started_with(const struct guest *g, struct bdf dev)
{
	for (size_t i = 0; i < g->cmdline.n_hosts; i++)
		if (!bdf_cmp(g->cmdline.hosts[i], dev))
			return true;
	return false;
}

/*
 * Tells whether the guest has this member of the group, or only a neighbour. QEMU is asked only
 * here, with a short deadline. When nobody can tell, it counts as in the guest, because nobody else
 * could have it.
 */
static int ask_member(struct survey *s, struct guest *g, struct bdf dev, bool *ret, struct err *e)
{
	struct virt_domain *d;
	struct machine *m;
	int r;

	if (g->cmdline.is_libvirt) {
		r = virt_guest(s->b, g, &d, e);
		*ret = r == 0 && virt_device_of(&d->live, dev);
		return r;
	}
	r = guest_machine(s->b, g, SURVEY_TIMEOUT_MS, &m, e);
	*ret = r == 0 && machine_find(m, dev);
	return r;
}

static bool has_member(struct survey *s, struct guest *g, const struct vf *vf)
{
	struct err why = { 0 };
	bool has;

	if (count_vfio(s->b->host, vf->iommu_group) < 2 || started_with(g, vf->bdf))
		return true;
	if (s->b->host->leaves_guests)
		return true;
	if (g == s->mute || ask_member(s, g, vf->bdf, &has, &why) < 0) {
		if (g != s->mute)
			log_note(&s->b->host->log,
				 "%s has several devices of an IOMMU group open, and which of them "
				 "it uses is not known: %s",
				 g->name, why.cause);
		s->mute = g;
		return true;
	}
	return has;
}

/* A VF whose link dangles stays broken. */
static int survey_vf(struct survey *s, struct vf *vf)
{
	const struct vfio_user *user = users_of(&s->b->users, vf->iommu_group, vf->bdf);
	bool on_vfio = is_vfio(s, vf);
	struct guest *g;

	if (vf->state != VF_HOST || (!on_vfio && (!user || !vf->driver)))
		return 0;
	if (!user) {
		vf->state = VF_ASSIGNABLE;
		return 0;
	}
	g = guests_of_user(s->b, user);
	if (!g)
		return -ENOMEM;
	if (!on_vfio) {
		vf->state = VF_BROKEN;
		vf->why = "a process has its IOMMU group open, and a host driver holds it";
		vf->domain = inventory_intern(s->inv, g->name);
		return 0;
	}
	vf->state = VF_ASSIGNABLE;
	if (user->group != NO_GROUP && !has_member(s, g, vf))
		return 0;
	vf->state = VF_ATTACHED;
	vf->domain = inventory_intern(s->inv, g->name);
	return vf->domain ? 0 : -ENOMEM;
}

static bool any_on_vfio(struct survey *s)
{
	struct vf_ref at = { 0 };

	while (inventory_next(s->inv, &at))
		if (is_vfio(s, vf_of(at)))
			return true;
	return false;
}

int kvm_survey(struct backend *b, struct inventory *inv, struct err *e)
{
	struct survey s = { .b = b, .inv = inv };
	struct vf_ref at = { 0 };
	int r = kvm_users(b, 0, e);

	if (r == 0 && b->users.is_partial && any_on_vfio(&s))
		return err_fix(
			e, err_set(e, EACCES, "open files of other users' processes are not seen"),
			"run as root");
	if (r == 0 && b->users.n)
		r = guests_read(b, e);
	if (r < 0)
		return r;
	inv->hypervisor = kvm_backend.name;
	while (r == 0 && inventory_next(inv, &at))
		r = survey_vf(&s, vf_of(at));
	return r < 0 ? err_set(e, -r, "out of memory") : 0;
}
