// SPDX-License-Identifier: GPL-2.0-or-later
/* How a PF is found again: by what stays when buses are numbered anew, cards move, and names
 * change. */
#include <string.h>

#include "host/net/netdev.h"
#include "render/topology_print.h"
#include "report/import_parts.h"

/* 1: done, 0: the PF has none, or another one has the same; -ENOMEM. */
typedef int select_fn(struct importing *im, size_t i);

/* The PFs of one bond share the address they have now; a driver that makes one up makes another one
 * next time. Source: Linux include/uapi/linux/netdevice.h, NET_ADDR_PERM. */
static bool is_permanent(const struct host *h, const char *netdev)
{
	uint8_t mac[MAC_LEN];
	uint64_t type;

	if (netdev_permanent_mac(h, netdev, mac) == 0)
		return true;
	if (root_read_u64(&h->root, &type, "sys/class/net/%s/addr_assign_type", netdev) < 0)
		return root_is_tree(&h->root);
	return type == 0;
}

static bool has_mac(const struct pf_identity *f, const uint8_t mac[MAC_LEN])
{
	for (size_t i = 0; i < f->n_macs; i++)
		if (!mac_cmp(f->macs[i].mac, mac))
			return true;
	return false;
}

static int by_mac(struct importing *im, size_t i)
{
	const struct pf *pf = &im->inv->pfs[i];
	const struct pf_identity *f = &im->ids[i];
	const uint8_t *mac;

	if (!f->n_macs || !pf->netdev || !is_permanent(&im->s->host, pf->netdev))
		return 0;
	mac = f->macs[0].mac;
	if (mac_is_zero(mac) || mac_is_multicast(mac))
		return 0;
	for (size_t k = 0; k < im->inv->n_pfs; k++)
		if (k != i && has_mac(&im->ids[k], mac))
			return 0;
	memcpy(im->topo->pfs[i].mac, mac, MAC_LEN);
	im->topo->pfs[i].has_mac = true;
	return 1;
}

static int by_path(struct importing *im, size_t i)
{
	const char *path = im->ids[i].path;

	for (size_t k = 0; path && k < im->inv->n_pfs; k++)
		if (k != i && im->ids[k].path && !strcmp(im->ids[k].path, path))
			return 0;
	if (!path)
		return 0;
	im->topo->pfs[i].path = strdup(path);
	return im->topo->pfs[i].path ? 1 : -ENOMEM;
}

/* The nth of those that are alike, in the order of addresses; *ret_n is how many there are. */
static unsigned rank(const struct importing *im, size_t i,
		     bool (*alike)(const struct importing *im, size_t a, size_t b), unsigned *ret_n)
{
	unsigned nth = 0;

	*ret_n = 0;
	for (size_t k = 0; k < im->inv->n_pfs; k++) {
		if (!alike(im, i, k))
			continue;
		nth += k < i;
		++*ret_n;
	}
	return nth;
}

static void add_rank(struct importing *im, size_t i,
		     bool (*alike)(const struct importing *im, size_t a, size_t b))
{
	unsigned n, nth = rank(im, i, alike, &n);

	if (n < 2)
		return;
	im->topo->pfs[i].has_nth = true;
	im->topo->pfs[i].nth = nth;
}

static bool same_serial(const struct importing *im, size_t a, size_t b)
{
	return !strcmp(im->ids[a].serial, im->ids[b].serial);
}

/* All ports of a card have its number. What no vendor filled in is none. */
static int by_serial(struct importing *im, size_t i)
{
	const char *serial = im->ids[i].serial;

	if (!serial[0] || strspn(serial, "0-") == strlen(serial) ||
	    strspn(serial, "f-") == strlen(serial))
		return 0;
	im->topo->pfs[i].serial = strdup(serial);
	add_rank(im, i, same_serial);
	return im->topo->pfs[i].serial ? 1 : -ENOMEM;
}

static bool same_id(const struct importing *im, size_t a, size_t b)
{
	const struct pf *x = &im->inv->pfs[a], *y = &im->inv->pfs[b];

	return x->vendor == y->vendor && x->device == y->device;
}

static int by_id(struct importing *im, size_t i)
{
	struct topo_pf *pf = &im->topo->pfs[i];

	pf->has_id = true;
	pf->vendor = im->inv->pfs[i].vendor;
	pf->device = im->inv->pfs[i].device;
	add_rank(im, i, same_id);
	return 1;
}

static int by_netdev(struct importing *im, size_t i)
{
	const char *netdev = im->inv->pfs[i].netdev;

	if (!netdev || strpbrk(netdev, ": \t") || !topology_can_say(netdev))
		return 0;
	im->topo->pfs[i].netdev = strdup(netdev);
	return im->topo->pfs[i].netdev ? 1 : -ENOMEM;
}

static int by_bdf(struct importing *im, size_t i)
{
	im->topo->pfs[i].has_bdf = true;
	im->topo->pfs[i].bdf = im->inv->pfs[i].bdf;
	return 1;
}

static const struct selector {
	const char *name;
	select_fn *choose;
} selectors[] = {
	{ "mac", by_mac }, { "path", by_path },	    { "serial", by_serial },
	{ "id", by_id },   { "netdev", by_netdev }, { "bdf", by_bdf },
};

static const char usual[] = "mac,path,serial";

/* The selector that the next word of a list names, and that word; NULL for none. */
static const struct selector *next(const char **list, int *ret_len)
{
	int n = (int)strcspn(*list, ",");
	const char *word = *list;

	*ret_len = n;
	*list += n + (word[n] == ',');
	for (size_t i = 0; i < ARRAY_SIZE(selectors); i++)
		if ((size_t)n == strlen(selectors[i].name) &&
		    !strncmp(word, selectors[i].name, (size_t)n))
			return &selectors[i];
	return NULL;
}

int import_select_check(const char *select, struct err *e)
{
	const char *rest = select ? select : usual;

	for (;;) {
		const char *word = rest;
		int n;

		if (!next(&rest, &n)) {
			err_usage(e, "--select: '%.*s' is no way to find a PF", n, word);
			return err_fix(e, -EINVAL,
				       "write mac, path, serial, id, netdev or bdf, with commas "
				       "between");
		}
		if (!word[n])
			return 0;
	}
}

int import_select(struct importing *im, size_t i, struct err *e)
{
	const char *rest = im->o->select ? im->o->select : usual;
	int r = 0, n;

	while (r == 0 && *rest) {
		const struct selector *s = next(&rest, &n);

		r = s ? s->choose(im, i) : 0;
	}
	if (r == 0)
		r = by_bdf(im, i);
	return r < 0 ? err_set(e, ENOMEM, "out of memory") : 0;
}
