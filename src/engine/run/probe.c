// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/probe.h"

#include <stdio.h>
#include <string.h>

#include "engine/plan/host_driver.h"
#include "host/pci/bind.h"

/* Returns the command that takes this ID from a driver that has it beyond its own. */
static const char *remove_id(char buf[160], const struct pf *pf, const char *driver)
{
	snprintf(buf, 160, "echo \"%04x %04x\" > /sys/bus/pci/drivers/%s/remove_id", pf->vendor,
		 pf->vf_device, driver);
	return buf;
}

/* Only the backend knows whether a guest has got it meanwhile. */
static int take_away(struct engine *en, struct vf_ref vf, const char *from, struct err *e)
{
	bool is_backends = !strcmp(from, en->ops->driver) ||
			   (en->ops->holds && en->ops->holds(en->backend, vf_of(vf)->bdf, from));

	return is_backends ? en->ops->unassign(en->backend, vf, e)
			   : bind_unbind(en->host, vf_of(vf)->bdf, e);
}

/* The override is only needed for the bind, and is as it was afterwards. */
static int bind_for_now(const struct host *h, struct bdf dev, const char *driver, struct err *e)
{
	char override[DRIVER_MAX];
	int r = bind_override_of(h, dev, override, e);

	if (r == 0)
		r = bind_to(h, dev, driver, e);
	return r < 0 ? r : bind_set_override(h, dev, override, e);
}

static int not_the_hosts(struct vf_ref vf, const char *took, struct err *e)
{
	char buf[BDF_STRLEN], command[160];

	err_set(e, EBUSY,
		"driver %s takes it because somebody wrote its ID to that driver's new_id "
		"(driverctl has done so since 0.115), and the host's driver for it is not known "
		"because none is loaded",
		took);
	return err_fix(e, -EBUSY,
		       "load its driver, run: modprobe $(cat /sys/bus/pci/devices/%s/modalias); or "
		       "remove the ID, run: %s; then run this again",
		       bdf_str(buf, vf_of(vf)->bdf), remove_id(command, vf.pf, took));
}

static void note_taken(const struct engine *en, struct vf_ref vf, const char *took, const char *now)
{
	char label[VF_LABEL_MAX], command[160];

	log_note(&en->host->log,
		 "%s: driver %s took it because somebody wrote its ID to that driver's new_id "
		 "(driverctl has done so since 0.115); vfyard gave it to %s; to keep VFs from "
		 "going there again, run: %s",
		 vf_label(label, vf), took, now, remove_id(command, vf.pf, took));
}

/*
 * @took has the VF. When the backend's driver loses it, it also forgets an address that it was told
 * to hold, so the kernel may get it right at its second try; a driver that has it by an ID takes it
 * again.
 */
static int take_back(struct engine *en, struct vf_ref vf, const char *took, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	char right[DRIVER_MAX], now[DRIVER_MAX];
	int r = take_away(en, vf, took, e);

	if (r == 0)
		r = bind_probe(en->host, dev, now, e);
	if (r < 0 || host_driver_is(en, dev, now))
		return r;
	host_driver_of(en, vf, right);
	if (!right[0])
		return not_the_hosts(vf, now, e);
	r = take_away(en, vf, now, e);
	if (r == 0)
		r = bind_for_now(en->host, dev, right, e);
	if (r == 0)
		note_taken(en, vf, now, right);
	return r;
}

int host_driver_probe(struct engine *en, struct vf_ref vf, struct err *e)
{
	struct bdf dev = vf_of(vf)->bdf;
	char driver[DRIVER_MAX];
	int r = bind_driver_of(en->host, dev, driver, e);

	if (r == 0)
		r = bind_drop_override(en->host, dev, en->ops->driver, e);
	if (r == 0 && !driver[0])
		r = bind_probe(en->host, dev, driver, e);
	if (r < 0 || host_driver_is(en, dev, driver))
		return r;
	return take_back(en, vf, driver, e);
}
