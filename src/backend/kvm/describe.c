// SPDX-License-Identifier: GPL-2.0-or-later
/* How a topology says which running guest is meant, in words that outlive its process. */
#include <stdlib.h>
#include <string.h>

#include "backend/kvm/kvm.h"
#include "backend/kvm/libvirt/guest.h"

static struct guest *find(const struct backend *b, const char *name)
{
	for (size_t i = 0; i < b->n_guests; i++)
		if (!strcmp(b->guests[i]->name, name))
			return b->guests[i];
	return NULL;
}

static int copy(char **to, const char *text, struct err *e)
{
	if (!text || !*text)
		return 0;
	*to = strdup(text);
	return *to ? 0 : err_set(e, ENOMEM, "out of memory");
}

/* "web1" of "/run/qemu/web1.qmp". */
static int name_of_socket(const char *path, char **ret, struct err *e)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	size_t n = strcspn(base, ".");

	*ret = strndup(base, n ? n : strlen(base));
	return *ret ? 0 : err_set(e, ENOMEM, "out of memory");
}

static const char *machine_of(const struct guest *g)
{
	if (g->topo && g->topo->machine)
		return g->topo->machine;
	if (strstr(g->cmdline.machine, "q35"))
		return "q35";
	return !strncmp(g->cmdline.machine, "virt", 4) ? "virt" : NULL;
}

/* What nobody can see, and a topology said of it. */
static int take_said(const struct guest *g, struct topo_domain *ret, struct err *e)
{
	if (!g->topo)
		return 0;
	ret->spare = g->topo->spare;
	return copy(&ret->ports, g->topo->ports, e);
}

static bool is_named(const struct guest *g)
{
	return g->topo || g->cmdline.name[0];
}

static int refuse_nameless(struct err *e)
{
	err_set(e, ENOTSUP,
		"it has neither a name (-name) nor a monitor (-qmp), and the number of "
		"its process is another one each time");
	return err_fix(e, -ENOTSUP, "start it with -name");
}

static int describe_qemu(const struct guest *g, struct topo_domain *ret, struct err *e)
{
	int r = 0;

	if (g->cmdline.qmp[0]) {
		r = copy(&ret->qmp, g->cmdline.qmp, e);
		if (r == 0 && !is_named(g))
			r = name_of_socket(g->cmdline.qmp, &ret->name, e);
	} else if (!is_named(g)) {
		return refuse_nameless(e);
	} else {
		err_set(e, ENOTCONN,
			"QEMU has no QMP monitor on a unix socket: while it runs VFs cannot be "
			"attached or taken out");
	}
	return r;
}

/* What it set of a VF for as long as the guest runs cannot be told from what was set before.
 * Source: libvirt src/hypervisor/virhostdev.c, virHostdevSetNetConfig(),
 * virHostdevRestoreNetConfig(). */
static int describe_libvirt(struct backend *b, struct guest *g, struct topo_domain *ret,
			    struct err *e)
{
	const char *name = g->cmdline.name[0] ? g->cmdline.name : g->name, *owner = NULL;
	bool is_managed = false;
	struct virt_domain *d;
	int r = 0;

	if (g->topo && g->topo->libvirt)
		name = g->topo->libvirt;
	if (virt_guest(b, g, &d, NULL) == 0) {
		owner = d->live.owner ? d->live.owner : d->config.owner;
		is_managed = virt_has_managed(&d->live) || virt_has_managed(&d->config);
	}
	if (owner)
		return err_set(e, EBUSY, "%s gives it its VFs, and sets them up", owner);
	err_set(e, EBUSY,
		"libvirt runs it: MAC and VLAN of its VFs may be what libvirt set, and takes back "
		"when it stops%s",
		is_managed
			? "; managed='yes': libvirt gives its devices back to the host's drivers "
			  "when the domain stops; a topology keeps them assignable: write "
			  "managed='no'"
			: "");
	if (g->topo)
		r = copy(&ret->uri, g->topo->uri, e);
	return r < 0 ? r : copy(&ret->libvirt, name, e);
}

int kvm_describe(struct backend *b, const char *name, struct topo_domain *ret, struct err *e)
{
	int r = guests_read(b, e);
	struct guest *g = r == 0 ? find(b, name) : NULL;

	if (r < 0)
		return r;
	if (!g)
		return err_set(e, ESRCH, "it has ended meanwhile");
	if (!g->is_qemu)
		return err_set(e, ENOTSUP, "it is not QEMU");
	if (g->is_unreadable)
		return err_set(e, ETIMEDOUT, "it does not let its arguments be read");
	if (g->is_twin)
		return err_set(e, ENOTUNIQ, "others say that they are %s, too", g->claims);
	if (g->cmdline.incus)
		return err_set(e, EBUSY, "%s gives it its VFs, and sets them up", g->cmdline.incus);
	if (g->cmdline.is_libvirt)
		r = describe_libvirt(b, g, ret, e);
	else
		r = describe_qemu(g, ret, e);
	if (r == 0)
		r = copy(&ret->machine, machine_of(g), e);
	if (r == 0)
		r = take_said(g, ret, e);
	ret->has_kvm = ret->qmp || ret->libvirt || ret->machine;
	return r;
}
