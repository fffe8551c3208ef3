// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The seam between planner and host. When the library calls f(), the linker makes it call
 * __wrap_f() (Makefile, --wrap); __real_f() is the original.
 */
#include "look.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_ether.h>

#include "base/intern.h"
#include "engine/plan/mac_auto.h"
#include "host/guard/guard.h"
#include "host/guard/netdev_up.h"
#include "host/net/addresses.h"
#include "host/pci/bind.h"

static const struct prove_host *now;
static struct host host;

uint64_t look_answers;

void look_must(int r, const char *what)
{
	if (r >= 0)
		return;
	fprintf(stderr, "prove: %s: %s\n", what, strerror(-r));
	abort();
}

struct bdf look_pf_bdf(unsigned pf)
{
	return (struct bdf){ .bus = (uint8_t)(pf + 5) };
}

struct bdf look_vf_bdf(unsigned pf, unsigned vf)
{
	return bdf_vf(look_pf_bdf(pf), 128, 2, vf);
}

const char *look_driver(unsigned driver)
{
	static const char *const names[] = { NULL, "igbvf", "pci-stub", PROVE_PASS };

	return names[driver];
}

const struct host *look_host(void)
{
	char dir[] = "/tmp/vfyard-prove-XXXXXX";

	if (host.root.dir)
		return &host;
	look_must(mkdtemp(dir) ? 0 : -errno, "make a folder");
	look_must(host_open(&host, dir, NULL), "open a folder");
	/* The folder is open and gone, so nothing is ever found in it. */
	look_must(rmdir(dir) < 0 ? -errno : 0, "remove a folder");
	return &host;
}

struct state *look_memory(void)
{
	struct state *s = NULL;

	look_must(state_open(&s, look_host(), NULL), "memory");
	return s;
}

/* Finds the VF at this address. */
static const struct prove_vf *find(struct bdf dev)
{
	for (unsigned p = 0; p < PROVE_PFS; p++)
		for (unsigned i = 0; i < now->pfs[p].numvfs; i++)
			if (!bdf_cmp(dev, look_vf_bdf(p, i)))
				return &now->pfs[p].vfs[i];
	return NULL;
}

const char *look_card(unsigned pf)
{
	return pf ? "serial 00-00-00-00-00-00-00-02" : "serial 00-00-00-00-00-00-00-01";
}

static void pf_mac(uint8_t ret[MAC_LEN], unsigned pf)
{
	memcpy(ret, "\x52\x54\x00\x00\x00", MAC_LEN - 1);
	ret[MAC_LEN - 1] = (uint8_t)pf;
}

static void make_mac(uint8_t ret[MAC_LEN], unsigned level, unsigned pf, unsigned index)
{
	uint8_t of[MAC_LEN];

	memset(ret, 0, MAC_LEN);
	if (level == MAC_AUTO || level == MAC_NEXT) {
		pf_mac(of, pf);
		mac_auto(of, index, level == MAC_NEXT, ret);
	} else if (level) {
		ret[0] = level == MAC_WANTED ? 0x02 : 0x06;
		ret[4] = (uint8_t)(pf + 1);
		ret[5] = (uint8_t)(index + 1);
	}
}

int look_mac_level(const uint8_t mac[MAC_LEN], unsigned pf, unsigned index)
{
	for (int level = MAC_NONE; level <= MAC_NEXT; level++) {
		uint8_t of[MAC_LEN];

		make_mac(of, (unsigned)level, pf, index);
		if (!mac_cmp(mac, of))
			return level;
	}
	return -1;
}

void look_attrs(struct vf_attrs *ret, const struct prove_vf *vf, unsigned pf, unsigned index)
{
	static const uint16_t vlans[] = { 0, 100, 7 };

	*ret = (struct vf_attrs){ .given = VF_ATTR_MAC | VF_ATTR_VLAN | VF_ATTR_QOS | VF_ATTR_PROTO,
				  .proto = ETH_P_8021Q,
				  .vlan = vlans[vf->vlan] };
	make_mac(ret->mac, vf->mac, pf, index);
}

static void fill_vf(struct vf *ret, const struct prove_vf *vf)
{
	static const char *const domains[] = { NULL, "web1", "db1" };

	ret->state = vf->state;
	ret->driver = look_driver(vf->driver);
	ret->domain = domains[vf->domain];
	ret->permissive = vf->domain ? (int8_t)vf->permissive : UNKNOWN;
	ret->why = vf->state == VF_STALE || vf->state == VF_BROKEN ? "the case says so" : NULL;
}

static void fill(struct look *l, const struct prove_host *h)
{
	size_t n = 0;

	now = l->backend.host = h;
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		const struct prove_pf *from = &h->pfs[p];
		struct pf *pf = &l->pfs[p];

		pf->numvfs = from->numvfs;
		pf->autoprobe = from->autoprobe;
		look_must(inventory_expect(pf, from->numvfs, NULL), "room");
		for (unsigned i = 0; i < pf->n_vfs; i++) {
			if (i < from->numvfs) {
				fill_vf(&pf->vfs[i], &from->vfs[i]);
				pf->vfs[i].iommu_group = (int32_t)prove_group(h, p, i);
			} else
				pf->vfs[i] = (struct vf){ .bdf = look_vf_bdf(p, i),
							  .iommu_group = NO_GROUP };
			if (i < from->numvfs)
				l->by_bdf[n++] = (struct vf_ref){ pf, i };
		}
	}
	l->inv.n_vfs = n;
}

void look_open(struct look *l, const struct prove_host *h, struct state *saved)
{
	static const char *const netdevs[] = { "eth0", "eth1" };
	static const char *const drivers[] = { "igb", NULL, PROVE_PASS, "igb", "bnxt_en" };
	static struct intern *strings;

	if (!strings)
		strings = intern_new();
	look_must(strings ? 0 : -ENOMEM, "strings");
	memset(l, 0, sizeof(*l));
	for (unsigned p = 0; p < PROVE_PFS; p++)
		l->pfs[p] =
			(struct pf){ .bdf = look_pf_bdf(p),
				     .netdev = kind_has_netdev(h->pfs[p].kind) ? netdevs[p] : NULL,
				     .driver = drivers[h->pfs[p].kind],
				     .card = look_card(p),
				     .vendor = LOOK_VENDOR,
				     .device = LOOK_DEVICE,
				     .vf_device = LOOK_VF_DEVICE,
				     .totalvfs = PROVE_VFS,
				     .offset = 128,
				     .stride = 2,
				     .numa_node = UNKNOWN };
	l->inv = (struct inventory){ .pfs = l->pfs,
				     .n_pfs = PROVE_PFS,
				     .by_bdf = l->by_bdf,
				     .strings = strings,
				     .hypervisor = "kvm" };
	l->en = (struct engine){ .host = look_host(),
				 .ops = &look_ops,
				 .backend = &l->backend,
				 .inv = &l->inv,
				 .saved = saved };
	fill(l, h);
}

void look_again(struct look *l, const struct prove_host *h)
{
	fill(l, h);
	for (unsigned p = 0; p < PROVE_PFS; p++)
		if (l->pfs[p].attrs)
			look_must(inventory_read_attrs(&l->inv, &host, &l->pfs[p], NULL), "attrs");
}

void look_close(struct look *l)
{
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		free(l->pfs[p].vfs);
		free(l->pfs[p].attrs);
	}
}

void look_end(void)
{
	now = NULL;
}

/* What the library asks the hypervisor. */

static int op_find(struct backend *b, const char *name, struct domain *ret, struct err *e)
{
	for (unsigned d = 0; d < 2; d++)
		if (b->host->runs[d] && !strcmp(name, d ? "db1" : "web1")) {
			*ret = (struct domain){ .id = d + 1 };
			snprintf(ret->name, sizeof(ret->name), "%s", name);
			return 0;
		}
	return err_set(e, ESRCH, "no such domain");
}

static int op_list(struct backend *b, const struct domain *d UNUSED, struct attachment **ret,
		   size_t *ret_n, struct err *e)
{
	struct attachment *v = calloc(PROVE_PFS * PROVE_VFS, sizeof(*v));
	size_t n = 0;

	if (!v)
		return err_set(e, ENOMEM, "out of memory");
	for (unsigned p = 0; p < PROVE_PFS; p++)
		for (unsigned i = 0; i < b->host->pfs[p].numvfs; i++) {
			const struct prove_vf *vf = &b->host->pfs[p].vfs[i];

			if (!vf->domain)
				continue;
			v[n] = (struct attachment){ .bdf = look_vf_bdf(p, i),
						    .options = DEV_OPTIONS_INIT,
						    .is_ready = true };
			snprintf(v[n++].domain, sizeof(v->domain), "%s",
				 vf->domain == 1 ? "web1" : "db1");
		}
	*ret = v;
	*ret_n = n;
	return 0;
}

static int ask_limit(const struct refusal_ask *a, struct err *e)
{
	const struct prove_host *h = a->backend->host;
	unsigned domain = strcmp(a->domain->name, "web1") ? 2 : 1;
	size_t n = a->n;

	for (unsigned p = 0; p < PROVE_PFS; p++)
		for (unsigned i = 0; i < PROVE_VFS; i++)
			n += a->domain->id && h->pfs[p].vfs[i].domain == domain;
	if (!h->limit || n <= h->limit)
		return 0;
	return err_fix(e, err_refuse(e, ENOSPC, "%zu VFs would be in it, %u fit", n, h->limit),
		       "give it fewer");
}

/* As KVM has it: of the others of a group, is one the host's that is not taken with it, or in
 * another domain? 1 host's, 2 a guest's. */
static int ask_group(const struct refusal_ask *a, struct vf_ref vf, unsigned domain)
{
	const struct prove_host *h = a->backend->host;
	unsigned p = vf.pf->bdf.bus - 5u, ret = 0;

	for (unsigned k = 0; vf_of(vf)->state != VF_ABSENT && k < PROVE_PFS * PROVE_VFS; k++) {
		const struct prove_vf *x = &h->pfs[k / PROVE_VFS].vfs[k % PROVE_VFS];
		struct bdf bdf = look_vf_bdf(k / PROVE_VFS, k % PROVE_VFS);

		if (k == p * PROVE_VFS + vf.index ||
		    prove_group(h, k / PROVE_VFS, k % PROVE_VFS) != prove_group(h, p, vf.index))
			continue;
		if (x->driver == DRIVER_OF_HOST &&
		    !(a->n_with && bsearch(&bdf, a->with, a->n_with, sizeof(bdf), bdf_order)))
			ret |= 1;
		if (x->domain && x->domain != domain)
			ret |= 2;
	}
	return (int)ret;
}

static int beside(int found, struct err *e)
{
	return found ? err_fix(e, err_refuse(e, EBUSY, "its group: the case says so"), "wait") : 0;
}

static int ask_take(const struct refusal_ask *a, struct err *e)
{
	return beside(ask_group(a, a->vf, 0), e);
}

static int ask_viable(const struct refusal_ask *a, struct err *e)
{
	int found = 0;

	for (size_t i = 0; i < a->n; i++)
		found |= ask_group(a, a->vfs[i], 0) & 1;
	return beside(found, e);
}

static int ask_users(const struct refusal_ask *a, struct err *e)
{
	int found = 0;

	for (size_t i = 0; a->domain->id && i < a->n; i++)
		found |= ask_group(a, a->vfs[i], a->domain->id) & 2;
	return beside(found, e);
}

static const struct refusal refusals[] = {
	{ "group", REFUSAL_OF_DEVICE, false, ask_take },
	{ 0 },
};

static const struct refusal limits[] = {
	{ "group", REFUSAL_OF_DOMAIN, false, ask_viable },
	{ "used", REFUSAL_OF_GUEST, true, ask_users },
	{ "limit", REFUSAL_OF_DOMAIN, true, ask_limit },
	{ 0 },
};

static int op_permissive(struct backend *b UNUSED, const struct domain *d UNUSED,
			 struct vf_ref vf UNUSED, struct err *e UNUSED)
{
	abort();
}

const struct backend_ops look_ops = {
	.name = "kvm",
	.driver = PROVE_PASS,
	.gives_groups = true,
	.refusals = refusals,
	.permissive = op_permissive,
	.domain_find = op_find,
	.attach_refusals = limits,
	.list = op_list,
};

/* What the library asks the host. */

#define WRAP(ret, name, ...)                                                                       \
	ret __real_##name(__VA_ARGS__);                                                            \
	ret __wrap_##name(__VA_ARGS__);                                                            \
	ret __wrap_##name(__VA_ARGS__)

static int answer(bool is_held, struct err *e)
{
	look_answers++;
	if (!is_held)
		return 0;
	return err_fix(e, err_refuse(e, EBUSY, "in use: the case says so"), "end that");
}

WRAP(int, guard_function, const struct host *h, struct bdf dev, const char *label, struct err *e)
{
	const struct prove_vf *vf = now ? find(dev) : NULL;

	if (!now)
		return __real_guard_function(h, dev, label, e);
	return answer(vf && vf->used, e);
}

WRAP(int, guard_take, const struct host *h, struct bdf dev, const char *label, struct err *e)
{
	if (!now)
		return __real_guard_take(h, dev, label, e);
	return __wrap_guard_function(h, dev, label, e);
}

WRAP(int, guard_pf, const struct host *h, struct bdf dev, const char *label, struct err *e)
{
	if (!now)
		return __real_guard_pf(h, dev, label, e);
	return answer(now->pfs[dev.bus - 5].guarded, e);
}

WRAP(bool, guard_vgpu_type, const struct host *h, struct bdf dev, unsigned *ret)
{
	return now ? false : __real_guard_vgpu_type(h, dev, ret);
}

/* The PFs' own, and of a card without SR-IOV. */
WRAP(int, netdev_macs_each, const struct host *h, int (*fn)(void *arg, const struct netdev_mac *m),
     void *arg)
{
	static const char *const names[] = { "eth0", "eth1", "eth2" };
	int r = 0;

	if (!now)
		return __real_netdev_macs_each(h, fn, arg);
	for (unsigned k = 0; r >= 0 && k < ARRAY_SIZE(names); k++) {
		struct netdev_mac m = { .netdev = names[k] };

		if (k < PROVE_PFS ? !kind_has_netdev(now->pfs[k].kind) : !now->taken)
			continue;
		if (k < PROVE_PFS)
			pf_mac(m.mac, k);
		else
			make_mac(m.mac, MAC_AUTO, 0, 0);
		r = fn(arg, &m);
	}
	return r;
}

WRAP(bool, netdev_address, const struct host *h, const char *netdev, uint8_t ret[MAC_LEN])
{
	if (!now)
		return __real_netdev_address(h, netdev, ret);
	pf_mac(ret, (unsigned)(netdev[3] - '0'));
	return true;
}

/* What vfyard brought up nobody has begun to use. */
WRAP(int, netdev_is_used, const struct host *h, const struct pf *pf, char why[256])
{
	return now ? 0 : __real_netdev_is_used(h, pf, why);
}

WRAP(int, bind_driver_of, const struct host *h, struct bdf dev, char ret[DRIVER_MAX], struct err *e)
{
	const struct prove_vf *vf = now ? find(dev) : NULL;

	if (!now)
		return __real_bind_driver_of(h, dev, ret, e);
	snprintf(ret, DRIVER_MAX, "%s", vf && vf->driver ? look_driver(vf->driver) : "");
	return vf ? 0 : err_set(e, ENODEV, "not there");
}

WRAP(int, bind_override_of, const struct host *h, struct bdf dev, char ret[DRIVER_MAX],
     struct err *e)
{
	if (!now)
		return __real_bind_override_of(h, dev, ret, e);
	ret[0] = '\0';
	return find(dev) ? 0 : err_set(e, ENODEV, "not there");
}

WRAP(int, state_commit, struct state *s, struct err *e)
{
	return now ? 0 : __real_state_commit(s, e);
}

/* Of numbers the flags of a PF's device alone are known. */
WRAP(int, pf_is_up, const struct host *h, const struct pf *pf)
{
	if (!now)
		return __real_pf_is_up(h, pf);
	return pf->netdev ? !now->pfs[pf->bdf.bus - 5].down : UNKNOWN;
}

WRAP(void, host_boot_id, const struct host *h, char ret[BOOT_ID_MAX])
{
	if (now)
		snprintf(ret, BOOT_ID_MAX, LOOK_BOOT);
	else
		__real_host_boot_id(h, ret);
}

WRAP(int, inventory_read_attrs, struct inventory *inv, const struct host *h, struct pf *pf,
     struct err *e)
{
	unsigned p = pf->bdf.bus - 5u;

	if (!now)
		return __real_inventory_read_attrs(inv, h, pf, e);
	free(pf->attrs);
	pf->attrs = calloc(pf->n_vfs + 1, sizeof(*pf->attrs));
	if (!pf->attrs)
		return err_set(e, ENOMEM, "out of memory");
	for (unsigned i = 0; pf->netdev && i < now->pfs[p].numvfs; i++)
		look_attrs(&pf->attrs[i], &now->pfs[p].vfs[i], p, i);
	return 0;
}

bool __real_root_exists(const struct root *r, const char *fmt, ...) PRINTF_LIKE(2, 3);
bool __wrap_root_exists(const struct root *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

bool __wrap_root_exists(const struct root *r, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	if (!now)
		return __real_root_exists(r, "%s", path);
	return strstr(path, "/sriov_numvfs") != NULL;
}

int __real_root_read_u64(const struct root *r, uint64_t *ret, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
int __wrap_root_read_u64(const struct root *r, uint64_t *ret, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

int __wrap_root_read_u64(const struct root *r, uint64_t *ret, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	if (!now)
		return __real_root_read_u64(r, ret, "%s", path);
	if (!strstr(path, "/flags"))
		return -ENOENT;
	*ret = now->pfs[strstr(path, "eth1") != NULL].down ? 0x1002 : 0x1003;
	return 0;
}
