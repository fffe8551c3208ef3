// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/plug.h"

#include <string.h>

#include "backend/kvm/machine.h"

/*
 * Known refusals, the special before the general. QEMU's text is shown as it is; these only add
 * what to do. Source: QEMU hw/vfio/{pci,container,helpers}.c, hw/pci/pci.c, system/qdev-monitor.c,
 * hw/core/qdev-hotplug.c, hw/pci/pcie.c.
 */
static const struct {
	const char *text[2]; /* both are in it */
	const char *fix;
} hints[] = {
	{ { "not viable", "" },
	  "another function of its IOMMU group has a host driver, run: vfyard list" },
	{ { "Could not open '/dev/vfio", "Permission denied" },
	  "give QEMU's user the group, run: chown USER /dev/vfio/GROUP" },
	{ { "Could not open '/dev/vfio", "busy" },
	  "another process has the group open, see who: vfyard list" },
	{ { "Could not open '/dev/vfio", "No such file" },
	  "QEMU does not see /dev/vfio/GROUP: is it in a container or chroot?" },
	{ { "memory", "allocate" },
	  "QEMU may not lock the guest's memory: raise its RLIMIT_MEMLOCK to RAM + 1 GiB "
	  "(ulimit -l, LimitMEMLOCK=)" },
	{ { "failed to setup container", "not permitted" },
	  "the host has no interrupt remapping: switch it on in the firmware, or run: modprobe "
	  "vfio_iommu_type1 allow_unsafe_interrupts=1" },
	{ { "failed to setup container", "" },
	  "the IOMMU does not take it, see the kernel's reason: dmesg | tail" },
	{ { "VF token", "" }, "the PF is in user space too: start the guest with vf-token=" },
	{ { "does not support hotplugging", "" },
	  "hot plug of that port is off: start the guest with ports of vfyard render qemu" },
	{ { "unsupported by the port device", "" },
	  "hot plug of that port is off: start the guest with ports of vfyard render qemu" },
	{ { "in use by", "" }, "somebody plugged something in meanwhile, run it again" },
	{ { "already occupied", "" }, "somebody plugged something in meanwhile, run it again" },
	{ { "Duplicate device ID", "" },
	  "an earlier detach is not finished in the guest: wait, and run it again" },
	{ { "migrating", "" }, "wait until the migration is over" },
	{ { "electromechanically locked", "" }, "the guest has locked the slot, unlock it there" },
	{ { "guest is busy", "" }, "the guest works on that slot, run it again" },
	{ { "is already attached", "" }, "run: vfyard pci-list" },
};

static int with_hint(const struct qmp *q, int r, struct err *e)
{
	const char *desc = qmp_refused(q)->desc;

	if (r != -EREMOTEIO)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		if (strstr(desc, hints[i].text[0]) && strstr(desc, hints[i].text[1]))
			return err_fix(e, r, "%s", hints[i].fix);
	return err_fix(e, r, "see the log of that QEMU, and the kernel's: dmesg | tail");
}

int plug_in(struct qmp *q, const struct plug *p, unsigned timeout_ms, struct err *e)
{
	/* addr: without it QEMU takes a second device where no guest looks for one. */
	json_t *args = json_pack("{s:s, s:s, s:s, s:s}", "driver", p->driver, "id", p->id, "bus",
				 p->bus, "addr", "0x0");

	if (args && p->property)
		json_object_set_new(args, p->property, json_string(p->value));
	if (!args)
		return err_set(e, ENOMEM, "out of memory");
	return with_hint(q, qmp_call(q, "device_add", args, timeout_ms, NULL, e), e);
}

struct leaving {
	const char *id, *path;
};

static bool is_it(void *arg, const json_t *data)
{
	const struct leaving *l = arg;
	const char *id = json_string_value(json_object_get(data, "device"));
	const char *path = json_string_value(json_object_get(data, "path"));

	return (id && *l->id && !strcmp(id, l->id)) || (path && !strcmp(path, l->path));
}

/* The request. *ret_is_gone: QEMU knows no such device. That an unplug is under way already is as
 * good as a new one. */
static int request(struct qmp *q, const struct leaving *l, unsigned timeout_ms, bool *ret_is_gone,
		   struct err *e)
{
	struct err why = { 0 };
	int r = qmp_call(q, "device_del", json_pack("{s:s}", "id", *l->id ? l->id : l->path),
			 timeout_ms, NULL, &why);

	*ret_is_gone = r == -EREMOTEIO && !strcmp(qmp_refused(q)->class, "DeviceNotFound");
	if (*ret_is_gone ||
	    (r == -EREMOTEIO && strstr(qmp_refused(q)->desc, "in the process of unplug")))
		return 0;
	if (r < 0 && e)
		*e = why;
	return with_hint(q, r, e);
}

/* One request and the wait for its end. -ETIMEDOUT: the guest did not follow it. */
static int ask_once(struct qmp *q, struct leaving *l, unsigned timeout_ms, struct err *e)
{
	struct err why = { 0 };
	bool is_gone, is_there = true;
	int r = request(q, l, timeout_ms, &is_gone, e);

	if (r < 0 || is_gone)
		return r;
	r = qmp_wait_event(q, "DEVICE_DELETED", is_it, l, timeout_ms / 2, &why);
	if (r < 0 && r != -ETIMEDOUT && e)
		*e = why;
	if (r != -ETIMEDOUT)
		return r;
	r = machine_has(q, l->path, &is_there, timeout_ms, e);
	return r == 0 && is_there ? -ETIMEDOUT : r;
}

int plug_out(struct qmp *q, const char *id, const char *path, unsigned timeout_ms, struct err *e)
{
	struct leaving l = { id, path };
	struct err why = { 0 };
	int r = -ETIMEDOUT;

	/* Of an earlier device with the same id. */
	qmp_drop_events(q, "DEVICE_DELETED", is_it, &l);
	for (unsigned try = 0; r == -ETIMEDOUT && !why.cause[0] && try < 2; try++)
		r = ask_once(q, &l, timeout_ms, &why);
	if (r == 0)
		return 0;
	/* QEMU's own words, or its silence; else the guest's. */
	if (why.cause[0]) {
		if (e)
			*e = why;
		return r;
	}
	/* Seen: an ACPI guest obeys with its next hot plug, however much later. */
	err_set(e, ETIMEDOUT,
		"the guest has not released it within %u s; it stays attached, but the request "
		"stands and the guest may still follow it",
		timeout_ms / 1000);
	return err_fix(e, -ETIMEDOUT,
		       "is the guest up, with PCI hot plug? unload the driver in it or shut it "
		       "down, and run the same command again");
}
