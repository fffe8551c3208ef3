// SPDX-License-Identifier: GPL-2.0-or-later
/* What doctor looks at on a KVM host beside the tables of refusals. */
#include <string.h>

#include "backend/kvm/kvm.h"
#include "backend/kvm/libvirt/guest.h"
#include "backend/kvm/process.h"
#include "host/boot/iommu_facts.h"
#include "base/text.h"

#define UNSAFE	"sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"
#define LIBVIRT "run/libvirt/libvirt-sock", "run/libvirt/virtqemud-sock"

const struct refusal_word kvm_words[] = {
	{ "group", "nothing of the host is in its IOMMU group" },
	{ "reserved", "the firmware keeps no memory for it" },
	{ "used", "no other guest or program has it open" },
	{ "claimed", "no other domain of libvirt has it in its definition" },
	{ "start", "it will have a port for each VF when it starts" },
	{ "owner", "its definition is nobody's but its user's" },
	{ "claimed", "no other domain's definition has it" },
	{ "program", "it is QEMU" },
	{ "manager", "no other program manages it" },
	{ "monitor", "it has a QMP monitor" },
	{ "answer", "its monitor answers" },
	{ "slot", "functions of one slot of this host are one device in it, or can be" },
	{ "ports", "it has PCIe ports, or slots, enough" },
	{ "vslot", "the slot is free" },
	{ 0 },
};

static void say_iommu(const struct iommu_facts *f, struct findings *ret)
{
	finding_add(ret, FINDING_OK, "iommu", "the kernel uses it%s%s%s: %zu group%s",
		    f->unit ? " (" : "", f->unit ? iommu_make_name(f->unit) : "",
		    f->unit ? ")" : "", f->n_groups, text_s(f->n_groups));
}

/* 'Y' or 'N'; 0 while the module is not loaded. */
static char read_unsafe(const struct host *h)
{
	char text[8];

	return root_read(&h->root, text, sizeof(text), UNSAFE) > 0 ? text[0] : '\0';
}

/*
 * Without remapping a guest could write any interrupt of the host. Binding works, and QEMU is
 * refused the group when it starts. Source: Linux drivers/vfio/vfio_iommu_type1.c,
 * vfio_iommu_type1_attach_group(), "No interrupt remapping support".
 */
static void say_interrupts(const struct host *h, const struct iommu_facts *f, struct findings *ret)
{
	char unsafe = read_unsafe(h);

	if (f->remaps == UNKNOWN)
		finding_add(ret, FINDING_NOTE, "interrupts",
			    "whether they are remapped is not seen in /proc/interrupts");
	else if (f->remaps && unsafe == 'Y')
		finding_fix(finding_add(ret, FINDING_NOTE, "interrupts",
					"remapped, so allow_unsafe_interrupts=Y is not needed"),
			    "take it out of /etc/modprobe.d");
	else if (f->remaps)
		finding_add(ret, FINDING_OK, "interrupts",
			    "remapped: a guest can raise its own only");
	else if (unsafe == 'Y')
		finding_fix(finding_add(ret, FINDING_NOTE, "interrupts",
					"not remapped, and allowed all the same "
					"(allow_unsafe_interrupts=Y): a guest with a VF can raise "
					"any interrupt of this host"),
			    "give VFs to guests only that you trust");
	else
		finding_fix(
			finding_add(ret, FINDING_PROBLEM, "interrupts",
				    "not remapped: QEMU will be refused the VF with 'Operation "
				    "not permitted' when the guest starts or gets it"),
			"switch interrupt remapping (x2APIC) on in the firmware, boot without "
			"intremap=off and nointremap; or, with guests that you trust, run: echo "
			"options vfio_iommu_type1 allow_unsafe_interrupts=1 > "
			"/etc/modprobe.d/vfio.conf");
}

static void say_kvm(const struct host *h, struct findings *ret)
{
	if (root_exists(&h->root, "dev/kvm"))
		finding_add(ret, FINDING_OK, "kvm", "there is /dev/kvm");
	else
		finding_fix(finding_add(ret, FINDING_NOTE, "kvm",
					"there is no /dev/kvm: guests are emulated, and slow"),
			    "switch VT-x or SVM on in the firmware; in a virtual machine its host "
			    "must allow nesting");
}

static void say_libvirt(const struct host *h, struct findings *ret)
{
	static const char *const sockets[] = { LIBVIRT };

	for (size_t i = 0; i < ARRAY_SIZE(sockets); i++) {
		if (!root_exists(&h->root, "%s", sockets[i]))
			continue;
		finding_add(ret, FINDING_OK, "libvirt",
			    "it runs: its guests get their VFs through it");
		return;
	}
}

/* The soft limit in bytes; false for none, and where it is not to be had. Source: proc(5),
 * /proc/PID/limits. */
static bool read_limit(const struct host *h, uint32_t pid, unsigned long long *ret)
{
	_cleanup_free_ char *text = root_read_all(&h->root, "proc/%u/limits", pid);
	const char *at = text ? strstr(text, "Max locked memory") : NULL;

	return at && sscanf(at + strlen("Max locked memory"), " %llu", ret) == 1;
}

/* A guest that can get a VF at all locks all of its memory then. */
#define LITTLE (64ull << 20)

/* Root may lock what it wants, and libvirt raises the limit itself before it plugs a device in.
 * Source: Linux drivers/vfio/vfio_iommu_type1.c, vfio_lock_acct(): CAP_IPC_LOCK. */
static void say_locked(const struct host *h, const struct guest *g, struct findings *ret)
{
	unsigned long long limit;
	struct ids ids;

	process_ids(h, g->pid, &ids);
	if (!g->is_qemu || g->cmdline.is_libvirt || !ids.is_known || ids_are_root(&ids) ||
	    !read_limit(h, g->pid, &limit) || limit > LITTLE)
		return;
	finding_fix(finding_add(ret, FINDING_PROBLEM, g->name,
				"its QEMU (pid %u) may lock %llu MiB of memory, and with a VF it "
				"has to lock all of the guest's",
				g->pid, limit >> 20),
		    "run: prlimit --pid %u --memlock=unlimited; and start it with ulimit -l "
		    "unlimited, or LimitMEMLOCK=infinity in its unit",
		    g->pid);
}

void kvm_diagnose(struct backend *b, const struct inventory *inv UNUSED, struct findings *ret)
{
	struct iommu_facts f;
	struct err ignored = { 0 };

	iommu_facts_read(b->host, &f);
	say_iommu(&f, ret);
	say_interrupts(b->host, &f, ret);
	say_kvm(b->host, ret);
	say_libvirt(b->host, ret);
	if (guests_read(b, &ignored) < 0)
		return;
	for (size_t i = 0; i < b->n_guests; i++)
		say_locked(b->host, b->guests[i], ret);
}

static void say_room(struct findings *ret, size_t n_free, size_t n, const char *what)
{
	finding_add(ret, n_free ? FINDING_OK : FINDING_NOTE, "room", "%zu of its %zu %s are free",
		    n_free, n, what);
}

/* Why it does not answer a row of the refusals says. */
static void say_machine(struct backend *b, struct guest *g, struct findings *ret)
{
	struct machine *m;

	if (guest_machine(b, g, b->host->timeout_ms, &m, NULL) == 0)
		say_room(ret, machine_free_ports(m), m->n_ports,
			 machine_has_slots(m) ? "slots on pci.0" : "PCIe ports");
}

/* As check says it of a topology. */
static void say_device(const struct virt_domain *d, const struct virt_device *dev,
		       struct findings *ret)
{
	char bdf[BDF_STRLEN];

	bdf_str(bdf, dev->host);
	if (dev->is_interface)
		finding_add(ret, FINDING_NOTE, "interface",
			    "%s is a network interface, whose MAC and VLAN libvirt sets and takes "
			    "back",
			    bdf);
	if (dev->is_managed)
		finding_fix(finding_add(ret, FINDING_NOTE, "managed",
					"managed='yes' of %s: when the domain ends, the VF may go "
					"back to the host's driver",
					bdf),
			    "write managed='no' there, run: virsh edit %s", d->name);
}

/* Why libvirt cannot be asked a row of the refusals says. */
static void say_libvirts(struct backend *b, struct guest *g, struct findings *ret)
{
	const struct virt_definition *now;
	struct virt_domain *d;

	if (virt_guest(b, g, &d, NULL) < 0)
		return;
	now = g->is_off ? &d->config : &d->live;
	if (now->is_express)
		say_room(ret, virt_free_ports(now), now->n_ports, "PCIe ports");
	for (size_t i = 0; i < d->live.n_devs; i++)
		say_device(d, &d->live.devs[i], ret);
	for (size_t i = 0; i < d->config.n_devs; i++)
		if (!virt_device_of(&d->live, d->config.devs[i].host))
			say_device(d, &d->config.devs[i], ret);
}

void kvm_diagnose_domain(struct backend *b, const struct domain *d,
			 const struct attachment *v UNUSED, size_t n UNUSED, struct findings *ret)
{
	struct guest *g = d->cookie;

	if (g && g->pid)
		say_locked(b->host, g, ret);
	if (!g || b->host->leaves_guests)
		return;
	if (g->cmdline.is_libvirt)
		say_libvirts(b, g, ret);
	else
		say_machine(b, g, ret);
}
