// SPDX-License-Identifier: GPL-2.0-or-later
/* The model beside a whole fake host: what apply, release and a failure make of both. */
#include "prove.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake_yard.h"
#include "host/pci/bind.h"
#include "render/topology_print.h"
#include "report/import.h"

static const char *const pfs[] = { "0000:05:00.0", "0000:06:00.0" };
static const char *const netdevs[] = { "eth0", "eth1" };
static const char *const drivers[] = { "", "igbvf", "pci-stub", FAKE_DRIVER };
static const char *const domains[] = { "", "web1", "db1" };

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "prove: the fake host: %s\n", what);
	abort();
}

static void make_vf(struct fake_yard *y, unsigned p, unsigned i, const struct prove_vf *vf)
{
	static const uint16_t vlans[] = { 0, 100, 7 };
	struct bdf at = fake_yard_bdf(p, i);
	struct vf_attrs *a = fake_netvf_vf(&y->netvf, netdevs[p], i);
	char now[DRIVER_MAX], text[BDF_STRLEN], line[128];
	struct err e = { 0 };

	must(bind_driver_of(&y->root.host, at, now, &e) == 0, "driver");
	if (strcmp(now, drivers[vf->driver]) != 0) {
		must(!now[0] || bind_unbind(&y->root.host, at, &e) == 0, "unbind");
		must(!vf->driver || bind_to(&y->root.host, at, drivers[vf->driver], &e) == 0,
		     "bind");
		must(bind_set_override(&y->root.host, at, "", &e) == 0, "override");
	}
	a->vlan = vlans[vf->vlan];
	memset(a->mac, 0, sizeof(a->mac));
	if (vf->mac) {
		a->mac[0] = vf->mac == 1 ? 0x02 : 0x06;
		a->mac[4] = (uint8_t)(p + 1);
		a->mac[5] = (uint8_t)(i + 1);
	}
	/* Its network device is in a container. */
	snprintf(line, sizeof(line), "sys/bus/pci/devices/%s/net/", bdf_str(text, at));
	if (vf->used)
		fake_root_add(&y->root, line);
	if (vf->state == VF_STALE || vf->state == VF_BROKEN)
		fake_backend_set_state(&y->backend, at, (enum vf_state)vf->state);
	if (vf->domain) {
		fake_backend_set_state(&y->backend, at, VF_ABSENT); /* its driver will say */
		strcpy(fake_backend_device(&y->backend, at)->domain, domains[vf->domain]);
	}
}

static void write_number(struct fake_yard *y, unsigned p, const char *file, unsigned n)
{
	char text[8];
	struct err e = { 0 };

	snprintf(text, sizeof(text), "%u", n);
	must(root_write(&y->root.host.root, text, 0, &e, "sys/bus/pci/devices/%s/%s", pfs[p],
			file) == 0,
	     "number");
}

/* It becomes one line of a tree. */
static void use_topology(struct fake_yard *y, char *text)
{
	for (char *at = text; (at = strchr(at, '\n'));)
		*at = ' ';
	fake_yard_topology(y, text);
}

static void make(struct fake_yard *y, const struct prove_case *c)
{
	struct prove_host h = case_host(c);
	struct state *saved = NULL;
	struct err e = { 0 };
	char line[64];

	fake_kernel_add_driver(&y->kernel, "pci-stub");
	y->backend.n_domains = 0;
	for (unsigned d = 0; d < 2; d++)
		if (h.runs[d])
			fake_backend_add_domain(&y->backend, domains[d + 1]);
	y->backend.max_vfs = h.limit;
	write_number(y, 1, "sriov_numvfs", 0);
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		write_number(y, p, "sriov_numvfs", h.pfs[p].numvfs);
		write_number(y, p, "sriov_drivers_autoprobe", (unsigned)h.pfs[p].autoprobe);
		snprintf(line, sizeof(line), "sys/class/net/%s/flags=0x%x", netdevs[p],
			 h.pfs[p].down ? 0x1002 : 0x1003);
		fake_root_add(&y->root, line);
		for (unsigned i = 0; i < h.pfs[p].numvfs; i++)
			make_vf(y, p, i, &h.pfs[p].vfs[i]);
	}
	must(state_open(&saved, &y->root.host, &e) == 0, "memory");
	case_memory(c, saved);
	must(state_commit(saved, &e) == 0, "memory");
	state_close(saved);
}

/* Whatever the host, of what is imported the plan is empty. What a domain has beyond its limit is
 * told of any topology that names it. */
static const char *imported(struct fake_yard *y, const struct prove_case *c)
{
	struct session s = { .host = y->root.host,
			     .hypervisor = "auto",
			     .lock_fd = -1,
			     .command = "prove",
			     .ops = &fake_backend_ops,
			     .backend = &y->backend };
	const struct import_options o = { 0 };
	struct imported i = { 0 };
	struct err e = { 0 };
	_cleanup_free_ char *text = NULL;
	json_t *doc = NULL;

	s.host.log = (struct log){ 0 };
	use_topology(y, (char[]){ "version = 1" });
	if (import_make(&s, &o, &i, &e) == 0)
		doc = topology_json(i.topo);
	imported_done(&i);
	s.host.root.dir = NULL;
	s.backend = NULL;
	session_close(&s);
	text = doc ? json_dumps(doc, JSON_COMPACT) : NULL;
	json_decref(doc);
	if (!text)
		return "the import fails";
	use_topology(y, text);
	fake_yard_calm(y);
	fake_yard_run(y, YARD_PLAN);
	if (y->n_steps)
		return "the plan of its import is not empty";
	return y->n_problems && !case_host(c).limit ? "check refuses its import" : NULL;
}

/* Reads what shows of a host; who uses a VF, and whose claim is stale, stays as it is. */
static void read_vf(struct fake_yard *y, unsigned p, unsigned i, struct prove_vf *vf)
{
	struct bdf at = fake_yard_bdf(p, i);
	const struct vf_attrs *a = fake_netvf_vf(&y->netvf, netdevs[p], i);
	const struct fake_device *d = fake_backend_device(&y->backend, at);
	char now[DRIVER_MAX];
	struct err e = { 0 };

	must(bind_driver_of(&y->root.host, at, now, &e) == 0, "driver");
	for (uint8_t k = 0; k < ARRAY_SIZE(drivers); k++)
		if (!strcmp(now, drivers[k]))
			vf->driver = k;
	for (uint8_t k = 1; d && k < ARRAY_SIZE(domains); k++)
		if (!strcmp(d->domain, domains[k]))
			vf->domain = k;
	vf->mac = a->mac[5] ? (a->mac[0] == 0x02 ? 1 : 2) : 0;
	vf->vlan = a->vlan == 100 ? 1 : a->vlan ? 2 : 0;
}

static void read_host(struct fake_yard *y, struct prove_host *ret)
{
	uint64_t n, autoprobe, flags;

	memset(ret, 0, sizeof(*ret));
	for (unsigned p = 0; p < PROVE_PFS; p++) {
		root_read_u64(&y->root.host.root, &n, "sys/bus/pci/devices/%s/sriov_numvfs",
			      pfs[p]);
		root_read_u64(&y->root.host.root, &autoprobe,
			      "sys/bus/pci/devices/%s/sriov_drivers_autoprobe", pfs[p]);
		root_read_u64(&y->root.host.root, &flags, "sys/class/net/%s/flags", netdevs[p]);
		ret->pfs[p].numvfs = (uint8_t)n;
		ret->pfs[p].down = !(flags & 1);
		ret->pfs[p].autoprobe = (int8_t)autoprobe;
		for (unsigned i = 0; i < n && i < PROVE_VFS; i++)
			read_vf(y, p, i, &ret->pfs[p].vfs[i]);
	}
}

/* Compares with the model, of which what does not show is cleared. */
static bool is_like(struct fake_yard *y, const struct prove_host *want)
{
	struct prove_host now, x = *want;

	read_host(y, &now);
	memset(x.runs, 0, sizeof(x.runs));
	x.limit = 0;
	for (unsigned p = 0; p < PROVE_PFS; p++)
		for (unsigned i = 0; i < PROVE_VFS; i++)
			x.pfs[p].vfs[i].state = x.pfs[p].vfs[i].used = 0;
	return !memcmp(&now, &x, sizeof(now));
}

/* Makes one change fail: nothing of what was done before may stay. A run with fewer changes,
 * because a driver was bound before its probe, counts as done. */
static const char *fails(struct fake_yard *y, const struct prove_host *first, unsigned at)
{
	fake_yard_calm(y);
	y->fail_at = at;
	y->fail_code = EIO;
	if (fake_yard_run(y, YARD_APPLY) == 0)
		return y->failed ? "a change failed, and apply did not" : NULL;
	return is_like(y, first) ? NULL : "a change failed, and not all was undone";
}

static const char *applied(struct fake_yard *y, const struct prove_case *c,
			   const struct prove_outcome *want, bool *ret_failed)
{
	struct prove_host first = case_host(c);
	const char *why = NULL;

	fake_yard_calm(y);
	fake_yard_run(y, YARD_PLAN);
	if ((y->n_problems > 0) != want->is_refused)
		return want->is_refused ? "only the model refuses" : "only the fake host refuses";
	if (!want->is_refused && y->n_steps != want->n_steps)
		return "another number of steps";
	if (!is_like(y, &first))
		return "it is not what was made";
	/* If anything is to be undone (on_error), fail at one of the changes of the run. */
	if (!want->is_refused && want->n_steps && !c->v[F_ON_ERROR])
		why = fails(y, &first, 1 + (unsigned)want->n_steps / 2);
	*ret_failed = y->failed;
	if (why)
		return why;
	fake_yard_calm(y);
	if ((fake_yard_run(y, YARD_APPLY) < 0) != want->is_refused && !expect_kept(c, &first))
		return want->is_refused ? "only the model refuses to run" : "apply fails";
	return is_like(y, &want->end) ? NULL : "the end is another one";
}

static const char *compare(const struct prove_case *c, bool *ret_refused, bool *ret_failed)
{
	struct prove_outcome want;
	struct fake_yard *y;
	void *state = NULL;
	_cleanup_free_ char *json = case_topology(c);
	const char *why;

	prove_outcome(c, &want);
	*ret_refused = want.is_refused;
	*ret_failed = false;
	must(fake_yard_setup(&state) == 0, "setup");
	y = state;
	make(y, c);
	why = imported(y, c);
	use_topology(y, json);
	if (!why)
		why = applied(y, c, &want, ret_failed);
	if (!why && want.has_back) {
		fake_yard_calm(y);
		if (fake_yard_run(y, YARD_RELEASE) < 0)
			why = "release fails";
		else if (!is_like(y, &want.back))
			why = "release reaches another host";
	}
	if (why)
		printf("%s\n%s: %s\n", fake_yard_notes(y), y->e.step, y->e.cause);
	fake_yard_teardown(&state);
	return why;
}

/* What the fake host has, too: no permissive, and other automatic addresses. */
static bool is_common_vf(const uint8_t *v)
{
	return v[V_SET] < 9 && v[V_WANT_SET] < WANT_AUTO && !v[V_PERMISSIVE] &&
	       !v[V_WANT_PERMISSIVE];
}

static bool is_common(const struct prove_case *c)
{
	for (unsigned k = 0; k < PROVE_PFS * PROVE_VFS; k++)
		if (!is_common_vf(&c->v[at_vf(k / PROVE_VFS, k % PROVE_VFS, 0)]))
			return false;
	for (unsigned p = 0; p < PROVE_PFS; p++)
		if (c->v[at_pf(p, P_KIND)] != PF_PLAIN || c->v[at_pf(p, P_GUARD)] ||
		    c->v[at_pf(p, P_AUTO)] > 1)
			return false;
	return !c->v[F_LIBVIRT] && !c->v[F_NO_ATTACH] && !c->v[F_GROUPS] && !c->v[F_CARDS] &&
	       !c->v[F_TAKEN];
}

unsigned prove_yard(const struct prove_set *s, unsigned n)
{
	unsigned bad = 0, done = 0, refused = 0, failed = 0;
	struct prove_case c;

	for (uint64_t i = 0; done < n && i < set_size(s); i++) {
		const char *why;
		bool is_refused, has_failed;

		if (!set_case(s, i, &c) || !is_common(&c))
			continue;
		why = compare(&c, &is_refused, &has_failed);
		done++;
		refused += is_refused;
		failed += has_failed;
		if (!why)
			continue;
		printf("the fake host: %s: prove %s %llu:", why, s->name, (unsigned long long)i);
		case_print(&c, stdout);
		bad++;
	}
	printf("prove: %u cases of the model and of the whole fake host, %u refused, %u failed in the "
	       "middle and were undone, %u differ\n",
	       done, refused, failed, bad);
	return bad;
}
