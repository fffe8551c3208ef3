// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/hotplug.h"

#include <string.h>

#include "backend/kvm/hints.h"
#include "backend/kvm/machine.h"
#include "base/deadline.h"

/* Sends a command, again and again while the guest is busy with that slot, until it is done or
 * @busy is over. */
static int call(struct qmp *q, const char *command, json_t *args, unsigned timeout_ms,
		struct deadline *busy, struct err *e)
{
	struct err why = { 0 };
	int r;

	if (!args)
		return err_set(e, ENOMEM, "out of memory");
	do {
		r = qmp_call(q, command, json_incref(args), timeout_ms, NULL, &why);
	} while (r == -EREMOTEIO && hint_is_busy(qmp_refused(q)->desc) && deadline_pause(busy));
	json_decref(args);
	if (r < 0)
		err_copy(e, &why);
	return r;
}

int plug_in(struct qmp *q, const struct plug *p, unsigned timeout_ms, struct err *e)
{
	struct deadline d = deadline_in(timeout_ms);
	char addr[16];
	json_t *args;

	/* Without addr QEMU puts a second device into a port, where no guest looks for it. */
	if (p->fn || p->is_multifunction)
		snprintf(addr, sizeof(addr), "0x%x.0x%x", p->addr, p->fn);
	else
		snprintf(addr, sizeof(addr), "0x%x", p->addr);
	args = json_pack("{s:s, s:s, s:s, s:s}", "driver", p->driver, "id", p->id, "bus", p->bus,
			 "addr", addr);
	if (args && p->is_multifunction)
		json_object_set_new(args, "multifunction", json_true());
	if (args && p->property)
		json_object_set_new(args, p->property, json_string(p->value));
	return hint_add(q, call(q, "device_add", args, timeout_ms, &d, e), e);
}

static bool is_it(void *arg, const json_t *data)
{
	const struct leaving *l = arg;
	const char *id = json_string_value(json_object_get(data, "device"));
	const char *path = json_string_value(json_object_get(data, "path"));

	return (id && *l->id && !strcmp(id, l->id)) || (path && !strcmp(path, l->path));
}

/* Sends the request. *ret_is_gone: QEMU knows no such device. An unplug that is under way already
 * is as good as a new one. */
static int request(struct qmp *q, const struct leaving *l, unsigned timeout_ms, struct deadline *d,
		   bool *ret_is_gone, struct err *e)
{
	struct err why = { 0 };
	int r = call(q, "device_del", json_pack("{s:s}", "id", *l->id ? l->id : l->path),
		     timeout_ms, d, &why);

	*ret_is_gone = r == -EREMOTEIO && !strcmp(qmp_refused(q)->class, "DeviceNotFound");
	if (*ret_is_gone ||
	    (r == -EREMOTEIO && strstr(qmp_refused(q)->desc, "in the process of unplug")))
		return 0;
	/* It has had its time, so that it is still busy is as good as no answer. */
	if (r == -EREMOTEIO && hint_is_busy(qmp_refused(q)->desc))
		return -ETIMEDOUT;
	if (r < 0)
		err_copy(e, &why);
	return hint_add(q, r, e);
}

static int wait_for(struct qmp *q, const struct leaving *l, unsigned timeout_ms, struct deadline *d,
		    struct err *e)
{
	struct leaving it = *l;
	struct err why = { 0 };
	bool is_there = true;
	int r = qmp_wait_event(q, "DEVICE_DELETED", is_it, &it, deadline_left_ms(d), &why);

	if (r < 0 && r != -ETIMEDOUT)
		err_copy(e, &why);
	if (r != -ETIMEDOUT)
		return r;
	r = machine_has(q, l->path, &is_there, timeout_ms, e);
	return r == 0 && is_there ? -ETIMEDOUT : r;
}

/* Sends one request, about the first that is still there, and waits for the end of all, for half
 * of the time. Returns -ETIMEDOUT when the guest did not obey. */
static int ask_once(struct qmp *q, const struct leaving *v, size_t n, unsigned timeout_ms,
		    struct err *e)
{
	struct deadline d = deadline_in(timeout_ms / 2);
	bool is_gone = true;
	size_t i = 0;
	int r = 0;

	for (; r == 0 && is_gone && i < n; i += is_gone)
		r = request(q, &v[i], timeout_ms, &d, &is_gone, e);
	for (; r == 0 && i < n; i++)
		r = wait_for(q, &v[i], timeout_ms, &d, e);
	return r;
}

/* Seen: an ACPI guest obeys with its next hot plug, however much later. */
int plug_not_released(unsigned timeout_ms, struct err *e)
{
	err_set(e, ETIMEDOUT,
		"the guest has not released it within %u s; it stays attached, but the request "
		"stands and the guest may still follow it",
		timeout_ms / 1000);
	return err_fix(e, -ETIMEDOUT,
		       "is the guest up, with PCI hot plug? unload the driver in it or shut it "
		       "down, and run the same command again");
}

int plug_out(struct qmp *q, const char *id, const char *path, unsigned timeout_ms, struct err *e)
{
	return plug_out_all(q, &(struct leaving){ id, path }, 1, timeout_ms, e);
}

int plug_out_all(struct qmp *q, const struct leaving *v, size_t n, unsigned timeout_ms,
		 struct err *e)
{
	struct err why = { 0 };
	int r = -ETIMEDOUT;

	/* There may be an event of an earlier device with the same id. */
	for (size_t i = 0; i < n; i++) {
		struct leaving it = v[i];

		qmp_drop_events(q, "DEVICE_DELETED", is_it, &it);
	}
	for (unsigned try = 0; r == -ETIMEDOUT && !why.cause[0] && try < 2; try++)
		r = ask_once(q, v, n, timeout_ms, &why);
	if (r == 0)
		return 0;
	if (r == -EINTR) {
		err_set(e, EINTR,
			"interrupted while waiting for the guest to release it; it stays "
			"attached, but the guest may still follow the request");
		return err_fix(e, r, "to look again, run: vfyard pci-list");
	}
	/* QEMU's own words count, or QEMU's silence; otherwise it is the guest that is silent. */
	if (why.cause[0]) {
		err_copy(e, &why);
		return r;
	}
	return plug_not_released(timeout_ms, e);
}
