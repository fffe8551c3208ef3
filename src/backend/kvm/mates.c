// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/mates.h"

#include <string.h>

#include "topology/slot_mates.h"

bool mates_is_whole(const struct host *h, struct bdf dev)
{
	char buf[BDF_STRLEN];

	return !root_exists(&h->root, PCI_DEVICES "/%s/physfn", bdf_str(buf, dev));
}

static bool is_beside(struct bdf a, struct bdf b)
{
	return bdf_key(a) >> 3 == bdf_key(b) >> 3 && a.fn != b.fn;
}

/* With vslot= it goes to the port of that number, whatever is elsewhere. */
static bool is_wanted_there(const struct machine *m, const struct plugged *p, int vslot)
{
	const struct guest_port *port = machine_port_of(m, p);

	return vslot <= 0 || (port && port->slot == (unsigned)vslot);
}

void mates_find(const struct host *h, const struct machine *m, struct bdf dev,
		const struct dev_options *options, struct mates *ret)
{
	*ret = (struct mates){ .fns = (uint8_t)(options->mates | 1u << dev.fn) };
	for (size_t i = 0; i < m->n_devs; i++) {
		const struct plugged *p = &m->devs[i];

		if (!is_beside(p->host, dev) || !is_wanted_there(m, p, options->vslot) ||
		    !mates_is_whole(h, p->host) || !mates_is_whole(h, dev))
			continue;
		ret->in = p;
		ret->is_seen |= machine_find_fn(m, p, 0) != NULL;
		ret->fns |= (uint8_t)(1u << p->host.fn);
	}
}

/* Those of @a that become one device with number @i, which is among them. */
static uint8_t fns_asked(const struct refusal_ask *a, size_t i)
{
	const struct slot_function f = slot_function_of(a->vfs[i], &a->options[i]);
	unsigned fns = a->options[i].mates | 1u << f.bdf.fn;

	for (size_t k = 0; k < a->n; k++) {
		const struct slot_function other = slot_function_of(a->vfs[k], &a->options[k]);

		if (slot_mates(&other, &f))
			fns |= 1u << other.bdf.fn;
	}
	return (uint8_t)fns;
}

static int refuse(const struct refusal_ask *a, struct bdf in, struct bdf dev, struct err *e)
{
	const char *name = a->domain->name;
	char there[BDF_STRLEN], own[BDF_STRLEN];

	bdf_str(there, in);
	bdf_str(own, dev);
	err_refuse(e, EBUSY,
		   "%s is of one slot with %s, which %s has already, and a guest looks for "
		   "functions of a device only once",
		   own, there, name);
	return err_fix(e, -EBUSY,
		       "to make them one device, run: vfyard pci-detach %s %s, then vfyard "
		       "pci-attach %s %s %s; or give it a port of its own with vslot=",
		       name, there, name, there, own);
}

/* What is there without a function 0 waits for it, which may be one of these. */
int mates_refuse(const struct refusal_ask *a, const struct machine *m, struct err *e)
{
	for (size_t i = 0; i < a->n; i++) {
		struct bdf dev = vf_of(a->vfs[i])->bdf;
		unsigned first;
		struct mates mates;

		if (!vf_is_whole(a->vfs[i]) || machine_find(m, dev))
			continue;
		mates_find(a->host, m, dev, &a->options[i], &mates);
		first = mates.fns & -(unsigned)mates.fns;
		if (mates.in && (mates.is_seen || !(fns_asked(a, i) & first)))
			return refuse(a, mates.in->host, dev, e);
	}
	return 0;
}
