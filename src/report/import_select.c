// SPDX-License-Identifier: GPL-2.0-or-later
/* How a PF, or another function, is found again: by what stays when buses are numbered anew, cards
 * move, and names change. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "host/net/netdev.h"
#include "render/topology_print.h"
#include "report/import_parts.h"

/* One of a choice, and the entry that shall find it. */
struct selecting {
	const struct importing *im;
	const struct import_choice *among;
	size_t i;
	struct topo_pf *to;
};

/* 1: done, 0: it has none, or another one has the same; -ENOMEM. */
typedef int select_fn(const struct selecting *s);

static const struct pf *pf_of(const struct selecting *s)
{
	return s->among->v[s->i];
}

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

/* A function that is given as a whole loses its network device, and with it the address. */
static int by_mac(const struct selecting *s)
{
	const struct pf_identity *f = &s->among->ids[s->i];
	const char *netdev = s->to->is_dev ? NULL : pf_of(s)->netdev;
	const uint8_t *mac;

	if (!f->n_macs || !netdev || !is_permanent(&s->im->s->host, netdev))
		return 0;
	mac = f->macs[0].mac;
	if (mac_is_zero(mac) || mac_is_multicast(mac))
		return 0;
	for (size_t k = 0; k < s->among->n; k++)
		if (k != s->i && has_mac(&s->among->ids[k], mac))
			return 0;
	memcpy(s->to->mac, mac, MAC_LEN);
	s->to->has_mac = true;
	return 1;
}

static int by_path(const struct selecting *s)
{
	const char *path = s->among->ids[s->i].path;

	for (size_t k = 0; path && k < s->among->n; k++)
		if (k != s->i && s->among->ids[k].path && !strcmp(s->among->ids[k].path, path))
			return 0;
	if (!path)
		return 0;
	s->to->path = strdup(path);
	return s->to->path ? 1 : -ENOMEM;
}

typedef bool alike_fn(const struct import_choice *among, size_t a, size_t b);

/* The nth of those that are alike, in the order of addresses; *ret_n is how many there are. */
static unsigned rank(const struct selecting *s, alike_fn *alike, unsigned *ret_n)
{
	unsigned nth = 0;

	*ret_n = 0;
	for (size_t k = 0; k < s->among->n; k++) {
		if (!alike(s->among, s->i, k))
			continue;
		nth += k < s->i;
		++*ret_n;
	}
	return nth;
}

static void add_rank(const struct selecting *s, alike_fn *alike)
{
	unsigned n, nth = rank(s, alike, &n);

	if (n < 2)
		return;
	s->to->has_nth = true;
	s->to->nth = nth;
}

static bool same_serial(const struct import_choice *among, size_t a, size_t b)
{
	return !strcmp(among->ids[a].serial, among->ids[b].serial);
}

/* All ports of a card have its number. What no vendor filled in is none. */
static int by_serial(const struct selecting *s)
{
	const char *serial = s->among->ids[s->i].serial;

	if (!serial[0] || strspn(serial, "0-") == strlen(serial) ||
	    strspn(serial, "f-") == strlen(serial))
		return 0;
	s->to->serial = strdup(serial);
	add_rank(s, same_serial);
	return s->to->serial ? 1 : -ENOMEM;
}

static bool same_id(const struct import_choice *among, size_t a, size_t b)
{
	const struct pf *x = among->v[a], *y = among->v[b];

	return x->vendor == y->vendor && x->device == y->device;
}

static int by_id(const struct selecting *s)
{
	s->to->has_id = true;
	s->to->vendor = pf_of(s)->vendor;
	s->to->device = pf_of(s)->device;
	add_rank(s, same_id);
	return 1;
}

static int by_netdev(const struct selecting *s)
{
	const char *netdev = s->to->is_dev ? NULL : pf_of(s)->netdev;

	if (!netdev || strpbrk(netdev, ": \t") || !topology_can_say(netdev))
		return 0;
	s->to->netdev = strdup(netdev);
	return s->to->netdev ? 1 : -ENOMEM;
}

static int by_bdf(const struct selecting *s)
{
	s->to->has_bdf = true;
	s->to->bdf = pf_of(s)->bdf;
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

int import_select(const struct importing *im, const struct import_choice *among, size_t i,
		  struct topo_pf *to, struct err *e)
{
	const struct selecting s = { im, among, i, to };
	const char *rest = im->o->select ? im->o->select : usual;
	int r = 0, n;

	while (r == 0 && *rest) {
		const struct selector *way = next(&rest, &n);

		r = way ? way->choose(&s) : 0;
	}
	if (r == 0)
		r = by_bdf(&s);
	return r < 0 ? err_set(e, ENOMEM, "out of memory") : 0;
}

int import_choice_add(struct import_choice *c, const struct importing *im, struct pf *f)
{
	if (ARRAY_GROW(c->v, c->n) < 0 || ARRAY_GROW(c->ids, c->n) < 0)
		return -ENOMEM;
	c->v[c->n] = f;
	c->ids[c->n] = (struct pf_identity){ 0 };
	return pf_identity_read(&c->ids[c->n++], &im->s->host, im->inv, f,
				PF_IDENTITY_MACS | PF_IDENTITY_PATH | PF_IDENTITY_SERIAL);
}

void import_choice_done(struct import_choice *c)
{
	for (size_t i = 0; i < c->n; i++)
		pf_identity_done(&c->ids[i]);
	free(c->ids);
	free(c->v);
	*c = (struct import_choice){ 0 };
}
