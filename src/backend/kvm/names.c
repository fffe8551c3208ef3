// SPDX-License-Identifier: GPL-2.0-or-later
/* Gives guests their names: a name means one guest, or nobody is called so. */
#include <string.h>
#include <sys/stat.h>

#include "backend/kvm/kvm.h"

/* A guest without a name of its own is called by its program and pid, in one word. */
void names_by_pid(const struct host *h, struct guest *g)
{
	char comm[64];

	if (root_read(&h->root, comm, sizeof(comm), "proc/%u/comm", g->pid) <= 0)
		snprintf(comm, sizeof(comm), "pid");
	for (char *c = comm; *c; c++)
		if (*c <= ' ' || *c == '/' || *c == 0x7f)
			*c = '_';
	snprintf(g->name, sizeof(g->name), "%s-%u", comm, g->pid);
}

static bool same_socket(const struct host *h, const char *a, const char *b)
{
	struct stat x, y;

	if (!*b)
		return false;
	if (!strcmp(a, b))
		return true;
	return *a == '/' && *b == '/' && fstatat(h->root.fd, a + 1, &x, 0) == 0 &&
	       fstatat(h->root.fd, b + 1, &y, 0) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static bool has_socket(const struct backend *b, const struct guest *g, const struct topo_domain *d)
{
	return d->qmp && (same_socket(b->host, d->qmp, g->cmdline.qmp) ||
			  same_socket(b->host, d->qmp, g->cmdline.qmp_more));
}

static bool has_name(const struct guest *g, const struct topo_domain *d)
{
	return g->cmdline.name[0] && !strcmp(g->cmdline.name, d->libvirt ? d->libvirt : d->name);
}

/* Counts those whose arguments say that they are this domain. */
static size_t count_claims(const struct backend *b, const struct topo_domain *d,
			   struct guest **ret_last)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_guests; i++)
		if (has_socket(b, b->guests[i], d) || has_name(b->guests[i], d)) {
			*ret_last = b->guests[i];
			n++;
		}
	return n;
}

static struct guest *of_pid(const struct backend *b, uint32_t pid)
{
	for (size_t i = 0; pid && i < b->n_guests; i++)
		if (b->guests[i]->pid == pid)
			return b->guests[i];
	return NULL;
}

/* Of several claims, the kernel knows whose the socket is. A single claim is believed until the
 * socket is used, because then the kernel is asked for its owner anyway. */
static struct guest *find_claimant(const struct backend *b, const struct topo_domain *d,
				   bool *ret_is_settled)
{
	struct guest *one = NULL;
	size_t n = count_claims(b, d, &one);
	uint32_t pid;

	*ret_is_settled = n < 2;
	if (n < 2 || !d->qmp || !b->host->knows_processes)
		return n == 1 ? one : NULL;
	pid = qmp_listener(b->host, d->qmp);
	*ret_is_settled = pid != 0;
	return of_pid(b, pid);
}

/* A guest of the topology has the name that it has there, and is reached in the way that the
 * topology says. */
static void name_as(struct guest *g, const struct topo_domain *d)
{
	g->topo = d;
	snprintf(g->name, sizeof(g->name), "%s", d->name);
	if (!d->qmp)
		return;
	snprintf(g->cmdline.qmp, sizeof(g->cmdline.qmp), "%s", d->qmp);
	g->cmdline.qmp_more[0] = '\0';
}

static void add_pid(struct guest *g)
{
	size_t n = strnlen(g->name, sizeof(g->name) - 12);

	snprintf(g->claims, sizeof(g->claims), "%s", g->name);
	snprintf(g->name + n, sizeof(g->name) - n, "-%u", g->pid);
}

static void name_by_topology(struct backend *b, const struct topo_domain *d)
{
	bool is_settled;
	struct guest *g = find_claimant(b, d, &is_settled);

	if (g && !g->topo)
		name_as(g, d);
	for (size_t i = 0; i < b->n_guests; i++) {
		struct guest *other = b->guests[i];

		if (other->topo || !(has_socket(b, other, d) || has_name(other, d)))
			continue;
		/* A guest that is not the one that listens gets another name; when several may be
		 * the one, nobody is called so. */
		snprintf(other->name, sizeof(other->name), "%s", d->name);
		add_pid(other);
		other->is_twin = !is_settled;
	}
}

static int by_name(const void *a, const void *b)
{
	const struct guest *x = *(struct guest *const *)a, *y = *(struct guest *const *)b;
	int r = strcmp(x->name, y->name);

	return r ? r : (x->pid > y->pid) - (x->pid < y->pid);
}

/* Two guests with one name would be taken for one, so each gets its pid, too. One that the topology
 * describes keeps its name. */
static void part_twins(struct backend *b)
{
	struct guest **v = b->guests;

	for (size_t i = 0, end; i < b->n_guests; i = end) {
		bool is_known = v[i]->topo != NULL;
		char name[sizeof(v[i]->name)];

		memcpy(name, v[i]->name, sizeof(name));
		for (end = i + 1; end < b->n_guests && !strcmp(name, v[end]->name); end++)
			is_known |= v[end]->topo != NULL;
		for (size_t k = i; end - i > 1 && k < end; k++) {
			if (v[k]->topo)
				continue;
			add_pid(v[k]);
			v[k]->is_twin = !is_known;
		}
	}
}

void names_give(struct backend *b)
{
	for (size_t i = 0; b->topo && i < b->topo->n_domains; i++)
		name_by_topology(b, &b->topo->domains[i]);
	for (size_t i = 0; i < b->n_guests; i++) {
		struct guest *g = b->guests[i];

		if (!g->name[0])
			snprintf(g->name, sizeof(g->name), "%s", g->cmdline.name);
		if (!g->name[0])
			names_by_pid(b->host, g);
	}
	if (!b->n_guests)
		return;
	qsort(b->guests, b->n_guests, sizeof(struct guest *), by_name);
	part_twins(b);
}

/* The sentence lists those that may be meant: "web1-70 and web1-80". */
int names_refuse_twins(const struct backend *b, const char *name, struct err *e)
{
	char list[128] = "";
	size_t n = 0, count = 0;

	for (size_t i = 0; i < b->n_guests; i++) {
		const struct guest *g = b->guests[i];

		if (!g->is_twin || strcmp(g->claims, name) != 0)
			continue;
		if (count++ < 4 && n < sizeof(list))
			n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s (pid %u)",
					      count > 1 ? " and " : "", g->name, g->pid);
	}
	if (!count)
		return 0;
	err_refuse(e, ENOTUNIQ, "%zu running guests say that they are %s: %s", count, name, list);
	return err_fix(
		e, -ENOTUNIQ,
		"name the socket of its monitor, \"kvm: qmp=PATH\" in the topology, or use one of "
		"the names above");
}

int names_refuse_unread(const struct backend *b, const char *name, struct err *e)
{
	for (size_t i = 0; i < b->n_guests; i++) {
		const struct guest *g = b->guests[i];

		if (!g->is_unreadable)
			continue;
		err_refuse(e, ETIMEDOUT,
			   "%s (pid %u) does not let its arguments be read, and may be %s", g->name,
			   g->pid, name);
		return err_fix(
			e, -ETIMEDOUT,
			"it hangs, usually in a file system that does not answer; to see where, "
			"run: cat /proc/%u/stack; or end it",
			g->pid);
	}
	return 0;
}
