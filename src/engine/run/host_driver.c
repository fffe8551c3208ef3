// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/host_driver.h"

#include <stdio.h>
#include <string.h>

#include "host/pci/modalias.h"

/* Those of no hypervisor: they bind what they are told to by new_id, and do nothing with it. */
static const char *const stand_ins[] = { "pci-stub", "uio_pci_generic", "igb_uio" };

static bool may_be_hosts(const struct engine *en, const char *driver)
{
	if (!*driver || !strcmp(driver, en->ops->driver))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(stand_ins); i++)
		if (!strcmp(driver, stand_ins[i]))
			return false;
	return true;
}

bool host_driver_is(const struct engine *en, struct bdf dev, const char *driver)
{
	return may_be_hosts(en, driver) &&
	       (!en->ops->holds || !en->ops->holds(en->backend, dev, driver));
}

/* What is asked, and the answer. */
struct search {
	const struct engine *en;
	struct vf_ref vf;
	char *ret; /* DRIVER_MAX */
};

/* The VF has another driver now, so the backend, which looks at the VF, cannot be asked. */
static bool take(struct search *x, const char *driver)
{
	if (x->ret[0] || !driver || !may_be_hosts(x->en, driver) ||
	    !root_exists(&x->en->host->root, "sys/bus/pci/drivers/%s", driver))
		return false;
	snprintf(x->ret, DRIVER_MAX, "%s", driver);
	return true;
}

static bool is_sibling(const struct pf *pf, uint16_t vendor, uint16_t device)
{
	return pf->vendor == vendor && pf->vf_device == device;
}

/* Of VFs that are the host's now. */
static void ask_siblings(struct search *x)
{
	const struct inventory *inv = x->en->inv;
	const struct pf *of = x->vf.pf;

	for (size_t p = 0; p < inv->n_pfs; p++)
		for (unsigned i = 0; i < inv->pfs[p].n_vfs; i++)
			if (is_sibling(&inv->pfs[p], of->vendor, of->vf_device) &&
			    inv->pfs[p].vfs[i].state == VF_HOST &&
			    take(x, inv->pfs[p].vfs[i].driver))
				return;
}

static void ask_original(void *arg, const struct original *o)
{
	struct search *x = arg;

	if (o->vendor == x->vf.pf->vendor && o->device == x->vf.pf->vf_device)
		take(x, o->driver);
}

void host_driver_of(const struct engine *en, struct vf_ref vf, char ret[DRIVER_MAX])
{
	const struct original *o = store_find(en->store, vf.pf->bdf, vf.index);
	struct search x = { .en = en, .vf = vf, .ret = ret };
	char driver[DRIVER_MAX];

	ret[0] = '\0';
	if (o && store_is_about(o, vf.pf))
		take(&x, o->driver);
	if (!ret[0])
		ask_siblings(&x);
	if (!ret[0])
		store_each(en->store, ask_original, &x);
	if (ret[0])
		return;
	modalias_driver(en->host, vf_of(vf)->bdf, driver);
	take(&x, driver);
}

/* What takes the ID from the driver that has it beyond its own. */
static const char *remove_id(char buf[160], const struct pf *pf, const char *driver)
{
	snprintf(buf, 160, "echo \"%04x %04x\" > /sys/bus/pci/drivers/%s/remove_id", pf->vendor,
		 pf->vf_device, driver);
	return buf;
}

/* Only the backend knows whether a guest has it meanwhile. */
static int take_away(struct engine *en, struct vf_ref vf, const char *from, struct err *e)
{
	bool is_backends = !strcmp(from, en->ops->driver) ||
			   (en->ops->holds && en->ops->holds(en->backend, vf_of(vf)->bdf, from));

	return is_backends ? en->ops->release(en->backend, vf, e)
			   : bind_unbind(en->host, vf_of(vf)->bdf, e);
}

/* The override is a means, and afterwards what it was. */
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
		"driver %s takes it, whose new_id somebody wrote its ID to (driverctl does since "
		"0.115), and which driver of the host it is for is not known: none is loaded",
		took);
	return err_fix(e, -EBUSY,
		       "load its driver, run: modprobe $(cat /sys/bus/pci/devices/%s/modalias); or "
		       "take the ID away, run: %s; then run this again",
		       bdf_str(buf, vf_of(vf)->bdf), remove_id(command, vf.pf, took));
}

static void note_taken(const struct engine *en, struct vf_ref vf, const char *took, const char *now)
{
	char label[VF_LABEL_MAX], command[160];

	log_note(&en->host->log,
		 "%s: driver %s took it, whose new_id somebody wrote its ID to (driverctl does "
		 "since 0.115); given to %s; so that no VF goes there again, run: %s",
		 vf_label(label, vf), took, now, remove_id(command, vf.pf, took));
}

/*
 * @took has it. Once off, the backend's driver has also forgotten an address that it was told to
 * hold, so that the kernel may be right at its second try; by an ID it takes it again.
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
