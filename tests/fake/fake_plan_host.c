// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "fake_plan_host.h"
#include "host/pci/bind.h"
#include "topology/build/load.h"

#define FIRST_VF 128 /* as for an 82576, where every second function is a VF */
#define STRIDE	 2

static void need(bool ok, const char *line, const char *why)
{
	if (!ok)
		fail_msg("@host: '%s': %s", line, why);
}

static void add(struct fake_plan_host *f, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void add(struct fake_plan_host *f, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	fake_root_add(&f->root, line);
}

void fake_plan_host_init(struct fake_plan_host *f, const char *capture)
{
	*f = (struct fake_plan_host){ .is_capture = capture != NULL };
	if (capture) {
		fake_root_init_file(&f->root, capture);
		return;
	}
	fake_root_init(&f->root, NULL);
	f->root.host.timeout_ms = 30;
	fake_kernel_init(&f->kernel, &f->root, "igbvf");
	fake_kernel_add_driver(&f->kernel, "igbvf");
	fake_kernel_add_driver(&f->kernel, FAKE_DRIVER);
	fake_netvf_init(&f->netvf, &f->root.host);
	fake_backend_init(&f->backend, &f->root.host);
	add(f, "sys/bus/pci/devices/");
	add(f, "proc/sys/kernel/random/boot_id=0000");
}

void fake_plan_host_done(struct fake_plan_host *f)
{
	fake_root_done(&f->root);
}

/* "-" means none. */
static const char *name_or_null(const char *word)
{
	return word && strcmp(word, "-") != 0 ? word : NULL;
}

/* Returns what stands behind "key=", NULL when @word has another key. */
static const char *value_of(const char *word, const char *key)
{
	size_t n = strlen(key);

	return !strncmp(word, key, n) && word[n] == '=' ? word + n + 1 : NULL;
}

static void set_driver(struct fake_plan_host *f, struct bdf vf, const char *driver)
{
	char bdf[BDF_STRLEN], now[DRIVER_MAX], path[512];

	bdf_str(bdf, vf);
	if (root_link_name(&f->root.host.root, now, sizeof(now), "sys/bus/pci/devices/%s/driver",
			   bdf) >= 0) {
		snprintf(path, sizeof(path), "sys/bus/pci/drivers/%s/%s", now, bdf);
		unlinkat(f->root.host.root.fd, path, 0);
		snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/driver", bdf);
		unlinkat(f->root.host.root.fd, path, 0);
	}
	if (!driver)
		return;
	fake_kernel_add_driver(&f->kernel, driver);
	add(f, "sys/bus/pci/devices/%s/driver -> ../../../bus/pci/drivers/%s", bdf, driver);
	add(f, "sys/bus/pci/drivers/%s/%s -> ../../devices/%s", driver, bdf, bdf);
}

static void set_state(struct fake_plan_host *f, struct bdf vf, const char *line, const char *state)
{
	set_driver(f, vf, FAKE_DRIVER);
	fake_backend_set_state(&f->backend, vf, VF_ABSENT);
	if (!strcmp(state, "stale"))
		fake_backend_set_state(&f->backend, vf, VF_STALE);
	else if (!strcmp(state, "broken"))
		fake_backend_set_state(&f->backend, vf, VF_BROKEN);
	else
		need(!strcmp(state, "assignable"), line, "a state is assignable, stale or broken");
}

static void set_domain(struct fake_plan_host *f, struct bdf vf, const char *domain)
{
	struct fake_device *d;

	set_driver(f, vf, FAKE_DRIVER);
	fake_backend_set_state(&f->backend, vf, VF_ABSENT);
	d = fake_backend_device(&f->backend, vf);
	snprintf(d->domain, sizeof(d->domain), "%s", domain);
}

/* Takes: pf NETDEV ADDRESS DRIVER NUMVFS/TOTALVFS [VF-DRIVER] [autoprobe=0] [up=0]
 * [state=] [domain=] */
static void add_pf(struct fake_plan_host *f, const char *line, char *words)
{
	char *save = NULL, *netdev = strtok_r(words, " ", &save), *at = strtok_r(NULL, " ", &save),
	     *driver = strtok_r(NULL, " ", &save), *n = strtok_r(NULL, " ", &save), *word;
	struct fake_pf pf = { .offset = FIRST_VF, .stride = STRIDE, .first_group = -1 };
	char bdf[BDF_STRLEN];
	const char *v;

	need(n && sscanf(n, "%u/%u", &pf.numvfs, &pf.totalvfs) == 2, line,
	     "write: pf NETDEV ADDRESS DRIVER NUMVFS/TOTALVFS [VF-DRIVER]");
	need(f->n_pfs < FAKE_PLAN_PFS, line, "too many PFs");
	need(bdf_parse(&f->pfs[f->n_pfs].bdf, at, NULL) == 0, line, "bad address");
	pf.bdf = bdf_str(bdf, f->pfs[f->n_pfs].bdf);
	pf.netdev = name_or_null(netdev);
	pf.driver = name_or_null(driver);
	word = strtok_r(NULL, " ", &save);
	if (word && !strchr(word, '=')) {
		pf.vf_driver = name_or_null(word);
		word = strtok_r(NULL, " ", &save);
	}
	fake_root_add_pf(&f->root, &pf);
	if (pf.netdev)
		add(f, "sys/class/net/%s/flags=0x1003", pf.netdev);
	for (; word; word = strtok_r(NULL, " ", &save)) {
		if ((v = value_of(word, "autoprobe")))
			add(f, "sys/bus/pci/devices/%s/sriov_drivers_autoprobe=%s", bdf, v);
		else if ((v = value_of(word, "up")) && pf.netdev)
			add(f, "sys/class/net/%s/flags=%s", pf.netdev,
			    *v == '0' ? "0x1002" : "0x1003");
		else if ((v = value_of(word, "state")))
			set_state(f, f->pfs[f->n_pfs].bdf, line, v);
		else if ((v = value_of(word, "domain")))
			set_domain(f, f->pfs[f->n_pfs].bdf, v);
		else
			need(false, line, "a PF has autoprobe=, up=, state= and domain=");
	}
	snprintf(f->pfs[f->n_pfs++].name, sizeof(f->pfs[0].name), "%s", pf.netdev ? netdev : bdf);
}

/* @words are ,"vlan":"5" ... as in a topology, whose reader reads them. */
static void set_attributes(struct fake_plan_host *f, const char *pf, unsigned index,
			   const char *line, const char *words)
{
	struct vf_attrs *is = fake_netvf_vf(&f->netvf, pf, index);
	struct problems problems = { 0 };
	struct topology *t = NULL;
	unsigned given = is->given;
	char json[1024];
	int r;

	snprintf(json, sizeof(json),
		 "{\"version\":1,\"pf\":[{\"name\":\"p\",\"bdf\":\"00:00.0\"}],"
		 "\"vf\":[{\"pf\":\"p\",\"index\":\"0\"%s}]}",
		 words);
	r = topology_parse(&t, json, strlen(json), "@host", &problems, NULL);
	need(r == 0, line, problems.n ? problems.v[0].err.cause : "not an attribute of a VF");
	vf_attrs_take(is, &t->vfs[0].attrs, t->vfs[0].attrs.given);
	is->given = given;
	topology_free(t);
	problems_done(&problems);
}

static void add_netdev(struct fake_plan_host *f, struct bdf vf, const char *netdev)
{
	char dir[128], bdf[BDF_STRLEN];

	snprintf(dir, sizeof(dir), "devices/pci%04x:%02x/%s", vf.domain, vf.bus, bdf_str(bdf, vf));
	add(f, "sys/%s/net/%s/address=02:00:00:00:ff:%02x", dir, netdev, vf.dev << 3 | vf.fn);
	add(f, "sys/%s/net/%s/device -> ../../../%s", dir, netdev, bdf);
	add(f, "sys/class/net/%s -> ../../%s/net/%s", netdev, dir, netdev);
}

/* Takes: vf NETDEV/INDEX driver= state= domain= netdev= vlan= ... */
static void add_vf(struct fake_plan_host *f, const char *line, char *words)
{
	char *save = NULL, *name = strtok_r(words, " ", &save), *slash, *word;
	unsigned p = 0, index = 0;
	char attrs[768] = "";
	struct bdf vf;
	const char *v;
	size_t n;

	slash = name ? strchr(name, '/') : NULL;
	need(slash && sscanf(slash + 1, "%u", &index) == 1, line, "write: vf NETDEV/INDEX ...");
	*slash = '\0';
	while (p < f->n_pfs && strcmp(f->pfs[p].name, name) != 0)
		p++;
	need(p < f->n_pfs, line, "no line 'pf' before it has this PF");
	vf = bdf_vf(f->pfs[p].bdf, FIRST_VF, STRIDE, index);
	while ((word = strtok_r(NULL, " ", &save))) {
		need(strchr(word, '=') != NULL, line, "write KEY=VALUE");
		if ((v = value_of(word, "driver")))
			set_driver(f, vf, name_or_null(v));
		else if ((v = value_of(word, "state")))
			set_state(f, vf, line, v);
		else if ((v = value_of(word, "domain")))
			set_domain(f, vf, v);
		else if ((v = value_of(word, "netdev")))
			add_netdev(f, vf, v);
		else {
			n = strlen(attrs);
			snprintf(attrs + n, sizeof(attrs) - n, ",\"%.*s\":\"%s\"",
				 (int)strcspn(word, "="), word, strchr(word, '=') + 1);
		}
	}
	if (attrs[0])
		set_attributes(f, name, index, line, attrs);
}

/* function ADDRESS CLASS DRIVER [state=] [domain=] */
static void add_function(struct fake_plan_host *f, const char *line, char *words)
{
	char *save = NULL, *at = strtok_r(words, " ", &save), *class = strtok_r(NULL, " ", &save),
	     *driver = strtok_r(NULL, " ", &save), *word;
	char name[BDF_STRLEN];
	struct bdf bdf = { 0 };
	const char *v;

	need(driver && bdf_parse(&bdf, at, NULL) == 0, line,
	     "write: function ADDRESS CLASS DRIVER");
	fake_root_add_function(&f->root, &(struct fake_function){ bdf_str(name, bdf), class,
								  name_or_null(driver), 0 });
	while ((word = strtok_r(NULL, " ", &save))) {
		if ((v = value_of(word, "state")))
			set_state(f, bdf, line, v);
		else if ((v = value_of(word, "domain")))
			set_domain(f, bdf, v);
		else
			need(false, line, "a function has state= and domain=");
	}
}

void fake_plan_host_add(struct fake_plan_host *f, const char *line)
{
	_cleanup_free_ char *words = strdup(line);
	bool is_pf = !strncmp(line, "pf ", 3), is_vf = !strncmp(line, "vf ", 3);
	bool is_function = !strncmp(line, "function ", 9);

	need(words != NULL, line, "no memory");
	need(!f->is_capture || (!is_pf && !is_vf && !is_function), line, "a capture has its own");
	if (is_pf)
		add_pf(f, line, words + 3);
	else if (is_vf)
		add_vf(f, line, words + 3);
	else if (is_function)
		add_function(f, line, words + 9);
	else
		fake_root_add(&f->root, line);
}
