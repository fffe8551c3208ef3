// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_netvf.h"

#include <string.h>
#include <linux/if_ether.h>

static const struct vf_attrs fresh = {
	.given = (1u << VF_ATTR_N) - 1 - VF_ATTR_DRIVER - VF_ATTR_GUIDS,
	.proto = ETH_P_8021Q,
	.spoofchk = true,
	.link = VF_LINK_AUTO,
};

static void make_fresh(struct fake_netvf_dev *d)
{
	for (unsigned i = 0; i < FAKE_NETVF_VFS; i++)
		d->vfs[i] = fresh;
}

static struct fake_netvf_dev *dev_of(struct fake_netvf *f, const char *netdev)
{
	struct fake_netvf_dev *d;

	for (unsigned i = 0; i < f->n_devs; i++)
		if (!strcmp(f->devs[i].name, netdev))
			return &f->devs[i];
	if (f->n_devs == FAKE_NETVF_DEVS) {
		fprintf(stderr, "fake_netvf: more than %d devices: %s\n", FAKE_NETVF_DEVS, netdev);
		abort();
	}
	d = &f->devs[f->n_devs++];
	snprintf(d->name, sizeof(d->name), "%s", netdev);
	make_fresh(d);
	return d;
}

struct vf_attrs *fake_netvf_vf(struct fake_netvf *f, const char *netdev, unsigned index)
{
	if (index >= FAKE_NETVF_VFS) {
		fprintf(stderr, "fake_netvf: more than %d VFs: %u\n", FAKE_NETVF_VFS, index);
		abort();
	}
	return &dev_of(f, netdev)->vfs[index];
}

void fake_netvf_fail(struct fake_netvf *f, struct fake_netvf_fault fault)
{
	if (f->n_faults == FAKE_NETVF_FAULTS) {
		fprintf(stderr, "fake_netvf: more than %d faults\n", FAKE_NETVF_FAULTS);
		abort();
	}
	f->faults[f->n_faults++] = fault;
}

void fake_netvf_forget(struct fake_netvf *f, const char *netdev)
{
	make_fresh(dev_of(f, netdev));
}

static int fake_read(void *arg, const char *netdev, struct vf_attrs *ret, unsigned n,
		     struct err *e UNUSED)
{
	struct fake_netvf *f = arg;

	if (++f->reads == f->hang_at)
		return err_set(e, ETIMEDOUT, "read the VFs of %s: told to hang", netdev);
	for (unsigned i = 0; i < n; i++)
		ret[i] = *fake_netvf_vf(f, netdev, i);
	return 0;
}

/* Returns true when a fault matches; @code is then what it says. */
static bool is_faulty(struct fake_netvf *f, const char *netdev, unsigned index, enum vf_setting s,
		      int *code)
{
	for (unsigned i = 0; i < f->n_faults; i++) {
		struct fake_netvf_fault *x = &f->faults[i];

		if (x->index != index || x->setting != s ||
		    (x->netdev[0] && strcmp(x->netdev, netdev)))
			continue;
		if (x->skip) {
			x->skip--;
			continue;
		}
		*code = x->code;
		if (!x->forever)
			*x = f->faults[--f->n_faults];
		return true;
	}
	return false;
}

static int fake_set(void *arg, const char *netdev, unsigned index, enum vf_setting s,
		    const struct vf_attrs *a, struct err *e)
{
	struct fake_netvf *f = arg;
	struct vf_attrs *vf = fake_netvf_vf(f, netdev, index);
	struct vf_attrs all = { .proto = ETH_P_8021Q };
	unsigned given = vf->given;
	int code;

	f->sets++;
	if (is_faulty(f, netdev, index, s, &code))
		return code ? err_set(e, code, "set %s of VF %u through %s: %s", vf_setting_name(s),
				      index, netdev, strerror(code))
			    : 0;
	vf_attrs_take(&all, a, vf_setting_bits(s));
	if (s == VF_SET_RATE && all.max_tx_rate && all.max_tx_rate < all.min_tx_rate)
		return err_set(e, EINVAL, "set rate of VF %u through %s: %s", index, netdev,
			       strerror(EINVAL));
	all.given = vf_setting_bits(s);
	all.mac_auto = false;
	vf_attrs_take(vf, &all, all.given);
	vf->given = given;
	return 0;
}

static int fake_up(void *arg, const char *netdev, bool up)
{
	const struct fake_netvf *f = arg;
	_cleanup_file_ FILE *to = NULL;
	char path[256];

	snprintf(path, sizeof(path), "%s/sys/class/net/%s/flags", f->root, netdev);
	to = fopen(path, "re+");
	if (!to)
		return -ENODEV;
	fprintf(to, f->up_fails ? "0x1002\n" : up ? "0x1003\n" : "0x1002\n");
	return 0;
}

void fake_netvf_init(struct fake_netvf *f, struct host *h)
{
	static const struct vf_link_ops ops = { fake_read, fake_set, fake_up };

	memset(f, 0, sizeof(*f));
	snprintf(f->root, sizeof(f->root), "%s", h->root.dir);
	h->vf_link = &ops;
	h->vf_link_arg = f;
}
