// SPDX-License-Identifier: GPL-2.0-or-later
/* One running guest: whether we may talk to it, its monitor, and its devices. */
#include <string.h>

#include "backend/kvm/kvm.h"
#include "host/open_files.h"

static int refuse_libvirt(const struct guest *g, struct err *e)
{
	const char *name = g->cmdline.name[0] ? g->cmdline.name : g->name;

	err_refuse(e, EBUSY,
		   "libvirt runs domain %s, and a change behind its back would invalidate what it "
		   "knows of the domain",
		   name);
	return err_fix(
		e, -EBUSY,
		"for each VF, PF/INDEX, run: vfyard render libvirt --hostdev PF/INDEX | virsh "
		"attach-device %s /dev/stdin --live --config; or detach-device",
		name);
}

/* Incus' or LXD's daemon holds the only monitor, and remembers what it plugged in. A device of its
 * type "pci" cannot be plugged into a running guest, one of type "nic" can. */
static int refuse_incus(const struct guest *g, struct err *e)
{
	const char *name = g->cmdline.name[0] ? g->cmdline.name : g->name;
	const char *client = strcmp(g->cmdline.incus, "LXD") != 0 ? "incus" : "lxc";

	err_refuse(e, EBUSY,
		   "%s runs domain %s, and a change behind its back would invalidate what it knows "
		   "of the domain",
		   g->cmdline.incus, name);
	return err_fix(e, -EBUSY,
		       "%s takes a free VF itself, run: %s config device add %s DEVICE nic "
		       "nictype=sriov parent=NETDEV; or give one back: %s config device remove %s "
		       "DEVICE",
		       g->cmdline.incus, client, name, client, name);
}

/* Another kind of monitor belongs to whoever started QEMU with it, or to whomever QEMU connects
 * to. */
static int refuse_monitor(const struct guest *g, struct err *e)
{
	err_refuse(e, ENOTCONN, "QEMU of %s (pid %u) has no QMP monitor on a unix socket%s%s",
		   g->name, g->pid, g->cmdline.other[0] ? ", only one of another kind: " : "",
		   g->cmdline.other);
	return err_fix(e, -ENOTCONN,
		       "start it with -qmp unix:/run/%s.qmp,server=on,wait=off%s, or say where it "
		       "is: \"kvm: qmp=PATH\" in the topology",
		       g->name, g->cmdline.other[0] ? " besides" : "");
}

int guest_is_qemu(const struct guest *g, struct err *e)
{
	if (g->is_qemu)
		return 0;
	return err_fix(e,
		       err_refuse(e, ENOTSUP,
				  "%s (pid %u) is not QEMU: it opens and closes devices "
				  "itself",
				  g->name, g->pid),
		       "end that program, or tell it to let go");
}

int guest_is_ours(const struct guest *g, struct err *e)
{
	if (g->cmdline.is_libvirt)
		return refuse_libvirt(g, e);
	return g->cmdline.incus ? refuse_incus(g, e) : 0;
}

int guest_has_monitor(const struct guest *g, struct err *e)
{
	return g->cmdline.qmp[0] ? 0 : refuse_monitor(g, e);
}

int guest_check(const struct guest *g, struct err *e)
{
	int r = guest_is_qemu(g, e);

	if (r == 0)
		r = guest_is_ours(g, e);
	return r < 0 ? r : guest_has_monitor(g, e);
}

/* After a broken session everything must be asked anew, because QEMU may have ended, or been
 * restarted. */
static void drop_broken(struct guest *g)
{
	if (!g->qmp || !qmp_is_broken(g->qmp))
		return;
	qmp_close(g->qmp);
	g->qmp = NULL;
	guest_forget_machine(g);
}

/* Its arguments say where its monitor is; the kernel says whose socket that is. */
static int refuse_other(struct backend *b, const struct guest *g, const char *path, uint32_t peer,
			struct err *e)
{
	char label[PROCESS_LABEL_MAX] = "a process that is not seen from here";

	if (peer)
		process_label(label, b->host, peer);
	err_refuse(e, EPERM, "the monitor %s is not that of %s (pid %u): %s listens there", path,
		   g->name, g->pid, label);
	return err_fix(e, -EPERM, "say where that of %s is: \"kvm: qmp=PATH\" in the topology",
		       g->name);
}

static int open_one(struct backend *b, struct guest *g, const char *path, unsigned timeout_ms,
		    struct err *e)
{
	struct qmp *q;
	uint32_t peer;
	int r = qmp_open(&q, b->host, path, timeout_ms, e);

	if (r < 0)
		return r;
	peer = qmp_peer(q);
	if (!b->host->knows_processes || !g->pid || peer == g->pid) {
		g->qmp = q;
		return 0;
	}
	qmp_close(q);
	return refuse_other(b, g, path, peer, e);
}

/* A monitor serves one client at a time: when another program has the first monitor, we take the
 * second. */
static int open_monitor(struct backend *b, struct guest *g, unsigned timeout_ms, struct err *e)
{
	bool has_two = g->cmdline.qmp_more[0] != '\0';
	int r = open_one(b, g, g->cmdline.qmp, has_two ? timeout_ms / 2 : timeout_ms, e);

	if (r == -EBUSY && has_two)
		r = open_one(b, g, g->cmdline.qmp_more, timeout_ms / 2, e);
	return r;
}

int guest_qmp(struct backend *b, struct guest *g, unsigned timeout_ms, struct qmp **ret,
	      struct err *e)
{
	int r = guest_check(g, e);

	if (r == 0 && b->host->leaves_guests)
		r = err_set(e, ECANCELED, "guests are not asked with --no-attach");
	if (r < 0)
		return r;
	drop_broken(g);
	if (!g->qmp)
		r = open_monitor(b, g, timeout_ms, e);
	if (r < 0)
		return r;
	*ret = g->qmp;
	return 0;
}

int guest_machine(struct backend *b, struct guest *g, unsigned timeout_ms, struct machine **ret,
		  struct err *e)
{
	struct qmp *q;
	int r = guest_qmp(b, g, timeout_ms, &q, e);

	if (r < 0)
		return r;
	if (!g->has_machine) {
		qmp_begin(q, b->host->timeout_ms);
		r = machine_read(&g->machine, q, timeout_ms, e);
		qmp_end(q);
		g->has_machine = r == 0;
	}
	if (r == 0)
		*ret = &g->machine;
	return r;
}

void guest_forget_machine(struct guest *g)
{
	machine_done(&g->machine);
	g->has_machine = false;
}

bool guest_has_left(struct guest *g, struct bdf dev)
{
	for (size_t i = 0; i < g->n_left; i++)
		if (!bdf_cmp(g->left[i], dev)) {
			g->left[i] = g->left[--g->n_left];
			return true;
		}
	return false;
}
